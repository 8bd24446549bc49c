-- Who votes and who reports is no vendor's business. What has a `vendor_id` is fenced already.
ALTER TABLE review_votes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON review_votes USING ((SELECT current_setting('souk.scope', true)) = 'platform');
ALTER TABLE review_reports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON review_reports USING ((SELECT current_setting('souk.scope', true)) = 'platform');
