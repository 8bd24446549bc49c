//! Stores, categories, products and pictures for tests.

use bytes::Bytes;
use contracts::{
    catalog::{CategoryView, ImportFile, ProductCard, ProductEdit, ProductView},
    vendors::{VendorChanged, VendorSnapshot, VendorStatus},
};
use db::params;
use http::Method;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use kernel::{ImportFileId, ImportId, Page, VendorId};
use runtime::ServiceDef;
use serde_json::{Value, json};
use testkit::{Answer, As, TestApp, admin, vendor_owner};

use crate::service;

pub fn under_test() -> Vec<ServiceDef> {
    vec![service(crate::Settings::default())]
}

pub fn vendor(name: &str) -> VendorId {
    VendorId::derived("test", &[name])
}

/// Tells the catalogue of a store.
pub async fn store_is(app: &TestApp, name: &str, status: VendorStatus) -> VendorId {
    let vendor = VendorSnapshot {
        slug: name.parse().unwrap(),
        name: format!("The {name}"),
        status,
        commission_bp: 1000,
        country: "PT".parse().unwrap(),
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    let vendor_id = self::vendor(name);
    app.deliver("catalog", &VendorChanged { vendor_id, vendor }).await;
    vendor_id
}

/// An open store.
pub async fn open_store(app: &TestApp, name: &str) -> VendorId {
    store_is(app, name, VendorStatus::Approved).await
}

/// Adds a category below another.
pub async fn category(app: &TestApp, name: &str, parent: Option<&CategoryView>) -> CategoryView {
    let input = json!({"name": name, "parent_id": parent.map(|p| p.id)});
    app.as_user(&admin()).post("/api/v1/admin/categories", &input).await.expect(201).json()
}

/// Home › Mugs.
pub async fn mugs(app: &TestApp) -> CategoryView {
    let home = category(app, "Home", None).await;
    category(app, "Mugs", Some(&home)).await
}

/// A simple product on sale.
pub fn simple(category: &CategoryView, title: &str, sku: &str, price_minor: i64) -> Value {
    json!({
        "title": title, "category_id": category.id, "currency": "EUR", "status": "published",
        "variants": [{"sku": sku, "price_minor": price_minor}],
    })
}

/// A product on sale in two sizes and two colours, less one.
pub fn optioned(category: &CategoryView, title: &str) -> Value {
    json!({
        "title": title, "summary": "Fits the hand.", "category_id": category.id, "currency": "EUR", "status": "published",
        "description_html": "<p>A <strong>fine</strong> mug.</p><script>alert(1)</script>",
        "attributes": [{"key": "material", "value": "Stoneware"}], "tags": ["gift", "tea"],
        "options": [{"name": "Size", "values": ["S", "L"]}, {"name": "Colour", "values": ["Sand", "Moss"]}],
        "variants": [
            {"sku": "S-SAND", "options": ["S", "Sand"], "price_minor": 1900, "weight_g": 300, "initial_stock": 7},
            {"sku": "S-MOSS", "options": ["S", "Moss"], "price_minor": 1900, "compare_at_minor": 2400},
            {"sku": "L-SAND", "options": ["L", "Sand"], "price_minor": 2500, "barcode": "4006381333931"},
        ],
    })
}

pub fn own(vendor_id: VendorId) -> String {
    format!("/api/v1/vendors/{vendor_id}/products")
}

pub fn owner(app: &TestApp, vendor_id: VendorId) -> As {
    app.as_user(&vendor_owner(vendor_id))
}

/// Creates a product.
pub async fn created(app: &TestApp, vendor_id: VendorId, input: &Value) -> ProductEdit {
    owner(app, vendor_id).post(&own(vendor_id), input).await.expect(201).json()
}

/// A product as its vendor edits it, as JSON that can be changed and sent back.
pub async fn edit(app: &TestApp, product: &ProductEdit) -> ProductEdit {
    let path = format!("{}/{}", own(product.vendor_id), product.id);
    owner(app, product.vendor_id).get(&path).await.expect(200).json()
}

/// Sends a product back.
pub async fn put(app: &TestApp, product: &ProductEdit, input: &Value) -> Answer {
    let path = format!("{}/{}", own(product.vendor_id), product.id);
    owner(app, product.vendor_id).put(&path, input).await
}

pub async fn seen(app: &TestApp, slug: &str) -> ProductView {
    app.guest().get(&format!("/api/v1/products/{slug}")).await.expect(200).json()
}

pub async fn cards(app: &TestApp, query: &str) -> Page<ProductCard> {
    app.guest().get(&format!("/api/v1/products?{query}")).await.expect(200).json()
}

pub fn titles(page: &Page<ProductCard>) -> Vec<&str> {
    page.items.iter().map(|card| card.title.as_str()).collect()
}

/// A picture file.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Bytes {
    let drawn: DynamicImage =
        RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90])).into();
    let mut out = std::io::Cursor::new(Vec::new());
    drawn.write_to(&mut out, format).unwrap();
    out.into_inner().into()
}

pub async fn send(who: &As, path: &str, kind: &str, body: impl Into<Bytes>) -> Answer {
    who.send(Method::POST, path, Some(kind), body.into()).await
}

/// Files to import that are kept.
pub async fn files(app: &TestApp) -> i64 {
    app.count("catalog", "SELECT count(*) FROM import_files").await
}

/// Begins a file to import.
pub async fn file(app: &TestApp, vendor_id: VendorId) -> ImportFile {
    let path = format!("/api/v1/vendors/{vendor_id}/import-files");
    owner(app, vendor_id).post(&path, &()).await.expect(201).json()
}

/// Sends a piece of a file to import.
pub async fn piece(app: &TestApp, vendor_id: VendorId, file: ImportFileId, n: u64, piece: impl Into<Bytes>) -> Answer {
    let path = format!("/api/v1/vendors/{vendor_id}/import-files/{file}/pieces/{n}");
    owner(app, vendor_id).send(Method::PUT, &path, Some("application/octet-stream"), piece.into()).await
}

/// Brings the file of an import back that was worked off.
pub async fn put_back(app: &TestApp, vendor_id: VendorId, import: ImportId, content: &str) {
    let id = file(app, vendor_id).await.id;
    piece(app, vendor_id, id, 0, content.to_owned()).await.expect(200);
    let sql = "UPDATE imports SET file_id = $2 WHERE id = $1";
    app.db("catalog").write(async move |tx| tx.exec(sql, params![import, id]).await).await.unwrap();
}
