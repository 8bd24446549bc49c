-- The category tree. `attributes` is a JSON list of definitions.
CREATE TABLE categories (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parent_id TEXT REFERENCES categories (id),
    position BIGINT NOT NULL,
    picture_url TEXT,
    attributes TEXT NOT NULL
);
CREATE INDEX categories_of_parent ON categories (parent_id);

-- Every category with itself (distance 0) and all its ancestors.
CREATE TABLE category_closure (
    category_id TEXT NOT NULL,
    ancestor_id TEXT NOT NULL,
    distance BIGINT NOT NULL,
    PRIMARY KEY (category_id, ancestor_id)
);
CREATE INDEX category_closure_down ON category_closure (ancestor_id, category_id);

-- One row: changes of the tree lock it, so that they happen one after another.
CREATE TABLE category_tree (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO category_tree (id, version) VALUES (1, 0);

-- What the catalogue keeps of the stores, fed by their events.
CREATE TABLE vendors (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('applied', 'approved', 'suspended', 'rejected'))
);
CREATE INDEX vendors_by_slug ON vendors (slug);

-- Products, as their vendors edit them.
CREATE TABLE products (
    num IDENTITY,
    id TEXT NOT NULL UNIQUE,
    vendor_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    -- What the vendor's files call it; never changes.
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    description_html TEXT NOT NULL,
    description_text TEXT NOT NULL,
    category_id TEXT NOT NULL REFERENCES categories (id),
    currency TEXT NOT NULL,
    attributes TEXT NOT NULL,
    options TEXT NOT NULL,
    tags TEXT NOT NULL,
    pictures TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
    -- 1 while an admin keeps it off sale.
    blocked BIGINT NOT NULL CHECK (blocked IN (0, 1)),
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    -- The one variant of a simple product.
    single_variant_id TEXT,
    -- Title and SKUs in lower case, for the vendor's search.
    search_text TEXT NOT NULL,
    UNIQUE (vendor_id, handle),
    CHECK (status <> 'published' OR (published_at IS NOT NULL AND blocked = 0))
);
CREATE INDEX products_of_vendor ON products (vendor_id, created_at, num);
CREATE INDEX products_by_age ON products (created_at, num);
CREATE INDEX products_of_category ON products (category_id, num);

-- What is derived, from the variants with their offers and stock and from the ratings: small rows that
-- change often. Whoever changes a product or anything of it locks its row here first.
CREATE TABLE product_numbers (
    product_id TEXT NOT NULL PRIMARY KEY,
    vendor_id TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    price_max_minor BIGINT NOT NULL,
    compare_at_minor BIGINT,
    -- -1: plenty, 0: sold out, otherwise how many are left.
    stock_left BIGINT NOT NULL CHECK (stock_left >= -1),
    rating_x100 BIGINT NOT NULL,
    rating_count BIGINT NOT NULL
) WITHOUT ROWID;

-- Every name a product ever had in addresses: the newest is the product's `slug`, the older lead to it.
CREATE TABLE product_slugs (
    slug TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL
);
CREATE INDEX product_slugs_of_product ON product_slugs (product_id);

CREATE TABLE variants (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    vendor_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    sku TEXT NOT NULL,
    options TEXT NOT NULL,
    price_minor BIGINT NOT NULL CHECK (price_minor >= 0),
    compare_at_minor BIGINT,
    weight_g BIGINT NOT NULL,
    barcode TEXT,
    -- 0 once the vendor no longer offers it; kept for old orders.
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    -- What pricing says: it counts only while `offer_list_minor` is the list price.
    offer_price_minor BIGINT,
    offer_list_minor BIGINT,
    offer_name TEXT,
    stock_left BIGINT NOT NULL CHECK (stock_left >= -1)
);
CREATE INDEX variants_of_product ON variants (product_id, position);
CREATE UNIQUE INDEX variants_sku ON variants (vendor_id, sku) WHERE active = 1;

-- Lists of products on sale: all of them, of a vendor, of a category with its children. A number
-- instead of a long name keeps the indexes of 100,000 products small.
CREATE TABLE scopes (
    num IDENTITY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE listing (
    product_num BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    price_minor BIGINT NOT NULL,
    rating_key BIGINT NOT NULL,
    PRIMARY KEY (product_num, scope)
) WITHOUT ROWID;
CREATE INDEX listing_newest ON listing (scope, published_at, product_num);
CREATE INDEX listing_price ON listing (scope, price_minor, product_num);
CREATE INDEX listing_rating ON listing (scope, rating_key, product_num);

-- Bytes of the pictures a vendor keeps here.
CREATE TABLE media_usage (
    vendor_id TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL
);

CREATE TABLE imports (
    num IDENTITY,
    id TEXT NOT NULL UNIQUE,
    vendor_id TEXT NOT NULL,
    dry_run BIGINT NOT NULL CHECK (dry_run IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
    -- Products of the file that are worked off.
    position BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    rows_total BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    errors TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX imports_of_vendor ON imports (vendor_id, num);
