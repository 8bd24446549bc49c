-- What was handed over of a vendor's part, parcel by parcel.
CREATE TABLE parcels (
    vendor_order_id TEXT NOT NULL REFERENCES vendor_orders (id),
    -- Counts up from 1 within the part.
    parcel BIGINT NOT NULL CHECK (parcel > 0),
    order_id TEXT NOT NULL REFERENCES orders (id),
    vendor_id TEXT NOT NULL,
    -- None for what was handed over before parcels were told apart.
    shipment_id TEXT,
    tracking TEXT NOT NULL,
    -- Lines and how many of each; all of the part if there are none.
    lines TEXT NOT NULL,
    shipped_at BIGINT NOT NULL,
    delivered_at BIGINT,
    PRIMARY KEY (vendor_order_id, parcel)
);
CREATE INDEX parcels_of_order ON parcels (order_id);
INSERT INTO parcels (vendor_order_id, parcel, order_id, vendor_id, shipment_id, tracking, lines, shipped_at, delivered_at)
SELECT v.id, 1, v.order_id, v.vendor_id, NULL, v.tracking, '[]',
       COALESCE((SELECT max(t.at) FROM order_timeline t
                 WHERE t.order_id = v.order_id AND t.vendor_order_id = v.id AND t.kind = 'shipped'), v.placed_at),
       v.delivered_at
FROM vendor_orders v WHERE v.tracking IS NOT NULL;
ALTER TABLE vendor_orders DROP COLUMN tracking;
-- 1 while some of it has left and the rest has not; `status` is 'to_ship' then.
ALTER TABLE vendor_orders ADD COLUMN partly_shipped BIGINT NOT NULL DEFAULT 0 CHECK (partly_shipped IN (0, 1));

-- Pieces of a line that have left, and that have arrived: what can be returned.
ALTER TABLE order_lines ADD COLUMN shipped BIGINT NOT NULL DEFAULT 0 CHECK (shipped BETWEEN 0 AND quantity);
ALTER TABLE order_lines ADD COLUMN delivered BIGINT NOT NULL DEFAULT 0 CHECK (delivered BETWEEN 0 AND shipped);
UPDATE order_lines SET shipped = quantity WHERE EXISTS (
    SELECT 1 FROM vendor_orders v WHERE v.id = order_lines.vendor_order_id AND v.status IN ('shipped', 'delivered'));
UPDATE order_lines SET delivered = quantity WHERE EXISTS (
    SELECT 1 FROM vendor_orders v WHERE v.id = order_lines.vendor_order_id AND v.status = 'delivered');
