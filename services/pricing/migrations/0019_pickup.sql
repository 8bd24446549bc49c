-- Where buyers fetch what goes this way themselves: `{"line1": "Rua das Olarias 5", "city": "Lagos", …}`; nothing: it is sent.
ALTER TABLE shipping_methods ADD COLUMN pickup TEXT;
