//! Through the router and the inbox, on a private database, on SQLite and on PostgreSQL.

mod api;
mod events;
mod property;
mod races;
mod returns;
mod support;
