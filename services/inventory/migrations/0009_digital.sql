-- 1 for what is downloaded: there is always enough of it, whatever the row says is there. Orders take none of it.
ALTER TABLE stock ADD COLUMN digital BIGINT NOT NULL DEFAULT 0 CHECK (digital IN (0, 1));
