//! Products, variants, categories, pictures.

use garde::Validate;
use kernel::{
    CategoryId, Currency, ImportId, MediaId, Money, Page, PageRequest, ProductId, Slug, Timestamp, VariantId, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::StockLevel;

/// Whether buyers see a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductStatus {
    /// Being prepared.
    Draft,
    /// On sale, if the store is open.
    Published,
    /// Taken off sale, kept for old orders.
    Archived,
}

/// Kind of value an attribute of a category takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum AttributeKind {
    /// Free text.
    Text,
    /// A number, optionally with a unit.
    Number {
        /// `cm`, `g`, `W` …
        #[serde(default)]
        unit: Option<String>,
    },
    /// One of some words.
    Choice {
        /// The words.
        options: Vec<String>,
    },
    /// `yes` or `no`.
    YesNo,
}

/// An attribute that products of a category have; each becomes a facet of search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AttributeDef {
    /// `material`
    #[garde(length(chars, min = 1, max = 40))]
    pub key: String,
    /// `Material`
    #[garde(length(chars, min = 1, max = 60))]
    pub label: String,
    /// What values it takes.
    #[garde(skip)]
    pub kind: AttributeKind,
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryView {
    /// Id.
    pub id: CategoryId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Parent; none for the top level.
    pub parent_id: Option<CategoryId>,
    /// Order among its siblings.
    pub position: i64,
    /// Picture address.
    pub picture_url: Option<String>,
    /// Attributes its products have.
    pub attributes: Vec<AttributeDef>,
}

/// Adds or changes a category (admins).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct CategoryInput {
    /// Name.
    #[garde(length(chars, min = 1, max = 80))]
    pub name: String,
    /// Name in addresses; made from the name if left out.
    #[serde(default)]
    #[garde(skip)]
    pub slug: Option<Slug>,
    /// A sentence about it.
    #[serde(default)]
    #[garde(length(chars, max = 500))]
    pub description: String,
    /// Parent.
    #[serde(default)]
    #[garde(skip)]
    pub parent_id: Option<CategoryId>,
    /// Order among its siblings.
    #[serde(default)]
    #[garde(range(min = 0, max = 10_000))]
    pub position: i64,
    /// Picture address in the media store.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub picture_url: Option<String>,
    /// Attributes its products have.
    #[serde(default)]
    #[garde(length(max = 30), dive)]
    pub attributes: Vec<AttributeDef>,
}

/// A fact about a product: `Material: Stoneware`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct AttributeValue {
    /// Key of the category's attribute, or a new one (then it is not a facet).
    #[garde(length(chars, min = 1, max = 40))]
    pub key: String,
    /// Label to show; taken from the category if left out.
    #[serde(default)]
    #[garde(length(chars, max = 60))]
    pub label: String,
    /// Value, as text; numbers with a decimal point.
    #[garde(length(chars, min = 1, max = 200))]
    pub value: String,
    /// Unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = 12))]
    pub unit: Option<String>,
}

/// Something to choose: `Colour: Sand, Moss, Ink`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProductOption {
    /// `Colour`
    #[garde(length(chars, min = 1, max = 40))]
    pub name: String,
    /// The choices.
    #[garde(length(min = 1, max = 60), inner(length(chars, min = 1, max = 60)))]
    pub values: Vec<String>,
}

/// A variant in a [`ProductInput`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// The variant to change; left out for a new one.
    #[serde(default)]
    #[garde(skip)]
    pub id: Option<VariantId>,
    /// Stock keeping unit, unique within the store.
    #[garde(length(chars, min = 1, max = 60))]
    pub sku: String,
    /// One value per option, in their order.
    #[serde(default)]
    #[garde(length(max = 3))]
    pub options: Vec<String>,
    /// Price with tax in minor units of the product's currency.
    #[garde(range(min = 0, max = 100_000_000))]
    pub price_minor: i64,
    /// The price before, to be shown struck.
    #[serde(default)]
    #[garde(range(min = 0, max = 100_000_000))]
    pub compare_at_minor: Option<i64>,
    /// Weight with packaging.
    #[serde(default)]
    #[garde(range(min = 0, max = 1_000_000))]
    pub weight_g: i64,
    /// EAN, UPC or the like.
    #[serde(default)]
    #[garde(length(chars, max = 40))]
    pub barcode: Option<String>,
    /// Stock of a new variant; afterwards the stock belongs to `inventory`.
    #[serde(default)]
    #[garde(range(min = 0, max = 1_000_000))]
    pub initial_stock: Option<i64>,
}

