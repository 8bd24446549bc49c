-- What a variant cost: a row for each day on which that changed, so that a month is at most as many rows as it has days.
CREATE TABLE price_history (
    variant_id TEXT NOT NULL,
    -- Since 1970, in UTC.
    day BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- Of the prices that began on this day.
    lowest_minor BIGINT NOT NULL,
    -- The one that stayed.
    last_minor BIGINT NOT NULL,
    PRIMARY KEY (variant_id, day)
) WITHOUT ROWID;
INSERT INTO price_history (variant_id, day, currency, lowest_minor, last_minor)
SELECT variant_id, 0, currency, price_minor, price_minor FROM offers;

-- The price that the vendor shows struck; known from a product's next event on.
ALTER TABLE variants ADD COLUMN compare_minor BIGINT;
-- Of a reduced price: the lowest of the 30 days before it was.
ALTER TABLE offers ADD COLUMN lowest_minor BIGINT;
