//! What vendors do with their products, and what others are told of it.

use contracts::catalog::{ProductChanged, ProductEdit, ProductPublished, ProductStatus, ProductWithdrawn};
use kernel::{Money, Page, VariantId};
use serde_json::{Value, json};
use testkit::{TestApp, admin, on_both_databases};

use super::support::*;

async fn told(app: &TestApp) -> (usize, usize, usize) {
    (
        app.published::<ProductPublished>("catalog").await.len(),
        app.published::<ProductChanged>("catalog").await.len(),
        app.published::<ProductWithdrawn>("catalog").await.len(),
    )
}

fn input_of(edit: &ProductEdit) -> Value {
    serde_json::to_value(&edit.input).unwrap()
}

#[tokio::test]
async fn a_product_is_created_whole() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let answer = owner(&app, kiln).post(&own(kiln), &optioned(&mugs, "  Blue   Mug ")).await.expect(201);
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let edit: ProductEdit = answer.json();
        assert_eq!((edit.slug.as_str(), edit.input.title.as_str(), edit.version), ("blue-mug", "Blue Mug", 1));
        assert_eq!(edit.input.description_html, "<p>A <strong>fine</strong> mug.</p>");
        assert_eq!(edit.input.attributes[0].label, "Material");
        assert!(edit.input.variants.iter().all(|v| v.id.is_some() && v.initial_stock.is_none()));

        let events = app.published::<ProductPublished>("catalog").await;
        assert_eq!((events.len(), told(&app).await), (1, (1, 0, 0)));
        let snapshot = &events[0].product;
        assert_eq!(
            (events[0].product_id, snapshot.vendor_id, snapshot.status),
            (edit.id, kiln, ProductStatus::Published)
        );
        assert_eq!(snapshot.description_text, "A fine mug.");
        assert_eq!(snapshot.categories.iter().map(|c| c.slug.as_str()).collect::<Vec<_>>(), ["home", "mugs"]);
        assert_eq!(snapshot.option_names, ["Size", "Colour"]);
        let variants: Vec<_> =
            snapshot.variants.iter().map(|v| (v.sku.as_str(), v.price.amount_minor, v.initial_stock)).collect();
        assert_eq!(variants, [("S-SAND", 1900, Some(7)), ("S-MOSS", 1900, None), ("L-SAND", 2500, None)]);
        assert_eq!(snapshot.variants[1].compare_at, Some(Money::new(2400, kernel::Currency::EUR)));
        assert_eq!(snapshot.published_at, Some(kernel::Clock::now(&*app.clock)));

        // The same title gives the next name.
        let second = created(&app, kiln, &simple(&mugs, "Blue Mug", "M2", 100)).await;
        let third = created(
            &app,
            kiln,
            &json!({"title": "Other", "slug": "blue-mug", "category_id": mugs.id, "currency": "EUR",
            "status": "draft", "variants": [{"sku": "M3", "price_minor": 1}]}),
        )
        .await;
        assert_eq!((second.slug.as_str(), third.slug.as_str()), ("blue-mug-2", "blue-mug-3"));
        assert_eq!(told(&app).await, (2, 1, 0));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        created(&app, kiln, &simple(&mugs, "First", "TAKEN", 100)).await;
        let with = |change: &dyn Fn(&mut Value)| {
            let mut input = optioned(&mugs, "Blue Mug");
            change(&mut input);
            input
        };
        let cases: Vec<(Value, &str)> = vec![
            (with(&|i| i["title"] = json!(" ")), "title"),
            (with(&|i| i["title"] = json!("x".repeat(141))), "title"),
            (with(&|i| i["slug"] = json!("Not A Slug")), "slug"),
            (with(&|i| i["category_id"] = json!(kernel::CategoryId::derived("no", &["such"]))), "category_id"),
            (with(&|i| i["currency"] = json!("XXX")), "currency"),
            (with(&|i| i["variants"] = json!([])), "variants"),
            (with(&|i| i["variants"][0]["price_minor"] = json!(-1)), "variants[0].price_minor"),
            (with(&|i| i["variants"][0]["sku"] = json!("TAKEN")), "variants[0].sku"),
            (with(&|i| i["variants"][0]["sku"] = json!("S-MOSS")), "variants[1].sku"),
            (with(&|i| i["variants"][0]["options"] = json!(["S", "Ink"])), "variants[0].options"),
            (with(&|i| i["variants"][0]["options"] = json!(["S", "Moss"])), "variants[1].options"),
            (with(&|i| i["variants"][1]["compare_at_minor"] = json!(1900)), "variants[1].compare_at_minor"),
            (with(&|i| i["variants"][0]["id"] = json!(VariantId::derived("no", &["such"]))), "variants[0].id"),
            (with(&|i| i["options"] = json!([])), "variants[1]"),
            (with(&|i| i["tags"] = json!(vec!["t"; 21])), "tags"),
            (
                with(&|i| i["attributes"] = json!([{"key": "a", "value": "1"}, {"key": "a", "value": "2"}])),
                "attributes[1].key",
            ),
            (with(&|i| i["title"] = json!("a\u{0}b")), ""),
        ];
        for (input, field) in cases {
            owner(&app, kiln).post(&own(kiln), &input).await.expect_invalid(field);
        }
        owner(&app, kiln).post(&own(kiln), &with(&|i| i["price"] = json!(1))).await.expect(422);
        owner(&app, kiln).post(&own(kiln), &with(&|i| i["status"] = json!("gone"))).await.expect(422);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 1);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM variants").await, 1);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM product_slugs").await, 1);
        assert_eq!(told(&app).await, (1, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn variants_keep_their_identity() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let first = created(&app, kiln, &optioned(&mugs, "Mug")).await;
        let ids: Vec<_> = first.input.variants.iter().map(|v| v.id.unwrap()).collect();
        // Two SKUs change places, one variant goes, one comes.
        let mut input = input_of(&first);
        input["variants"][0]["sku"] = json!("S-MOSS");
        input["variants"][1]["sku"] = json!("S-SAND");
        input["variants"][2] =
            json!({"sku": "L-MOSS", "options": ["L", "Moss"], "price_minor": 2600, "initial_stock": 3});
        let second: ProductEdit = put(&app, &first, &input).await.expect(200).json();
        let seen: Vec<_> = second.input.variants.iter().map(|v| (v.sku.as_str(), v.id.unwrap())).collect();
        assert_eq!(seen[..2], [("S-MOSS", ids[0]), ("S-SAND", ids[1])]);
        assert!(!ids.contains(&seen[2].1));
        let event = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        let stocks: Vec<_> = event.product.variants.iter().map(|v| (v.sku.as_str(), v.initial_stock)).collect();
        assert_eq!(stocks, [("S-MOSS", None), ("S-SAND", None), ("L-MOSS", Some(3))]);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM variants").await, 4);

        // The one that went comes back under its SKU as the same, without new stock.
        let mut input = input_of(&second);
        input["variants"][2] =
            json!({"sku": "L-SAND", "options": ["L", "Sand"], "price_minor": 2500, "initial_stock": 9});
        let third: ProductEdit = put(&app, &second, &input).await.expect(200).json();
        assert_eq!(third.input.variants[2].id, Some(ids[2]));
        let event = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        assert!(event.product.variants.iter().all(|v| v.initial_stock.is_none()));

        // A SKU that is no longer offered is free for another product.
        created(&app, kiln, &simple(&mugs, "Other", "L-MOSS", 1)).await;
        let mut input = input_of(&third);
        input["variants"][2]["sku"] = json!("L-MOSS");
        put(&app, &third, &input).await.expect_invalid("variants[2].sku");
    })
    .await;
}

