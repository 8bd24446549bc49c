-- Journals that tell of payments as they were opened are gone through again: what was not paid when it was passed may be
-- by now. Up to `behind` all is too old for that; `again` is where the next look goes on, none: it begins behind `behind`.
ALTER TABLE journal_cursors ADD COLUMN behind TEXT;
ALTER TABLE journal_cursors ADD COLUMN again TEXT;

-- When the provider was last asked what has become of a payment that was paid or has ended; 0: never yet, none: not any
-- more, for it is too old. Of those there are already, the last 120 days' are looked at.
ALTER TABLE payments ADD COLUMN looked_at BIGINT;
UPDATE payments SET looked_at = 0 WHERE created_at > (SELECT max(created_at) FROM payments) - 10368000000000;
CREATE INDEX payments_looked_at ON payments (provider, looked_at) WHERE looked_at IS NOT NULL;
