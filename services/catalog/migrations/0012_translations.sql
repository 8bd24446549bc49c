-- Texts in further languages of the shop, by their codes: a JSON object, read with the row. Texts that are empty there
-- are said in the main language.
ALTER TABLE products ADD COLUMN translations TEXT NOT NULL DEFAULT '{}';
ALTER TABLE categories ADD COLUMN translations TEXT NOT NULL DEFAULT '{}';
