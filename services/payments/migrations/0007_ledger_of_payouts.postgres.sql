-- Entries are about a payment or about a payout to a vendor.
ALTER TABLE journal_entries ALTER COLUMN order_id DROP NOT NULL;
ALTER TABLE journal_entries ALTER COLUMN payment_id DROP NOT NULL;
ALTER TABLE journal_entries ADD COLUMN payout_id TEXT;
ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_kind_check;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_kind_check
    CHECK (kind IN ('capture', 'refund', 'payout', 'payout_paid', 'payout_failed'));
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_about
    CHECK ((payout_id IS NULL) = (payment_id IS NOT NULL) AND (payment_id IS NULL) = (order_id IS NULL));
CREATE INDEX journal_entries_of_payout ON journal_entries (payout_id) WHERE payout_id IS NOT NULL;
