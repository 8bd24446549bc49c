-- What costs nothing can be ordered. The table is made anew, for its conditions change. Others refer to its rows; whether all of
-- these are there is looked at when they are back.
PRAGMA defer_foreign_keys = ON;
CREATE TEMP TABLE orders_kept AS SELECT * FROM orders;
DROP TABLE orders;
CREATE TABLE orders (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('placed', 'awaiting_payment', 'paid', 'completed', 'rejected', 'cancelled')),
    status_reason TEXT CHECK (status_reason IN ('out_of_stock', 'payment_failed', 'expired', 'by_buyer', 'by_admin')),
    version BIGINT NOT NULL CHECK (version >= 1),
    account_id TEXT,
    cart_id TEXT,
    email TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    refunded_minor BIGINT NOT NULL CHECK (refunded_minor >= 0 AND refunded_minor <= total_minor),
    items BIGINT NOT NULL CHECK (items > 0),
    vendors BIGINT NOT NULL CHECK (vendors > 0),
    titles TEXT NOT NULL,
    payment_method TEXT NOT NULL,
    return_path TEXT,
    redirect_url TEXT,
    shortages TEXT NOT NULL,
    deadline_at BIGINT,
    paid_at BIGINT,
    placed_at BIGINT NOT NULL,
    covered_minor BIGINT NOT NULL DEFAULT 0 CHECK (covered_minor BETWEEN 0 AND total_minor),
    promised_at BIGINT,
    collect_minor BIGINT CHECK (collect_minor BETWEEN 0 AND total_minor),
    CHECK ((status IN ('rejected', 'cancelled')) = (status_reason IS NOT NULL))
);
INSERT INTO orders (id, number, status, status_reason, version, account_id, cart_id, email, country, currency, total_minor,
        tax_minor, refunded_minor, items, vendors, titles, payment_method, return_path, redirect_url, shortages, deadline_at,
        paid_at, placed_at, covered_minor, promised_at, collect_minor)
    SELECT id, number, status, status_reason, version, account_id, cart_id, email, country, currency, total_minor,
        tax_minor, refunded_minor, items, vendors, titles, payment_method, return_path, redirect_url, shortages, deadline_at,
        paid_at, placed_at, covered_minor, promised_at, collect_minor
    FROM orders_kept;
DROP TABLE orders_kept;
CREATE INDEX orders_of_account ON orders (account_id, placed_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX orders_by_status ON orders (status, placed_at, id);
CREATE INDEX orders_by_email ON orders (email, placed_at, id);
CREATE INDEX orders_due ON orders (deadline_at) WHERE deadline_at IS NOT NULL;
