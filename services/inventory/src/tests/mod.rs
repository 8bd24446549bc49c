//! Through the router and the inbox, on a private database, on SQLite and on PostgreSQL.

mod api;
mod backorders;
mod bundles;
mod digital;
mod events;
mod locations;
mod migrating;
mod moving;
mod parcels;
mod property;
mod races;
mod returns;
mod support;
