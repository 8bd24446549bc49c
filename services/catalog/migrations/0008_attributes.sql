-- Whose make a product is. Attributes and what is asked of them stand in the JSON that was there: of what kind each
-- value is, and whether it is needed, filtered by or no longer asked for.
ALTER TABLE products ADD COLUMN brand TEXT NOT NULL DEFAULT '';
