//! Administration.

pub mod home;
