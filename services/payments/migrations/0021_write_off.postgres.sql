-- What is left of a credit whose time is over may be written off, for a reason.
ALTER TABLE credit_movements ADD COLUMN reason TEXT;
ALTER TABLE credit_movements DROP CONSTRAINT credit_movements_kind_check;
ALTER TABLE credit_movements DROP CONSTRAINT credit_movements_check;
ALTER TABLE credit_movements DROP CONSTRAINT credit_movements_check1;
ALTER TABLE credit_movements ADD CONSTRAINT credit_movements_kind
    CHECK (kind IN ('issued', 'held', 'released', 'spent', 'restored', 'written_off'));
ALTER TABLE credit_movements ADD CONSTRAINT credit_movements_order
    CHECK ((kind IN ('issued', 'written_off')) = (order_id IS NULL));
ALTER TABLE credit_movements ADD CONSTRAINT credit_movements_reason CHECK ((kind = 'written_off') = (reason IS NOT NULL));
ALTER TABLE credit_movements ADD CONSTRAINT credit_movements_change
    CHECK (balance_change_minor <> 0 OR held_change_minor <> 0);
