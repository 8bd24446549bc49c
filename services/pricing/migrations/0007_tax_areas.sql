-- Kinds of goods that are taxed alike.
CREATE TABLE tax_categories (
    key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO tax_categories (key, name) VALUES ('standard', 'Standard'), ('reduced', 'Reduced'), ('zero', 'Not taxed');

ALTER TABLE products ADD COLUMN tax_category TEXT NOT NULL DEFAULT 'standard';
CREATE INDEX products_taxed_otherwise ON products (tax_category) WHERE tax_category <> 'standard';

-- How a country taxes what goes there, and how its regions do. No row: no tax.
CREATE TABLE tax_areas (
    country TEXT NOT NULL,
    -- Code in upper case; empty for all of the country.
    region TEXT NOT NULL,
    region_name TEXT NOT NULL,
    -- The name in upper case, as addresses are compared with it; the code if there is no name.
    region_key TEXT NOT NULL,
    name TEXT NOT NULL,
    prices_include_tax BIGINT NOT NULL CHECK (prices_include_tax IN (0, 1)),
    tax_shipping BIGINT NOT NULL CHECK (tax_shipping IN (0, 1)),
    -- Rates by category and day, as JSON.
    rates TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (country, region)
);

INSERT INTO tax_areas (country, region, region_name, region_key, name, prices_include_tax, tax_shipping, rates, version)
SELECT country, '', '', '', name, 1, 1, '[{"category":"standard","rate_bp":' || rate_bp || '}]', 1 FROM tax_rates;
DROP TABLE tax_rates;
