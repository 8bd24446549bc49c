-- What each piece costs from a quantity on, as pricing says: counts with the rest of the offer.
ALTER TABLE variants ADD COLUMN offer_quantity_prices TEXT NOT NULL DEFAULT '[]';
