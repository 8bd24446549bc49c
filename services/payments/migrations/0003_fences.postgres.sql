-- A vendor sees its own terms, the postings on its own account, and the entries these belong to.
ALTER TABLE vendors ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON vendors
    USING ((SELECT current_setting('souk.scope', true)) IN ('platform', id));
ALTER TABLE postings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON postings
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR account = 'vendor_payable:' || (SELECT current_setting('souk.scope', true)));
ALTER TABLE journal_entries ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_vendor ON journal_entries
    USING ((SELECT current_setting('souk.scope', true)) = 'platform' OR EXISTS (SELECT FROM postings WHERE postings.entry_id = journal_entries.id));
