-- Which stores are open: a copy, fed by their events.
CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    open BIGINT NOT NULL CHECK (open IN (0, 1)),
    -- Counted up by whatever changes the vendor's methods: its row is the lock.
    turn BIGINT NOT NULL
);

CREATE TABLE methods (
    method_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    free_over_minor BIGINT CHECK (free_over_minor >= 0),
    -- Two-letter codes with a space between; empty for everywhere.
    countries TEXT NOT NULL,
    days_min BIGINT NOT NULL CHECK (days_min >= 0),
    days_max BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (days_max >= days_min)
);
CREATE INDEX methods_vendor ON methods (vendor_id, created_at, method_id);

-- Orders whose stock is firmly theirs: their parcels may leave. Heard of before or after the payment.
CREATE TABLE claims (
    order_id TEXT NOT NULL PRIMARY KEY
);

-- One parcel per vendor's part of a paid order.
CREATE TABLE shipments (
    shipment_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    vendor_order_id TEXT NOT NULL UNIQUE,
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
    -- What was handed over can be followed; what was not, cannot.
    CHECK ((status IN ('shipped', 'delivered')) = (shipped_at IS NOT NULL AND carrier IS NOT NULL AND tracking_number IS NOT NULL)),
    CHECK ((status = 'delivered') = (delivered_at IS NOT NULL)),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
);
CREATE INDEX shipments_newest ON shipments (vendor_id, created_at DESC, shipment_id DESC);
CREATE INDEX shipments_order ON shipments (order_id, shipment_id);
