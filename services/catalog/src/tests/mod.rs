//! Through the router and the inbox, on a private database, on SQLite and on PostgreSQL.

mod attributes;
mod browsing;
mod bulk;
mod bundles;
mod categories;
mod digital;
mod fetches;
mod files;
mod follows;
mod foreign;
mod import_categories;
mod imports;
mod large;
mod links;
mod main_currency;
mod oddities;
mod pictures;
mod products;
mod related;
mod sales;
mod scale;
mod scheduled;
mod support;
mod tenancy;
mod translations;
