//! One use case per file. Those that run inside somebody else's transaction take the `Tx`; the
//! others open their own.

mod add_picture;
mod arrange_pictures;
mod browse;
mod change_categories;
mod change_product;
mod delete_product;
mod edit_many;
mod export_products;
mod fetch_pictures;
mod follow_others;
mod import_file;
mod import_product;
mod link_products;
mod lookups;
mod plans;
mod retell_category;
mod save_product;
mod schedule;
mod set_parts;
mod start_import;
mod variant_files;
mod withdraw_product;
mod work_import;
mod write_product;

pub(crate) use add_picture::{add_media, add_picture};
pub(crate) use arrange_pictures::arrange_pictures;
pub(crate) use browse::{browse, categories, show_category, show_product};
pub(crate) use change_categories::{add_category, remove_category, update_category};
pub(crate) use change_product::{create_product, update_product};
pub(crate) use delete_product::delete_product;
pub(crate) use edit_many::edit_many;
pub(crate) use export_products::export_products;
pub(crate) use fetch_pictures::fetch_pictures;
pub(crate) use follow_others::{follow_offers, follow_rating, follow_stock, follow_vendor};
pub(crate) use import_file::{begin_file, forget_file, put_piece, remove_pieces};
pub(crate) use lookups::Lookups;
pub(crate) use plans::Plans;
pub(crate) use retell_category::retell_category;
pub(crate) use save_product::save;
pub(crate) use schedule::keep_schedule;
pub(crate) use set_parts::{set_parts, show_bundles};
pub(crate) use start_import::{confirm_import, start_import};
pub(crate) use variant_files::{add_file, kept_files, remove_file, replace_file, show_files};
pub(crate) use withdraw_product::{reinstate_product, withdraw_product};
pub(crate) use work_import::work_import;
