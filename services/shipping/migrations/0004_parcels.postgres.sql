-- Several parcels per vendor's part: they are counted, and each has its lines.
ALTER TABLE shipments DROP CONSTRAINT shipments_vendor_order_id_key;
-- Counts up from 1 within the part.
ALTER TABLE shipments ADD COLUMN parcel BIGINT NOT NULL DEFAULT 1 CHECK (parcel > 0);
ALTER TABLE shipments ADD CONSTRAINT shipments_parcel UNIQUE (vendor_order_id, parcel);

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
