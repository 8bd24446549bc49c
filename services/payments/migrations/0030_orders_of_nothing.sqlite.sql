-- An order that costs nothing has a payment of nothing: that it is captured its status says alone. The table is made anew, for
-- its conditions change. Others refer to its rows; whether all of these are there is looked at when they are back.
PRAGMA defer_foreign_keys = ON;
CREATE TEMP TABLE payments_kept AS SELECT * FROM payments;
DROP TABLE payments;
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
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
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
    attempt BIGINT NOT NULL DEFAULT 1 CHECK (attempt BETWEEN 1 AND 10),
    former_refs TEXT NOT NULL DEFAULT '',
    next_provider TEXT,
    next_method TEXT,
    disputed_minor BIGINT NOT NULL DEFAULT 0
        CHECK (disputed_minor >= 0 AND refunded_minor + disputed_minor <= captured_minor),
    lost_minor BIGINT NOT NULL DEFAULT 0 CHECK (lost_minor BETWEEN 0 AND disputed_minor),
    covered_minor BIGINT NOT NULL DEFAULT 0 CHECK (covered_minor BETWEEN 0 AND amount_minor),
    restored_minor BIGINT NOT NULL DEFAULT 0 CHECK (restored_minor BETWEEN 0 AND covered_minor),
    promised_at BIGINT,
    reduced_minor BIGINT NOT NULL DEFAULT 0 CHECK (reduced_minor BETWEEN 0 AND amount_minor),
    looked_at BIGINT,
    provider_fee_minor BIGINT CHECK (provider_fee_minor > 0),
    UNIQUE (provider, provider_ref),
    CHECK (amount_minor = 0 OR (status IN ('captured', 'refunded')) = (captured_minor > 0)),
    CHECK (captured_minor = 0 OR provider_ref IS NOT NULL)
);
INSERT INTO payments (id, order_id, order_number, provider, method, token, return_path, status, order_cancelled, currency,
        amount_minor, captured_minor, refunded_minor, settled_minor, provider_ref, action_url, failure, check_at, checks,
        created_at, opened_at, captured_at, attempt, former_refs, next_provider, next_method, disputed_minor, lost_minor,
        covered_minor, restored_minor, promised_at, reduced_minor, looked_at, provider_fee_minor)
    SELECT id, order_id, order_number, provider, method, token, return_path, status, order_cancelled, currency,
        amount_minor, captured_minor, refunded_minor, settled_minor, provider_ref, action_url, failure, check_at, checks,
        created_at, opened_at, captured_at, attempt, former_refs, next_provider, next_method, disputed_minor, lost_minor,
        covered_minor, restored_minor, promised_at, reduced_minor, looked_at, provider_fee_minor
    FROM payments_kept;
DROP TABLE payments_kept;
CREATE INDEX payments_by_time ON payments (created_at, id);
CREATE INDEX payments_by_status ON payments (status, created_at, id);
CREATE INDEX payments_due ON payments (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX payments_promised ON payments (promised_at) WHERE promised_at IS NOT NULL AND captured_minor = 0;
CREATE INDEX payments_looked_at ON payments (provider, looked_at) WHERE looked_at IS NOT NULL;

-- 1 if a part of such an order is called off or has come back whole: its vendor has no longer what promotions had brought it.
ALTER TABLE payment_parts ADD COLUMN undone BIGINT NOT NULL DEFAULT 0 CHECK (undone IN (0, 1) AND (undone = 0 OR total_minor = 0));
