-- The durable queue and its history. `no` is the order of the queue.
CREATE TABLE messages (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL,
    user_no INTEGER NOT NULL,
    state INTEGER NOT NULL,          -- diff::message_state
    wait INTEGER NOT NULL,           -- diff::wait_reason bits
    traits INTEGER NOT NULL,         -- frozen
    due INTEGER NOT NULL,
    remaining INTEGER NOT NULL,
    marked INTEGER NOT NULL,         -- 1: has rows in marks
    created INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    first_offered INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    reason INTEGER NOT NULL,         -- diff::dead_reason
    answer TEXT NOT NULL             -- dead: Segment's answer; offered: the last error
) STRICT;
CREATE UNIQUE INDEX messages_id ON messages (id);
-- 0 waiting, 1 offered, 3 dead, 4 held: a user's open messages.
CREATE INDEX messages_open ON messages (user_no) WHERE state IN (0, 1, 3, 4);
CREATE INDEX messages_ready ON messages (no) WHERE state = 0 AND wait = 0;
CREATE INDEX messages_waiting ON messages (no) WHERE state = 0 AND wait <> 0;
CREATE INDEX messages_offered ON messages (no) WHERE state = 1;
CREATE INDEX messages_dead ON messages (no) WHERE state = 3;
CREATE INDEX messages_held ON messages (no) WHERE state = 4;
-- 2 acknowledged, 5 retried, 6 discarded, 7 superseded: the history, oldest first.
CREATE INDEX messages_closed ON messages (settled) WHERE state IN (2, 5, 6, 7);

-- Frozen bytes, apart from the rows whose state changes.
CREATE TABLE bodies (no INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

CREATE TABLE marks (
    message_no INTEGER NOT NULL,
    replay_no INTEGER NOT NULL,      -- 0: an operator's retry
    traits INTEGER NOT NULL,
    PRIMARY KEY (message_no, replay_no)
) STRICT, WITHOUT ROWID;
