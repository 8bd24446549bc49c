-- What is wrong in the file of an import, far more than is shown, in the order in which it was found. Those of old imports
-- are forgotten.
CREATE TABLE import_complaints (
    import_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    vendor_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import_id, n)
);
