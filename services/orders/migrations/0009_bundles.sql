-- What one of the line is made of, if it is a bundle, as inventory told when it set the order's stock aside.
ALTER TABLE order_lines ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
