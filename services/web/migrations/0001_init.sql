-- A browser's session. The cookie's value is not here: `id` is its SHA-256, and what the session holds
-- (tokens, the guest's cart, messages) is sealed under a key made from it.
CREATE TABLE web_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    sealed BYTES NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    -- Idle or absolute end, whichever comes first.
    expires_at BIGINT NOT NULL,
    -- One request at a time renews the tokens; the others wait for it until then.
    renewing_until BIGINT NOT NULL,
    -- Counts the changes, so that two requests at once do not undo each other's.
    version BIGINT NOT NULL
);
CREATE INDEX web_sessions_by_end ON web_sessions (expires_at);
