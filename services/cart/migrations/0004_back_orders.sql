-- 1 if none is there and it can be ordered all the same; its level is then `in_stock`, for whoever asks only whether it can be had.
ALTER TABLE levels ADD COLUMN back_order BIGINT NOT NULL DEFAULT 0 CHECK (back_order IN (0, 1));
