-- Several parcels per vendor's part: they are counted, and each has its lines.
CREATE TABLE parcels (
    shipment_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    vendor_order_id TEXT NOT NULL,
    -- Counts up from 1 within the part.
    parcel BIGINT NOT NULL CHECK (parcel > 0),
    vendor_id TEXT NOT NULL,
    number TEXT NOT NULL,
    method TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('preparing', 'shipped', 'delivered', 'cancelled')),
    carrier TEXT,
    tracking_number TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    shipped_at BIGINT,
    delivered_at BIGINT,
    cancelled_at BIGINT,
    UNIQUE (vendor_order_id, parcel),
    CHECK ((status IN ('shipped', 'delivered')) = (shipped_at IS NOT NULL AND carrier IS NOT NULL AND tracking_number IS NOT NULL)),
    CHECK ((status = 'delivered') = (delivered_at IS NOT NULL)),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
);
INSERT INTO parcels (shipment_id, order_id, vendor_order_id, parcel, vendor_id, number, method, status, carrier,
        tracking_number, version, created_at, shipped_at, delivered_at, cancelled_at)
    SELECT shipment_id, order_id, vendor_order_id, 1, vendor_id, number, method, status, carrier, tracking_number, version,
        created_at, shipped_at, delivered_at, cancelled_at
    FROM shipments;
DROP TABLE shipments;
ALTER TABLE parcels RENAME TO shipments;
CREATE INDEX shipments_newest ON shipments (vendor_id, created_at DESC, shipment_id DESC);
CREATE INDEX shipments_order ON shipments (order_id, shipment_id);

-- What lies in a parcel; of those that are older than this nobody knows, but that it is all of the part. Together they
-- are what was ordered: what is left when a parcel leaves lies in the next one.
CREATE TABLE shipment_lines (
    shipment_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (shipment_id, line_id)
);
