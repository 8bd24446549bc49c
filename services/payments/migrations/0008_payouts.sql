-- Delivery within a part, for statements; when the part was delivered, and when it becomes available to its vendor.
ALTER TABLE payment_parts ADD COLUMN shipping_minor BIGINT NOT NULL DEFAULT 0 CHECK (shipping_minor BETWEEN 0 AND total_minor);
ALTER TABLE payment_parts ADD COLUMN delivered_at BIGINT;
ALTER TABLE payment_parts ADD COLUMN matures_at BIGINT;
-- What was sold before there were payouts: deliveries were not noted, so it matures thirty days after it was paid.
UPDATE payment_parts SET matures_at =
    (SELECT p.captured_at + 2592000000000 FROM payments p WHERE p.id = payment_parts.payment_id);
CREATE INDEX payment_parts_of_vendor ON payment_parts (vendor_id, payment_id);

-- How a vendor wants to be paid; the platform's defaults hold for those who are not in it.
CREATE TABLE payout_terms (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    schedule TEXT NOT NULL CHECK (schedule IN ('daily', 'weekly', 'monthly', 'manual')),
    minimum_minor BIGINT CHECK (minimum_minor > 0)
);

-- Where to: an IBAN, or an account number where there are none.
CREATE TABLE payout_accounts (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    country TEXT NOT NULL,
    iban TEXT,
    bic TEXT,
    account_number TEXT,
    bank_code TEXT,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    CHECK ((iban IS NULL) = (account_number IS NOT NULL))
);

-- One payout per vendor, currency and period, never of more than was available when it was made (or tried again).
-- The account it goes to is the one of that moment.
CREATE TABLE payouts (
    id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    period TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    available_minor BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('created', 'sent', 'paid', 'failed')),
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    holder TEXT NOT NULL,
    country TEXT NOT NULL,
    iban TEXT,
    bic TEXT,
    account_number TEXT,
    bank_code TEXT,
    failure TEXT,
    created_at BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    sent_at BIGINT,
    ended_at BIGINT,
    UNIQUE (vendor_id, currency, period),
    CHECK (amount_minor <= available_minor),
    CHECK ((status IN ('paid', 'failed')) = (ended_at IS NOT NULL)),
    CHECK ((status = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX payouts_by_time ON payouts (created_at, id);
CREATE INDEX payouts_by_status ON payouts (status, created_at, id);
CREATE INDEX payouts_of_vendor ON payouts (vendor_id, created_at, id);

-- Scheduled runs that are over: the run of a period is made once.
CREATE TABLE payout_runs (
    schedule TEXT NOT NULL,
    period TEXT NOT NULL,
    finished_at BIGINT NOT NULL,
    PRIMARY KEY (schedule, period)
);
