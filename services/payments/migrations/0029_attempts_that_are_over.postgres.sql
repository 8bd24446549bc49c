-- What has become of attempts at paying an order that are over; how the present one stands, `payments` says. `position`
-- counts up from 1 within the payment. Written with the change itself, and only ever added to.
CREATE TABLE payment_attempts (
    payment_id TEXT NOT NULL REFERENCES payments (id),
    position BIGINT NOT NULL CHECK (position > 0),
    attempt BIGINT NOT NULL,
    provider TEXT NOT NULL,
    method TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('failed', 'cancelled')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    provider_ref TEXT,
    failure TEXT,
    began_at BIGINT,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (payment_id, position)
);
CREATE TRIGGER payment_attempts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_attempts
FOR EACH STATEMENT EXECUTE FUNCTION history_is_only_added_to();
COMMENT ON TABLE payment_attempts IS 'append-only';
