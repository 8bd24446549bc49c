-- What a discount is on belongs to whom the discount belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE discount_products ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON discount_products
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM discounts WHERE discounts.discount_id = discount_products.discount_id));
