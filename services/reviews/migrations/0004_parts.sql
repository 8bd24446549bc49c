-- What of an order a vendor sends. Two events tell of it, in whatever order or both at once: that it was bought, and
-- that it has arrived. Both take this row first, so the later one sees the other.
CREATE TABLE parts (
    order_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    arrived_at BIGINT,
    PRIMARY KEY (order_id, vendor_id)
);
