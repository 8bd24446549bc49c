-- Stored value is between the platform and buyers: vendors see none of it.
ALTER TABLE credits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON credits
    USING ((SELECT current_setting('souk.scope', true)) = 'platform');
ALTER TABLE credit_holds ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON credit_holds
    USING ((SELECT current_setting('souk.scope', true)) = 'platform');
ALTER TABLE credit_movements ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON credit_movements
    USING ((SELECT current_setting('souk.scope', true)) = 'platform');
-- What happened to a credit is only ever added to.
CREATE TRIGGER credit_movements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_movements
FOR EACH STATEMENT EXECUTE FUNCTION history_is_only_added_to();
-- The program's own role may not even try (`souk migrate` reads this).
COMMENT ON TABLE credit_movements IS 'append-only';
