//! SQL of the search.

mod documents;
mod missed;
mod sales;
mod synonyms;

pub use documents::{
    changed, index_state, names, newest, one_document, put_level, put_offers, put_product, put_rating, put_vendor,
    touch_all,
};
pub use missed::{add_searches, forget_searches, missed_terms, searches};
pub use sales::{put_sales, sales};
pub use synonyms::{put_synonyms, synonyms};
