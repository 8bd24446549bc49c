-- Movements belong to whom the stock belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE movements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON movements
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM stock WHERE stock.variant_id = movements.variant_id));
