-- In which language it was ordered, which is that of its papers and mails; none for English.
ALTER TABLE order_documents ADD COLUMN language TEXT;
