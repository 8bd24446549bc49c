-- Lines and photos belong to whom the return belongs to. What has a `vendor_id` is fenced already.
ALTER TABLE return_lines ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON return_lines
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM returns WHERE returns.id = return_lines.return_id));
ALTER TABLE return_photos ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON return_photos
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM returns WHERE returns.request_id = return_photos.request_id));
