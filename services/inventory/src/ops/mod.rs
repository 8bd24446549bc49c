//! One use case per file. Those that run inside an event's transaction take the `Tx`; the others
//! open their own.
//!
//! Rows are locked in one order, so that nobody waits in a circle: a vendor's locations or an order's
//! reservation, then rows of stock in the order of their ids, then those of bundles. Places and picks belong to the row
//! of stock.

mod adjust_many;
mod adjust_stock;
mod announce;
mod arrive;
mod bundles;
mod change_locations;
mod change_on_hand;
mod claim;
mod count_stock;
mod cover;
mod exchange;
mod export_movements;
mod levels;
mod place;
mod release;
mod reserve;
mod restock;
mod set_backorder;
mod set_threshold;
mod ship;
mod track_product;
mod transfer_stock;
mod withdraw;

pub(crate) use adjust_many::adjust_many;
pub(crate) use adjust_stock::adjust_stock;
pub(crate) use arrive::arrive;
pub(crate) use change_locations::{add_location, order_locations, update_location};
pub(crate) use claim::claim;
pub(crate) use count_stock::count_stock;
pub(crate) use exchange::{end_exchange, hold_exchange, ship_exchange};
pub(crate) use export_movements::export_movements;
pub(crate) use levels::levels;
pub(crate) use release::{expire, release};
pub(crate) use reserve::reserve;
pub(crate) use restock::restock;
pub(crate) use set_backorder::set_backorder;
pub(crate) use set_threshold::set_threshold;
pub(crate) use ship::ship;
pub(crate) use track_product::track_product;
pub(crate) use transfer_stock::transfer_stock;
pub(crate) use withdraw::withdraw;
