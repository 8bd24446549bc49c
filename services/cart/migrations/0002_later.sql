-- What is kept for later: a line of the cart that is not ordered, and the wish list of an account.

ALTER TABLE lines ADD COLUMN later BIGINT NOT NULL DEFAULT 0 CHECK (later IN (0, 1));

CREATE TABLE wishes (
    account_id TEXT NOT NULL,
    variant_id TEXT NOT NULL,
    wished_at BIGINT NOT NULL,
    -- 1 if the account is to be told once the variant, sold out now, can be had again.
    tell BIGINT NOT NULL CHECK (tell IN (0, 1)),
    PRIMARY KEY (account_id, variant_id)
) WITHOUT ROWID;
CREATE INDEX wishes_to_tell ON wishes (variant_id, account_id) WHERE tell = 1;
CREATE INDEX wishes_newest ON wishes (account_id, wished_at, variant_id);

-- A list that is shown to whoever has its link.
CREATE TABLE shared_wishes (
    account_id TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL
);
