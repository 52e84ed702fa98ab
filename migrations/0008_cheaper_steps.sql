-- Each index of messages costs a cursor and a condition at every insert and update, whether or not the row is in it
-- (docs/decisions.md, "Indexes of messages"). `closed` says what four of them asked the state for; a step that leaves it
-- alone, an offer for one, leaves them alone too.

DROP INDEX messages_open;
DROP INDEX messages_ready;
DROP INDEX messages_waiting;
DROP INDEX messages_offered;
DROP INDEX messages_dead;
DROP INDEX messages_held;
DROP INDEX messages_rare;
DROP INDEX messages_closed;
DROP INDEX messages_of_user;

-- 1: state 2 acknowledged, 5 retried, 6 discarded or 7 superseded; 0: open (0 waiting, 1 offered, 3 dead, 4 held).
ALTER TABLE messages ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET closed = 1 WHERE state = 2 OR state > 4;

-- A user's open messages; a user's history; the history, oldest first.
CREATE INDEX messages_open ON messages (user_no) WHERE closed = 0;
CREATE INDEX messages_of_user ON messages (user_no) WHERE closed = 1;
CREATE INDEX messages_closed ON messages (settled) WHERE closed = 1;

-- The queue: what may be offered, in order.
CREATE INDEX messages_ready ON messages (no) WHERE state = 0 AND wait = 0;
-- All else but the bulk of the history, by state. SQLite sees that the index answers only where the condition stands
-- word for word: queries go through the view.
CREATE INDEX messages_by_state ON messages (state, no) WHERE state <> 2 AND (state <> 0 OR wait <> 0);
CREATE VIEW messages_aside AS SELECT * FROM messages WHERE state <> 2 AND (state <> 0 OR wait <> 0);

-- Keys of new profiles, until there are enough of them to enter them into lookups in order: one at a time, in the order
-- of arrival, each page of profiles wrote a thousand scattered leaves (docs/decisions.md, "Search keys").
CREATE TABLE lookups_new (
    user_no INTEGER PRIMARY KEY,
    name TEXT NOT NULL,              -- folded; empty: none
    email TEXT NOT NULL
) STRICT;
