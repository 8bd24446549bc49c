-- Of a reduced price: the lowest of the 30 days before, as pricing says. Counts with the rest of the offer.
ALTER TABLE variants ADD COLUMN offer_lowest_minor BIGINT;
