//! SQL and nothing else.

pub(crate) mod carrier_rates;
pub(crate) mod charges;
pub(crate) mod claims;
pub(crate) mod labels;
pub(crate) mod methods;
pub(crate) mod news;
pub(crate) mod senders;
pub(crate) mod shipments;
pub(crate) mod vendors;
pub(crate) mod withdrawn;
