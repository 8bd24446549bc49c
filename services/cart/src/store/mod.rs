//! SQL and nothing else.

pub(crate) mod carts;
pub(crate) mod codes;
pub(crate) mod copies;
pub(crate) mod lines;
pub(crate) mod notices;
pub(crate) mod read;
pub(crate) mod wishes;
