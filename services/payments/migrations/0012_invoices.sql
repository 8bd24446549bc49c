-- How a vendor is called and where it is from, as vendors' events have it: an invoice freezes its own copy. Empty until
-- the first event of the vendor from now on.
ALTER TABLE vendors ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE vendors ADD COLUMN country TEXT NOT NULL DEFAULT '';

-- The last number of each year. It is drawn by the transaction that keeps the invoice, so none is lost.
CREATE TABLE invoice_numbers (
    year BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL CHECK (last > 0)
);

-- What the platform charged a vendor in a month, as it was when it was issued: the sums of the ledger's postings of
-- commission on the vendor's account by kind, and how many they were. Below zero it is a credit note.
CREATE TABLE invoices (
    year BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    vendor_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    period TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL CHECK (until_at > from_at),
    earned_minor BIGINT NOT NULL CHECK (earned_minor >= 0),
    earned_postings BIGINT NOT NULL CHECK (earned_postings >= 0),
    refunded_minor BIGINT NOT NULL CHECK (refunded_minor <= 0),
    refunded_postings BIGINT NOT NULL CHECK (refunded_postings >= 0),
    disputed_minor BIGINT NOT NULL CHECK (disputed_minor <= 0),
    disputed_postings BIGINT NOT NULL CHECK (disputed_postings >= 0),
    total_minor BIGINT NOT NULL CHECK (total_minor = earned_minor + refunded_minor + disputed_minor),
    tax_minor BIGINT NOT NULL CHECK (abs(tax_minor) <= abs(total_minor)),
    tax_name TEXT NOT NULL,
    tax_rate_bp BIGINT NOT NULL CHECK (tax_rate_bp BETWEEN 0 AND 10000),
    vendor_name TEXT NOT NULL CHECK (vendor_name <> ''),
    vendor_country TEXT NOT NULL,
    issuer_name TEXT NOT NULL,
    issuer_lines JSON NOT NULL,
    note TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (year, number),
    UNIQUE (vendor_id, currency, period),
    CHECK (earned_postings + refunded_postings + disputed_postings > 0)
);
CREATE INDEX invoices_of_vendor ON invoices (vendor_id, year, number);
CREATE INDEX invoices_of_period ON invoices (period, year, number);

-- Months that have been invoiced whole.
CREATE TABLE invoice_runs (
    period TEXT NOT NULL PRIMARY KEY,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);
