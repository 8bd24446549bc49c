-- The same ledger with the place and the person of each movement, and one more kind.
CREATE TABLE ledger (
    seq IDENTITY,
    variant_id TEXT NOT NULL REFERENCES stock (variant_id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('initial', 'receipt', 'adjustment', 'count', 'transfer', 'shipped', 'return')),
    delta BIGINT NOT NULL,
    on_hand BIGINT NOT NULL CHECK (on_hand >= 0),
    reason TEXT NOT NULL,
    order_id TEXT,
    vendor_id TEXT NOT NULL,
    location_id TEXT NOT NULL REFERENCES locations (location_id),
    -- On hand at this location afterwards; `on_hand` is that of all.
    on_hand_there BIGINT NOT NULL CHECK (on_hand_there >= 0),
    -- Account of the member who did it.
    by_account TEXT
);
INSERT INTO ledger (seq, variant_id, at, kind, delta, on_hand, reason, order_id, vendor_id, location_id, on_hand_there)
    SELECT m.seq, m.variant_id, m.at, m.kind, m.delta, m.on_hand, m.reason, m.order_id, s.vendor_id, s.vendor_id, m.on_hand
    FROM movements m JOIN stock s ON s.variant_id = m.variant_id;
DROP TABLE movements;
ALTER TABLE ledger RENAME TO movements;
CREATE INDEX movements_of_variant ON movements (variant_id, seq);
CREATE INDEX movements_of_vendor ON movements (vendor_id, seq);
