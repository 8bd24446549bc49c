-- Methods that cost what the carrier takes, with what it took last: `[{"country": "DE", "up_to_g": 2000, "price": …, "at": …}]`.
ALTER TABLE shipping_methods ADD COLUMN carrier_rate BIGINT NOT NULL DEFAULT 0 CHECK (carrier_rate IN (0, 1));
ALTER TABLE shipping_methods ADD COLUMN carrier_rates TEXT NOT NULL DEFAULT '[]';
