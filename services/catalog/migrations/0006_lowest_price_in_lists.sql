-- Lists say it as well: of the cheapest variant, if its price is reduced.
ALTER TABLE product_numbers ADD COLUMN lowest_minor BIGINT;
UPDATE product_numbers SET lowest_minor = (
    SELECT min(v.offer_lowest_minor) FROM variants v
    WHERE v.product_id = product_numbers.product_id AND v.active = 1 AND v.offer_list_minor = v.price_minor
        AND v.offer_price_minor = product_numbers.price_minor)
WHERE compare_at_minor IS NOT NULL;
