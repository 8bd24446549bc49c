-- Pieces that were taken out of a part before they were handed over: with those in its parcels they are what was ordered.
CREATE TABLE withdrawn_lines (
    return_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    vendor_order_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (return_id, line_id)
);
CREATE INDEX withdrawn_lines_of_part ON withdrawn_lines (vendor_order_id, line_id);
