-- Carts. Exactly one of token (a guest's, as a hash) and account opens a cart.

CREATE TABLE carts (
    cart_id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT UNIQUE,
    account_id TEXT UNIQUE,
    -- Of all its lines; counts only while there are any.
    currency TEXT,
    version BIGINT NOT NULL,
    -- Last version that the quiet-cart job has dealt with.
    told_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((token_hash IS NULL) <> (account_id IS NULL))
);
CREATE INDEX carts_of_guests ON carts (updated_at) WHERE token_hash IS NOT NULL;
CREATE INDEX carts_untold ON carts (updated_at) WHERE account_id IS NOT NULL AND told_version < version;

CREATE TABLE lines (
    cart_id TEXT NOT NULL REFERENCES carts (cart_id) ON DELETE CASCADE,
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity BETWEEN 1 AND 10000),
    -- Price of one, in the cart's currency, when the line was added.
    added_minor BIGINT NOT NULL,
    -- Version of the cart that added it: lines stand in this order.
    place BIGINT NOT NULL,
    PRIMARY KEY (cart_id, variant_id)
) WITHOUT ROWID;

-- Copies of what others own, each fed by one kind of event, so that their order does not matter.

CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    open BIGINT NOT NULL CHECK (open IN (0, 1))
);

CREATE TABLE variants (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    picture_url TEXT,
    options JSON NOT NULL,
    list_minor BIGINT NOT NULL,
    compare_minor BIGINT,
    currency TEXT NOT NULL,
    on_sale BIGINT NOT NULL CHECK (on_sale IN (0, 1))
);
CREATE INDEX variants_product ON variants (product_id);

-- Counts while its list price is the variant's: an offer made from another list price is out of date.
CREATE TABLE offers (
    variant_id TEXT NOT NULL PRIMARY KEY,
    price_minor BIGINT NOT NULL,
    list_minor BIGINT NOT NULL,
    currency TEXT NOT NULL
);

CREATE TABLE levels (
    variant_id TEXT NOT NULL PRIMARY KEY,
    level TEXT NOT NULL CHECK (level IN ('in_stock', 'low', 'sold_out')),
    remaining BIGINT NOT NULL
);
