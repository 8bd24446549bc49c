-- A vendor sees the disputes that it has a part in.
ALTER TABLE disputes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON disputes
    USING ((SELECT current_setting('souk.scope', true)) = 'platform'
        OR EXISTS (SELECT FROM dispute_parts WHERE dispute_parts.dispute_id = disputes.id));
