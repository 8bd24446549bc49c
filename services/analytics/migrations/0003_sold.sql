-- What was sold of each product is read in the order of the products.
CREATE INDEX product_daily_product ON product_daily (product_id, day);
