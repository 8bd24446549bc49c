CREATE TABLE IF NOT EXISTS payment (
    seq            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    reference      TEXT NOT NULL,
    status         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    amount         INTEGER NOT NULL CHECK (amount > 0),
    captured       INTEGER NOT NULL CHECK (captured BETWEEN 0 AND amount),
    refunded       INTEGER NOT NULL CHECK (refunded >= 0),
    refund_pending INTEGER NOT NULL CHECK (refund_pending >= 0 AND refunded + refund_pending <= captured),
    created_at     INTEGER NOT NULL,
    body           TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_reference ON payment (reference);

-- The journal of money: only ever appended to.
CREATE TABLE IF NOT EXISTS entry (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    payment  TEXT NOT NULL,
    movement TEXT NOT NULL,
    amount   INTEGER NOT NULL CHECK (amount > 0)
);
CREATE INDEX IF NOT EXISTS entry_payment ON entry (payment);
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are not changed'); END;
CREATE TRIGGER IF NOT EXISTS entry_remains BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'journal entries are not removed'); END;

CREATE TABLE IF NOT EXISTS payee (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

-- The journal of transfers to payees: each once, in the order in which they were sent.
CREATE TABLE IF NOT EXISTS transfer (
    seq       INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL,
    amount    INTEGER NOT NULL CHECK (amount > 0),
    body      TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS transfer_reference ON transfer (reference);

-- AUTOINCREMENT: positions stay unique when old events are pruned.
CREATE TABLE IF NOT EXISTS event (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      TEXT NOT NULL,
    payment TEXT NOT NULL,
    created INTEGER NOT NULL,
    body    TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS delivery (
    number      INTEGER PRIMARY KEY,
    event       INTEGER NOT NULL,
    endpoint    INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    last_status INTEGER
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due) WHERE state = 0;
CREATE INDEX IF NOT EXISTS delivery_event ON delivery (event);

CREATE TABLE IF NOT EXISTS timer (
    number  INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    payment TEXT NOT NULL,
    what    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS timer_at ON timer (at);

CREATE TABLE IF NOT EXISTS idempotency_key (
    number      INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    at          INTEGER NOT NULL,
    status      INTEGER NOT NULL,
    body        TEXT NOT NULL
);
