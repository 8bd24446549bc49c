-- When the account of an order was erased. The order stays for as long as the law demands, cut from the account: who registers
-- with its address later does not get it.
ALTER TABLE orders ADD COLUMN erased_at BIGINT;
-- When that time was over, and names and addresses went, too.
ALTER TABLE orders ADD COLUMN forgotten_at BIGINT;
CREATE INDEX orders_to_forget ON orders (placed_at, id) WHERE erased_at IS NOT NULL AND forgotten_at IS NULL;
