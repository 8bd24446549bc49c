-- What the provider has kept of a capture, once it has said so; booked with that.
ALTER TABLE payments ADD COLUMN provider_fee_minor BIGINT CHECK (provider_fee_minor > 0);

-- How much of the tax of an invoice is in the ledger: all of it or, for those from before and where it is not wanted, nothing.
ALTER TABLE invoices ADD COLUMN tax_booked_minor BIGINT NOT NULL DEFAULT 0 CHECK (tax_booked_minor IN (0, tax_minor));

-- Entries may be about an invoice, too.
ALTER TABLE journal_entries ADD COLUMN invoice_year BIGINT;
ALTER TABLE journal_entries ADD COLUMN invoice_number BIGINT;
ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_about;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_about CHECK (
    num_nonnulls(payment_id, payout_id, label_id, credit_id, invoice_year) = 1
    AND (payment_id IS NULL OR order_id IS NOT NULL) AND (invoice_year IS NULL) = (invoice_number IS NULL));
CREATE INDEX journal_entries_of_invoice ON journal_entries (invoice_year, invoice_number) WHERE invoice_year IS NOT NULL;

-- What is held back of a vendor's sales, where an admin has said so.
CREATE TABLE reserve_terms (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    rate_bp BIGINT NOT NULL CHECK (rate_bp BETWEEN 1 AND 10000),
    days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 365)
);

-- What was held back of a sale, with the terms of that moment. `left_minor` is what is still held: refunds and lost disputes of the
-- sale take from it, and the day comes on which the rest is released.
CREATE TABLE reserves (
    payment_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    left_minor BIGINT NOT NULL CHECK (left_minor BETWEEN 0 AND amount_minor),
    released_minor BIGINT NOT NULL DEFAULT 0 CHECK (released_minor BETWEEN 0 AND amount_minor - left_minor),
    held_at BIGINT NOT NULL,
    release_at BIGINT NOT NULL CHECK (release_at > held_at),
    PRIMARY KEY (payment_id, vendor_id)
);
CREATE INDEX reserves_due ON reserves (release_at, payment_id, vendor_id) WHERE left_minor > 0;
CREATE INDEX reserves_of_vendor ON reserves (vendor_id, currency) WHERE left_minor > 0;
