//! The pages: what each one shows, as plain structs over templates, one file per page.

pub mod admin;
pub mod components;
pub mod shop;
pub mod vendor;
