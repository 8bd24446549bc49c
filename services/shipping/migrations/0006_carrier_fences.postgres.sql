-- What carriers have said is not unsaid. Fences stand around all tables of these with a `vendor_id` already; events of
-- carriers are nobody's until they were asked about.
CREATE FUNCTION shipment_events_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events of parcels are only added';
END
$$;
CREATE TRIGGER shipment_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON shipment_events
FOR EACH STATEMENT EXECUTE FUNCTION shipment_events_are_only_added();
-- The program's own role may not even try (`souk migrate` reads this).
COMMENT ON TABLE shipment_events IS 'append-only';
