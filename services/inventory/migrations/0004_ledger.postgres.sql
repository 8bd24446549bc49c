-- The same ledger with the place and the person of each movement, and one more kind.
ALTER TABLE movements DROP CONSTRAINT movements_kind_check;
ALTER TABLE movements ADD CONSTRAINT movements_kind_check
    CHECK (kind IN ('initial', 'receipt', 'adjustment', 'count', 'transfer', 'shipped', 'return'));
ALTER TABLE movements ADD COLUMN vendor_id TEXT;
ALTER TABLE movements ADD COLUMN location_id TEXT REFERENCES locations (location_id);
-- On hand at this location afterwards; `on_hand` is that of all.
ALTER TABLE movements ADD COLUMN on_hand_there BIGINT CHECK (on_hand_there >= 0);
-- Account of the member who did it.
ALTER TABLE movements ADD COLUMN by_account TEXT;
UPDATE movements SET vendor_id = stock.vendor_id, location_id = stock.vendor_id, on_hand_there = movements.on_hand
    FROM stock WHERE stock.variant_id = movements.variant_id;
ALTER TABLE movements ALTER COLUMN vendor_id SET NOT NULL;
ALTER TABLE movements ALTER COLUMN location_id SET NOT NULL;
ALTER TABLE movements ALTER COLUMN on_hand_there SET NOT NULL;
CREATE INDEX movements_of_vendor ON movements (vendor_id, seq);
