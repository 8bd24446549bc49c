//! What categories ask of products: by level, by kind, and when it changes.

use contracts::catalog::{CategoryView, ProductChanged, ProductEdit, ProductPublished, ValueKind};
use kernel::VendorId;
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin, on_both_databases};

use super::{files::exported, foreign::taken, support::*};

fn choice(key: &str, options: &[&str]) -> Value {
    json!({"key": key, "label": key.to_uppercase(), "kind": {"type": "choice", "options": options}})
}

fn number(key: &str, unit: &str) -> Value {
    json!({"key": key, "label": key.to_uppercase(), "kind": {"type": "number", "unit": unit}})
}

async fn put_category(app: &TestApp, category: &CategoryView, attributes: &Value) -> Answer {
    let input = json!({"name": category.name, "parent_id": category.parent_id, "attributes": attributes});
    app.as_user(&admin()).put(&format!("/api/v1/admin/categories/{}", category.id), &input).await
}

/// Home asks for the material, mugs below it for the height.
async fn asking(app: &TestApp) -> (VendorId, CategoryView, CategoryView) {
    let kiln = open_store(app, "kiln").await;
    let home = category(app, "Home", None).await;
    let mugs = category(app, "Mugs", Some(&home)).await;
    let mut material = choice("material", &["Stoneware", "Glass"]);
    material["required"] = json!(true);
    let home = put_category(app, &home, &json!([material])).await.expect(200).json();
    let mugs = put_category(app, &mugs, &json!([number("height", "cm")])).await.expect(200).json();
    (kiln, home, mugs)
}

fn saying(category: &CategoryView, title: &str, facts: &[(&str, &str)]) -> Value {
    let mut input = simple(category, title, title, 100);
    input["attributes"] = facts.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    input
}

fn facts(edit: &ProductEdit) -> Vec<(&str, &str, Option<&str>, ValueKind)> {
    let fact = edit.input.attributes.iter();
    fact.map(|a| (a.key.as_str(), a.value.as_str(), a.unit.as_deref(), a.kind)).collect()
}

#[tokio::test]
async fn what_is_asked_above_is_asked_below() {
    on_both_databases(under_test, |app| async move {
        let (kiln, home, mugs) = asking(&app).await;
        assert_eq!((home.inherited.len(), home.attributes.len()), (0, 1));
        assert_eq!((mugs.inherited[0].key.as_str(), mugs.attributes[0].key.as_str()), ("material", "height"));
        let tree: Vec<CategoryView> = app.guest().get("/api/v1/categories").await.expect(200).json();
        assert_eq!(tree[1], mugs);

        // Needed before it goes on sale, and not before.
        let mut input = saying(&mugs, "Bare", &[("height", "9.5")]);
        owner(&app, kiln).post(&own(kiln), &input).await.expect_invalid("attributes.material");
        input["status"] = json!("draft");
        let draft = created(&app, kiln, &input).await;
        assert_eq!(facts(&draft), [("height", "9.5", Some("cm"), ValueKind::Number)]);
        let wood = saying(&mugs, "Wood", &[("material", "Wood")]);
        owner(&app, kiln).post(&own(kiln), &wood).await.expect_invalid("attributes[0].value");
        let fine = created(&app, kiln, &saying(&mugs, "Fine", &[("material", "glass"), ("height", "9")])).await;
        let wanted = [("material", "Glass", None, ValueKind::Choice), ("height", "9", Some("cm"), ValueKind::Number)];
        assert_eq!(facts(&fine), wanted);
        assert_eq!(seen(&app, "fine").await.attributes, fine.input.attributes);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 2);

        // Mugs say more of the material than home does.
        put_category(&app, &mugs, &json!([choice("material", &["Wood"])])).await.expect(200);
        created(&app, kiln, &wood).await;
    })
    .await;
}

