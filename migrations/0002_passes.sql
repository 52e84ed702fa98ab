-- One row a pass; the unfinished one goes on after a restart.
CREATE TABLE passes (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,              -- full, incremental, rediff
    stage TEXT NOT NULL,             -- companies, users, done
    first_sync INTEGER NOT NULL,     -- 1: the first full pass of an empty store
    search_after TEXT NOT NULL,      -- raw JSON array, or the last number of a rediff; empty: from the start
    last_key TEXT NOT NULL,          -- full pass: the largest `_id` read in this stage
    ordered INTEGER NOT NULL,        -- 0: `_id`s did not come in byte order, so absence proves nothing
    fallback_key INTEGER NOT NULL,
    since_companies INTEGER,         -- incremental: modified_time from, milliseconds
    since_users INTEGER,
    newest_companies INTEGER,        -- the largest modified_time read
    newest_users INTEGER,
    started INTEGER NOT NULL,
    ended INTEGER,
    pages INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    queued INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0,
    counted INTEGER NOT NULL DEFAULT 0,   -- users with a message that the brake counts
    nulls TEXT NOT NULL DEFAULT '[]',     -- per trait: users for whom it was set to null
    gated INTEGER NOT NULL DEFAULT 0,     -- messages that wait for the brake's decision
    brake INTEGER NOT NULL DEFAULT 0,     -- 1: closed
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX passes_open ON passes (no) WHERE ended IS NULL;

-- Profiles that a whole full pass did not show: read by id before they are called gone.
CREATE TABLE missing (
    kind INTEGER NOT NULL,
    doc_id TEXT NOT NULL,
    pass INTEGER NOT NULL,
    PRIMARY KEY (kind, doc_id)
) STRICT, WITHOUT ROWID;
