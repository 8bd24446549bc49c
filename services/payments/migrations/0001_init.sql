-- Commission terms, as vendors' events have them; a sale freezes its own copy.
CREATE TABLE vendors (
    id TEXT NOT NULL PRIMARY KEY,
    commission_bp BIGINT NOT NULL CHECK (commission_bp BETWEEN 0 AND 10000)
);

-- One payment per order. `refunded_minor` counts what is on its way back too, `settled_minor` only
-- what has arrived. `check_at` is when the provider is asked again, while anything is open.
CREATE TABLE payments (
    id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    order_number TEXT NOT NULL,
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    token TEXT,
    return_path TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'opening', 'requires_action', 'processing', 'unknown',
        'captured', 'failed', 'cancelled', 'refunded')),
    order_cancelled BIGINT NOT NULL CHECK (order_cancelled IN (0, 1)),
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    captured_minor BIGINT NOT NULL CHECK (captured_minor IN (0, amount_minor)),
    refunded_minor BIGINT NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
    settled_minor BIGINT NOT NULL CHECK (settled_minor BETWEEN 0 AND refunded_minor),
    provider_ref TEXT,
    action_url TEXT,
    failure TEXT,
    check_at BIGINT,
    checks BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    opened_at BIGINT,
    captured_at BIGINT,
    UNIQUE (provider, provider_ref),
    CHECK ((status IN ('captured', 'refunded')) = (captured_minor > 0)),
    CHECK (captured_minor = 0 OR provider_ref IS NOT NULL)
);
CREATE INDEX payments_by_time ON payments (created_at, id);
CREATE INDEX payments_by_status ON payments (status, created_at, id);
CREATE INDEX payments_due ON payments (check_at) WHERE check_at IS NOT NULL;

-- What each vendor's part is worth, frozen when the order is placed. The parts add up to the payment.
CREATE TABLE payment_parts (
    payment_id TEXT NOT NULL REFERENCES payments (id),
    vendor_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    commission_minor BIGINT NOT NULL CHECK (commission_minor BETWEEN 0 AND total_minor),
    refunded_minor BIGINT NOT NULL CHECK (refunded_minor BETWEEN 0 AND total_minor),
    settled_minor BIGINT NOT NULL CHECK (settled_minor BETWEEN 0 AND refunded_minor),
    PRIMARY KEY (payment_id, vendor_id)
);

CREATE TABLE refunds (
    id TEXT NOT NULL PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    reason TEXT NOT NULL,
    automatic BIGINT NOT NULL CHECK (automatic IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    provider_ref TEXT,
    failure TEXT,
    check_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((status = 'pending') = (ended_at IS NULL))
);
CREATE INDEX refunds_of_payment ON refunds (payment_id, created_at, id);
CREATE INDEX refunds_due ON refunds (check_at) WHERE check_at IS NOT NULL;

CREATE TABLE refund_parts (
    refund_id TEXT NOT NULL REFERENCES refunds (id),
    vendor_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (refund_id, vendor_id)
);

-- Providers' events, each once. What they say is a hint: the provider is asked before anything is believed.
CREATE TABLE webhook_inbox (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    payment_ref TEXT NOT NULL,
    refund_ref TEXT,
    state TEXT NOT NULL CHECK (state IN ('received', 'handled', 'unmatched')),
    received_at BIGINT NOT NULL,
    PRIMARY KEY (provider, event_id)
);
CREATE INDEX webhook_inbox_age ON webhook_inbox (received_at);

-- Money that fits no order, or an order whose money does not fit. Somebody has to look.
CREATE TABLE review_items (
    provider TEXT NOT NULL,
    provider_ref TEXT NOT NULL,
    problem TEXT NOT NULL,
    order_id TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (provider, provider_ref, problem)
);
CREATE INDEX review_items_by_time ON review_items (at, provider_ref, problem);

-- How far each provider's own journal was compared with ours.
CREATE TABLE journal_cursors (
    provider TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL
);

-- The ledger. Only ever added to (migration 2 has the databases see to it). The postings of an entry
-- add up to zero per currency; debit is positive, credit negative.
CREATE TABLE journal_entries (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('capture', 'refund')),
    text TEXT NOT NULL,
    order_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    refund_id TEXT,
    corrects TEXT REFERENCES journal_entries (id)
);
CREATE INDEX journal_entries_by_time ON journal_entries (at, id);
CREATE INDEX journal_entries_of_order ON journal_entries (order_id, at, id);

CREATE TABLE postings (
    entry_id TEXT NOT NULL REFERENCES journal_entries (id),
    position BIGINT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (entry_id, position)
);
CREATE INDEX postings_of_account ON postings (account, at, entry_id, position);
