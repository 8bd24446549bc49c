-- What of the total is paid with gift cards and store credit, as `payments` holds it for the order.
ALTER TABLE orders ADD COLUMN covered_minor BIGINT NOT NULL DEFAULT 0 CHECK (covered_minor BETWEEN 0 AND total_minor);