/// Creates or changes a product.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ProductInput {
    /// Title.
    #[garde(length(chars, min = 2, max = 140))]
    pub title: String,
    /// Name in addresses; made from the title if left out.
    #[serde(default)]
    #[garde(skip)]
    pub slug: Option<Slug>,
    /// One or two sentences.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub summary: String,
    /// HTML; sanitised (paragraphs, lists, emphasis, links).
    #[serde(default)]
    #[garde(length(chars, max = 20_000))]
    pub description_html: String,
    /// Category.
    #[garde(skip)]
    pub category_id: CategoryId,
    /// Currency of its prices.
    #[garde(skip)]
    pub currency: Currency,
    /// Facts.
    #[serde(default)]
    #[garde(length(max = 40), dive)]
    pub attributes: Vec<AttributeValue>,
    /// Choices; none for a simple product.
    #[serde(default)]
    #[garde(length(max = 3), dive)]
    pub options: Vec<ProductOption>,
    /// What can be bought; one for a simple product.
    #[garde(length(min = 1, max = 200), dive)]
    pub variants: Vec<VariantInput>,
    /// Free words.
    #[serde(default)]
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 40)))]
    pub tags: Vec<String>,
    /// Whether buyers see it.
    #[garde(skip)]
    pub status: ProductStatus,
}

/// A stored picture in its sizes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// Id.
    pub id: MediaId,
    /// What it shows, for those who cannot see it.
    pub alt: String,
    /// Width of the largest size, in pixels.
    pub width: u32,
    /// Height of the largest size, in pixels.
    pub height: u32,
    /// Available sizes, smallest first.
    pub sizes: Vec<PictureSize>,
}

/// One size of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PictureSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Address; its content never changes.
    pub url: String,
}

/// The store of a product, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorRef {
    /// Id.
    pub id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
}

/// A category, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CategoryRef {
    /// Id.
    pub id: CategoryId,
    /// Name in addresses.
    pub slug: Slug,
    /// Name.
    pub name: String,
}

/// Average rating of a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rating {
    /// Hundredths of stars: 437 is 4.37.
    pub average_x100: u32,
    /// Number of reviews.
    pub count: u32,
}

/// A variant as buyers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VariantView {
    /// Id.
    pub id: VariantId,
    /// SKU.
    pub sku: String,
    /// One value per option.
    pub options: Vec<String>,
    /// What it costs now, discounts applied.
    pub price: Money,
    /// The price to show struck, if it is reduced.
    pub compare_at: Option<Money>,
    /// Why it is reduced: name of the discount.
    pub offer: Option<String>,
    /// Whether it can be had.
    pub stock: StockLevel,
    /// Weight with packaging.
    pub weight_g: i64,
}

/// A product as buyers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductView {
    /// Id.
    pub id: ProductId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Sanitised HTML.
    pub description_html: String,
    /// Store.
    pub vendor: VendorRef,
    /// From the top of the tree to its own category.
    pub categories: Vec<CategoryRef>,
    /// Facts.
    pub attributes: Vec<AttributeValue>,
    /// Choices.
    pub options: Vec<ProductOption>,
    /// What can be bought.
    pub variants: Vec<VariantView>,
    /// Pictures, the first is the main one.
    pub pictures: Vec<Picture>,
    /// Free words.
    pub tags: Vec<String>,
    /// Rating.
    pub rating: Rating,
    /// On sale since.
    pub published_at: Option<Timestamp>,
}

/// A product in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductCard {
    /// Id.
    pub id: ProductId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// Store.
    pub vendor: VendorRef,
    /// Price of the cheapest variant, discounts applied.
    pub price: Money,
    /// True if other variants cost more.
    pub price_varies: bool,
    /// The price to show struck, if it is reduced.
    pub compare_at: Option<Money>,
    /// Main picture.
    pub picture: Option<Picture>,
    /// Rating.
    pub rating: Rating,
    /// Whether any variant can be had.
    pub stock: StockLevel,
    /// The one variant of a simple product, so that it can be put into the cart from a list.
    pub single_variant_id: Option<VariantId>,
}