#[tokio::test]
async fn versions_guard_changes() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let first = created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        let path = format!("{}/{}", own(kiln), first.id);
        let who = owner(&app, kiln);
        // Nothing new: no version, no event.
        let same: ProductEdit = put(&app, &first, &input_of(&first)).await.expect(200).json();
        assert_eq!((same.version, told(&app).await), (1, (1, 0, 0)));

        let mut input = input_of(&first);
        input["title"] = json!("Cup");
        let answer = who.header("if-match", "\"1\"").put(&path, &input).await.expect(200);
        assert_eq!(answer.header("etag"), Some("\"2\""));
        assert_eq!(answer.json::<ProductEdit>().slug.as_str(), "mug", "the address stays");
        input["title"] = json!("Jug");
        who.header("if-match", "\"1\"").put(&path, &input).await.expect_problem(412, "stale_version");
        who.header("if-match", "\"1\"").delete(&path).await.expect_problem(412, "stale_version");
        let arranged = json!({"pictures": []});
        who.header("if-match", "\"1\"")
            .put(&format!("{path}/pictures"), &arranged)
            .await
            .expect_problem(412, "stale_version");
        assert_eq!(edit(&app, &first).await.input.title, "Cup");
        assert_eq!(told(&app).await, (1, 1, 0));

        // Of two who have seen the same version, one wins.
        let at_once = futures::future::join_all((0..10).map(|n| {
            let (who, path) = (who.header("if-match", "\"2\""), path.clone());
            let mut input = input.clone();
            input["title"] = json!(format!("Jug {n}"));
            async move { who.put(&path, &input).await.status.as_u16() }
        }))
        .await;
        assert_eq!(at_once.iter().filter(|status| **status == 200).count(), 1, "{at_once:?}");
        assert!(at_once.iter().all(|status| matches!(status, 200 | 412)), "{at_once:?}");
        assert_eq!(told(&app).await, (1, 2, 0));
    })
    .await;
}

