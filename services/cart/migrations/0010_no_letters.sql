-- Accounts that do not want to hear of carts that they left.
CREATE TABLE no_letters (
    account_id TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);
