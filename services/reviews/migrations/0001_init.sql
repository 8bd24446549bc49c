-- Who bought what: the right to review it. Fed by paid orders, withdrawn by cancelled ones.
CREATE TABLE purchases (
    account_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    bought_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, product_id, order_id)
);
CREATE INDEX purchases_order ON purchases (order_id);
CREATE INDEX purchases_recent ON purchases (account_id, bought_at, product_id);

CREATE TABLE reviews (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    author TEXT NOT NULL,
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (product_id, account_id)
);
CREATE INDEX reviews_product ON reviews (product_id, created_at, id);
CREATE INDEX reviews_recent ON reviews (created_at, id);

-- Number of reviews per number of stars, kept with each write.
CREATE TABLE ratings (
    product_id TEXT NOT NULL PRIMARY KEY,
    stars1 BIGINT NOT NULL CHECK (stars1 >= 0),
    stars2 BIGINT NOT NULL CHECK (stars2 >= 0),
    stars3 BIGINT NOT NULL CHECK (stars3 >= 0),
    stars4 BIGINT NOT NULL CHECK (stars4 >= 0),
    stars5 BIGINT NOT NULL CHECK (stars5 >= 0)
);
