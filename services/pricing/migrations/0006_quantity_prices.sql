-- What each piece costs from a quantity on, as the vendor set it: the steps as JSON, by quantity.
CREATE TABLE quantity_prices (
    variant_id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices TEXT NOT NULL
);
CREATE INDEX quantity_prices_product ON quantity_prices (product_id);

-- Counts the changes of a product's prices by its vendor.
ALTER TABLE products ADD COLUMN prices_version BIGINT NOT NULL DEFAULT 0;

ALTER TABLE offers ADD COLUMN quantity_prices TEXT NOT NULL DEFAULT '[]';