#[tokio::test]
async fn statuses_tell_one_thing_each() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut draft = simple(&mugs, "Mug", "M", 100);
        draft["status"] = json!("draft");
        let product = created(&app, kiln, &draft).await;
        assert_eq!(told(&app).await, (0, 1, 0));
        let mut input = input_of(&product);
        let steps = [
            ("published", (1, 1, 0)),
            ("draft", (1, 1, 1)),
            ("archived", (1, 2, 1)),
            ("published", (2, 2, 1)),
            ("archived", (2, 2, 2)),
        ];
        for (status, expected) in steps {
            input["status"] = json!(status);
            put(&app, &product, &input).await.expect(200);
            assert_eq!(told(&app).await, expected, "{status}");
        }
        let events = app.published::<ProductPublished>("catalog").await;
        assert_eq!(events[0].product.published_at, events[1].product.published_at, "on sale since the first time");
    })
    .await;
}

#[tokio::test]
async fn drafts_are_deleted_the_rest_is_kept() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut draft = simple(&mugs, "Mug", "M", 100);
        draft["status"] = json!("draft");
        let product = created(&app, kiln, &draft).await;
        let path = format!("{}/{}", own(kiln), product.id);
        let who = owner(&app, kiln);
        who.delete(&path).await.expect(204);
        who.get(&path).await.expect_problem(404, "not_found");
        who.delete(&path).await.expect_problem(404, "not_found");
        for table in ["products", "product_numbers", "variants", "product_slugs", "listing"] {
            assert_eq!(app.count("catalog", &format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }
        let gone = app.published::<ProductWithdrawn>("catalog").await;
        assert_eq!(gone.len(), 1);
        assert_eq!((gone[0].product_id, gone[0].product.variants.len()), (product.id, 0));
        assert_eq!(gone[0].product.status, ProductStatus::Archived);

        let sold = created(&app, kiln, &simple(&mugs, "Cup", "M", 100)).await;
        let path = format!("{}/{}", own(kiln), sold.id);
        who.delete(&path).await.expect(204);
        assert_eq!(edit(&app, &sold).await.input.status, ProductStatus::Archived);
        assert_eq!(told(&app).await, (1, 1, 2));
        who.delete(&path).await.expect(204);
        assert_eq!(told(&app).await, (1, 1, 2), "archived already");
    })
    .await;
}

