//! What everybody sees, and that it is never stale.

use contracts::{catalog::ProductStatus, vendors::VendorStatus};
use serde_json::json;
use testkit::on_both_databases;

use super::support::*;

#[tokio::test]
async fn a_product_is_seen_once_it_and_its_store_are_open() {
    on_both_databases(under_test, |app| async move {
        let kiln = store_is(&app, "kiln", VendorStatus::Applied).await;
        let mugs = mugs(&app).await;
        let product = created(&app, kiln, &optioned(&mugs, "Mug")).await;
        let hidden = || async {
            app.guest().get("/api/v1/products/mug").await.expect_problem(404, "not_found");
            assert!(cards(&app, "").await.items.is_empty());
            app.guest().get("/api/v1/products?vendor=kiln").await.expect_invalid("vendor");
        };
        hidden().await;
        open_store(&app, "kiln").await;
        let view = seen(&app, "mug").await;
        assert_eq!((view.id, view.vendor.slug.as_str(), view.vendor.name.as_str()), (product.id, "kiln", "The kiln"));
        assert_eq!(view.categories.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Home", "Mugs"]);
        assert_eq!(view.variants.len(), 3);
        assert_eq!(view.description_html, "<p>A <strong>fine</strong> mug.</p>");
        let page = cards(&app, "category=home").await;
        assert_eq!(titles(&page), ["Mug"]);
        let card = &page.items[0];
        assert_eq!((card.price.amount_minor, card.price_varies, card.single_variant_id), (1900, true, None));
        store_is(&app, "kiln", VendorStatus::Suspended).await;
        hidden().await;
        open_store(&app, "kiln").await;
        assert_eq!(titles(&cards(&app, "vendor=kiln").await), ["Mug"]);

        let mut input = serde_json::to_value(&product.input).unwrap();
        input["status"] = json!(ProductStatus::Archived);
        put(&app, &product, &input).await.expect(200);
        app.guest().get("/api/v1/products/mug").await.expect_problem(404, "not_found");
        assert!(cards(&app, "vendor=kiln").await.items.is_empty());
        assert!(cards(&app, "category=mugs").await.items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn answers_follow_each_change_at_once() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        let bystander = created(&app, kiln, &simple(&mugs, "Bowl", "B", 500)).await;
        for round in 0..5 {
            // Twice each: the second comes from the cache.
            for _ in 0..2 {
                assert_eq!(seen(&app, "mug").await.variants[0].price.amount_minor, 1000 + round);
                assert_eq!(cards(&app, "sort=price_desc").await.items[0].price.amount_minor, 1000 + round);
                assert_eq!(
                    cards(&app, "category=mugs&sort=price_desc").await.items[0].price.amount_minor,
                    1000 + round
                );
                assert_eq!(seen(&app, bystander.slug.as_str()).await.title, "Bowl");
            }
            let mut input = serde_json::to_value(&product.input).unwrap();
            input["variants"][0]["price_minor"] = json!(1001 + round);
            put(&app, &product, &input).await.expect(200);
        }

        // Moved to another category, renamed in addresses: the old name still leads to it.
        let art = category(&app, "Art", None).await;
        assert!(cards(&app, "category=art").await.items.is_empty());
        let mut input = serde_json::to_value(&product.input).unwrap();
        input["category_id"] = json!(art.id);
        input["slug"] = json!("fine-mug");
        put(&app, &product, &input).await.expect(200);
        assert_eq!(titles(&cards(&app, "category=art").await), ["Mug"]);
        assert_eq!(titles(&cards(&app, "category=mugs").await), ["Bowl"]);
        assert_eq!(seen(&app, "fine-mug").await.slug.as_str(), "fine-mug");
        assert_eq!(seen(&app, "mug").await.slug.as_str(), "fine-mug");
        // Nobody else gets the old name, and it can come back to it.
        assert_eq!(created(&app, kiln, &simple(&mugs, "Mug", "M-2", 1)).await.slug.as_str(), "mug-2");
        input["slug"] = json!("mug");
        put(&app, &product, &input).await.expect(200);
        assert_eq!(seen(&app, "fine-mug").await.slug.as_str(), "mug");
    })
    .await;
}

#[tokio::test]
async fn tags_spare_the_way() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 1000)).await;
        for path in ["/api/v1/products/mug", "/api/v1/products?category=mugs", "/api/v1/categories"] {
            let first = app.guest().get(path).await.expect(200);
            assert_eq!(first.header("content-type"), Some("application/json"));
            let tag = first.header("etag").unwrap().to_owned();
            let again = app.guest().header("if-none-match", tag.clone()).get(path).await.expect(304);
            assert_eq!((again.body.len(), again.header("etag")), (0, Some(tag.as_str())));
            app.guest().header("if-none-match", "\"other\"").get(path).await.expect(200);
        }
        let tag = app.guest().get("/api/v1/products/mug").await.header("etag").unwrap().to_owned();
        let mut input = serde_json::to_value(&product.input).unwrap();
        input["title"] = json!("Cup");
        put(&app, &product, &input).await.expect(200);
        app.guest().header("if-none-match", tag).get("/api/v1/products/mug").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn pages_in_every_order() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        let bowls = category(&app, "Bowls", None).await;
        let closed = store_is(&app, "closed", VendorStatus::Rejected).await;
        for (n, price) in [300, 100, 200, 100, 500].into_iter().enumerate() {
            created(&app, kiln, &simple(&mugs, &format!("M{n}"), &format!("M{n}"), price)).await;
            created(&app, closed, &simple(&mugs, &format!("C{n}"), &format!("C{n}"), price)).await;
            app.clock.advance(std::time::Duration::from_secs(1));
        }
        created(&app, loom, &simple(&bowls, "B0", "B0", 150)).await;
        let expected = [
            ("category=mugs", vec!["M4", "M3", "M2", "M1", "M0"]),
            ("category=home&sort=price_asc", vec!["M1", "M3", "M2", "M0", "M4"]),
            ("category=mugs&sort=price_desc", vec!["M4", "M0", "M2", "M3", "M1"]),
            ("sort=newest", vec!["B0", "M4", "M3", "M2", "M1", "M0"]),
            ("sort=price_asc", vec!["M1", "M3", "B0", "M2", "M0", "M4"]),
            ("vendor=loom", vec!["B0"]),
            ("vendor=kiln&category=bowls", vec![]),
            ("vendor=kiln&category=mugs&sort=price_asc", vec!["M1", "M3", "M2", "M0", "M4"]),
        ];
        for (query, titles) in expected {
            for limit in [1, 2, 3, 100] {
                let (mut walked, mut after) = (Vec::new(), String::new());
                loop {
                    let page = cards(&app, &format!("{query}&limit={limit}{after}")).await;
                    walked.extend(page.items.into_iter().map(|card| card.title));
                    match page.next {
                        Some(next) => after = format!("&after={next}"),
                        None => break,
                    }
                }
                assert_eq!(walked, titles, "{query} by {limit}");
            }
        }
        app.guest().get("/api/v1/categories").await.expect(200);
        assert_eq!(cards(&app, "categories").await.items.len(), 6, "a query nobody knows narrows nothing");
        app.guest().get("/api/v1/products?category=nowhere").await.expect_invalid("category");
        app.guest().get("/api/v1/products?vendor=closed").await.expect_invalid("vendor");
        app.guest().get("/api/v1/products?sort=random").await.expect(422);
        app.guest().get("/api/v1/products?limit=0").await.expect_invalid("limit");
        app.guest().get("/api/v1/products?limit=1000").await.expect_invalid("limit");
        app.guest().get("/api/v1/products?after=zzz").await.expect_invalid("after");
        app.guest().get("/api/v1/products?category=a%00b").await.expect(422);
        for slug in ["nowhere", "No%20Such", "a%00b", "%F0%9F%8D%B5"] {
            app.guest().get(&format!("/api/v1/products/{slug}")).await.expect_problem(404, "not_found");
        }
    })
    .await;
}

