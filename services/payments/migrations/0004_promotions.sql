-- What the platform adds to a vendor's part for promotions that it pays, and the commission on that.
ALTER TABLE payment_parts ADD COLUMN subsidy_minor BIGINT NOT NULL DEFAULT 0 CHECK (subsidy_minor >= 0);
ALTER TABLE payment_parts ADD COLUMN subsidy_commission_minor BIGINT NOT NULL DEFAULT 0
    CHECK (subsidy_commission_minor BETWEEN 0 AND subsidy_minor);
