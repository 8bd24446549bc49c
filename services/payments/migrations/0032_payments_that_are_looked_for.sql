-- Admins look for payments by what people have in their hands: an order's number, or a provider's id.
CREATE INDEX payments_by_number ON payments (order_number);
CREATE INDEX payments_by_ref ON payments (provider_ref);