#[tokio::test]
async fn products_are_found_by_their_ids_in_the_order_asked_for() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let closed = store_is(&app, "closed", VendorStatus::Suspended).await;
        let mug = created(&app, kiln, &simple(&mugs, "Mug", "M", 300)).await;
        let bowl = created(&app, kiln, &simple(&mugs, "Bowl", "B", 100)).await;
        let hidden = created(&app, closed, &simple(&mugs, "Hidden", "H", 100)).await;
        let mut draft = simple(&mugs, "Draft", "D", 100);
        draft["status"] = json!("draft");
        let draft = created(&app, kiln, &draft).await;
        let nobody = kernel::ProductId::derived("no", &["product"]);
        let query = format!("id={}&id={nobody}&id={}&id={}&id={}", mug.id, hidden.id, draft.id, bowl.id);
        assert_eq!(titles(&cards(&app, &query).await), ["Mug", "Bowl"]);
        // The kept answer follows what changes.
        let mut input = serde_json::to_value(&mug.input).unwrap();
        input["title"] = json!("Cup");
        put(&app, &mug, &input).await.expect(200);
        assert_eq!(titles(&cards(&app, &query).await), ["Cup", "Bowl"]);
        let many: Vec<String> =
            (0..101).map(|n| format!("id={}", kernel::ProductId::derived("no", &[&n.to_string()]))).collect();
        app.guest().get(&format!("/api/v1/products?{}", many.join("&"))).await.expect_invalid("id");
        app.guest().get("/api/v1/products?id=nonsense").await.expect(422);
    })
    .await;
}
