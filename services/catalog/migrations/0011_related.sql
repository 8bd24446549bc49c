-- Ids of products that go with it, in the order in which they are shown: a JSON list, read with the product.
ALTER TABLE products ADD COLUMN related TEXT NOT NULL DEFAULT '[]';
