-- An order that costs nothing has a payment of nothing: that it is captured its status says alone.
ALTER TABLE payments DROP CONSTRAINT payments_amount_minor_check;
ALTER TABLE payments ADD CONSTRAINT payments_amount_minor_check CHECK (amount_minor >= 0);
ALTER TABLE payments DROP CONSTRAINT payments_check3;
ALTER TABLE payments ADD CONSTRAINT payments_captured_check
    CHECK (amount_minor = 0 OR (status IN ('captured', 'refunded')) = (captured_minor > 0));

-- 1 if a part of such an order is called off or has come back whole: its vendor has no longer what promotions had brought it.
ALTER TABLE payment_parts ADD COLUMN undone BIGINT NOT NULL DEFAULT 0 CHECK (undone IN (0, 1) AND (undone = 0 OR total_minor = 0));
