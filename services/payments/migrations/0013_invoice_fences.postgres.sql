-- Invoices are fenced by their vendor; numbers and runs are the platform's own.
ALTER TABLE invoice_numbers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON invoice_numbers
    USING ((SELECT current_setting('souk.scope', true)) = 'platform');
ALTER TABLE invoice_runs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_platform ON invoice_runs
    USING ((SELECT current_setting('souk.scope', true)) = 'platform');
-- What was issued stays as it is: the program's own role may not even try (`souk migrate` reads this).
COMMENT ON TABLE invoices IS 'append-only';
