-- Money that buyers send to the platform's own account, as an admin has seen it there. It is received once, whole.
CREATE TABLE transfers (
    id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    received_minor BIGINT NOT NULL CHECK (received_minor IN (0, amount_minor)),
    status TEXT NOT NULL CHECK (status IN ('awaited', 'received', 'cancelled')),
    page TEXT NOT NULL,
    note TEXT,
    created_at BIGINT NOT NULL,
    received_at BIGINT,
    CHECK ((status = 'received') = (received_minor > 0))
);
CREATE INDEX transfers_of_order ON transfers (order_id, created_at, id);

-- Money that goes back from there, once an admin has sent it.
CREATE TABLE transfers_back (
    refund_id TEXT NOT NULL PRIMARY KEY,
    transfer_id TEXT NOT NULL REFERENCES transfers (id),
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    status TEXT NOT NULL CHECK (status IN ('asked', 'sent')),
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
