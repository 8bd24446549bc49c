-- Every name a category ever had in addresses: the newest is the category's `slug`, the older lead to it.
CREATE TABLE category_slugs (
    slug TEXT NOT NULL PRIMARY KEY,
    category_id TEXT NOT NULL
);
CREATE INDEX category_slugs_of_category ON category_slugs (category_id);
INSERT INTO category_slugs (slug, category_id) SELECT slug, id FROM categories;
