-- Where a vendor keeps its goods. The first one has the vendor's own id and stays: what nobody has put elsewhere is there.
CREATE TABLE locations (
    location_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case: no two open ones of a vendor are called the same.
    name_key TEXT NOT NULL,
    -- Goods are taken from the lowest first.
    rank BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    created_at BIGINT NOT NULL,
    CHECK (active = 1 OR location_id <> vendor_id)
);
CREATE UNIQUE INDEX locations_name ON locations (vendor_id, name_key) WHERE active = 1;
INSERT INTO locations (location_id, vendor_id, name, name_key, rank, active, created_at)
    SELECT vendor_id, vendor_id, 'Main location', 'main location', 0, 1, min(updated_at) FROM stock GROUP BY vendor_id;

-- 1 once something of the variant was put anywhere but at the default location. Until then it has no places.
ALTER TABLE stock ADD COLUMN split BIGINT NOT NULL DEFAULT 0 CHECK (split IN (0, 1));
CREATE INDEX stock_unsplit ON stock (vendor_id) WHERE split = 0;

-- What of a split variant lies where. The sums are those of `stock`, whose row is the lock of all of them.
CREATE TABLE places (
    variant_id TEXT NOT NULL REFERENCES stock (variant_id),
    location_id TEXT NOT NULL REFERENCES locations (location_id),
    vendor_id TEXT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    PRIMARY KEY (variant_id, location_id),
    CHECK (reserved <= on_hand)
);
CREATE INDEX places_at ON places (location_id, variant_id) WHERE on_hand > 0;

-- From where a line of a split variant is taken, while it is promised and has not left.
CREATE TABLE picks (
    order_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    location_id TEXT NOT NULL REFERENCES locations (location_id),
    vendor_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (order_id, variant_id, location_id),
    FOREIGN KEY (order_id, variant_id) REFERENCES reservation_lines (order_id, variant_id)
);
CREATE INDEX picks_of_variant ON picks (variant_id);
