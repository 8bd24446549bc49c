//! What is said in each letter: a function each, from facts to a [`Letter`](crate::model::Letter).

mod account;
mod order;
mod vendor;

pub use account::{back_in_stock, from_template, left_cart};
pub use order::{cancelled, confirmed, delivered, invited, refunded, rejected, shipped};
pub use vendor::{decided, low_stock, new_order};
