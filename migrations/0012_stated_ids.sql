-- Whose document a text in quarantine is: it was looked for in all the texts, at each question about a profile and for each one
-- that is gone or renamed. The rows of earlier forms are filled in the same transaction (store/schema).
ALTER TABLE quarantine ADD COLUMN stated TEXT;  -- the id that the text states; null: none
CREATE INDEX quarantine_stated ON quarantine (kind, stated) WHERE stated IS NOT NULL;
CREATE INDEX quarantine_pass ON quarantine (kind, pass);
CREATE INDEX quarantine_last_seen ON quarantine (last_seen);
