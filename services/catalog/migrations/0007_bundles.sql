-- What bundles are made of: variants of the same vendor, none of them a bundle.
CREATE TABLE bundle_parts (
    bundle_id TEXT NOT NULL REFERENCES variants (id),
    part_id TEXT NOT NULL REFERENCES variants (id),
    vendor_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bundle_id, part_id),
    CHECK (bundle_id <> part_id)
);
CREATE INDEX bundle_parts_of_part ON bundle_parts (part_id);
-- 1 if the variant is made of others, so that what is none costs no look.
ALTER TABLE variants ADD COLUMN bundle BIGINT NOT NULL DEFAULT 0 CHECK (bundle IN (0, 1));
