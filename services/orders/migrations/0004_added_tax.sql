-- Tax that was added to a line whose price did not contain it. `total_minor` of a line stays its price times its
-- quantity: what is to be paid for it is `total_minor - promoted_minor + tax_added_minor`.
ALTER TABLE order_lines ADD COLUMN tax_added_minor BIGINT NOT NULL DEFAULT 0 CHECK (tax_added_minor IN (0, tax_minor));
