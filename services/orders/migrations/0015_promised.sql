-- Orders that are paid to the courier: since when that is promised (`status` is 'awaiting_payment' until it is paid), and what
-- is still to be collected.
ALTER TABLE orders ADD COLUMN promised_at BIGINT;
ALTER TABLE orders ADD COLUMN collect_minor BIGINT CHECK (collect_minor BETWEEN 0 AND total_minor);
