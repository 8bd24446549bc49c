-- What there is of each variant. `title`, `sku` and the ids are copies of the catalogue's.
CREATE TABLE stock (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Title and SKU in lower case, for the vendor's search.
    search_text TEXT NOT NULL,
    -- 0 once the catalogue no longer offers the variant.
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    low_threshold BIGINT NOT NULL CHECK (low_threshold >= 0),
    updated_at BIGINT NOT NULL,
    CHECK (reserved <= on_hand)
);
CREATE INDEX stock_of_vendor ON stock (vendor_id, sku, variant_id) WHERE active = 1;
CREATE INDEX stock_of_product ON stock (product_id);

-- One per order: all of its lines or none.
CREATE TABLE reservations (
    order_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('held', 'claimed', 'released', 'expired', 'shipped')),
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE reservation_lines (
    order_id TEXT NOT NULL REFERENCES reservations (order_id),
    variant_id TEXT NOT NULL REFERENCES stock (variant_id),
    vendor_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    shipped BIGINT NOT NULL CHECK (shipped IN (0, 1)),
    PRIMARY KEY (order_id, variant_id)
);
CREATE INDEX reservation_lines_of_variant ON reservation_lines (variant_id);

-- Never changed, never deleted: the sum of `delta` is what is on hand.
CREATE TABLE movements (
    seq IDENTITY,
    variant_id TEXT NOT NULL REFERENCES stock (variant_id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('initial', 'receipt', 'adjustment', 'count', 'shipped', 'return')),
    delta BIGINT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    reason TEXT NOT NULL,
    order_id TEXT
);
CREATE INDEX movements_of_variant ON movements (variant_id, seq);
