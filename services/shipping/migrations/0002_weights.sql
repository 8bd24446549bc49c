-- What heavier parcels cost, and which are too heavy: `[{"from_g": 5000, "price_minor": 990}]`, lightest first.
ALTER TABLE methods ADD COLUMN weight_prices TEXT NOT NULL DEFAULT '[]';
ALTER TABLE methods ADD COLUMN max_weight_g BIGINT CHECK (max_weight_g > 0);
