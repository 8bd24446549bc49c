-- People who may log in.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    phone TEXT,
    locale TEXT NOT NULL,
    -- Name and e-mail in lower case: what admins search in.
    search_text TEXT NOT NULL,
    -- argon2id, or bcrypt if it was imported and nobody has logged in since.
    password_hash TEXT NOT NULL,
    is_customer BIGINT NOT NULL CHECK (is_customer IN (0, 1)),
    is_admin BIGINT NOT NULL CHECK (is_admin IN (0, 1)),
    verified_at BIGINT,
    disabled BIGINT NOT NULL CHECK (disabled IN (0, 1)),
    last_login_at BIGINT,
    address_count BIGINT NOT NULL CHECK (address_count BETWEEN 0 AND 50),
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX accounts_newest ON accounts (created_at, id);
CREATE INDEX accounts_admins ON accounts (id) WHERE is_admin = 1;

-- Stores that accounts belong to: a copy, kept by the events of vendors.
CREATE TABLE memberships (
    account_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('staff', 'owner')),
    PRIMARY KEY (account_id, vendor_id)
);

-- A log-in on one device.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- When it ends if nobody uses it; never after ends_at.
    expires_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT
);
CREATE INDEX sessions_of_account ON sessions (account_id, created_at);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX sessions_expiring ON sessions (expires_at);

-- Every refresh token a session has had, by hash: one that comes a second time was stolen.
CREATE TABLE refresh_tokens (
    hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);

-- Tokens of links that work once, by hash.
CREATE TABLE links (
    hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'reset', 'setup')),
    -- Whose, and for which address; the link that sets up the first admin is nobody's.
    account_id TEXT REFERENCES accounts (id),
    email TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    CHECK (purpose = 'setup' OR (account_id IS NOT NULL AND email IS NOT NULL))
);
CREATE INDEX links_of_account ON links (account_id, purpose, created_at);
CREATE INDEX links_expiring ON links (expires_at);

-- Attempts to log in since the last success, by hash of the e-mail address, known or not.
CREATE TABLE login_attempts (
    key TEXT NOT NULL PRIMARY KEY,
    attempts BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX login_attempts_age ON login_attempts (last_at);

CREATE TABLE addresses (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    address JSON NOT NULL,
    is_default BIGINT NOT NULL CHECK (is_default IN (0, 1)),
    created_at BIGINT NOT NULL
);
CREATE INDEX addresses_of_account ON addresses (account_id, created_at);
CREATE UNIQUE INDEX addresses_default ON addresses (account_id) WHERE is_default = 1;

-- Keys that sign access tokens; the private halves are encrypted.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL,
    sealed BYTES NOT NULL,
    created_at BIGINT NOT NULL,
    -- Published before it signs, so that every service knows it by then.
    active_from BIGINT NOT NULL
);

-- What admins did: append-only, each entry bound to the one before by its hash.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev_hash TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE
);

-- One row, locked by whoever appends.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    length BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, length, hash) VALUES (1, 0, '');
