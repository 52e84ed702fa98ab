-- What becomes of a message on its way stands in its row until the user's ledger is next written (docs/decisions.md, "A
-- user's ledger and rows"). Rows before `horizon` have nothing to say that the ledger does not; 0: all are looked at.
ALTER TABLE ledgers ADD COLUMN horizon INTEGER NOT NULL DEFAULT 0;

-- Earlier forms let a row answer for itself where its ledger named it; now the row says so (bits of `wait` from 16 on).
UPDATE messages SET wait = wait & ~16 WHERE no IN (SELECT no FROM messages_aside WHERE state = 1);

-- A user's messages, open or not. `closed` is not written any more: 1 stands only in rows of earlier forms.
DROP INDEX messages_open;
DROP INDEX messages_of_user;
CREATE INDEX messages_user ON messages (user_no);

-- Dead letters and the history, oldest first. The condition names no column that an offer changes.
DROP INDEX messages_closed;
CREATE INDEX messages_settled ON messages (settled) WHERE settled <> 0;

-- Offered messages are found by the runs of consecutive numbers in which they were offered: a row for a batch, instead of
-- an index entry made and removed for each message. A run goes when none of its messages is on its way any more. Runs do
-- not overlap: in the order of (run, no) nothing is sorted.
CREATE TABLE offered_runs (first_no INTEGER PRIMARY KEY, last_no INTEGER NOT NULL) STRICT;
INSERT INTO offered_runs SELECT no, no FROM messages_aside WHERE state = 1;
CREATE VIEW messages_offered AS SELECT m.*, r.first_no AS run FROM offered_runs r CROSS JOIN messages m
    ON m.no BETWEEN r.first_no AND r.last_no WHERE +m.state = 1;  -- without the plus SQLite reads all messages to index them by state

DROP VIEW messages_aside;
DROP INDEX messages_by_state;
CREATE INDEX messages_by_state ON messages (state, no) WHERE state > 2 OR (state = 0 AND wait <> 0);
CREATE VIEW messages_aside AS SELECT * FROM messages WHERE state > 2 OR (state = 0 AND wait <> 0);
