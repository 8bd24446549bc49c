//! The typed client.

use bytes::Bytes;
use kernel::{
    CategoryId, Identity, ImportFileId, ImportId, Page, PageRequest, ProductId, Result, VariantFileId, VariantId,
    VendorId,
};

use super::{
    browsing::{ProductCard, ProductQuery, ProductView},
    bulk::{BulkDone, BulkEdit},
    bundles::{BundleView, ProductBundles, SetParts},
    categories::{CategoryInput, CategoryView},
    editing::{OwnProductQuery, ProductEdit, ProductInput},
    files::{FileQuery, FilesWanted, KeptFile, ProductFiles, VariantFile},
    import_pictures::{ImportPicture, ImportPictureQuery},
    imports::{ChooseImportCategories, ImportChange, ImportChangeQuery, ImportFile, ImportQuery, ImportView},
    pictures::ArrangePictures,
};
use crate::client::{Call, Method};

client! {
    /// Client of the catalogue. Pictures and CSV files travel as raw calls
    /// (`POST /api/v1/vendors/{vendor_id}/products/{id}/pictures` with an image body and an `Alt` header,
    /// `POST /api/v1/vendors/{vendor_id}/media`, `POST /api/v1/vendors/{vendor_id}/imports?dry_run=&currency=&category=` with `text/csv`,
    /// `GET /api/v1/vendors/{vendor_id}/products.csv`).
    CatalogClient for "catalog" {
        /// Category tree, parents before children.
        get categories() => Vec<CategoryView>, "/api/v1/categories";
        /// A category, by a name it has or had in addresses.
        get category(slug: &str) => CategoryView, "/api/v1/categories/{slug}";
        /// Adds a category (admins).
        post add_category() body CategoryInput => CategoryView, "/api/v1/admin/categories";
        /// Changes a category (admins).
        put update_category(id: CategoryId) body CategoryInput => CategoryView, "/api/v1/admin/categories/{id}";
        /// Removes an empty category (admins).
        delete remove_category(id: CategoryId) => (), "/api/v1/admin/categories/{id}";
        /// Products on sale.
        get products() query ProductQuery => Page<ProductCard>, "/api/v1/products";
        /// A product on sale.
        get product(slug: &str) => ProductView, "/api/v1/products/{slug}";
        /// A vendor's products.
        get own_products(vendor_id: VendorId) query OwnProductQuery => Page<ProductEdit>, "/api/v1/vendors/{vendor_id}/products";
        /// Creates a product.
        post create_product(vendor_id: VendorId) body ProductInput => ProductEdit, "/api/v1/vendors/{vendor_id}/products";
        /// Changes many products at once; wants an idempotency key.
        post edit_products(vendor_id: VendorId) body BulkEdit => BulkDone, "/api/v1/vendors/{vendor_id}/products/bulk";
        /// One of a vendor's products.
        get own_product(vendor_id: VendorId, id: ProductId) => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Changes a product.
        put update_product(vendor_id: VendorId, id: ProductId) body ProductInput => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Deletes a draft; archives what was ever on sale.
        delete delete_product(vendor_id: VendorId, id: ProductId) => (), "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Orders, describes and removes pictures.
        put arrange_pictures(vendor_id: VendorId, id: ProductId) body ArrangePictures => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}/pictures";
        /// What bundles have to do with a product: which of its variants are some, and in which they lie.
        get bundles(vendor_id: VendorId, id: ProductId) => ProductBundles, "/api/v1/vendors/{vendor_id}/products/{id}/bundles";
        /// Makes a variant a bundle, or an ordinary one again.
        put set_parts(vendor_id: VendorId, id: ProductId, variant_id: VariantId) body SetParts => BundleView, "/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/parts";
        /// Files of a product's variants that are downloaded.
        get files(vendor_id: VendorId, id: ProductId) => ProductFiles, "/api/v1/vendors/{vendor_id}/products/{id}/files";
        /// Adds a file that is here to a variant, which makes it one that is downloaded.
        post add_file(vendor_id: VendorId, id: ProductId, variant_id: VariantId) query FileQuery => VariantFile, "/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files";
        /// Puts a file that is here in the place of another.
        put replace_file(vendor_id: VendorId, id: ProductId, variant_id: VariantId, file_id: VariantFileId) query FileQuery => VariantFile, "/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files/{file_id}";
        /// Removes a file; the last one only before its product was ever on sale.
        delete remove_file(vendor_id: VendorId, id: ProductId, variant_id: VariantId, file_id: VariantFileId) => (), "/api/v1/vendors/{vendor_id}/products/{id}/variants/{variant_id}/files/{file_id}";
        /// Files of variants that were bought, for the service that hands them to buyers.
        post kept_files() body FilesWanted => Vec<KeptFile>, "/internal/files";
        /// Begins a file to import that comes in pieces; see [`CatalogClient::put_piece`].
        post begin_import_file(vendor_id: VendorId) => ImportFile, "/api/v1/vendors/{vendor_id}/import-files";
        /// Imports a file that is here.
        post start_import(vendor_id: VendorId) query ImportQuery => ImportView, "/api/v1/vendors/{vendor_id}/imports";
        /// Writes what a dry run has found.
        post confirm_import(vendor_id: VendorId, id: ImportId) => ImportView, "/api/v1/vendors/{vendor_id}/imports/{id}/confirmation";
        /// Remembers which categories here are meant by those of a checked file, and checks it again.
        post choose_import_categories(vendor_id: VendorId, id: ImportId) body ChooseImportCategories => ImportView, "/api/v1/vendors/{vendor_id}/imports/{id}/categories";
        /// Imports of a vendor, newest first.
        get imports(vendor_id: VendorId) query PageRequest => Page<ImportView>, "/api/v1/vendors/{vendor_id}/imports";
        /// One import.
        get import(vendor_id: VendorId, id: ImportId) => ImportView, "/api/v1/vendors/{vendor_id}/imports/{id}";
        /// What an import does to each product.
        get import_changes(vendor_id: VendorId, id: ImportId) query ImportChangeQuery => Page<ImportChange>, "/api/v1/vendors/{vendor_id}/imports/{id}/changes";
        /// Pictures that an import fetches.
        get import_pictures(vendor_id: VendorId, id: ImportId) query ImportPictureQuery => Page<ImportPicture>, "/api/v1/vendors/{vendor_id}/imports/{id}/pictures";
        /// All products, for admins.
        get all_products() query OwnProductQuery => Page<ProductEdit>, "/api/v1/admin/products";
        /// Takes a product off sale and keeps it off (admins).
        post withdraw(id: ProductId) => ProductEdit, "/api/v1/admin/products/{id}/withdraw";
        /// Lets its vendor publish it again (admins).
        post reinstate(id: ProductId) => ProductEdit, "/api/v1/admin/products/{id}/reinstate";
    }
}

impl CatalogClient {
    /// Adds a piece to a file to import. Pieces count from 0 and come in their order.
    pub async fn put_piece(
        &self,
        who: &Identity,
        vendor_id: VendorId,
        file: ImportFileId,
        number: u64,
        piece: Bytes,
    ) -> Result<ImportFile> {
        let path = format!("/api/v1/vendors/{vendor_id}/import-files/{file}/pieces/{number}");
        let mut call = Call::new(Method::put, path, who.clone());
        call.headers.push(("content-type", "application/octet-stream".to_owned()));
        call.body = piece;
        call.timeout = PIECE_PATIENCE;
        self.0.send(call).await
    }
}

/// How long a piece may take to be kept.
const PIECE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
