-- The label with which a return can be sent, bought by its vendor: who carries it, under which number, and its paper among the
-- files.
ALTER TABLE returns ADD COLUMN label_carrier TEXT;
ALTER TABLE returns ADD COLUMN label_number TEXT;
ALTER TABLE returns ADD COLUMN label_file TEXT;
