-- Entries may be about a label a vendor bought or about a credit, too; which kinds there are is said by the ledger's code.
-- Both tables are made anew, for postings name entries.
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
    CHECK ((dispute_id IS NOT NULL) = (kind LIKE 'dispute%')),
    CHECK ((payment_id IS NOT NULL) + (payout_id IS NOT NULL) + (label_id IS NOT NULL) + (credit_id IS NOT NULL) = 1),
    CHECK (payment_id IS NULL OR order_id IS NOT NULL)
);
INSERT INTO entries (id, at, kind, text, order_id, payment_id, refund_id, corrects, payout_id, dispute_id)
    SELECT id, at, kind, text, order_id, payment_id, refund_id, corrects, payout_id, dispute_id FROM journal_entries;
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
CREATE INDEX postings_of_account ON postings (account, at, entry_id, position);
CREATE TRIGGER journal_entries_stay BEFORE UPDATE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER journal_entries_remain BEFORE DELETE ON journal_entries
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END;
