-- People who are never stored or sent again: salted hashes of their user ids, and of the Moesif documents that
-- were theirs, which lead back to the person's own hash.
CREATE TABLE forgotten (
    hash BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_person ON forgotten (person);

-- Documents that a pass left alone because they belong to forgotten people.
ALTER TABLE passes ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
