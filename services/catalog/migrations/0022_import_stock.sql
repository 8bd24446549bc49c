-- How many there are of each new variant of which a file does not say that, if its vendor has told.
ALTER TABLE imports ADD COLUMN stock BIGINT;
