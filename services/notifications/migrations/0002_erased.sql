-- Accounts that were erased: nothing is written to them any more.
CREATE TABLE erased_accounts (
    account_id TEXT NOT NULL PRIMARY KEY,
    erased_at BIGINT NOT NULL
);
CREATE INDEX messages_of_account ON messages (account_id, id) WHERE account_id IS NOT NULL;
