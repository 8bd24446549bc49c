//! Orders that are looked for in the vendor portal.

use kernel::VendorRole;
use serde_json::Value;

use super::{portal::*, stage::Stage};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}

#[tokio::test]
async fn orders_are_looked_for_and_taken_away_like_that() {
    let stage = Stage::new().await;
    let mut staff = at_work(&stage, VendorRole::Staff).await;
    let asked = format!("GET {}", api("/orders"));
    stage.says(&asked, page::<Value>(&[]));
    let query = "q=Eve&from=2026-01-02&to=2026-01-03&sort=oldest";
    staff.get(&at(&format!("/orders?{query}"))).await.expect(200).says(&[
        "No order fits",
        "value=\"Eve\"",
        "href=\"/vendor/",
        "/orders.csv?q=Eve&#38;from=2026-01-02&#38;to=2026-01-03\"",
    ]);
    let sent = stage.asked(&asked).into_iter().find(|asked| asked.query.contains("q=Eve")).unwrap().query;
    assert!(sent.starts_with("q=Eve&from=2026-01-02T00") && sent.contains("&before=2026-01-04T00"), "{sent}");
    assert!(sent.ends_with("&sort=oldest&limit=25"), "{sent}");
    stage.says(&format!("GET {}", api("/orders.csv")), "the file");
    staff.get(&at(&format!("/orders.csv?{query}"))).await.expect(200).says(&["the file"]);
    let sent = stage.asked_once(&format!("GET {}", api("/orders.csv"))).query;
    assert!(sent.starts_with("q=Eve&from=2026-01-02T00") && sent.contains("&before=2026-01-04T00"), "{sent}");
}
