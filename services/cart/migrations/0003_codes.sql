-- Codes of promotions, in the order they were typed, with a space between. What they come to, `pricing` says.
ALTER TABLE carts ADD COLUMN codes TEXT NOT NULL DEFAULT '';
