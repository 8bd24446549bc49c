-- What a rate is counted from. Up to now this was EUR in every shop.
ALTER TABLE currencies ADD COLUMN main TEXT NOT NULL DEFAULT 'EUR';
