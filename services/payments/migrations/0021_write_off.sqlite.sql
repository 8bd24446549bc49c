-- What is left of a credit whose time is over may be written off, for a reason. The table is made anew, for its conditions change.
CREATE TABLE movements (
    credit_id TEXT NOT NULL REFERENCES credits (id),
    kind TEXT NOT NULL CHECK (kind IN ('issued', 'held', 'released', 'spent', 'restored', 'written_off')),
    about TEXT NOT NULL,
    order_id TEXT,
    balance_change_minor BIGINT NOT NULL,
    held_change_minor BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (credit_id, kind, about),
    CHECK ((kind IN ('issued', 'written_off')) = (order_id IS NULL)),
    CHECK ((kind = 'written_off') = (reason IS NOT NULL)),
    CHECK (balance_change_minor <> 0 OR held_change_minor <> 0)
);
INSERT INTO movements (credit_id, kind, about, order_id, balance_change_minor, held_change_minor, at)
    SELECT credit_id, kind, about, order_id, balance_change_minor, held_change_minor, at FROM credit_movements;
DROP TABLE credit_movements;
ALTER TABLE movements RENAME TO credit_movements;
CREATE INDEX credit_movements_by_time ON credit_movements (credit_id, at, kind, about);
CREATE TRIGGER credit_movements_stay BEFORE UPDATE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER credit_movements_remain BEFORE DELETE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
