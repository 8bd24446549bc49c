//! SQL of the catalogue and nothing else.

pub(crate) mod bundles;
pub(crate) mod cards;
pub(crate) mod categories;
pub(crate) mod fetches;
pub(crate) mod import_categories;
pub(crate) mod import_complaints;
pub(crate) mod import_files;
pub(crate) mod imports;
pub(crate) mod links;
pub(crate) mod listing;
pub(crate) mod products;
pub(crate) mod variant_files;
pub(crate) mod variants;
pub(crate) mod vendors;
