-- What operators ask about and ask for: search, totals, replays, repeated requests.

-- Folded names and e-mail addresses, for search by prefix.
CREATE TABLE lookups (
    key TEXT NOT NULL,
    user_no INTEGER NOT NULL,
    PRIMARY KEY (key, user_no)
) STRICT, WITHOUT ROWID;
-- Profiles of an older store are entered in steps after the start; gone when that is done.
INSERT INTO meta SELECT 'lookups_after', 0 WHERE EXISTS (SELECT 1 FROM users);

-- A user's closed messages, and the closed ones that are not the bulk.
CREATE INDEX messages_of_user ON messages (user_no) WHERE state IN (2, 5, 6, 7);
CREATE INDEX messages_rare ON messages (no) WHERE state IN (5, 6, 7);

-- Counters since the store was made.
CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE replays (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    state INTEGER NOT NULL,          -- 0 running, 1 done, 2 cancelled, 3 failed
    selector TEXT NOT NULL,          -- JSON, as it was asked for
    traits INTEGER NOT NULL,
    created INTEGER NOT NULL,
    ended INTEGER,
    after_user_no INTEGER NOT NULL,  -- users up to here are marked
    profiles INTEGER NOT NULL,
    messages INTEGER NOT NULL,       -- as previewed; once ended, as made
    bytes INTEGER NOT NULL,
    done INTEGER NOT NULL,           -- messages acknowledged, dead or discarded
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX replays_running ON replays (no) WHERE state = 0;
-- Open claims of a replay: as many as are fed to the queue at a time.
CREATE INDEX marks_replay ON marks (replay_no) WHERE replay_no > 0;

CREATE TABLE previews (
    token TEXT PRIMARY KEY,
    created INTEGER NOT NULL,
    selector TEXT NOT NULL,
    profiles INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which users a replay or a preview covers: bits of user numbers, 65,536 a row.
CREATE TABLE user_sets (
    owner TEXT NOT NULL,             -- replay:<no> or preview:<token>
    chunk INTEGER NOT NULL,
    bits BLOB NOT NULL,
    PRIMARY KEY (owner, chunk)
) STRICT, WITHOUT ROWID;

-- Answers to requests with an Idempotency-Key, for 24 hours.
CREATE TABLE answers (
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    request TEXT NOT NULL,           -- digest of the body
    created INTEGER NOT NULL,
    status INTEGER NOT NULL,
    location TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (key, route)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_created ON answers (created);
