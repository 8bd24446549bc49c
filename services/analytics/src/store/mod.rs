//! SQL of the projections.

mod read;
mod write;

pub use read::{
    active_by_day, best_sellers, knows_vendor, main_currency, new_by_day, product_by_day, product_currency, sold,
    sums_by_day, top_products, top_vendors,
};
pub use write::{add_account, add_products, add_sums, name_product, name_vendor, note_active};