/// Filters the public list of products (browsing; for words use `search`).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ProductQuery {
    /// Slug of a category; its children count.
    #[serde(default)]
    pub category: Option<String>,
    /// Slug of a store.
    #[serde(default)]
    pub vendor: Option<String>,
    /// Only these, at most 100, in the order named; those not on sale are left out, and nothing else counts.
    #[serde(default, rename = "id")]
    #[schemars(length(max = 100))]
    pub ids: Vec<ProductId>,
    /// Order.
    #[serde(default)]
    pub sort: Option<ProductSort>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ProductQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Order of the public list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductSort {
    /// Newest first.
    #[default]
    Newest,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Best rated first.
    Rating,
}

/// A product as its vendor edits it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ProductEdit {
    /// Id.
    pub id: ProductId,
    /// Store.
    pub vendor_id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// What can be changed; send it back with `If-Match: "{version}"`.
    pub input: ProductInput,
    /// Pictures.
    pub pictures: Vec<Picture>,
    /// Stock levels of the variants, in the order of `input.variants`.
    pub stock: Vec<StockLevel>,
    /// True while an admin keeps it off sale: it cannot be published.
    #[serde(default)]
    pub withdrawn: bool,
    /// Changed at.
    pub updated_at: Timestamp,
    /// Created at.
    pub created_at: Timestamp,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Filters a vendor's own list of products.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct OwnProductQuery {
    /// Part of title or SKU.
    #[serde(default)]
    pub q: Option<String>,
    /// Only these.
    #[serde(default)]
    pub status: Option<ProductStatus>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl OwnProductQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Order and texts of a product's pictures.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ArrangePictures {
    /// All pictures to keep, in order.
    #[garde(length(max = 20), dive)]
    pub pictures: Vec<PictureText>,
}

/// Text of one picture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PictureText {
    /// Picture.
    #[garde(skip)]
    pub id: MediaId,
    /// What it shows.
    #[garde(length(chars, max = 200))]
    pub alt: String,
}

/// An import of a CSV file, and how far it has come.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct ImportView {
    /// Id.
    pub id: ImportId,
    /// True if nothing is to be written.
    pub dry_run: bool,
    /// Where it stands.
    pub status: ImportStatus,
    /// Rows read so far.
    pub rows: i64,
    /// Rows in the file, once counted.
    pub rows_total: i64,
    /// Products created (or that would be).
    pub created: i64,
    /// Products changed (or that would be).
    pub updated: i64,
    /// Products that were already like that.
    pub unchanged: i64,
    /// Products that could not be taken.
    #[serde(default)]
    pub failed: i64,
    /// What is wrong, first 200.
    pub errors: Vec<ImportError>,
    /// What was taken otherwise than it stands in the file, and what is left to do by hand; first 200.
    #[serde(default)]
    pub notes: Vec<ImportError>,
    /// Whose format the file has, once that is known.
    #[serde(default)]
    pub format: Option<ImportFormat>,
    /// Columns of the file that nothing was made of.
    #[serde(default)]
    pub ignored_columns: Vec<String>,
    /// Pictures that the file names by address.
    #[serde(default)]
    pub pictures: ImportPictures,
    /// Started at.
    pub created_at: Timestamp,
}

/// Whose format a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportFormat {
    /// This market's own, as it is exported here.
    Own,
    /// Shopify's export of products.
    Shopify,
    /// WooCommerce's export of products.
    Woocommerce,
}

/// How many pictures of an import are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPictures {
    /// Still to be fetched.
    pub waiting: i64,
    /// Kept with their products.
    pub kept: i64,
    /// Could not be had.
    pub failed: i64,
}

/// A picture that an import is to fetch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPicture {
    /// Product it belongs to.
    pub product_id: ProductId,
    /// Title of the product.
    pub title: String,
    /// Where it is fetched from.
    pub url: String,
    /// Where it stands.
    pub state: FetchState,
    /// Why it could not be had yet, or at all.
    pub reason: String,
}

/// Where a picture stands that is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FetchState {
    /// To be fetched, for the first time or again.
    Waiting,
    /// Kept with its product.
    Kept,
    /// Given up.
    Failed,
}

/// Narrows the pictures of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportPictureQuery {
    /// Only these.
    #[serde(default)]
    pub state: Option<FetchState>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ImportPictureQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// What an import does to one product, or would do. Kept of the first 200 with each outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportChange {
    /// First row of the product in the file.
    pub row: i64,
    /// What the file calls the product.
    pub handle: String,
    /// Its title; empty if it could not be read.
    pub title: String,
    /// What happens.
    pub outcome: ImportOutcome,
    /// What differs, at most 40 entries.
    pub fields: Vec<FieldChange>,
}

