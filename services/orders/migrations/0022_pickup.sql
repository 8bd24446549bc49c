-- Where the buyer fetches a part that is not sent: `{"line1": "Rua das Olarias 5", "city": "Lagos", …}`.
ALTER TABLE vendor_orders ADD COLUMN pickup TEXT;
