-- What promotions take off, by promotion and in sum. `total_minor` of a line stays what the line is worth
-- before them: what is to be paid for it is `total_minor - promoted_minor`. The sums of parts and orders
-- are what is to be paid.
ALTER TABLE order_lines ADD COLUMN promotions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE order_lines ADD COLUMN promoted_minor BIGINT NOT NULL DEFAULT 0 CHECK (promoted_minor BETWEEN 0 AND total_minor);
ALTER TABLE vendor_orders ADD COLUMN shipping_promotions TEXT NOT NULL DEFAULT '[]';
