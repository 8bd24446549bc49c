-- What heavier parcels cost, and which are too heavy: a copy of what shipping tells.
ALTER TABLE shipping_methods ADD COLUMN weight_prices TEXT NOT NULL DEFAULT '[]';
ALTER TABLE shipping_methods ADD COLUMN max_weight_g BIGINT;
