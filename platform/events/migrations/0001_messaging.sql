-- What every service keeps for its messages. The columns of `outbox` up to `payload` are those
-- that Debezium's outbox event router reads, so change data capture can take the relay's place.
CREATE TABLE outbox (
    seq IDENTITY,
    id TEXT NOT NULL UNIQUE,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    type TEXT NOT NULL,
    payload TEXT NOT NULL,
    version BIGINT NOT NULL,
    traceparent TEXT,
    occurred_at BIGINT NOT NULL,
    sent_at BIGINT,
    UNIQUE (aggregatetype, aggregateid, version)
);
CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL;

-- Last version published per aggregate: survives pruning of the outbox.
CREATE TABLE event_versions (
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (aggregatetype, aggregateid)
);

-- Last version taken in per consumer and aggregate, written in the transaction of the effect.
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    version BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    handled_at BIGINT NOT NULL,
    PRIMARY KEY (consumer, aggregatetype, aggregateid)
);

-- Events that could not be taken in yet: failed, waiting for one before them, or given up (dead).
CREATE TABLE inbox_pending (
    consumer TEXT NOT NULL,
    event_id TEXT NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    version BIGINT NOT NULL,
    type TEXT NOT NULL,
    envelope TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('retry', 'waiting', 'dead')),
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_pending_due ON inbox_pending (due_at) WHERE state <> 'dead';
CREATE INDEX inbox_pending_aggregate ON inbox_pending (consumer, aggregatetype, aggregateid, version);

-- Work to be done outside a transaction, and timers: a row each.
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'dead')),
    error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'queued';

CREATE TABLE idempotency_keys (
    who TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (who, route, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
