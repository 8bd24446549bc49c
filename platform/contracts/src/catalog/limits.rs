//! How much a field takes, in characters or in entries: for the rules of the contracts, for forms, and for readers
//! of files, who shorten what is longer.

/// Most characters of a product's title.
pub const TITLE_MAX: usize = 140;
/// Most characters of a product's summary.
pub const SUMMARY_MAX: usize = 300;
/// Most characters of a product's description, as HTML.
pub const DESCRIPTION_MAX: usize = 20_000;
/// Most characters of a tag.
pub const TAG_MAX: usize = 40;
/// Most tags of a product.
pub const TAGS_MAX: usize = 20;
/// Most characters of a SKU.
pub const SKU_MAX: usize = 60;
/// Most characters of an EAN, UPC or the like.
pub const BARCODE_MAX: usize = 40;
/// Most characters of an option's name.
pub const OPTION_MAX: usize = 40;
/// Most characters of the key of an attribute.
pub const KEY_MAX: usize = 40;
/// Most characters of the label of an attribute.
pub const LABEL_MAX: usize = 60;
/// Most characters of the value of an attribute.
pub const FACT_MAX: usize = 200;
/// Most characters of a brand.
pub const BRAND_MAX: usize = 60;
/// Most characters of a title for search engines.
pub const SEO_TITLE_MAX: usize = 70;
/// Most characters of a description for search engines.
pub const SEO_DESCRIPTION_MAX: usize = 320;
/// Most products that a product names as related.
pub const RELATED_MAX: usize = 12;
/// Most attributes of a product, and most that a category and those above it ask for.
pub const FACTS_MAX: usize = 40;
/// Most characters of a unit.
pub const UNIT_MAX: usize = 12;
/// Most languages into which a product or a category is translated.
pub const TRANSLATIONS_MAX: usize = 16;
/// Most pictures of a product.
pub const PICTURES_MAX: usize = 20;
/// Most different parts of a bundle.
pub const PARTS_MAX: usize = 20;
/// Most pieces of one part in a bundle.
pub const PART_QUANTITY_MAX: i64 = 1_000;
/// Most files of a variant that is downloaded.
pub const FILES_MAX: usize = 10;
/// Most characters of the name of such a file.
pub const FILE_NAME_MAX: usize = 120;
/// Bytes of a piece of a file to import, and the most of one of its rows.
pub const IMPORT_PIECE: usize = 4 * 1024 * 1024;
/// Most characters of what a picture shows.
pub const ALT_MAX: usize = 200;
/// Products that are changed at once.
pub const BULK_MAX: usize = 100;
/// Categories without a namesake that an import lists.
pub const IMPORT_CATEGORIES_MAX: usize = 200;
/// Complaints of an import that its file of them has.
pub const IMPORT_COMPLAINTS_MAX: i64 = 100_000;
/// Most of a variant that it begins with.
pub const INITIAL_STOCK_MAX: i64 = 1_000_000;
