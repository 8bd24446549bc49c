-- Entries may be about a label a vendor bought or about a credit, too; which kinds there are is said by the ledger's code.
ALTER TABLE journal_entries ADD COLUMN label_id TEXT;
ALTER TABLE journal_entries ADD COLUMN credit_id TEXT;
ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_kind_check;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_kind_check CHECK (kind <> '');
ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_about;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_about CHECK (
    num_nonnulls(payment_id, payout_id, label_id, credit_id) = 1 AND (payment_id IS NULL OR order_id IS NOT NULL));
CREATE INDEX journal_entries_of_label ON journal_entries (label_id) WHERE label_id IS NOT NULL;
CREATE INDEX journal_entries_of_credit ON journal_entries (credit_id) WHERE credit_id IS NOT NULL;
