-- Messages with their content: what was written to whom, and what became of it.
CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    -- The same key is written once, however often it is asked for.
    key TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    account_id TEXT,
    template TEXT NOT NULL,
    locale TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
    attempts BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX messages_recent ON messages (created_at, id);
CREATE INDEX messages_recipient ON messages (recipient, created_at, id);
CREATE INDEX messages_status ON messages (status, created_at, id);

CREATE TABLE message_history (
    seq IDENTITY,
    message_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX message_history_message ON message_history (message_id, at);

-- Whom to write to about a store.
CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owners TEXT NOT NULL
);
