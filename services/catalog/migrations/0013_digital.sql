-- Files of variants that are downloaded. A variant that has one is not sent and needs no stock.
CREATE TABLE variant_files (
    id TEXT NOT NULL PRIMARY KEY,
    variant_id TEXT NOT NULL REFERENCES variants (id),
    vendor_id TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position > 0),
    name TEXT NOT NULL,
    -- The upload that it came with, and by which its pieces are found. Another one when it is replaced.
    content_id TEXT NOT NULL UNIQUE,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    updated_at BIGINT NOT NULL,
    UNIQUE (variant_id, position)
);
-- 1 if the variant has files, so that what has none costs no look.
ALTER TABLE variants ADD COLUMN digital BIGINT NOT NULL DEFAULT 0 CHECK (digital IN (0, 1));
