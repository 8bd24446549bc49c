-- Stores, from their application on.
CREATE TABLE vendors (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- What the public list is sorted by, and what admins search in.
    name_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    tagline TEXT NOT NULL,
    story TEXT NOT NULL,
    policies TEXT NOT NULL,
    country TEXT NOT NULL,
    city TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    logo_url TEXT,
    banner_url TEXT,
    status TEXT NOT NULL CHECK (status IN ('applied', 'approved', 'suspended', 'rejected')),
    -- Why it was turned down or suspended.
    status_reason TEXT,
    commission_bp BIGINT NOT NULL CHECK (commission_bp BETWEEN 0 AND 10000),
    owner_count BIGINT NOT NULL CHECK (owner_count >= 1),
    member_count BIGINT NOT NULL CHECK (member_count BETWEEN 1 AND 50),
    -- When it opened first.
    approved_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX vendors_by_name ON vendors (status, name_key, id);
CREATE INDEX vendors_newest ON vendors (created_at, id);

CREATE TABLE members (
    vendor_id TEXT NOT NULL REFERENCES vendors (id),
    account_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('staff', 'owner')),
    since BIGINT NOT NULL,
    PRIMARY KEY (vendor_id, account_id)
);
CREATE INDEX members_of_account ON members (account_id, vendor_id);

-- How many stores an account owns.
CREATE TABLE owners (
    account_id TEXT NOT NULL PRIMARY KEY,
    stores BIGINT NOT NULL CHECK (stores BETWEEN 0 AND 5)
);
