-- A vendor sees its own store. What has a `vendor_id` is fenced already.
ALTER TABLE vendors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON vendors
    USING ((SELECT current_setting('souk.scope', true)) IN ('platform', id));
