-- Lines belong to whom the part of the order belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE order_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON order_lines
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM vendor_orders WHERE vendor_orders.id = order_lines.vendor_order_id));
