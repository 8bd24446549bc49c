//! SQL and nothing else.

pub(crate) mod accounts;
pub(crate) mod addresses;
pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod memberships;
pub(crate) mod sessions;
