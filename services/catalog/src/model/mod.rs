//! Products and categories: types and rules, pure.

mod attributes;
mod bulk;
mod category;
mod diff;
mod draft;
mod product;
mod sale;
mod text;
mod translations;

pub(crate) use attributes::{asked, fit, is_alike, is_facet, missing};
pub(crate) use bulk::{apply_bulk, bulk_refused, bulk_saved, check_bulk};
pub(crate) use category::{Category, Tree, check_category, path_key};
pub(crate) use diff::diff;
pub(crate) use draft::Draft;
pub(crate) use product::{
    Happened, Merged, Offer, Product, Stored, StoredPicture, Variant, Vendor, due, happened, left_of, level_of, merge,
    rating_key, status_text,
};
pub(crate) use sale::{SaleDraft, near_part, part_off};
pub(crate) use text::{Html, numbered_slug, sanitise};
pub(crate) use translations::{say_category, say_product, strange_languages, told as told_translations};
