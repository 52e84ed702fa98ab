-- Wide rows are keyed by a number given at first sight, so that writes follow arrival; what is looked up
-- by a vendor's id stands in narrow tables (measured: docs/decisions.md, "Store layout").

CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

-- The policies under which a source was stored, so that a changed policy can be applied to it.
CREATE TABLE rules (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

-- One row a user id, for ever (until retention): gone users keep theirs.
CREATE TABLE users (
    no INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    doc_id TEXT,                -- Moesif's `_id` while the profile exists there
    company_id TEXT,
    modified INTEGER,           -- milliseconds, as Moesif states it
    embedded_modified INTEGER,  -- of the company embedded in the user, 0 when it has none of its own; null: no such company
    gone_at INTEGER,
    seen_at INTEGER NOT NULL    -- when the stored source was read
) STRICT;
CREATE INDEX users_company ON users (company_id, no) WHERE company_id IS NOT NULL;
CREATE INDEX users_gone ON users (gone_at) WHERE gone_at IS NOT NULL;

-- Live Moesif documents in byte order of `_id`: a full pass merges its pages with it.
CREATE TABLE documents (
    doc_id TEXT PRIMARY KEY,
    user_no INTEGER NOT NULL,
    raw BLOB NOT NULL,          -- hash of the source bytes and the rules; empty: must be mapped when read
    content INTEGER NOT NULL    -- hash of all but riding values and context
) STRICT, WITHOUT ROWID;

-- What Moesif says, without storing a value twice: traits' texts, context, and the rest of the document.
CREATE TABLE sources (no INTEGER PRIMARY KEY, rules INTEGER NOT NULL, data BLOB NOT NULL) STRICT;

-- Baseline, acknowledged and wanted state of each trait (store/codec).
CREATE TABLE ledgers (
    no INTEGER PRIMARY KEY,
    counted_pass INTEGER NOT NULL,  -- the last pass whose brake counted this user
    data BLOB NOT NULL
) STRICT;

CREATE TABLE companies (
    no INTEGER PRIMARY KEY,
    company_id TEXT NOT NULL UNIQUE,
    doc_id TEXT UNIQUE,
    raw BLOB NOT NULL,
    content INTEGER NOT NULL,
    modified INTEGER,
    gone_at INTEGER,
    seen_at INTEGER NOT NULL,
    rules INTEGER NOT NULL,
    value_no INTEGER NOT NULL,      -- the newest row of company_values
    source TEXT NOT NULL
) STRICT;

-- The mapped `company` objects. Users refer to a row instead of carrying the text.
CREATE TABLE company_values (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    company_no INTEGER NOT NULL,
    full INTEGER NOT NULL,
    trigger INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX company_values_company ON company_values (company_no);

-- Companies whose users must be compared again, and how far that has come.
CREATE TABLE company_rediffs (
    company_no INTEGER PRIMARY KEY,
    pass INTEGER NOT NULL,
    after_user_no INTEGER NOT NULL
) STRICT;

-- Documents that cannot be used, with their raw text: one row a document.
CREATE TABLE quarantine (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    kind INTEGER NOT NULL,           -- 0 companies, 1 users
    doc_id TEXT NOT NULL,            -- without an id: the hash of its text
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    raw TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    pass INTEGER NOT NULL,
    UNIQUE (kind, doc_id)
) STRICT;
