-- Categories of a product with those above it, with a space between; known from its next event on.
ALTER TABLE products ADD COLUMN category_ids TEXT NOT NULL DEFAULT '';

-- `input` is what its owner wrote; the columns beside it are what statements decide on.
-- Removed ones stay, for the orders that have them.
CREATE TABLE promotions (
    promotion_id TEXT NOT NULL PRIMARY KEY,
    -- The vendor whose own it is; none for the platform's.
    vendor_id TEXT,
    input TEXT NOT NULL,
    code TEXT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT,
    -- Counts all redemptions that are held or confirmed, and what they take off.
    uses BIGINT NOT NULL CHECK (uses >= 0),
    spent_minor BIGINT NOT NULL CHECK (spent_minor >= 0),
    advertised BIGINT NOT NULL CHECK (advertised IN (0, 1)),
    max_uses BIGINT,
    budget_minor BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    removed_at BIGINT,
    CHECK (ends_at > starts_at),
    CHECK (uses <= max_uses),
    CHECK (spent_minor <= budget_minor)
);
CREATE UNIQUE INDEX promotions_code ON promotions (code) WHERE removed_at IS NULL;
CREATE INDEX promotions_newest ON promotions (created_at DESC, promotion_id DESC) WHERE removed_at IS NULL;
CREATE INDEX promotions_of_vendor ON promotions (vendor_id, created_at DESC, promotion_id DESC) WHERE removed_at IS NULL;
CREATE INDEX promotions_advertised ON promotions (promotion_id) WHERE advertised = 1 AND removed_at IS NULL;
-- Those that apply by themselves, however many are over.
CREATE INDEX promotions_automatic ON promotions ((COALESCE(ends_at, 9223372036854775807))) WHERE code IS NULL AND removed_at IS NULL;

-- Uses by one customer. `most` is the limit as it was at the last use.
CREATE TABLE promotion_customers (
    promotion_id TEXT NOT NULL REFERENCES promotions (promotion_id),
    -- A keyed hash: names nobody.
    customer TEXT NOT NULL,
    uses BIGINT NOT NULL CHECK (uses >= 0),
    most BIGINT NOT NULL,
    PRIMARY KEY (promotion_id, customer),
    CHECK (uses <= most)
) WITHOUT ROWID;

-- One per order and promotion: held before the order is placed, confirmed by it, given back when it ends
-- without a sale, lapsed if it never came to be. An order that never came to be may still try again.
CREATE TABLE promotion_redemptions (
    order_id TEXT NOT NULL,
    promotion_id TEXT NOT NULL REFERENCES promotions (promotion_id),
    customer TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    state TEXT NOT NULL CHECK (state IN ('held', 'confirmed', 'returned', 'lapsed')),
    held_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, promotion_id)
) WITHOUT ROWID;
CREATE INDEX promotion_redemptions_of ON promotion_redemptions (promotion_id, customer);
CREATE INDEX promotion_redemptions_held ON promotion_redemptions (held_at) WHERE state = 'held';
