-- Prices of a list belong to whom the list belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE price_list_prices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON price_list_prices
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM price_lists WHERE price_lists.price_list_id = price_list_prices.price_list_id));
