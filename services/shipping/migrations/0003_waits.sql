-- Parts of orders whose stock is firmly theirs and still has to come in: their parcels may not leave yet.
CREATE TABLE waits (
    order_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    PRIMARY KEY (order_id, vendor_id)
);