#[tokio::test]
async fn admins_take_products_off_sale() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        let path = format!("/api/v1/admin/products/{}", product.id);
        let boss = app.as_user(&admin());
        let withdrawn: ProductEdit = boss.post(&format!("{path}/withdraw"), &()).await.expect(200).json();
        assert_eq!((withdrawn.input.status, withdrawn.withdrawn), (ProductStatus::Archived, true));
        boss.post(&format!("{path}/withdraw"), &()).await.expect(200);
        assert_eq!(told(&app).await, (1, 0, 1));
        app.guest().get("/api/v1/products/mug").await.expect_problem(404, "not_found");

        let mut input = input_of(&withdrawn);
        input["status"] = json!("published");
        put(&app, &product, &input).await.expect_problem(409, "product_withdrawn");
        assert_eq!(told(&app).await, (1, 0, 1));
        // Its vendor may still work on it.
        input["status"] = json!("draft");
        put(&app, &product, &input).await.expect(200);
        let back: ProductEdit = boss.post(&format!("{path}/reinstate"), &()).await.expect(200).json();
        assert_eq!((back.input.status, back.withdrawn), (ProductStatus::Draft, false));
        input["status"] = json!("published");
        put(&app, &product, &input).await.expect(200);
        assert_eq!(told(&app).await, (2, 2, 1));

        let missing = format!("/api/v1/admin/products/{}/withdraw", kernel::ProductId::derived("no", &["such"]));
        boss.post(&missing, &()).await.expect_problem(404, "not_found");
        app.guest().post(&format!("{path}/withdraw"), &()).await.expect_problem(401, "unauthenticated");
        owner(&app, kiln).post(&format!("{path}/withdraw"), &()).await.expect_problem(403, "forbidden");
        owner(&app, kiln).post(&format!("{path}/reinstate"), &()).await.expect_problem(403, "forbidden");
        owner(&app, kiln).get("/api/v1/admin/products").await.expect_problem(403, "forbidden");
        assert_eq!(told(&app).await, (2, 2, 1));
    })
    .await;
}

#[tokio::test]
async fn lists_for_editing() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        for n in 1..=5 {
            let mut input = simple(&mugs, &format!("Mug Nº {n}"), &format!("M_{n}"), 100);
            if n == 3 {
                input["status"] = json!("draft");
            }
            created(&app, kiln, &input).await;
            app.clock.advance(std::time::Duration::from_secs(1));
        }
        created(&app, loom, &simple(&mugs, "Rug", "R", 100)).await;
        let skus =
            |page: &Page<ProductEdit>| page.items.iter().map(|p| p.input.variants[0].sku.clone()).collect::<Vec<_>>();
        let who = owner(&app, kiln);
        let list = own(kiln);
        let first: Page<ProductEdit> = who.get(&format!("{list}?limit=2")).await.expect(200).json();
        assert_eq!(skus(&first), ["M_5", "M_4"]);
        let rest: Page<ProductEdit> =
            who.get(&format!("{list}?after={}", first.next.unwrap())).await.expect(200).json();
        assert_eq!((skus(&rest), rest.next.is_none()), (["M_3", "M_2", "M_1"].map(str::to_owned).to_vec(), true));
        let found: Page<ProductEdit> = who.get(&format!("{list}?q=m_4")).await.expect(200).json();
        assert_eq!(skus(&found), ["M_4"]);
        let found: Page<ProductEdit> = who.get(&format!("{list}?q=mug%20n%C2%BA%202")).await.expect(200).json();
        assert_eq!(skus(&found), ["M_2"]);
        let none: Page<ProductEdit> = who.get(&format!("{list}?q=%25")).await.expect(200).json();
        assert!(none.items.is_empty());
        let drafts: Page<ProductEdit> = who.get(&format!("{list}?status=draft")).await.expect(200).json();
        assert_eq!(skus(&drafts), ["M_3"]);
        who.get(&format!("{list}?limit=0")).await.expect_invalid("limit");
        who.get(&format!("{list}?status=gone")).await.expect(422);
        who.get(&format!("{list}?q=a%00b")).await.expect(422);
        let all: Page<ProductEdit> =
            app.as_user(&admin()).get("/api/v1/admin/products?limit=2").await.expect(200).json();
        assert_eq!(skus(&all), ["R", "M_5"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_title_at_the_same_time() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let inputs: Vec<Value> = (0..40).map(|n| simple(&mugs, "Mug", &format!("M{n}"), 100)).collect();
        let (who, path) = (owner(&app, kiln), own(kiln));
        let answers = futures::future::join_all(inputs.iter().map(|input| who.post(&path, input))).await;
        let mut slugs: Vec<String> =
            answers.into_iter().map(|a| a.expect(201).json::<ProductEdit>().slug.to_string()).collect();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), 40);

        // One SKU for all of them: one gets it.
        let inputs: Vec<Value> = (0..20).map(|n| simple(&mugs, &format!("Cup {n}"), "CUP", 100)).collect();
        let answers = futures::future::join_all(inputs.iter().map(|input| who.post(&path, input))).await;
        let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|s| matches!(s, 201 | 409 | 422)), "{statuses:?}");
        assert_eq!(told(&app).await, (41, 0, 0));
    })
    .await;
}
