-- What the index is made from: one row per product. The index itself can be thrown away.
CREATE TABLE documents (
    product_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    product TEXT NOT NULL,
    offers TEXT NOT NULL,
    rating_x100 BIGINT NOT NULL,
    rating_count BIGINT NOT NULL,
    -- Grows with every change; the index knows up to which number it is.
    seq BIGINT NOT NULL
);
CREATE INDEX documents_seq ON documents (seq);
CREATE INDEX documents_vendor ON documents (vendor_id);

-- Levels come per variant, often before the product itself.
CREATE TABLE stock_levels (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    level TEXT NOT NULL
);
CREATE INDEX stock_levels_product ON stock_levels (product_id);

CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    open BIGINT NOT NULL
);

-- How the values of facets are called: ('category', slug, name), ('attribute', key, label).
CREATE TABLE labels (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE counter (
    id BIGINT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (id, value) VALUES (1, 0);
