-- What the vendor's files said last of a time in which the product costs less: JSON, so that a change of it is told once.
ALTER TABLE products ADD COLUMN sale TEXT;
