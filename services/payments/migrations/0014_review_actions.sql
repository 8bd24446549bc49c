-- What becomes of a thing to be looked at. `amount_minor` is the money in question, where it is known. `attempt` counts how
-- often it was sent back, `refund_id` names the last time, and `check_at` is when the provider is asked again how that stands.
ALTER TABLE review_items ADD COLUMN amount_minor BIGINT;
ALTER TABLE review_items ADD COLUMN currency TEXT;
ALTER TABLE review_items ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'returning', 'resolved'));
ALTER TABLE review_items ADD COLUMN action TEXT CHECK (action IN ('refund', 'attach', 'take_up', 'tick_off'));
ALTER TABLE review_items ADD COLUMN attempt BIGINT NOT NULL DEFAULT 0 CHECK (attempt >= 0);
ALTER TABLE review_items ADD COLUMN refund_id TEXT;
ALTER TABLE review_items ADD COLUMN check_at BIGINT;
ALTER TABLE review_items ADD COLUMN resolved_at BIGINT;
CREATE INDEX review_items_unresolved ON review_items (at, provider_ref, problem) WHERE state <> 'resolved';
CREATE INDEX review_items_of_order ON review_items (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX review_items_of_refund ON review_items (refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX review_items_due ON review_items (check_at) WHERE check_at IS NOT NULL;

-- What was done about it, by whom, and what came of it. Only ever added to; without an account it is Souk's own.
CREATE TABLE review_actions (
    provider TEXT NOT NULL,
    provider_ref TEXT NOT NULL,
    problem TEXT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id TEXT,
    action TEXT NOT NULL CHECK (action IN ('refund', 'attach', 'take_up', 'tick_off')),
    note TEXT,
    result TEXT NOT NULL,
    PRIMARY KEY (provider, provider_ref, problem, position),
    FOREIGN KEY (provider, provider_ref, problem) REFERENCES review_items (provider, provider_ref, problem)
);

-- How often a provider's event was taken in (or tried to), and why the last try failed.
ALTER TABLE webhook_inbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0);
ALTER TABLE webhook_inbox ADD COLUMN error TEXT;
DROP INDEX webhook_inbox_age;
CREATE INDEX webhook_inbox_by_time ON webhook_inbox (received_at, provider, event_id);
