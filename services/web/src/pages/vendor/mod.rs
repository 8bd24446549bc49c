//! The vendor portal.

pub mod home;
pub mod products;
