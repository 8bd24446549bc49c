//! The category tree.

use contracts::catalog::{CategoryView, ProductChanged};
use serde_json::{Value, json};
use testkit::{admin, customer, on_both_databases};

use super::support::*;

#[tokio::test]
async fn the_tree_grows_and_moves() {
    on_both_databases(under_test, |app| async move {
        let boss = app.as_user(&admin());
        let tree = || async {
            let all: Vec<CategoryView> = app.guest().get("/api/v1/categories").await.expect(200).json();
            all.into_iter().map(|c| c.slug.to_string()).collect::<Vec<_>>()
        };
        assert!(tree().await.is_empty());
        let home = category(&app, "Home", None).await;
        let mugs = category(&app, "Mugs & Cups", Some(&home)).await;
        assert_eq!(mugs.slug.as_str(), "mugs-cups");
        let art = category(&app, "Art", None).await;
        let again = category(&app, "Art", Some(&home)).await;
        assert_eq!(again.slug.as_str(), "art-2");
        assert_eq!(tree().await, ["art", "home", "art-2", "mugs-cups"]);

        // Moving below another, with everything in it.
        let kiln = open_store(&app, "kiln").await;
        let product = created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        assert_eq!(titles(&cards(&app, "category=home").await), ["Mug"]);
        let path = |c: &CategoryView| format!("/api/v1/admin/categories/{}", c.id);
        let moved = json!({"name": "Cups", "parent_id": art.id, "position": 3});
        let view: CategoryView = boss.put(&path(&mugs), &moved).await.expect(200).json();
        assert_eq!((view.slug.as_str(), view.parent_id, view.position), ("mugs-cups", Some(art.id), 3));
        app.settle().await;
        assert!(cards(&app, "category=home").await.items.is_empty());
        assert_eq!(titles(&cards(&app, "category=art").await), ["Mug"]);
        assert_eq!(
            seen(&app, "mug").await.categories.iter().map(|c| c.name.clone()).collect::<Vec<_>>(),
            ["Art", "Cups"]
        );
        let told = app.published::<ProductChanged>("catalog").await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].product.categories.iter().map(|c| c.slug.as_str()).collect::<Vec<_>>(),
            ["art", "mugs-cups"]
        );
        assert_eq!(edit(&app, &product).await.version, 1, "the vendor has changed nothing");

        // Removing.
        boss.delete(&path(&art)).await.expect_problem(409, "category_in_use");
        boss.delete(&path(&mugs)).await.expect_problem(409, "category_in_use");
        boss.delete(&path(&again)).await.expect(204);
        boss.delete(&path(&again)).await.expect_problem(404, "not_found");
        boss.put(&path(&again), &moved).await.expect_problem(404, "not_found");
        assert_eq!(tree().await, ["art", "mugs-cups", "home"]);
    })
    .await;
}

