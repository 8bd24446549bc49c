//! Downloads: the files of a product in the portal, what a buyer finds on the page of an order.

use contracts::{
    catalog::{ProductFiles, VariantFile},
    orders::{Download, OrderDownloads, OrderStatus, OrderView, VendorOrderStatus},
};
use kernel::{LineId, VariantFileId, VendorRole};
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

fn file_id(name: &str) -> VariantFileId {
    VariantFileId::derived("test", &[name])
}

fn file(name: &str, bytes: i64) -> VariantFile {
    let (id, updated_at) = (file_id(name), at("2026-01-15T10:00:00Z"));
    VariantFile { id, variant_id: variant("Small"), name: name.to_owned(), bytes, updated_at }
}

/// The page of the files, and the API's address of them and of those of its variant.
fn paths() -> (String, String, String) {
    let product = product_id("Small");
    let of_product = product_path(product);
    let of_variant = format!("{of_product}/variants/{}/files", variant("Small"));
    (format!("/vendor/{}/products/{product}/files", kiln()), format!("GET {of_product}/files"), of_variant)
}

#[tokio::test]
async fn vendors_see_replace_and_remove_the_files_of_a_product() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (page, list, of_variant) = paths();
    stage.says(&format!("GET {}", product_path(product_id("Small"))), edit("Small", 900));
    stage.says(&list, ProductFiles { files: Vec::new(), limit_bytes: 500_000_000 });
    let empty = ines.get(&page).await.expect(200);
    empty.says(&["Downloads of “The &#60;Small&#62;”", "No files: it is sent.", "up to 500 MB", "multipart/form-data"]);

    let files = vec![file("<hat>.pdf", 34_100), file("socks.pdf", 12_400_000)];
    stage.says(&list, ProductFiles { files, limit_bytes: 500_000_000 });
    ines.get(&page)
        .await
        .expect(200)
        .says(&["&#60;hat&#62;.pdf", "35 KB", "Replace socks.pdf", "12 MB", "Remove socks.pdf"])
        .never_says(&["No files: it is sent."]);

    // Another in the place of one of them: its bytes go to the catalogue, then it is handed over by the name of the file.
    let kept = kernel::ImportFileId::derived("t", &["file"]);
    let imports = format!("/api/v1/vendors/{}/import-files", kiln());
    let told = json!({"id": kept, "bytes": 4, "piece_bytes": 4_194_304, "limit_bytes": 500_000_000});
    stage.answers(&format!("POST {imports}"), 201, &told);
    let piece = format!("PUT {imports}/{kept}/pieces/0");
    stage.says(&piece, &told);
    let put = format!("PUT {of_variant}/{}", file_id("socks.pdf"));
    stage.says(&put, file("socks-2.pdf", 4));
    let (variant_id, old) = (variant("Small").to_string(), file_id("socks.pdf").to_string());
    let fields = [("variant", variant_id.as_str()), ("instead_of", old.as_str())];
    ines.upload(&page, &fields, &[("file-x", "socks-2.pdf", "knit")]).await.leads_to(&page);
    stage.asked_once(&piece);
    assert_eq!(stage.asked_once(&put).query, format!("name=socks-2.pdf&file={kept}"));
    ines.get(&page).await.expect(200).says(&["socks-2.pdf is there."]);
    ines.upload(&page, &fields[..1], &[]).await.leads_to(&page);
    ines.get(&page).await.expect(200).says(&["Choose a file first."]);
    assert_eq!(stage.asked(&format!("POST {of_variant}")).len(), 0);

    let gone = format!("DELETE {of_variant}/{old}");
    stage.refuses(&gone, 409, "last_file", "The last file stays.", &[]);
    let remove = [("variant", variant_id.as_str()), ("file", old.as_str())];
    ines.post(&format!("{page}/remove"), &remove).await.leads_to(&page);
    ines.get(&page).await.expect(200).says(&["The last file stays."]);
    stage.answers(&gone, 204, json!(null));
    ines.post(&format!("{page}/remove"), &remove).await.leads_to(&page);
    ines.get(&page).await.expect(200).says(&["The file was removed."]);
    assert_eq!(stage.asked(&gone).len(), 2);
}

/// A paid order of one pattern, which is downloaded.
fn bought() -> OrderView {
    let mut order = order(OrderStatus::Completed, VendorOrderStatus::Delivered);
    order.paid_at = Some(at("2026-01-15T12:00:00Z"));
    order.can_cancel = false;
    order.vendor_orders[0].lines[0].digital = true;
    order
}

fn download(left: i64) -> OrderDownloads {
    let line_id = LineId::derived("test", &["line"]);
    let (name, link) = ("<hat>.pdf".to_owned(), "/api/v1/downloads/fresh".to_owned());
    let expires_at = at("2026-01-16T12:00:00Z");
    let title = "The Small, Blue".to_owned();
    let file_id = file_id("hat");
    OrderDownloads { files: vec![Download { line_id, title, file_id, name, bytes: 34_100, left, link, expires_at }] }
}

#[tokio::test]
async fn buyers_get_a_fresh_link_from_the_page_of_the_order() {
    let stage = Stage::new().await;
    let api = format!("GET /api/v1/orders/{}", order_id());
    stage.says(&api, bought());
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says(&format!("{api}/downloads"), download(19));
    let page = format!("/orders/{}", order_id());
    let fetch = format!("{page}/downloads/{}/{}", LineId::derived("test", &["line"]), file_id("hat"));
    let mut ada = stage.logged_in("Ada").await;
    let shown = ada.get(&page).await.expect(200);
    shown
        .says(&["id=\"h-downloads\"", &fetch, "&#60;hat&#62;.pdf", "The Small, Blue · 35 KB · 19\u{a0}downloads left"])
        .says(&["There to be downloaded", "everything is there to be downloaded"])
        .never_says(&["/api/v1/downloads/", "Being packed"]);
    ada.get(&fetch).await.leads_to("/api/v1/downloads/fresh");
    let other = format!("{page}/downloads/{}/{}", LineId::derived("test", &["line"]), file_id("another"));
    ada.get(&other).await.expect(404);

    // As often as it can be: no link that would be refused.
    stage.says(&format!("{api}/downloads"), download(0));
    ada.get(&page).await.expect(200).says(&["downloaded as often as it can be"]);
    ada.get(&fetch).await.leads_to(&page);
    ada.get(&page).await.expect(200).says(&["Write to the shop if you need it again."]);
    // While nobody says what there is, the page goes without.
    stage.answers(&format!("{api}/downloads"), 503, json!({}));
    ada.get(&page).await.expect(200).never_says(&["h-downloads"]);
}

#[tokio::test]
async fn nothing_is_downloaded_before_it_is_paid() {
    let stage = Stage::new().await;
    let api = format!("GET /api/v1/orders/{}", order_id());
    let mut open = order(OrderStatus::AwaitingPayment, VendorOrderStatus::Pending);
    open.vendor_orders[0].lines[0].digital = true;
    stage.says(&api, open);
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says(&format!("{api}/downloads"), download(20));
    let mut ada = stage.logged_in("Ada").await;
    let shown = ada.get(&format!("/orders/{}", order_id())).await.expect(200);
    shown.says(&["To be downloaded after the payment"]).never_says(&["h-downloads"]);
    assert_eq!(stage.asked(&format!("{api}/downloads")).len(), 0);
}
