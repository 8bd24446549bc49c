//! Lists of somebody who has nothing yet: each says why, and what to do next.

use kernel::{Role, VendorRole};
use serde_json::{Value, json};

use super::{
    fixtures::*,
    payouts,
    portal::*,
    stage::{Stage, account},
};

/// Lists of the portal, and where their empty states lead.
const PORTAL: [(&str, &str); 18] = [
    ("/orders", "/products"),
    ("/orders?status=to_ship", "/orders"),
    ("/returns", "/orders"),
    ("/returns?status=sent", "/returns"),
    ("/products", "/products/new"),
    ("/stock", "/products/new"),
    ("/stock?state=low", "/stock"),
    ("/stock/count", "/products/new"),
    ("/stock/movements", "/stock"),
    ("/discounts", "/discounts/new"),
    ("/promotions", "/promotions/new"),
    ("/price-lists", "/price-lists/new"),
    ("/delivery", "/delivery/new"),
    ("/labels", "/orders?status=to_ship"),
    ("/earnings", "/products"),
    ("/payouts", "/earnings"),
    ("/invoices", "/statement"),
    ("/reviews", "/orders"),
];

/// The way out of an empty state.
fn next(href: &str) -> String {
    format!("</p><a class=\"btn primary\" href=\"{href}\">")
}

#[tokio::test]
async fn a_new_vendor_reads_on_every_list_what_to_do_next() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Owner).await;
    let get = |path: &str| format!("GET /api/v1/vendors/{}{path}", kiln());
    let pages = ["orders", "returns", "products", "stock", "stock-movements", "discounts", "promotions", "price-lists"];
    let more = ["labels", "earnings/movements", "payouts", "invoices", "reviews", "imports"];
    for path in pages.iter().chain(&more) {
        stage.says(&get(&format!("/{path}")), page::<Value>(&[]));
    }
    for path in ["stock-locations", "shipping-methods", "members"] {
        stage.says(&get(&format!("/{path}")), Vec::<Value>::new());
    }
    stage.says(&get("/earnings"), earnings());
    stage.says(&get("/payouts/overview"), payouts::overview(false));
    let base = format!("/vendor/{}", kiln());
    for (path, leads_to) in PORTAL {
        let shown = ines.get(&format!("{base}{path}")).await.expect(200);
        shown.says(&["class=\"empty\"", &next(&format!("{base}{leads_to}"))]);
    }
    ines.get(&format!("{base}/products")).await.expect(200).says(&[&format!("href=\"{base}/imports\">Import a file")]);
    // What is to be done stands beside these.
    ines.get(&format!("{base}/imports")).await.expect(200).says(&[
        "class=\"empty\"",
        "No imports yet",
        "type=\"file\"",
    ]);
    ines.get(&format!("{base}/members")).await.expect(200).says(&["class=\"empty\"", "Add member"]);
    ines.get(&format!("{base}/stock/locations")).await.expect(200).says(&["class=\"empty\"", "Add it"]);
}

#[tokio::test]
async fn a_new_buyer_reads_on_every_list_what_to_do_next() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/me", account("Ada", &[Role::Customer], &[]));
    let mut ada = stage.logged_in("Ada").await;
    for path in ["orders", "me/reviewable", "me/wishes", "me/credits/movements"] {
        stage.says(&format!("GET /api/v1/{path}"), page::<Value>(&[]));
    }
    for path in ["me/addresses", "me/credits", "me/vendors"] {
        stage.says(&format!("GET /api/v1/{path}"), json!([]));
    }
    for (path, leads_to) in [
        ("/account", "/search"),
        ("/account/reviews", "/account"),
        ("/account/wishes", "/search"),
        ("/account/credit", "/search"),
        ("/account/addresses", "/account/addresses/new"),
        ("/cart", "/search"),
        ("/vendor", "/sell"),
    ] {
        ada.get(path).await.expect(200).says(&["class=\"empty\"", &next(leads_to)]);
    }
}
