-- What the platform takes of sales, beside each vendor's own rate. `input` is what the admin wrote; the columns beside it are what
-- statements decide on. Rules that have ended stay, for sales that name them.
CREATE TABLE commission_rules (
    id TEXT NOT NULL PRIMARY KEY,
    -- For this vendor alone; for all if there is none.
    vendor_id TEXT,
    -- For this category and those below it; for all if there is none.
    category_id TEXT,
    -- For sales in this currency; for all if there is none.
    currency TEXT,
    input TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
-- Two rules for the same would leave it to chance which one counts.
CREATE UNIQUE INDEX commission_rules_place ON commission_rules
    ((COALESCE(vendor_id, '')), (COALESCE(category_id, '')), (COALESCE(currency, ''))) WHERE ended_at IS NULL;
CREATE INDEX commission_rules_newest ON commission_rules (created_at, id) WHERE ended_at IS NULL;

-- What the commission of a part is made of, and why; nothing for parts from before this was kept.
ALTER TABLE payment_parts ADD COLUMN charges TEXT NOT NULL DEFAULT '[]';
