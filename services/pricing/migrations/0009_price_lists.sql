-- Customers that have prices of their own, and who is one.
CREATE TABLE customer_groups (
    key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE group_members (
    account_id TEXT NOT NULL,
    group_key TEXT NOT NULL REFERENCES customer_groups (key) ON DELETE CASCADE,
    PRIMARY KEY (account_id, group_key)
) WITHOUT ROWID;

CREATE TABLE price_lists (
    price_list_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    group_key TEXT NOT NULL REFERENCES customer_groups (key),
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX price_lists_newest ON price_lists (vendor_id, created_at DESC, price_list_id DESC);
CREATE INDEX price_lists_of_group ON price_lists (group_key, (COALESCE(ends_at, 9223372036854775807)));

CREATE TABLE price_list_prices (
    price_list_id TEXT NOT NULL REFERENCES price_lists (price_list_id) ON DELETE CASCADE,
    variant_id TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor > 0),
    PRIMARY KEY (price_list_id, variant_id)
) WITHOUT ROWID;
