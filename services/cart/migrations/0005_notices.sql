-- Addresses that want to know when a variant is back: one letter, then the row is gone.
CREATE TABLE notices (
    variant_id TEXT NOT NULL,
    email TEXT NOT NULL,
    -- Hashes of what the links in the mails carry: the first proves that somebody reads the address, the second ends all
    -- notices to it.
    confirm_hash TEXT NOT NULL UNIQUE,
    stop_hash TEXT NOT NULL,
    confirmed BIGINT NOT NULL CHECK (confirmed IN (0, 1)),
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (email, variant_id)
);
CREATE INDEX notices_waiting ON notices (variant_id, email) WHERE confirmed = 1;
CREATE INDEX notices_stop ON notices (stop_hash);
CREATE INDEX notices_asked ON notices (asked_at);

-- Mails that an address was sent because somebody asked, since the beginning of a period. It holds no addresses.
CREATE TABLE notice_mails (
    stop_hash TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    mails BIGINT NOT NULL
);
CREATE INDEX notice_mails_since ON notice_mails (since);
