-- What buyers send back. Pieces of a line in returns that are under way or done; never more than were ordered.
ALTER TABLE order_lines ADD COLUMN returned BIGINT NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND quantity);
-- Pieces that have arrived at the vendor and are paid back: what the next share is counted from.
ALTER TABLE order_lines ADD COLUMN taken_back BIGINT NOT NULL DEFAULT 0 CHECK (taken_back BETWEEN 0 AND returned);
-- The time to return something begins with the delivery.
ALTER TABLE vendor_orders ADD COLUMN delivered_at BIGINT;
UPDATE vendor_orders SET delivered_at = (
    SELECT max(t.at) FROM order_timeline t
    WHERE t.order_id = vendor_orders.order_id AND t.vendor_order_id = vendor_orders.id AND t.kind = 'delivered');
-- Shipping that went back with a return: once.
ALTER TABLE vendor_orders ADD COLUMN shipping_returned BIGINT NOT NULL DEFAULT 0 CHECK (shipping_returned IN (0, 1));
-- What happens to a return is told in its order's timeline.
ALTER TABLE order_timeline ADD COLUMN return_id TEXT;
CREATE INDEX order_timeline_of_return ON order_timeline (return_id, version, position) WHERE return_id IS NOT NULL;

-- One per vendor's part and form.
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
    items BIGINT NOT NULL CHECK (items > 0),
    created_at BIGINT NOT NULL,
    received_at BIGINT,
    CHECK ((refund_id IS NULL) = (attempts = 0)),
    CHECK ((status = 'exchanged') = (new_tracking_number IS NOT NULL)),
    CHECK (status <> 'exchanged' OR remedy = 'exchange'),
    CHECK (status <> 'received' OR received_at IS NOT NULL)
);
CREATE INDEX returns_of_order ON returns (order_id, created_at, id);
CREATE INDEX returns_of_vendor ON returns (vendor_id, created_at, id);
CREATE INDEX returns_of_vendor_by_status ON returns (vendor_id, status, created_at, id);
CREATE INDEX returns_by_time ON returns (created_at, id);
CREATE INDEX returns_by_status ON returns (status, created_at, id);

CREATE TABLE return_lines (
    return_id TEXT NOT NULL REFERENCES returns (id),
    position BIGINT NOT NULL,
    order_id TEXT NOT NULL,
    line_id TEXT NOT NULL,
    wanted BIGINT NOT NULL CHECK (wanted > 0),
    approved BIGINT CHECK (approved BETWEEN 0 AND wanted),
    received BIGINT NOT NULL CHECK (received BETWEEN 0 AND wanted),
    restocked BIGINT NOT NULL CHECK (restocked BETWEEN 0 AND received),
    refund_minor BIGINT NOT NULL CHECK (refund_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    -- The variant that is wanted instead, as it was called when it was asked for.
    exchange_for TEXT,
    exchange_options TEXT,
    exchange_sku TEXT,
    PRIMARY KEY (return_id, line_id),
    CHECK (received <= COALESCE(approved, 0))
);
CREATE INDEX return_lines_of_line ON return_lines (order_id, line_id);

CREATE TABLE return_photos (
    request_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    picture TEXT NOT NULL,
    PRIMARY KEY (request_id, position)
);

-- For how long things can be returned: what the marketplace asks for, once it has set it, and what a vendor gives.
CREATE TABLE return_policy (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    days BIGINT NOT NULL CHECK (days BETWEEN 0 AND 365)
);
CREATE TABLE vendor_return_policies (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    days BIGINT NOT NULL CHECK (days BETWEEN 0 AND 365)
);
