-- Entries of a dispute name it.
ALTER TABLE journal_entries ADD COLUMN dispute_id TEXT;
ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_kind_check;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_kind_check
    CHECK (kind IN ('capture', 'refund', 'payout', 'payout_paid', 'payout_failed', 'dispute_held', 'dispute_withdrawn',
        'dispute_fee', 'dispute_won', 'dispute_lost'));
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_of_a_dispute
    CHECK ((dispute_id IS NOT NULL) = (kind LIKE 'dispute%'));
CREATE INDEX journal_entries_of_dispute ON journal_entries (dispute_id) WHERE dispute_id IS NOT NULL;
