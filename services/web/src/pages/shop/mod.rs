//! The storefront.

pub mod cart;
pub mod checkout;
pub mod home;
pub mod listing;
pub mod order;
pub mod product;
