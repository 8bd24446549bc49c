//! Through the router and the inbox, on a private database, on SQLite and on PostgreSQL.

mod browsing;
mod bundles;
mod categories;
mod fetches;
mod files;
mod follows;
mod foreign;
mod imports;
mod large;
mod pictures;
mod products;
mod scale;
mod support;
mod tenancy;
