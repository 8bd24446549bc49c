-- Promised to orders that wait for more to come in: never more than the vendor allows. While there are such, everything
-- on hand is reserved, so `on_hand - reserved - backordered` is what can be had, and at least `-backorder_cap`.
ALTER TABLE stock ADD COLUMN backorder_cap BIGINT NOT NULL DEFAULT 0 CHECK (backorder_cap >= 0);
ALTER TABLE stock ADD COLUMN backordered BIGINT NOT NULL DEFAULT 0 CHECK (backordered BETWEEN 0 AND backorder_cap);

-- Of the line's quantity, what still has to come in.
ALTER TABLE reservation_lines ADD COLUMN backordered BIGINT NOT NULL DEFAULT 0 CHECK (backordered BETWEEN 0 AND quantity);
CREATE INDEX reservation_lines_waiting ON reservation_lines (variant_id) WHERE backordered > 0;

-- Parts of paid orders of which it was told that they wait.
CREATE TABLE waits (
    order_id TEXT NOT NULL REFERENCES reservations (order_id),
    vendor_id TEXT NOT NULL,
    PRIMARY KEY (order_id, vendor_id)
);
-- 1 if anything of it had to wait when it was taken.
ALTER TABLE reservations ADD COLUMN backorder BIGINT NOT NULL DEFAULT 0 CHECK (backorder IN (0, 1));
