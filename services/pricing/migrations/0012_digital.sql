-- 1 for what is downloaded: it weighs nothing and needs no delivery.
ALTER TABLE variants ADD COLUMN digital BIGINT NOT NULL DEFAULT 0 CHECK (digital IN (0, 1));
