//! What the search does.

mod bring_in;
mod search;
mod suggest;

pub use bring_in::bring_in;
pub use search::search;
pub use suggest::suggest;
