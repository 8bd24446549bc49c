-- What parcels with goods of a higher value cost: `[{"from_minor": 5000, "price_minor": 290}]`, lowest value first.
ALTER TABLE methods ADD COLUMN value_prices TEXT NOT NULL DEFAULT '[]';
