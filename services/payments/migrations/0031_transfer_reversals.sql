-- How often something of a payout was to be taken back from the vendor's account at the provider, and how much has come back.
ALTER TABLE payouts ADD COLUMN reversals BIGINT NOT NULL DEFAULT 0 CHECK (reversals >= 0);
ALTER TABLE payouts ADD COLUMN reversed_minor BIGINT NOT NULL DEFAULT 0
    CHECK (reversed_minor BETWEEN 0 AND amount_minor AND (reversed_minor = 0 OR status = 'paid'));
CREATE INDEX payouts_at_provider ON payouts (provider, vendor_id) WHERE status = 'paid' AND provider IS NOT NULL;

-- What is taken back of transfers to vendors: `number` counts up from 1 within the payout. What was refused is netted.
CREATE TABLE transfer_reversals (
    payout_id TEXT NOT NULL REFERENCES payouts (id),
    number BIGINT NOT NULL CHECK (number > 0),
    vendor_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    transfer_ref TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    status TEXT NOT NULL CHECK (status IN ('created', 'sent', 'done', 'refused', 'strange')),
    reversal_ref TEXT,
    failure TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    check_at BIGINT,
    PRIMARY KEY (payout_id, number),
    UNIQUE (provider, reversal_ref),
    CHECK ((status IN ('created', 'sent')) = (ended_at IS NULL)),
    CHECK ((status IN ('created', 'sent')) = (check_at IS NOT NULL)),
    CHECK ((status IN ('refused', 'strange')) = (failure IS NOT NULL)),
    CHECK (status <> 'done' OR reversal_ref IS NOT NULL)
);
CREATE INDEX transfer_reversals_due ON transfer_reversals (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX transfer_reversals_of_vendor ON transfer_reversals (vendor_id, currency, provider);
