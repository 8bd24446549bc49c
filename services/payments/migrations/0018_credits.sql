-- Gift cards and store credit. `balance_minor` is what can be used, `held_minor` what is held for orders that are not paid yet;
-- together they are what the platform owes the holder. Of a gift card's code only a hash is here. The id of a store credit is
-- derived from account and currency, so there is one of each.
CREATE TABLE credits (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('gift_card', 'store_credit')),
    code_hash TEXT UNIQUE,
    last4 TEXT,
    account_id TEXT,
    currency TEXT NOT NULL,
    balance_minor BIGINT NOT NULL CHECK (balance_minor >= 0),
    held_minor BIGINT NOT NULL CHECK (held_minor >= 0),
    issued_minor BIGINT NOT NULL CHECK (issued_minor > 0),
    expires_at BIGINT,
    status TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
    email TEXT,
    note TEXT,
    created_at BIGINT NOT NULL,
    CHECK ((kind = 'gift_card') = (code_hash IS NOT NULL)),
    CHECK ((kind = 'gift_card') = (last4 IS NOT NULL)),
    CHECK ((kind = 'store_credit') = (account_id IS NOT NULL)),
    CHECK (balance_minor + held_minor <= issued_minor)
);
CREATE INDEX credits_by_time ON credits (created_at, id);
CREATE INDEX credits_of_account ON credits (account_id, currency) WHERE account_id IS NOT NULL;

-- What an order has of a credit. It is held before there is an order, confirmed when the order is told, and then it ends once:
-- spent with the capture or released because the order was called off. It lapses if the order never came to be; then `round`
-- counts the next time. `restored_minor` is what refunds have given back of it.
CREATE TABLE credit_holds (
    order_id TEXT NOT NULL,
    credit_id TEXT NOT NULL REFERENCES credits (id),
    kind TEXT NOT NULL CHECK (kind IN ('gift_card', 'store_credit')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    restored_minor BIGINT NOT NULL CHECK (restored_minor BETWEEN 0 AND amount_minor),
    state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'spent', 'released', 'lapsed')),
    round BIGINT NOT NULL CHECK (round > 0),
    held_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, credit_id),
    CHECK (restored_minor = 0 OR state = 'spent')
);
CREATE INDEX credit_holds_of_credit ON credit_holds (credit_id);
CREATE INDEX credit_holds_waiting ON credit_holds (held_at) WHERE state = 'held';

-- What happened to a credit, only ever added to: what it changes what can be used by, and what is held. `about` is what it
-- happened for (the order with its round, the refund, the entry of the ledger), so each thing happens once.
CREATE TABLE credit_movements (
    credit_id TEXT NOT NULL REFERENCES credits (id),
    kind TEXT NOT NULL CHECK (kind IN ('issued', 'held', 'released', 'spent', 'restored')),
    about TEXT NOT NULL,
    order_id TEXT,
    balance_change_minor BIGINT NOT NULL,
    held_change_minor BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (credit_id, kind, about),
    CHECK ((kind = 'issued') = (order_id IS NULL)),
    CHECK (balance_change_minor <> 0 OR held_change_minor <> 0)
);
CREATE INDEX credit_movements_by_time ON credit_movements (credit_id, at, kind, about);

-- What stored value covers of a payment: the provider is asked for the rest. `restored_minor` counts what of the refunds goes
-- back there; what goes back to the provider never exceeds what the provider has taken.
ALTER TABLE payments ADD COLUMN covered_minor BIGINT NOT NULL DEFAULT 0 CHECK (covered_minor BETWEEN 0 AND amount_minor);
ALTER TABLE payments ADD COLUMN restored_minor BIGINT NOT NULL DEFAULT 0
    CHECK (restored_minor BETWEEN 0 AND covered_minor);
ALTER TABLE refunds ADD COLUMN credit_minor BIGINT NOT NULL DEFAULT 0 CHECK (credit_minor BETWEEN 0 AND amount_minor);
