-- What went back of an order, each time: what credit notes are written of. They add up to `orders.refunded_minor`.
CREATE TABLE order_refunds (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL CHECK (position > 0),
    -- None for what had gone back before each was kept: one for all of it.
    refund_id TEXT,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);
CREATE UNIQUE INDEX order_refunds_by_id ON order_refunds (refund_id) WHERE refund_id IS NOT NULL;
INSERT INTO order_refunds (order_id, position, refund_id, amount_minor, at)
SELECT o.id, 1, NULL, o.refunded_minor,
       COALESCE((SELECT max(t.at) FROM order_timeline t WHERE t.order_id = o.id AND t.kind = 'refunded'), o.placed_at)
FROM orders o WHERE o.refunded_minor > 0;
