-- What the variant is made of, if it is a bundle: variants and how many of each, as the catalogue tells.
ALTER TABLE variants ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
