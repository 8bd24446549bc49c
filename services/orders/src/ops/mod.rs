//! One use case per file.

mod advance;
mod cancel_order;
mod export_orders;
mod follow_order;
mod numbers;
pub mod papers;
mod pay_another_way;
mod place_order;
pub mod returns;

pub use advance::{advance, hear};
pub use cancel_order::cancel_order;
pub use export_orders::export_orders;
pub use follow_order::{follow_order, wait_until_settled};
pub(crate) use numbers::Numbers;
pub use pay_another_way::pay_another_way;
pub use place_order::place_order;
