-- What the provider has kept of a capture, once it has said so; booked with that.
ALTER TABLE payments ADD COLUMN provider_fee_minor BIGINT CHECK (provider_fee_minor > 0);

-- How much of the tax of an invoice is in the ledger: all of it or, for those from before and where it is not wanted, nothing.
ALTER TABLE invoices ADD COLUMN tax_booked_minor BIGINT NOT NULL DEFAULT 0 CHECK (tax_booked_minor IN (0, tax_minor));

-- Entries may be about an invoice, too. Both tables are made anew, for postings name entries.
CREATE TABLE entries (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    text TEXT NOT NULL,
    order_id TEXT,
    payment_id TEXT,
    refund_id TEXT,
    corrects TEXT REFERENCES entries (id),
    payout_id TEXT,
    dispute_id TEXT,
    label_id TEXT,
    credit_id TEXT,
    invoice_year BIGINT,
    invoice_number BIGINT,
    CHECK ((invoice_year IS NULL) = (invoice_number IS NULL)),
    CHECK ((dispute_id IS NOT NULL) = (kind LIKE 'dispute%')),
    CHECK ((payment_id IS NOT NULL) + (payout_id IS NOT NULL) + (label_id IS NOT NULL) + (credit_id IS NOT NULL)
        + (invoice_year IS NOT NULL) = 1),
    CHECK (payment_id IS NULL OR order_id IS NOT NULL)
);
INSERT INTO entries (id, at, kind, text, order_id, payment_id, refund_id, corrects, payout_id, dispute_id, label_id, credit_id)
    SELECT id, at, kind, text, order_id, payment_id, refund_id, corrects, payout_id, dispute_id, label_id, credit_id
    FROM journal_entries;
CREATE TABLE posted (
    entry_id TEXT NOT NULL REFERENCES entries (id),
    position BIGINT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (entry_id, position)
);
INSERT INTO posted (entry_id, position, account, kind, amount_minor, currency, at)
    SELECT entry_id, position, account, kind, amount_minor, currency, at FROM postings;
DROP TABLE postings;
DROP TABLE journal_entries;
ALTER TABLE entries RENAME TO journal_entries;
ALTER TABLE posted RENAME TO postings;
CREATE INDEX journal_entries_by_time ON journal_entries (at, id);
CREATE INDEX journal_entries_of_order ON journal_entries (order_id, at, id);
CREATE INDEX journal_entries_of_payout ON journal_entries (payout_id) WHERE payout_id IS NOT NULL;
CREATE INDEX journal_entries_of_dispute ON journal_entries (dispute_id) WHERE dispute_id IS NOT NULL;
CREATE INDEX journal_entries_of_label ON journal_entries (label_id) WHERE label_id IS NOT NULL;
CREATE INDEX journal_entries_of_credit ON journal_entries (credit_id) WHERE credit_id IS NOT NULL;
CREATE INDEX journal_entries_of_invoice ON journal_entries (invoice_year, invoice_number) WHERE invoice_year IS NOT NULL;
CREATE INDEX postings_of_account ON postings (account, at, entry_id, position);
CREATE TRIGGER journal_entries_stay BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_entries_remain BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;

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
