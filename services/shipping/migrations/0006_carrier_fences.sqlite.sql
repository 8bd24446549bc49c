-- What carriers have said is not unsaid.
CREATE TRIGGER shipment_events_stay BEFORE UPDATE ON shipment_events
BEGIN SELECT RAISE(ABORT, 'events of parcels are only added'); END;
CREATE TRIGGER shipment_events_remain BEFORE DELETE ON shipment_events
BEGIN SELECT RAISE(ABORT, 'events of parcels are only added'); END;
