-- What was done about a thing to be looked at is only ever added to.
CREATE FUNCTION history_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history is only added to';
END
$$;
CREATE TRIGGER review_actions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON review_actions
FOR EACH STATEMENT EXECUTE FUNCTION history_is_only_added_to();
-- The program's own role may not even try (`souk migrate` reads this).
COMMENT ON TABLE review_actions IS 'append-only';
