//! One use case per file. Those that run inside an event's transaction take the `Tx`; the others
//! open their own.

mod adjust_stock;
mod announce;
mod claim;
mod exchange;
mod release;
mod reserve;
mod restock;
mod set_threshold;
mod ship;
mod track_product;

pub(crate) use adjust_stock::adjust_stock;
pub(crate) use claim::claim;
pub(crate) use exchange::{end_exchange, hold_exchange, ship_exchange};
pub(crate) use release::{expire, release};
pub(crate) use reserve::reserve;
pub(crate) use restock::restock;
pub(crate) use set_threshold::set_threshold;
pub(crate) use ship::ship;
pub(crate) use track_product::track_product;
