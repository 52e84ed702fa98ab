-- The bytes of a message are packed (store/message_text): they were the larger half of a file. No row is rewritten: those of
-- earlier forms have theirs in `body`, which is empty where `packed` is not null.
ALTER TABLE bodies ADD COLUMN packed BLOB;
CREATE VIEW message_texts AS SELECT no, ifnull(packed, body) AS text,
    ifnull(length(packed), length(CAST(body AS BLOB))) AS bytes FROM bodies;
