-- What each piece costs from a quantity on, as told with the offer.
ALTER TABLE offers ADD COLUMN quantity_prices TEXT NOT NULL DEFAULT '[]';
