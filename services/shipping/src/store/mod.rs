//! SQL and nothing else.

pub(crate) mod claims;
pub(crate) mod methods;
pub(crate) mod shipments;
pub(crate) mod vendors;
