-- What costs nothing can be ordered.
ALTER TABLE orders DROP CONSTRAINT orders_total_minor_check;
ALTER TABLE orders ADD CONSTRAINT orders_total_minor_check CHECK (total_minor >= 0);
