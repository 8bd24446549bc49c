-- What bundles are made of, as the catalogue tells. Their numbers are those of their parts.
CREATE TABLE bundle_parts (
    bundle_id TEXT NOT NULL REFERENCES stock (variant_id),
    -- Its row of stock may come later than the bundle.
    part_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bundle_id, part_id)
);
CREATE INDEX bundle_parts_of_part ON bundle_parts (part_id);

-- What the bundles of a reservation were made of when it was made: that is what leaves and comes back.
CREATE TABLE order_parts (
    order_id TEXT NOT NULL REFERENCES reservations (order_id),
    bundle_id TEXT NOT NULL,
    part_id TEXT NOT NULL REFERENCES stock (variant_id),
    vendor_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, bundle_id, part_id)
);

-- 0 while the catalogue does not sell the variant: then no bundle with it can be bought.
ALTER TABLE stock ADD COLUMN on_sale BIGINT NOT NULL DEFAULT 1 CHECK (on_sale IN (0, 1));
-- 1 once it lies in a bundle, so that what lies in none costs no look.
ALTER TABLE stock ADD COLUMN in_bundles BIGINT NOT NULL DEFAULT 0 CHECK (in_bundles IN (0, 1));
-- 1 for a bundle; then how many its parts suffice for: out of what is there, and with what may be sold beyond it.
ALTER TABLE stock ADD COLUMN bundle BIGINT NOT NULL DEFAULT 0 CHECK (bundle IN (0, 1));
ALTER TABLE stock ADD COLUMN can_have BIGINT NOT NULL DEFAULT 0 CHECK (can_have >= 0);
ALTER TABLE stock ADD COLUMN can_order BIGINT NOT NULL DEFAULT 0 CHECK (can_order >= 0);
