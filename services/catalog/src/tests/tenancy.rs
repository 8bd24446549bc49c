//! What is another vendor's looks like what does not exist.

use contracts::catalog::ImportView;
use image::ImageFormat;
use kernel::{ImportId, ProductId};
use serde_json::{Value, json};
use testkit::{customer, on_both_databases};

use super::support::*;

async fn answers(
    who: &testkit::As,
    vendor_id: kernel::VendorId,
    product: ProductId,
    import: ImportId,
    input: &Value,
) -> Vec<Value> {
    let path = format!("{}/{product}", own(vendor_id));
    let png = picture(20, 20, ImageFormat::Png);
    let answers = [
        who.get(&path).await,
        who.put(&path, input).await,
        who.delete(&path).await,
        who.put(&format!("{path}/pictures"), &json!({"pictures": []})).await,
        send(who, &format!("{path}/pictures"), "image/png", png).await,
        who.get(&format!("/api/v1/vendors/{vendor_id}/imports/{import}")).await,
    ];
    answers.map(|answer| answer.expect_problem(404, "not_found")).to_vec()
}

#[tokio::test]
async fn anothers_is_like_none() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        let csv = "handle,sku\nmug,M\n";
        let import: ImportView = send(&owner(&app, kiln), &format!("/api/v1/vendors/{kiln}/imports"), "text/csv", csv)
            .await
            .expect(202)
            .json();
        app.settle().await;
        let input = simple(&mugs, "Stolen", "S", 1);
        let thief = owner(&app, loom);
        let (ghost, no_import) = (ProductId::derived("no", &["such"]), ImportId::derived("no", &["such"]));
        for vendor_id in [loom, kiln] {
            let foreign = answers(&thief, vendor_id, product.id, import.id, &input).await;
            let missing = answers(&thief, vendor_id, ghost, no_import, &input).await;
            assert_eq!(foreign, missing);
        }
        for path in [own(kiln), format!("{}.csv", own(kiln)), format!("/api/v1/vendors/{kiln}/imports")] {
            thief.get(&path).await.expect_problem(404, "not_found");
            app.as_user(&customer("ada")).get(&path).await.expect_problem(404, "not_found");
            app.guest().get(&path).await.expect_problem(401, "unauthenticated");
        }
        thief.post(&own(kiln), &input).await.expect_problem(404, "not_found");
        app.guest().post(&own(kiln), &input).await.expect_problem(401, "unauthenticated");
        send(&thief, &format!("/api/v1/vendors/{kiln}/imports"), "text/csv", csv)
            .await
            .expect_problem(404, "not_found");
        send(&thief, &format!("/api/v1/vendors/{kiln}/media"), "image/png", picture(9, 9, ImageFormat::Png))
            .await
            .expect(404);

        // Nor can a variant of another's be named, nor its SKU be seen to exist.
        let mut stolen = simple(&mugs, "Mine", "M", 1);
        created(&app, loom, &stolen).await;
        stolen["variants"][0]["sku"] = json!("X");
        stolen["variants"][0]["id"] = json!(product.input.variants[0].id);
        thief.post(&own(loom), &stolen).await.expect_invalid("variants[0].id");
        assert_eq!(edit(&app, &product).await.version, 1);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 2);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports").await, 1);
    })
    .await;
}
