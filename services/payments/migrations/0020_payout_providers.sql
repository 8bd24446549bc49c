-- A vendor's account at a provider that pays vendors, as far as it is known; until it was made there is none. The one that is
-- chosen is paid to; a vendor that has chosen none is paid to its bank account. `attempt` is part of the key under which the
-- account is made: it grows when the provider has refused to.
CREATE TABLE payout_recipients (
    vendor_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    country TEXT NOT NULL,
    account_ref TEXT,
    attempt BIGINT NOT NULL CHECK (attempt > 0),
    chosen BIGINT NOT NULL CHECK (chosen IN (0, 1)),
    ready BIGINT NOT NULL CHECK (ready IN (0, 1)),
    due TEXT NOT NULL,
    problem TEXT,
    created_at BIGINT NOT NULL,
    checked_at BIGINT,
    PRIMARY KEY (vendor_id, provider),
    UNIQUE (provider, account_ref),
    CHECK (account_ref IS NOT NULL OR (chosen = 0 AND ready = 0))
);
CREATE UNIQUE INDEX payout_recipients_chosen ON payout_recipients (vendor_id) WHERE chosen = 1;

-- A payout that a provider makes: to which account, the provider's id of the transfer once it is known, and when the provider
-- is asked next. Without that time nobody asks any more.
ALTER TABLE payouts ADD COLUMN provider TEXT;
ALTER TABLE payouts ADD COLUMN account_ref TEXT CHECK ((provider IS NULL) = (account_ref IS NULL));
ALTER TABLE payouts ADD COLUMN transfer_ref TEXT CHECK (transfer_ref IS NULL OR provider IS NOT NULL);
ALTER TABLE payouts ADD COLUMN check_at BIGINT CHECK (check_at IS NULL OR provider IS NOT NULL);
CREATE UNIQUE INDEX payouts_of_transfer ON payouts (provider, transfer_ref) WHERE transfer_ref IS NOT NULL;
CREATE INDEX payouts_due ON payouts (check_at) WHERE check_at IS NOT NULL;

-- Events may be about an account.
ALTER TABLE webhook_inbox ADD COLUMN account_ref TEXT;
