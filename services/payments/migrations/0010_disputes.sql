-- What is bound by disputes that are open or were lost, and what of that was lost. Refunds and disputes together never
-- take more than was captured.
ALTER TABLE payments ADD COLUMN disputed_minor BIGINT NOT NULL DEFAULT 0
    CHECK (disputed_minor >= 0 AND refunded_minor + disputed_minor <= captured_minor);
ALTER TABLE payments ADD COLUMN lost_minor BIGINT NOT NULL DEFAULT 0 CHECK (lost_minor BETWEEN 0 AND disputed_minor);
ALTER TABLE payment_parts ADD COLUMN disputed_minor BIGINT NOT NULL DEFAULT 0
    CHECK (disputed_minor >= 0 AND refunded_minor + disputed_minor <= total_minor);
ALTER TABLE payment_parts ADD COLUMN lost_minor BIGINT NOT NULL DEFAULT 0 CHECK (lost_minor BETWEEN 0 AND disputed_minor);

ALTER TABLE webhook_inbox ADD COLUMN dispute_ref TEXT;

-- A dispute at a provider. `bound_minor` is what the vendors have of it; the rest had been returned already. `place` is its
-- place in lists: open ones by the day on which evidence is due, then those that are over, newest first.
CREATE TABLE disputes (
    id TEXT NOT NULL PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    provider TEXT NOT NULL,
    provider_ref TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    bound_minor BIGINT NOT NULL CHECK (bound_minor BETWEEN 0 AND amount_minor),
    reason TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('opened', 'under_review', 'won', 'lost')),
    withdrawn BIGINT NOT NULL CHECK (withdrawn IN (0, 1)),
    fee_minor BIGINT NOT NULL CHECK (fee_minor >= 0),
    fee_changes BIGINT NOT NULL CHECK (fee_changes >= 0),
    evidence_due BIGINT,
    answer TEXT CHECK (answer IN ('evidence', 'acceptance')),
    attempt BIGINT NOT NULL CHECK (attempt >= 0),
    sent BIGINT NOT NULL CHECK (sent IN (0, 1)),
    evidence TEXT,
    failure TEXT,
    check_at BIGINT,
    place BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (provider, provider_ref),
    CHECK ((status IN ('won', 'lost')) = (ended_at IS NOT NULL)),
    CHECK (ended_at IS NULL OR check_at IS NULL)
);
CREATE INDEX disputes_by_place ON disputes (place, id);
CREATE INDEX disputes_of_payment ON disputes (payment_id);
CREATE INDEX disputes_due ON disputes (check_at) WHERE check_at IS NOT NULL;

-- Who bears how much of it, and what is held of the vendor's balance until it is over.
CREATE TABLE dispute_parts (
    dispute_id TEXT NOT NULL REFERENCES disputes (id),
    vendor_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    held_minor BIGINT NOT NULL,
    PRIMARY KEY (dispute_id, vendor_id)
);
CREATE INDEX dispute_parts_of_vendor ON dispute_parts (vendor_id, dispute_id);
