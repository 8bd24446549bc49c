//! What goes with a product, its brand, and what search engines are told.

use contracts::catalog::{CategoryView, ProductEdit, ProductPublished, ProductView};
use kernel::ProductId;
use serde_json::{Value, json};
use testkit::{TestApp, admin, on_both_databases};

use super::support::*;

fn shown(view: &ProductView) -> Vec<&str> {
    view.related.iter().map(|card| card.title.as_str()).collect()
}

async fn relate(app: &TestApp, product: &ProductEdit, ids: &[ProductId]) -> testkit::Answer {
    let mut input = serde_json::to_value(&edit(app, product).await.input).unwrap();
    input["related"] = json!(ids);
    put(app, product, &input).await
}

#[tokio::test]
async fn chosen_products_come_in_their_order_while_they_are_on_sale() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let jugs = category(&app, "Jugs", None).await;
        let mug = created(&app, kiln, &simple(&mugs, "Mug", "MUG", 900)).await;
        assert_eq!(shown(&seen(&app, "mug").await), [""; 0]);
        let jug = created(&app, kiln, &simple(&jugs, "Jug", "JUG", 2900)).await;
        let vase = created(&app, kiln, &simple(&jugs, "Vase", "VASE", 3900)).await;
        let related: ProductEdit = relate(&app, &mug, &[vase.id, jug.id]).await.expect(200).json();
        assert_eq!(related.input.related, [vase.id, jug.id]);
        assert_eq!(shown(&seen(&app, "mug").await), ["Vase", "Jug"]);
        // What they are now is shown: another price, another state.
        let mut dearer = serde_json::to_value(&jug.input).unwrap();
        dearer["variants"][0]["price_minor"] = json!(3100);
        put(&app, &jug, &dearer).await.expect(200);
        assert_eq!(seen(&app, "mug").await.related[1].price.amount_minor, 3100);
        for (status, titles) in [("draft", vec!["Vase"]), ("published", vec!["Vase", "Jug"])] {
            dearer["status"] = json!(status);
            put(&app, &jug, &dearer).await.expect(200);
            assert_eq!(shown(&seen(&app, "mug").await), titles, "{status}");
        }
        relate(&app, &mug, &[]).await.expect(200);
        assert_eq!(shown(&seen(&app, "mug").await), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn only_others_of_the_same_store_go_with_a_product() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        let mug = created(&app, kiln, &simple(&mugs, "Mug", "MUG", 900)).await;
        let jug = created(&app, kiln, &simple(&mugs, "Jug", "JUG", 2900)).await;
        let rug = created(&app, loom, &simple(&mugs, "Rug", "RUG", 9900)).await;
        relate(&app, &mug, &[jug.id, rug.id]).await.expect_invalid("related[1]");
        relate(&app, &mug, &[mug.id]).await.expect_invalid("related[0]");
        relate(&app, &mug, &[jug.id, jug.id]).await.expect_invalid("related[1]");
        relate(&app, &mug, &[ProductId::derived("no", &["such"])]).await.expect_invalid("related[0]");
        let many: Vec<ProductId> = (0..13).map(|n| ProductId::derived("no", &[&n.to_string()])).collect();
        relate(&app, &mug, &many).await.expect_invalid("related");
        let now = edit(&app, &mug).await;
        assert_eq!((now.version, now.input.related.len()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn brands_and_words_for_search_engines_are_kept_and_told() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let with = |more: Value| {
            let mut input = simple(&mugs, "Mug", "MUG", 900);
            more.as_object().unwrap().iter().for_each(|(name, value)| input[name] = value.clone());
            input
        };
        let long = |most: usize| json!("x".repeat(most + 1));
        for (field, most) in [("brand", 60), ("seo_title", 70), ("seo_description", 320)] {
            owner(&app, kiln).post(&own(kiln), &with(json!({field: long(most)}))).await.expect_invalid(field);
        }
        let said = json!({"brand": " Lehm \n & Co", "seo_title": "Mug, thrown", "seo_description": "By hand."});
        created(&app, kiln, &with(said)).await;
        let view = seen(&app, "mug").await;
        assert_eq!((view.brand.as_str(), view.seo_title.as_str()), ("Lehm & Co", "Mug, thrown"));
        assert_eq!(view.seo_description, "By hand.");
        let told = app.published::<ProductPublished>("catalog").await.pop().unwrap().product;
        assert_eq!(told.brand, "Lehm & Co");

        // Whoever tells the brand as a fact has told the brand.
        let mut other = simple(&mugs, "Cup", "CUP", 500);
        other["attributes"] = json!([{"key": "brand", "value": "Kiln"}, {"key": "care", "value": "by hand"}]);
        let other = created(&app, kiln, &other).await.input;
        assert_eq!((other.brand.as_str(), other.attributes.len()), ("Kiln", 1));

        let path = format!("/api/v1/admin/categories/{}", mugs.id);
        let input =
            json!({"name": "Mugs", "parent_id": mugs.parent_id, "seo_title": "All mugs", "seo_description": "Thrown."});
        let saved: CategoryView = app.as_user(&admin()).put(&path, &input).await.expect(200).json();
        assert_eq!((saved.seo_title.as_str(), saved.seo_description.as_str()), ("All mugs", "Thrown."));
        let too_long = json!({"name": "Mugs", "seo_title": "x".repeat(71)});
        app.as_user(&admin()).put(&path, &too_long).await.expect_invalid("seo_title");
    })
    .await;
}
