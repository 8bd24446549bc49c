//! Products, variants, categories, pictures.

mod browsing;
mod bulk;
mod bundles;
mod categories;
mod client;
mod editing;
mod events;
mod files;
mod import_pictures;
mod imports;
pub mod limits;
mod pictures;
mod translations;

pub use browsing::{ProductCard, ProductQuery, ProductSort, ProductView, Rating, VariantView, VendorRef};
pub use bulk::{
    BulkDone, BulkEdit, BulkOutcome, BulkPrice, BulkPriceChanged, BulkProduct, BulkStatusChanged, PriceChange,
};
pub use bundles::{BundlePart, BundleUse, BundleView, PartInput, PartView, ProductBundles, SetParts};
pub use categories::{AttributeDef, AttributeKind, CategoryInput, CategoryRef, CategoryView};
pub use client::CatalogClient;
pub use editing::{
    AttributeValue, OwnProductQuery, ProductEdit, ProductInput, ProductOption, ProductStatus, ValueKind, VariantInput,
};
pub use events::{
    ProductChanged, ProductPublished, ProductSale, ProductSaleTold, ProductSnapshot, ProductWithdrawn, VariantSnapshot,
};
pub use files::{FileQuery, FilesWanted, KeptFile, ProductFiles, VariantFile};
pub use import_pictures::{FetchState, ImportPicture, ImportPictureQuery, ImportPictures};
pub use imports::{
    ChooseImportCategories, ChosenImportCategory, FieldChange, ImportCategory, ImportChange, ImportChangeQuery,
    ImportError, ImportFile, ImportFormat, ImportOutcome, ImportQuery, ImportStatus, ImportView,
};
pub use pictures::{ArrangePictures, Picture, PictureSize, PictureText};
pub use translations::{CategoryTexts, ProductTexts, SnapshotTexts, Translations};