#[tokio::test]
async fn categories_keep_the_names_they_had() {
    on_both_databases(under_test, |app| async move {
        let boss = app.as_user(&admin());
        let kiln = open_store(&app, "kiln").await;
        let mugs = category(&app, "Mugs", None).await;
        created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        let path = format!("/api/v1/admin/categories/{}", mugs.id);
        let called = |name: &'static str| {
            let app = &app;
            async move {
                let view: CategoryView =
                    app.guest().get(&format!("/api/v1/categories/{name}")).await.expect(200).json();
                (view.id, view.slug.to_string())
            }
        };
        assert_eq!(called("mugs").await, (mugs.id, "mugs".to_owned()));
        boss.put(&path, &json!({"name": "Cups", "slug": "cups"})).await.expect(200);
        assert_eq!(called("mugs").await, (mugs.id, "cups".to_owned()));
        assert_eq!(called("cups").await, (mugs.id, "cups".to_owned()));
        assert_eq!(titles(&cards(&app, "category=mugs").await), ["Mug"], "lists know the old name too");
        app.guest().get("/api/v1/categories/ghosts").await.expect_problem(404, "not_found");

        // The old name is nobody else's, and its own when it comes back.
        boss.post("/api/v1/admin/categories", &json!({"name": "A", "slug": "mugs"})).await.expect_invalid("slug");
        assert_eq!(category(&app, "Mugs", None).await.slug.as_str(), "mugs-2");
        boss.put(&path, &json!({"name": "Mugs", "slug": "mugs"})).await.expect(200);
        assert_eq!(called("cups").await, (mugs.id, "mugs".to_owned()));
        assert_eq!(app.count("catalog", "SELECT count(*) FROM category_slugs").await, 3);

        // With the category its names are free again.
        let plates = category(&app, "Plates", None).await;
        let path = format!("/api/v1/admin/categories/{}", plates.id);
        boss.put(&path, &json!({"name": "Plates", "slug": "dishes"})).await.expect(200);
        assert_eq!(called("plates").await, (plates.id, "dishes".to_owned()));
        boss.delete(&path).await.expect(204);
        app.guest().get("/api/v1/categories/plates").await.expect_problem(404, "not_found");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM category_slugs").await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_a_category() {
    on_both_databases(under_test, |app| async move {
        let boss = app.as_user(&admin());
        let home = category(&app, "Home", None).await;
        let mugs = category(&app, "Mugs", Some(&home)).await;
        let post = |body: Value| {
            let boss = boss.clone();
            async move { boss.post("/api/v1/admin/categories", &body).await }
        };
        post(json!({"name": ""})).await.expect_invalid("name");
        post(json!({"name": " \t "})).await.expect_invalid("name");
        post(json!({"name": "A", "slug": "home"})).await.expect_invalid("slug");
        post(json!({"name": "A", "parent_id": kernel::CategoryId::derived("no", &["such"])}))
            .await
            .expect_invalid("parent_id");
        post(json!({"name": "A", "picture_url": "https://elsewhere.example/x.jpg"}))
            .await
            .expect_invalid("picture_url");
        let def = |key: &str, kind: Value| json!({"key": key, "label": "L", "kind": kind});
        let text = json!({"type": "text"});
        post(json!({"name": "A", "attributes": [def("Big", text.clone())]})).await.expect_invalid("attributes[0].key");
        post(json!({"name": "A", "attributes": [def("a", text.clone()), def("a", text)]}))
            .await
            .expect_invalid("attributes[1].key");
        let none = json!({"type": "choice", "options": []});
        post(json!({"name": "A", "attributes": [def("a", none)]})).await.expect_invalid("attributes[0].kind");
        let path = format!("/api/v1/admin/categories/{}", home.id);
        boss.put(&path, &json!({"name": "Home", "parent_id": mugs.id})).await.expect_invalid("parent_id");
        boss.put(&path, &json!({"name": "Home", "parent_id": home.id})).await.expect_invalid("parent_id");
        boss.put(&path, &json!({"name": "Home", "slug": "mugs"})).await.expect_invalid("slug");

        for who in [app.guest(), app.as_user(&customer("ada"))] {
            let status = if who.get("/api/v1/admin/products").await.status == 401 { 401 } else { 403 };
            who.post("/api/v1/admin/categories", &json!({"name": "A"})).await.expect(status);
            who.put(&path, &json!({"name": "A"})).await.expect(status);
            who.delete(&path).await.expect(status);
        }
        assert_eq!(app.count("catalog", "SELECT count(*) FROM categories").await, 2);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM category_closure").await, 3);
    })
    .await;
}

#[tokio::test]
async fn products_fit_their_category() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let input = json!({"name": "Mugs", "attributes": [
            {"key": "material", "label": "Material", "kind": {"type": "choice", "options": ["Stoneware", "Glass"]}},
            {"key": "height", "label": "Height", "kind": {"type": "number", "unit": "cm"}},
            {"key": "dishwasher", "label": "Dishwasher safe", "kind": {"type": "yes_no"}},
        ]});
        let mugs: CategoryView = app.as_user(&admin()).post("/api/v1/admin/categories", &input).await.expect(201).json();
        let mut product = simple(&mugs, "Mug", "M", 100);
        product["attributes"] = json!([{"key": "material", "value": "Wood"}, {"key": "height", "value": "tall"}]);
        let problem = owner(&app, kiln).post(&own(kiln), &product).await.expect_invalid("attributes[0].value");
        assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "{problem}");
        product["attributes"] = json!([{"key": "material", "value": "glass"}, {"key": "height", "value": "9.5"}, {"key": "dishwasher", "value": "Yes"}]);
        let edit = created(&app, kiln, &product).await;
        let seen: Vec<_> = edit.input.attributes.iter().map(|a| (a.label.as_str(), a.value.as_str(), a.unit.as_deref())).collect();
        assert_eq!(seen, [("Material", "Glass", None), ("Height", "9.5", Some("cm")), ("Dishwasher safe", "yes", None)]);
    })
    .await;
}
