-- What parcels with goods of a higher value cost: a copy of what shipping tells.
ALTER TABLE shipping_methods ADD COLUMN value_prices TEXT NOT NULL DEFAULT '[]';
