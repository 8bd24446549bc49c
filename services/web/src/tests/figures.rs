//! How a product and a store sell, by day.

use contracts::{analytics::ProductReport, vendors::VendorStatus};
use kernel::{Currency, VendorRole};

use super::{fixtures::*, portal::*, stage::Stage};

#[tokio::test]
async fn a_vendor_sees_how_a_product_sells() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (base, api) = (format!("/vendor/{}/products", kiln()), format!("/api/v1/vendors/{}", kiln()));
    let id = product_id("Small");
    let (here, asked) = (format!("{base}/{id}/sales"), format!("GET {api}/reports/products/{id}"));
    stage.says(&format!("GET {api}/products/{id}"), edit("Small", 3_490));
    ines.get(&format!("{base}/{id}")).await.expect(200).says(&[&format!("href=\"{here}\"")]);
    ines.get(&here).await.expect(200).says(&["Sales of “The &#60;Small&#62;”", "Nothing of it was sold yet."]);
    stage.refuses(&asked, 503, "unavailable", "Away.", &[]);
    ines.get(&here).await.expect(200).says(&["The figures cannot be had"]);
    stage.forget();
    let all = report();
    let of = ProductReport { product_id: id, currency: Currency::EUR, sales: all.sales, items: all.items };
    stage.says(&asked, of);
    ines.get(&format!("{here}?days=90")).await.expect(200).says(&[
        "220.00\u{a0}€",
        "+100\u{a0}%",
        "Sales by day",
        "Pieces a day",
        "Show as a table",
        "aria-current=\"page\">90 days",
    ]);
    assert_eq!(stage.asked_once(&asked).query, "days=90");
    // Of a product that is not the store's there is no page.
    ines.get(&format!("{base}/{}/sales", product_id("Tall"))).await.expect(404);
}

#[tokio::test]
async fn an_admin_sees_how_any_store_sells() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let (store, asked) =
        (format!("/admin/vendors/{}", kiln()), format!("GET /api/v1/admin/reports/vendors/{}", kiln()));
    stage.says(&format!("GET /api/v1{store}"), vendor_view(VendorStatus::Approved));
    mary.get(&store).await.expect(200).says(&[&format!("href=\"{store}/sales\"")]);
    let here = format!("{store}/sales");
    mary.get(&here).await.expect(200).says(&["Sales of Kiln &#38; Daughters", "The figures cannot be had"]);
    stage.forget();
    stage.says(&asked, report());
    mary.get(&here).await.expect(200).says(&[
        "220.00\u{a0}€",
        "+100\u{a0}%",
        "Returned by day",
        "Orders a day",
        "Products by sales",
        "The Small",
    ]);
    assert_eq!(stage.asked_once(&asked).query, "days=30");
}
