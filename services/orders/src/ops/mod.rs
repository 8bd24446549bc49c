//! One use case per file.

mod advance;
mod cancel_order;
mod correct_address;
pub mod downloads;
mod export_orders;
mod follow_order;
mod make_order;
mod not_collected;
mod numbers;
pub mod papers;
mod pay_another_way;
mod place_order;
pub mod returns;

pub use advance::{advance, hear};
pub use cancel_order::cancel_order;
pub use correct_address::correct_address;
pub use export_orders::{export_all_orders, export_orders};
pub use follow_order::{follow_order, wait_until_settled};
pub use make_order::{make_order, quote_for_buyer};
pub use not_collected::not_collected;
pub(crate) use numbers::Numbers;
pub use pay_another_way::pay_another_way;
pub use place_order::{Placer, place_order};
