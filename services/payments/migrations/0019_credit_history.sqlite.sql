-- What happened to a credit is only ever added to.
CREATE TRIGGER credit_movements_stay BEFORE UPDATE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
CREATE TRIGGER credit_movements_remain BEFORE DELETE ON credit_movements
BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END;
