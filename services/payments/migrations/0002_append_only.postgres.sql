-- A correction is a new entry that names the one it corrects.
CREATE FUNCTION journal_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only added to';
END
$$;
CREATE TRIGGER journal_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_only_added_to();
CREATE TRIGGER postings_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
FOR EACH STATEMENT EXECUTE FUNCTION journal_is_only_added_to();
-- The program's own role may not even try (`souk migrate` reads this).
COMMENT ON TABLE journal_entries IS 'append-only';
COMMENT ON TABLE postings IS 'append-only';
