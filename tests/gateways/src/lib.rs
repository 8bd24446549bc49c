//! Payment gateways as they look from outside, for tests: each with a journal of its own, signed webhooks, and bad
//! days on demand. No money moves and nothing is kept.
//!
//! They are ours, made after what the gateways document; `README.md` says by what else they were judged.

mod buyer;
mod days;
mod mailbag;
pub mod midtrans;
pub mod paypal;
pub mod stripe;
pub mod xendit;

pub use buyer::Way;
pub use days::{Books, Fault, Faults};