/// What an import does to a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It is new.
    Created,
    /// It changes.
    Updated,
    /// It is like that already.
    Unchanged,
    /// It cannot be taken; the import's errors say why.
    Failed,
}

/// What is different about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// `title`, `category`, `variant M-L` …
    pub field: String,
    /// What it was, shortened; none if there was nothing.
    pub before: Option<String>,
    /// What it becomes, shortened; none if nothing is left.
    pub after: Option<String>,
}

/// Narrows the changes of an import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportChangeQuery {
    /// Only these.
    #[serde(default)]
    pub outcome: Option<ImportOutcome>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

impl ImportChangeQuery {
    /// The paging part.
    pub fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: self.after.clone() }
    }
}

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Waits for its turn.
    Queued,
    /// Under way.
    Running,
    /// Done; rows with errors were left out.
    Done,
    /// The file cannot be read at all.
    Failed,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ImportError {
    /// Row, counted from 1 with the header.
    pub row: i64,
    /// Column name; empty for the whole row.
    pub column: String,
    /// What is wrong and how to mend it.
    pub reason: String,
}

/// How to import.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct ImportQuery {
    /// True shows what would happen and writes nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Currency of the prices in a file of another shop system, which does not say it. Left out: products that
    /// are here keep theirs, new ones get that of most of the vendor's products, or EUR.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// For a file of another shop system: name in addresses of the category for new products whose own has no
    /// namesake here.
    #[serde(default)]
    pub category: Option<String>,
}

/// What other services keep of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantSnapshot {
    /// Id.
    pub id: VariantId,
    /// SKU.
    pub sku: String,
    /// One value per option.
    pub options: Vec<String>,
    /// List price.
    pub price: Money,
    /// Price before.
    pub compare_at: Option<Money>,
    /// Weight.
    pub weight_g: i64,
    /// Stock it begins with.
    pub initial_stock: Option<i64>,
}

/// What other services keep of a product. Every product event carries it whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductSnapshot {
    /// Store.
    pub vendor_id: VendorId,
    /// Name in addresses.
    pub slug: Slug,
    /// Title.
    pub title: String,
    /// Summary.
    pub summary: String,
    /// Description without markup.
    pub description_text: String,
    /// From the top of the tree to its own category.
    pub categories: Vec<CategoryRef>,
    /// Facts.
    pub attributes: Vec<AttributeValue>,
    /// Names of its options.
    pub option_names: Vec<String>,
    /// Variants.
    pub variants: Vec<VariantSnapshot>,
    /// Free words.
    pub tags: Vec<String>,
    /// Main picture.
    pub picture: Option<Picture>,
    /// Whether it is on sale.
    pub status: ProductStatus,
    /// On sale since.
    pub published_at: Option<Timestamp>,
}

/// A product came on sale.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductPublished {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

/// A product changed, in whatever status.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductChanged {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

/// A product was taken off sale.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ProductWithdrawn {
    /// Product.
    pub product_id: ProductId,
    /// State after.
    pub product: ProductSnapshot,
}

events! { "product" by product_id {
    ProductPublished = "product.published";
    ProductChanged = "product.changed";
    ProductWithdrawn = "product.withdrawn";
} }

client! {
    /// Client of the catalogue. Pictures and CSV files travel as raw calls
    /// (`POST /api/v1/vendors/{vendor_id}/products/{id}/pictures` with an image body and an `Alt` header,
    /// `POST /api/v1/vendors/{vendor_id}/media`, `POST /api/v1/vendors/{vendor_id}/imports?dry_run=&currency=&category=` with `text/csv`,
    /// `GET /api/v1/vendors/{vendor_id}/products.csv`).
    CatalogClient for "catalog" {
        /// Category tree, parents before children.
        get categories() => Vec<CategoryView>, "/api/v1/categories";
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
        /// One of a vendor's products.
        get own_product(vendor_id: VendorId, id: ProductId) => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Changes a product.
        put update_product(vendor_id: VendorId, id: ProductId) body ProductInput => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Deletes a draft; archives what was ever on sale.
        delete delete_product(vendor_id: VendorId, id: ProductId) => (), "/api/v1/vendors/{vendor_id}/products/{id}";
        /// Orders, describes and removes pictures.
        put arrange_pictures(vendor_id: VendorId, id: ProductId) body ArrangePictures => ProductEdit, "/api/v1/vendors/{vendor_id}/products/{id}/pictures";
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
