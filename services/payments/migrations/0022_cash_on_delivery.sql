-- Money that a courier collects. Since when it is promised; `status` is 'processing' until it was collected.
ALTER TABLE payments ADD COLUMN promised_at BIGINT;
CREATE INDEX payments_promised ON payments (promised_at) WHERE promised_at IS NOT NULL AND captured_minor = 0;
-- What of the provider's share is not collected any more, because it was taken out of the order meanwhile.
ALTER TABLE payments ADD COLUMN reduced_minor BIGINT NOT NULL DEFAULT 0 CHECK (reduced_minor BETWEEN 0 AND amount_minor);

-- What was taken out of a promised order before anybody had paid: each becomes a refund with the capture. `position`
-- counts up from 1 within the payment; of `amount_minor` the courier collects `collect_less_minor` less.
CREATE TABLE reductions (
    refund_id TEXT NOT NULL PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    position BIGINT NOT NULL CHECK (position > 0),
    vendor_id TEXT NOT NULL,
    number TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    collect_less_minor BIGINT NOT NULL CHECK (collect_less_minor BETWEEN 0 AND amount_minor),
    at BIGINT NOT NULL,
    UNIQUE (payment_id, position)
);
