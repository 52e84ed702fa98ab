-- The same indexes with conditions that cost nothing to evaluate: for `state IN (…)` of more than two values SQLite
-- builds a table of its own in memory at every insert and update, twelve in a message's life (docs/decisions.md).
-- Queries must repeat these conditions word for word, or SQLite does not see that the index answers them.

DROP INDEX messages_open;
-- 0 waiting, 1 offered, 3 dead, 4 held: a user's open messages.
CREATE INDEX messages_open ON messages (user_no) WHERE state <> 2 AND state < 5;

-- 2 acknowledged, 5 retried, 6 discarded, 7 superseded: the history, oldest first, and a user's.
DROP INDEX messages_closed;
CREATE INDEX messages_closed ON messages (settled) WHERE (state = 2 OR state > 4);
DROP INDEX messages_of_user;
CREATE INDEX messages_of_user ON messages (user_no) WHERE (state = 2 OR state > 4);

DROP INDEX messages_rare;
CREATE INDEX messages_rare ON messages (no) WHERE state > 4;
