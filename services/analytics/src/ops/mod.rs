//! What is asked of the projections.

mod best_sellers;
mod report;
mod sold;

pub use best_sellers::{Counted, best_sellers};
pub use report::{of_vendor, own, platform, product};
pub use sold::sold;
