-- What a file is in, and what its vendor says that it does not.
ALTER TABLE imports ADD COLUMN format TEXT CHECK (format IN ('own', 'shopify', 'woocommerce'));
ALTER TABLE imports ADD COLUMN currency TEXT;
ALTER TABLE imports ADD COLUMN category_id TEXT;
ALTER TABLE imports ADD COLUMN failed BIGINT NOT NULL DEFAULT 0;
-- JSON lists.
ALTER TABLE imports ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE imports ADD COLUMN ignored_columns TEXT NOT NULL DEFAULT '[]';

-- What an import does to its products, the first of each outcome. Those of old imports are forgotten.
CREATE TABLE import_changes (
    num IDENTITY,
    import_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    first_row BIGINT NOT NULL,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged', 'failed')),
    -- JSON list.
    fields TEXT NOT NULL
);
CREATE INDEX import_changes_of_import ON import_changes (import_id, num);

-- Pictures that files name by their addresses. A row stays when its picture is kept, so that the same
-- address is not fetched again for the same product.
CREATE TABLE picture_fetches (
    num IDENTITY,
    vendor_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    import_id TEXT NOT NULL,
    url TEXT NOT NULL,
    alt TEXT NOT NULL,
    position BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'failed')),
    tries BIGINT NOT NULL,
    reason TEXT NOT NULL,
    media_id TEXT,
    UNIQUE (product_id, url),
    CHECK (state <> 'kept' OR media_id IS NOT NULL)
);
CREATE INDEX picture_fetches_of_import ON picture_fetches (import_id, state, num);
