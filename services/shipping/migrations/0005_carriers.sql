-- Where a vendor's parcels come from.
CREATE TABLE senders (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    address JSON NOT NULL,
    version BIGINT NOT NULL
);

-- What buyers have paid for the delivery of a vendor's part, to be held against what its labels cost.
CREATE TABLE charges (
    vendor_order_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    shipping_minor BIGINT NOT NULL CHECK (shipping_minor >= 0),
    -- 1: it was an estimate of what the carrier would take.
    estimated BIGINT NOT NULL DEFAULT 0 CHECK (estimated IN (0, 1))
);

-- Methods whose price is what the carrier takes, and what it took last: to a country, for parcels up to a weight. Asked
-- about in the background; what was good once stays until there is something better.
ALTER TABLE methods ADD COLUMN carrier_rate BIGINT NOT NULL DEFAULT 0 CHECK (carrier_rate IN (0, 1));
CREATE TABLE carrier_rates (
    vendor_id TEXT NOT NULL,
    country TEXT NOT NULL,
    up_to_g BIGINT NOT NULL CHECK (up_to_g > 0),
    currency TEXT,
    price_minor BIGINT CHECK (price_minor >= 0),
    good_at BIGINT,
    ask_at BIGINT NOT NULL,
    PRIMARY KEY (vendor_id, country, up_to_g),
    CHECK ((price_minor IS NULL) = (currency IS NULL) AND (price_minor IS NULL) = (good_at IS NULL))
);
CREATE INDEX carrier_rates_due ON carrier_rates (ask_at);

-- Labels of carriers. What is bought is a draft at the carrier, at one of its rates: both are noted before, so that
-- whoever goes on with it goes on with the same.
CREATE TABLE labels (
    label_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    shipment_id TEXT NOT NULL,
    vendor_order_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ordered', 'bought', 'failed', 'voiding', 'voided')),
    weight_g BIGINT NOT NULL CHECK (weight_g > 0),
    size JSON,
    wanted TEXT,
    draft_ref TEXT,
    rate_ref TEXT,
    carrier TEXT,
    service TEXT,
    number TEXT,
    tracker_ref TEXT,
    paper_ref TEXT,
    currency TEXT,
    price_minor BIGINT CHECK (price_minor >= 0),
    file TEXT,
    failure TEXT,
    checks BIGINT NOT NULL,
    -- When somebody looks after it, if nothing else happens before.
    check_at BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK ((draft_ref IS NULL) = (rate_ref IS NULL)),
    CHECK (state <> 'bought' OR number IS NOT NULL),
    CHECK ((number IS NULL) = (price_minor IS NULL) AND (number IS NULL) = (tracker_ref IS NULL) AND (number IS NULL) = (currency IS NULL)),
    CHECK (file IS NULL OR number IS NOT NULL)
);
-- A parcel has one label at a time.
CREATE UNIQUE INDEX labels_one ON labels (shipment_id) WHERE state IN ('ordered', 'bought', 'voiding');
CREATE INDEX labels_newest ON labels (vendor_id, created_at DESC, label_id DESC);
CREATE INDEX labels_of_part ON labels (vendor_order_id, created_at);
CREATE UNIQUE INDEX labels_tracker ON labels (provider, tracker_ref) WHERE tracker_ref IS NOT NULL;
CREATE INDEX labels_due ON labels (check_at) WHERE check_at IS NOT NULL;

-- Events of carriers: noted, then answered, then asked about.
CREATE TABLE carrier_inbox (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    tracker_ref TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'handled', 'unmatched')),
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX carrier_inbox_age ON carrier_inbox (received_at);

-- What carriers say has happened to a parcel. Only added to.
CREATE TABLE shipment_events (
    shipment_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    event_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    PRIMARY KEY (shipment_id, event_key)
);
