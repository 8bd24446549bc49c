//! What the search does.

mod bring_in;
mod count_sales;
mod explain;
mod index_anew;
mod instead;
mod missed;
mod search;
mod suggest;
mod synonyms;

#[cfg(test)]
pub(crate) use bring_in::bring_in_by;
pub use bring_in::{bring_in, is_usable};
pub use count_sales::count_sales;
pub use explain::explain;
pub use index_anew::{index_anew, index_state};
pub use missed::{forget_searches, missed, missed_file, write_searches};
pub use search::search;
pub use suggest::suggest;
pub use synonyms::{InUse, in_use, set_synonyms, synonyms};
