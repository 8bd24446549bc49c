-- 1 for a part of which nothing is sent: its buyer has it with the payment, so it matures from then on.
ALTER TABLE payment_parts ADD COLUMN digital BIGINT NOT NULL DEFAULT 0 CHECK (digital IN (0, 1));
