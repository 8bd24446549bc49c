-- Money goes back for what the buyer keeps, or for the delivery alone. The table is made anew, for its conditions change. Others
-- refer to its rows; whether all of these are there is looked at when they are back.
PRAGMA defer_foreign_keys = ON;
CREATE TEMP TABLE returns_kept AS SELECT * FROM returns;
DROP TABLE returns;
CREATE TABLE returns (
    id TEXT NOT NULL PRIMARY KEY,
    -- The form: returns that were asked for together share it, and its photos.
    request_id TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE,
    order_id TEXT NOT NULL REFERENCES orders (id),
    vendor_order_id TEXT NOT NULL REFERENCES vendor_orders (id),
    vendor_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'refused', 'sent', 'received', 'refunded', 'exchanged', 'closed', 'cancelled')),
    version BIGINT NOT NULL CHECK (version >= 1),
    -- What the buyer wants for it; how far an exchange is, and where what is sent instead can be followed.
    remedy TEXT NOT NULL CHECK (remedy IN ('refund', 'exchange')),
    exchange TEXT CHECK (exchange IN ('asked', 'held', 'short')),
    new_carrier TEXT,
    new_tracking_number TEXT,
    reason TEXT NOT NULL,
    text TEXT,
    answer TEXT,
    instructions TEXT,
    carrier TEXT,
    tracking_number TEXT,
    condition TEXT,
    refund_minor BIGINT NOT NULL CHECK (refund_minor >= 0),
    -- Contained in that.
    shipping_minor BIGINT NOT NULL CHECK (shipping_minor BETWEEN 0 AND refund_minor),
    -- The refund that was last asked for, how often one was, and why it did not arrive.
    refund_id TEXT UNIQUE,
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    refund_failure TEXT,
    -- Pieces; none if only the delivery is paid back.
    items BIGINT NOT NULL CHECK (items >= 0),
    created_at BIGINT NOT NULL,
    received_at BIGINT,
    kind TEXT NOT NULL DEFAULT 'return' CHECK (kind IN ('return', 'withdrawal', 'kept')),
    asked_by TEXT NOT NULL DEFAULT 'buyer' CHECK (asked_by IN ('buyer', 'vendor', 'admin')),
    -- The label with which it can be sent, bought by its vendor: who carries it, under which number, and its paper among the
    -- files.
    label_carrier TEXT,
    label_number TEXT,
    label_file TEXT,
    CHECK ((refund_id IS NULL) = (attempts = 0)),
    CHECK ((status = 'exchanged') = (new_tracking_number IS NOT NULL)),
    CHECK (status <> 'exchanged' OR remedy = 'exchange'),
    CHECK (status <> 'received' OR received_at IS NOT NULL),
    CHECK (items > 0 OR kind = 'kept')
);
INSERT INTO returns (id, request_id, number, order_id, vendor_order_id, vendor_id, status, version, remedy, exchange, new_carrier,
        new_tracking_number, reason, text, answer, instructions, carrier, tracking_number, condition, refund_minor,
        shipping_minor, refund_id, attempts, refund_failure, items, created_at, received_at, kind, asked_by, label_carrier,
        label_number, label_file)
    SELECT id, request_id, number, order_id, vendor_order_id, vendor_id, status, version, remedy, exchange, new_carrier,
        new_tracking_number, reason, text, answer, instructions, carrier, tracking_number, condition, refund_minor,
        shipping_minor, refund_id, attempts, refund_failure, items, created_at, received_at, kind, asked_by, label_carrier,
        label_number, label_file
    FROM returns_kept;
DROP TABLE returns_kept;
CREATE INDEX returns_of_order ON returns (order_id, created_at, id);
CREATE INDEX returns_of_vendor ON returns (vendor_id, created_at, id);
CREATE INDEX returns_of_vendor_by_status ON returns (vendor_id, status, created_at, id);
CREATE INDEX returns_by_time ON returns (created_at, id);
CREATE INDEX returns_by_status ON returns (status, created_at, id);
