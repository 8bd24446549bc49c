-- In which language the address is written to; English if there is none.
ALTER TABLE notices ADD COLUMN language TEXT;
