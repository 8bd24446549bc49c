-- Whoever wrote a review is told once that it is answered, however often the answer is changed or taken back.
ALTER TABLE reviews ADD COLUMN reply_told BIGINT NOT NULL DEFAULT 0 CHECK (reply_told IN (0, 1));
