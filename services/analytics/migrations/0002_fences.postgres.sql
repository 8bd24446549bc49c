-- A vendor sees its own sums. What has a `vendor_id` is fenced already.
ALTER TABLE sales_daily ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON sales_daily
    USING ((SELECT current_setting('souk.scope', true)) IN ('platform', nullif(scope, '')));
