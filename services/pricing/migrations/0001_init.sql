-- Copies of what others own, fed by their events.

CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    open BIGINT NOT NULL CHECK (open IN (0, 1)),
    -- Counted up by whatever must not happen twice at once to one vendor's prices: its row is the lock.
    turn BIGINT NOT NULL
);

CREATE TABLE products (
    product_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    title TEXT NOT NULL,
    published BIGINT NOT NULL CHECK (published IN (0, 1))
);
CREATE INDEX products_vendor ON products (vendor_id, product_id);

CREATE TABLE variants (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    options JSON NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    currency TEXT NOT NULL,
    weight_g BIGINT NOT NULL CHECK (weight_g >= 0)
);
CREATE INDEX variants_product ON variants (product_id, variant_id);

CREATE TABLE shipping_methods (
    method_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    free_over_minor BIGINT CHECK (free_over_minor >= 0),
    -- Two-letter codes with a space between; empty for everywhere.
    countries TEXT NOT NULL,
    days_min BIGINT NOT NULL,
    days_max BIGINT NOT NULL
);
CREATE INDEX shipping_methods_vendor ON shipping_methods (vendor_id, method_id);

-- Our own.

CREATE TABLE discounts (
    discount_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    percent_bp BIGINT NOT NULL CHECK (percent_bp BETWEEN 1 AND 9500),
    whole_store BIGINT NOT NULL CHECK (whole_store IN (0, 1)),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX discounts_newest ON discounts (vendor_id, created_at DESC, discount_id DESC);
-- Finds those that have not ended, however many have.
CREATE INDEX discounts_not_ended ON discounts (vendor_id, (COALESCE(ends_at, 9223372036854775807)));

CREATE TABLE discount_products (
    discount_id TEXT NOT NULL REFERENCES discounts (discount_id) ON DELETE CASCADE,
    product_id TEXT NOT NULL,
    PRIMARY KEY (discount_id, product_id)
) WITHOUT ROWID;

-- What each variant costs, as told last by `offer.changed`: makes "has it changed?" decidable.
CREATE TABLE offers (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    list_minor BIGINT NOT NULL CHECK (list_minor >= price_minor),
    currency TEXT NOT NULL,
    discount TEXT
);
CREATE INDEX offers_product ON offers (product_id);

-- Rates that prices of goods sent to a country contain. No row: no tax.
CREATE TABLE tax_rates (
    country TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    rate_bp BIGINT NOT NULL CHECK (rate_bp BETWEEN 0 AND 5000)
);

-- Standard rates as of January 2026.
INSERT INTO tax_rates (country, name, rate_bp) VALUES
    ('AT', 'VAT', 2000), ('BE', 'VAT', 2100), ('BG', 'VAT', 2000), ('CH', 'VAT', 810), ('CY', 'VAT', 1900),
    ('CZ', 'VAT', 2100), ('DE', 'VAT', 1900), ('DK', 'VAT', 2500), ('EE', 'VAT', 2400), ('ES', 'VAT', 2100),
    ('FI', 'VAT', 2550), ('FR', 'VAT', 2000), ('GB', 'VAT', 2000), ('GR', 'VAT', 2400), ('HR', 'VAT', 2500),
    ('HU', 'VAT', 2700), ('IE', 'VAT', 2300), ('IT', 'VAT', 2200), ('LT', 'VAT', 2100), ('LU', 'VAT', 1700),
    ('LV', 'VAT', 2100), ('MT', 'VAT', 1800), ('NL', 'VAT', 2100), ('NO', 'VAT', 2500), ('PL', 'VAT', 2300),
    ('PT', 'VAT', 2300), ('RO', 'VAT', 2100), ('SE', 'VAT', 2500), ('SI', 'VAT', 2200), ('SK', 'VAT', 2300);
