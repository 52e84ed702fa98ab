-- As of when a source is changes with each change of its profile, and stands beside the source now: in `users` it was one more
-- scattered page for a change to write (docs/performance.md). Null seen_at: written by an earlier form, the three columns of
-- the same names in `users` tell. No row is rewritten for it.
ALTER TABLE sources ADD COLUMN modified INTEGER;
ALTER TABLE sources ADD COLUMN embedded_modified INTEGER;
ALTER TABLE sources ADD COLUMN seen_at INTEGER;
