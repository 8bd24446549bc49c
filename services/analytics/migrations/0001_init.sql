-- Sums by day (days since 1970, UTC). `scope` is a vendor's id, or '' for the whole platform.
CREATE TABLE sales_daily (
    day BIGINT NOT NULL,
    scope TEXT NOT NULL,
    currency TEXT NOT NULL,
    orders BIGINT NOT NULL,
    items BIGINT NOT NULL,
    sales_minor BIGINT NOT NULL,
    refunds_minor BIGINT NOT NULL,
    PRIMARY KEY (scope, day, currency)
);

CREATE TABLE product_daily (
    day BIGINT NOT NULL,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    items BIGINT NOT NULL,
    sales_minor BIGINT NOT NULL,
    PRIMARY KEY (day, product_id, currency)
);
CREATE INDEX product_daily_vendor ON product_daily (vendor_id, day);

-- Who was there on which day: logged in or ordered.
CREATE TABLE active_accounts (
    day BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (day, account_id)
);

CREATE TABLE new_accounts (
    day BIGINT NOT NULL PRIMARY KEY,
    accounts BIGINT NOT NULL
);

-- Names, for reports.
CREATE TABLE products (
    product_id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    slug TEXT NOT NULL
);
CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
