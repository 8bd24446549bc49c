-- What moves during the checkout. Rows stay small: they are rewritten with every step.
-- `deadline_at` is the saga's timer; the sweep finds it by its index and `version` is its fence.
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
    total_minor BIGINT NOT NULL CHECK (total_minor > 0),
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
    CHECK ((status IN ('rejected', 'cancelled')) = (status_reason IS NOT NULL))
);
CREATE INDEX orders_of_account ON orders (account_id, placed_at, id) WHERE account_id IS NOT NULL;
CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX orders_by_status ON orders (status, placed_at, id);
CREATE INDEX orders_by_email ON orders (email, placed_at, id);
CREATE INDEX orders_due ON orders (deadline_at) WHERE deadline_at IS NOT NULL;

-- What never moves: whom to write to and where it goes, and the quote the buyer accepted, word for word.
CREATE TABLE order_documents (
    order_id TEXT NOT NULL PRIMARY KEY REFERENCES orders (id),
    address TEXT NOT NULL,
    billing_address TEXT,
    note TEXT,
    quote TEXT NOT NULL
);

-- One part per vendor; the parts add up to the order.
CREATE TABLE vendor_orders (
    id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    number TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    vendor_name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'to_ship', 'shipped', 'delivered', 'cancelled')),
    items_minor BIGINT NOT NULL CHECK (items_minor >= 0),
    shipping_minor BIGINT NOT NULL CHECK (shipping_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    total_minor BIGINT NOT NULL,
    method_id TEXT,
    method_name TEXT NOT NULL,
    tracking TEXT,
    placed_at BIGINT NOT NULL,
    -- A vendor sees its part from the moment it is paid.
    paid_at BIGINT,
    UNIQUE (order_id, vendor_id),
    CHECK (total_minor = items_minor + shipping_minor)
);
CREATE INDEX vendor_orders_of_vendor ON vendor_orders (vendor_id, placed_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX vendor_orders_by_status ON vendor_orders (vendor_id, status, placed_at, id) WHERE paid_at IS NOT NULL;

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    id TEXT NOT NULL,
    vendor_order_id TEXT NOT NULL REFERENCES vendor_orders (id),
    variant_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    title TEXT NOT NULL,
    options TEXT NOT NULL,
    sku TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_price_minor BIGINT NOT NULL CHECK (unit_price_minor >= 0),
    total_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    PRIMARY KEY (order_id, position),
    CHECK (total_minor = unit_price_minor * quantity)
);

-- Each version of an order has at least one entry, so the versions here are 1, 2, 3 … without gaps.
CREATE TABLE order_timeline (
    order_id TEXT NOT NULL REFERENCES orders (id),
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    vendor_order_id TEXT,
    PRIMARY KEY (order_id, version, position)
);

-- Last number given out per month.
CREATE TABLE order_numbers (
    period TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
