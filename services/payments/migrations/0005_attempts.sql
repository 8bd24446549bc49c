-- Another attempt at paying an order: another page, maybe of another provider. The ids that earlier attempts had
-- at their providers are kept, for news of them still come. What is chosen next waits until the provider has
-- called off what is open.
ALTER TABLE payments ADD COLUMN attempt BIGINT NOT NULL DEFAULT 1 CHECK (attempt BETWEEN 1 AND 10);
ALTER TABLE payments ADD COLUMN former_refs TEXT NOT NULL DEFAULT '';
ALTER TABLE payments ADD COLUMN next_provider TEXT;
ALTER TABLE payments ADD COLUMN next_method TEXT;
