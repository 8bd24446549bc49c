-- Uses of a promotion belong to whom the promotion belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE promotion_customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON promotion_customers
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM promotions WHERE promotions.promotion_id = promotion_customers.promotion_id));
ALTER TABLE promotion_redemptions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON promotion_redemptions
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM promotions WHERE promotions.promotion_id = promotion_redemptions.promotion_id));
