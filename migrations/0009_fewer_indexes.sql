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

-- Users of a company. Of new users (numbers beyond `company_members_to`) the row of `users` alone knows the company, until
-- there are enough of them to enter them in order: users come in no order of companies, so an index of the users wrote
-- hundreds of leaves with each page of profiles (docs/decisions.md, "What is entered in order").
CREATE TABLE company_members (
    company_id TEXT NOT NULL,
    user_no INTEGER NOT NULL,
    PRIMARY KEY (company_id, user_no)
) STRICT, WITHOUT ROWID;
INSERT INTO company_members SELECT company_id, no FROM users WHERE company_id IS NOT NULL ORDER BY company_id, no;
INSERT INTO meta VALUES ('company_members_to', ifnull((SELECT max(no) FROM users), 0));
DROP INDEX users_company;
