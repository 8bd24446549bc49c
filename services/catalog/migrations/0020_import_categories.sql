-- Which category here a vendor wants for what its files call otherwise: paths in lower case, as `home > mugs`.
CREATE TABLE import_categories (
    vendor_id TEXT NOT NULL,
    path TEXT NOT NULL,
    category_id TEXT NOT NULL,
    PRIMARY KEY (vendor_id, path)
);

-- Categories that an import's file names and nothing here is called like, the first of them, with how many products name
-- each; and how many products name others.
ALTER TABLE imports ADD COLUMN categories TEXT NOT NULL DEFAULT '[]';
ALTER TABLE imports ADD COLUMN categories_rest BIGINT NOT NULL DEFAULT 0;