#[tokio::test]
async fn a_change_of_what_is_asked_loses_no_value() {
    on_both_databases(under_test, |app| async move {
        let (kiln, home, mugs) = asking(&app).await;
        let cup = created(&app, kiln, &saying(&mugs, "Cup", &[("material", "Glass"), ("height", "9")])).await;
        // Another kind or unit would make other values of these.
        let metres = json!([number("height", "m")]);
        put_category(&app, &mugs, &metres).await.expect_invalid("attributes[0].kind");
        let text = json!([{"key": "material", "label": "Material", "kind": {"type": "text"}}]);
        put_category(&app, &home, &text).await.expect_invalid("attributes[0].kind");
        assert_eq!(app.published::<ProductChanged>("catalog").await.len(), 0);

        // A word less: whoever has it keeps it, and nobody else gets it.
        put_category(&app, &home, &json!([choice("material", &["Stoneware"])])).await.expect(200);
        let mut input = serde_json::to_value(&cup.input).unwrap();
        input["title"] = json!("Glass cup");
        let cup: ProductEdit = put(&app, &cup, &input).await.expect(200).json();
        assert_eq!(facts(&cup)[0], ("material", "Glass", None, ValueKind::Choice));
        let glass = saying(&mugs, "Other", &[("material", "Glass")]);
        owner(&app, kiln).post(&own(kiln), &glass).await.expect_invalid("attributes[0].value");

        // Left out: archived, for a product has it; and its products are told that it is no filter any more.
        let left: CategoryView = put_category(&app, &mugs, &json!([])).await.expect(200).json();
        assert_eq!((left.attributes.len(), left.attributes[0].archived), (1, true));
        app.settle().await;
        let told = app.published::<ProductChanged>("catalog").await.pop().unwrap().product;
        assert_eq!((told.unfiltered.as_slice(), told.attributes.len()), (&["height".to_owned()][..], 2));
        let mut input = serde_json::to_value(&cup.input).unwrap();
        input["tags"] = json!(["kept"]);
        let kept: ProductEdit = put(&app, &cup, &input).await.expect(200).json();
        assert_eq!(facts(&kept)[1], ("height", "9", Some("cm"), ValueKind::Number));
        // Nobody has a value any more: then it goes.
        input["attributes"] = json!([]);
        put(&app, &cup, &input).await.expect(200);
        let gone: CategoryView = put_category(&app, &mugs, &json!([])).await.expect(200).json();
        assert_eq!(gone.attributes.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_need_that_comes_later_holds_up_nobody() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let old = created(&app, kiln, &simple(&mugs, "Old", "OLD", 100)).await;
        let mut material = choice("material", &["Glass"]);
        (material["required"], material["filterable"]) = (json!(true), json!(false));
        put_category(&app, &mugs, &json!([material])).await.expect(200);
        let mut input = serde_json::to_value(&old.input).unwrap();
        input["variants"][0]["price_minor"] = json!(90);
        let old: ProductEdit = put(&app, &old, &input).await.expect(200).json();
        // Once it says it, it cannot go back; and off sale it has to say it before it returns.
        input["attributes"] = json!([{"key": "material", "value": "Glass"}]);
        put(&app, &old, &input).await.expect(200);
        assert_eq!(app.published::<ProductChanged>("catalog").await.pop().unwrap().product.unfiltered, ["material"]);
        input["attributes"] = json!([]);
        put(&app, &old, &input).await.expect_invalid("attributes.material");
        input["status"] = json!("draft");
        put(&app, &old, &input).await.expect(200);
        input["status"] = json!("published");
        put(&app, &old, &input).await.expect_invalid("attributes.material");
        owner(&app, kiln)
            .post(&own(kiln), &simple(&mugs, "New", "NEW", 100))
            .await
            .expect_invalid("attributes.material");

        // Another shop's file knows nothing of it: its products wait as drafts, and it is said why.
        let file = "Handle,Title,Variant Price,Status,Type,Option1 Name\ncup,Cup,9,active,Mugs,\n";
        let done = taken(&app, kiln, file, "stock=3").await;
        let notes: Vec<_> = done.notes.iter().map(|note| (note.row, note.column.as_str())).collect();
        assert_eq!((done.created, notes), (1, vec![(2, "Status")]), "{done:?}");
        assert!(exported(&app, kiln).await.contains("\ncup,Cup,,,mugs,EUR,draft,"));
        assert_eq!(app.published::<ProductPublished>("catalog").await.len(), 1, "only the old one, at first");
    })
    .await;
}

#[tokio::test]
async fn more_questions_than_answers_are_refused() {
    on_both_databases(under_test, |app| async move {
        let (_, home, mugs) = asking(&app).await;
        let many = |count: usize| (0..count).map(|n| number(&format!("n{n}"), "cm")).collect::<Value>();
        put_category(&app, &mugs, &many(40)).await.expect_invalid("attributes");
        put_category(&app, &mugs, &many(39)).await.expect(200);
        let more = json!([choice("material", &["Glass"]), number("depth", "cm")]);
        put_category(&app, &home, &more).await.expect_invalid("attributes");
        let long = json!([number("a", "centimetres of it")]);
        put_category(&app, &home, &long).await.expect_invalid("attributes[0].kind");
    })
    .await;
}
