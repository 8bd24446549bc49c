//! The pages of Souk: storefront, account, vendor portal and admin. No domain tables live here.
//!
//! Pages are [askama] templates over plain view models. [`ui`] holds the components, each a
//! small struct with a template of its own that prints itself escaped; [`chart`] draws, [`fmt`]
//! writes money and time for a reader, [`assets`] serves what the pages link to. How to build a
//! page from them is told in `templates/README.md`.

pub mod assets;
pub mod chart;
pub mod fmt;
pub mod htmx;
pub mod pages;
pub mod ui;
