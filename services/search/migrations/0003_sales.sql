-- Items of each product that were paid for lately, as analytics counted them last; none for nothing.
CREATE TABLE sales (
    product_id TEXT NOT NULL PRIMARY KEY,
    items BIGINT NOT NULL
);
