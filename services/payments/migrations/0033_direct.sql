-- Vendors who are paid by the provider itself. What each gets of a payment, and what of it the platform keeps, is decided before the
-- provider is called; none: nobody has decided yet.
ALTER TABLE payments ADD COLUMN direct TEXT;

-- What a vendor has got of its part so, less what it has given back: refunds and lost disputes may have taken more.
ALTER TABLE payment_parts ADD COLUMN direct_minor BIGINT NOT NULL DEFAULT 0;

-- What of a refund comes out of the vendor's own account at the provider; the platform gives the rest.
ALTER TABLE refunds ADD COLUMN direct_minor BIGINT NOT NULL DEFAULT 0 CHECK (direct_minor BETWEEN 0 AND amount_minor);
