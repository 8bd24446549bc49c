-- 1 for a line that is downloaded and not sent; how often that was done, over all files of the line.
ALTER TABLE order_lines ADD COLUMN digital BIGINT NOT NULL DEFAULT 0 CHECK (digital IN (0, 1));
ALTER TABLE order_lines ADD COLUMN downloads BIGINT NOT NULL DEFAULT 0 CHECK (downloads >= 0 AND (digital = 1 OR downloads = 0));
-- What went back of a vendor's part: what is downloaded of it ends once that is all of it.
ALTER TABLE vendor_orders ADD COLUMN refunded_minor BIGINT NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0);
