//! What the catalogue refuses.

use kernel::{Error, Kind};

/// A refusal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// There is no such product, or it is another vendor's.
    NoSuchProduct,
    /// The product has no such variant on offer.
    NoSuchVariant,
    /// The variant lies in a bundle, so it cannot be one.
    LiesInBundle,
    /// There is no such category.
    NoSuchCategory,
    /// There is no such import, or it is another vendor's.
    NoSuchImport,
    /// An admin has taken the product off sale.
    Blocked,
    /// The category still has children or products.
    CategoryInUse,
    /// The category's name in addresses belongs to another.
    CategorySlugTaken,
    /// Another product took the SKU at the same moment.
    SkuTaken,
    /// The product has as many pictures as it may.
    TooManyPictures,
    /// The vendor keeps as many bytes of pictures as it may.
    MediaQuota,
    /// The vendor has as many imports under way as it may.
    TooManyImports,
    /// The body is not CSV by its content type.
    NotCsv,
    /// There is no such file to import, or it is another vendor's.
    NoSuchFile,
    /// A file to import has more bytes than it may.
    FileTooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// A piece of a file that does not follow the last one, or is not of the size of a piece.
    WrongPiece {
        /// Bytes that are here.
        bytes: u64,
    },
    /// A file that is sold has more bytes than it may.
    DownloadTooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// The variant has as many files as it may.
    TooManyFiles,
    /// The last file of what was on sale: its buyers still need it.
    LastFile,
    /// What is downloaded is no bundle and lies in none.
    NoDownloadInBundles,
    /// The dry run was confirmed before, or its file is not kept any longer.
    CheckOver,
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoSuchProduct => Self::not_found("product"),
            Refused::NoSuchVariant => Self::not_found("variant"),
            Refused::LiesInBundle => Self::conflict(
                "lies_in_bundle",
                "This variant lies in a bundle, and there is no bundle within a bundle. Take it out of that one first.",
            ),
            Refused::NoSuchCategory => Self::not_found("category"),
            Refused::NoSuchImport => Self::not_found("import"),
            Refused::Blocked => Self::conflict(
                "product_withdrawn",
                "The platform has taken this product off sale. It cannot be published.",
            ),
            Refused::CategoryInUse => {
                Self::conflict("category_in_use", "Only a category without products and subcategories can be removed.")
            }
            Refused::CategorySlugTaken => Self::invalid("slug", "Another category has this name in addresses."),
            Refused::SkuTaken => Self::conflict("sku_taken", "Another product took this SKU just now."),
            Refused::TooManyPictures => {
                Self::conflict("too_many_pictures", "A product has at most 20 pictures. Remove one first.")
            }
            Refused::MediaQuota => {
                Self::conflict("media_quota", "This store has used up its room for pictures. Remove some first.")
            }
            Refused::TooManyImports => {
                Self::conflict("imports_under_way", "Several imports are still under way. Wait until one is done.")
            }
            Refused::NoSuchFile => Self::not_found("file"),
            Refused::FileTooLarge { limit } => Self::new(
                Kind::TooLarge,
                "file_too_large",
                format!(
                    "A file to import has at most {} MB. Send it in several, each with whole products.",
                    limit / (1024 * 1024)
                ),
            ),
            Refused::WrongPiece { bytes } => Self::conflict(
                "wrong_piece",
                format!(
                    "{bytes} bytes of the file are here. Send the piece that follows, as long as “piece_bytes” says."
                ),
            ),
            Refused::DownloadTooLarge { limit } => Self::new(
                Kind::TooLarge,
                "file_too_large",
                format!("A file that is sold has at most {} MB.", limit / (1024 * 1024)),
            ),
            Refused::TooManyFiles => Self::conflict(
                "too_many_files",
                "A variant has at most 10 files. Remove one first, or send them as one archive.",
            ),
            Refused::LastFile => Self::conflict(
                "last_file",
                "This was on sale, and whoever has bought it still needs the file. Replace it instead.",
            ),
            Refused::NoDownloadInBundles => Self::conflict(
                "no_download_in_bundles",
                "What is downloaded is no bundle and lies in none: bundles are made of what is sent.",
            ),
            Refused::CheckOver => Self::conflict(
                "check_over",
                "This dry run was confirmed before, or its file is not kept any longer. Send the file again.",
            ),
            Refused::NotCsv => Self::new(Kind::UnsupportedMedia, "not_csv", "Send “Content-Type: text/csv”."),
        }
    }
}
