-- Where buyers fetch what goes this way themselves: `{"line1": "Rua das Olarias 5", "city": "Lagos", …}`; nothing: it is sent.
ALTER TABLE methods ADD COLUMN pickup TEXT;
-- 1 if its buyer fetches it.
ALTER TABLE shipments ADD COLUMN pickup BIGINT NOT NULL DEFAULT 0;
