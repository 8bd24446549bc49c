//! Products described: what categories ask, when they go on sale, what goes with them, what search engines are told.

use contracts::catalog::{
    AttributeDef, AttributeKind, AttributeValue, CategoryView, ProductStatus, ProductView, ValueKind,
};
use kernel::VendorRole;
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

fn def(key: &str, label: &str, kind: AttributeKind) -> AttributeDef {
    AttributeDef {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        required: false,
        filterable: true,
        position: 0,
        archived: false,
    }
}

fn material() -> AttributeDef {
    let options = vec!["Stoneware".to_owned(), "Glass".to_owned()];
    AttributeDef { required: true, ..def("material", "Material", AttributeKind::Choice { options }) }
}

/// Kitchen asks for the material, mugs for the height; what they held was asked for once.
fn asking() -> Vec<CategoryView> {
    let mut all = categories();
    all[0].attributes = vec![material()];
    all[1].inherited = vec![material()];
    let height = def("height", "Height", AttributeKind::Number { unit: Some("cm".to_owned()) });
    let holds = AttributeDef { archived: true, ..def("holds", "Holds", AttributeKind::Text) };
    all[1].attributes = vec![height, holds, def("fired", "Fired on", AttributeKind::Date)];
    all
}

#[tokio::test]
async fn what_is_asked_is_kept_by_the_administration() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/categories", asking());
    let (mugs, bath) = (asking()[1].clone(), asking()[2].clone());
    let facts = format!("/admin/categories/{}/facts", mugs.id);
    mary.get(&facts).await.expect(200).says(&[
        "Number in cm",
        "Archived",
        "Ask for “Holds” again",
        "Also asked for, by Kitchen",
        "Stoneware, Glass",
    ]);
    let empty = mary.get(&format!("/admin/categories/{}/facts", bath.id)).await.expect(200);
    empty.says(&["class=\"empty\"", "Nothing is asked for yet", "Add a fact"]);
    mary.get("/admin/categories").await.expect(200).says(&["3\u{a0}facts", &format!("href=\"{facts}\"")]);

    // Wrong is said beside the field; right is sent with all that was there.
    let put = format!("PUT /api/v1/admin/categories/{}", mugs.id);
    let mut form = vec![("label", " "), ("kind", "choice"), ("options", "matt\nglossy"), ("position", "7")];
    mary.post(&facts, &form).await.expect(422).says(&["Say what it is called.", "matt"]);
    assert!(stage.asked(&put).is_empty());
    form[0].1 = "Glaze";
    form.push(("filterable", "yes"));
    stage.refuses(&put, 422, "invalid_input", "Some fields are wrong.", &[("attributes[3].kind", "Name more.")]);
    mary.post(&facts, &form).await.expect(422).says(&["Name more.", "href=\"#f-options\"", "value=\"Glaze\""]);
    stage.forget();
    stage.says(&put, &mugs);
    mary.post(&facts, &form).await.leads_to(&facts);
    let body = stage.asked_once(&put).body;
    assert_eq!((body["name"].as_str(), body["attributes"].as_array().unwrap().len()), (Some("Mugs & cups"), 4));
    let glaze = json!({"key": "glaze", "label": "Glaze", "kind": {"type": "choice", "options": ["matt", "glossy"]},
        "required": false, "filterable": true, "position": 7, "archived": false});
    assert_eq!(body["attributes"][3], glaze);

    // Removing asks, and says what became of it; asking again takes it out of the archive.
    stage.forget();
    mary.get(&format!("{facts}/height/remove")).await.expect(200).says(&["it is archived", "Keep it"]);
    mary.post(&format!("{facts}/height/remove"), &[]).await.leads_to(&facts);
    assert_eq!(stage.asked_once(&put).body["attributes"].as_array().unwrap().len(), 2);
    mary.get(&facts).await.expect(200).says(&["products that have it keep it"]);
    stage.forget();
    mary.post(&format!("{facts}/holds/restore"), &[]).await.leads_to(&facts);
    assert_eq!(stage.asked_once(&put).body["attributes"][1]["archived"], false);
    mary.get(&format!("{facts}/nothing")).await.expect(404);
    mary.post(&format!("{facts}/nothing/remove"), &[]).await.expect(404);
}

#[tokio::test]
async fn a_category_keeps_what_it_asks_when_it_is_changed() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/categories", asking());
    let mugs = asking()[1].clone();
    let path = format!("/admin/categories/{}", mugs.id);
    mary.get(&path).await.expect(200).says(&["What products are asked for", "Title for search engines"]);
    let put = format!("PUT /api/v1/admin/categories/{}", mugs.id);
    stage.says(&put, &mugs);
    let form = [("name", "Mugs"), ("position", "2"), ("parent_id", ""), ("seo_title", "All mugs")];
    mary.post(&path, &form).await.leads_to("/admin/categories");
    let body = stage.asked_once(&put).body;
    assert_eq!((&body["seo_title"], body["attributes"].as_array().unwrap().len()), (&json!("All mugs"), 3));
}

/// What a vendor types about the small mug; the moment of its publication is none.
fn filled_in<'a>(mugs: &'a str, variant: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("title", "Small mug"),
        ("category_id", mugs),
        ("status", "scheduled"),
        ("publish_at", "soon"),
        ("currency", "EUR"),
        ("version", "5"),
        ("brand", "Lehm"),
        ("seo_title", "A small mug"),
        ("facts.material", "Wood"),
        ("facts.height", "9,5"),
        ("facts.holds", "a cat"),
        ("facts.fired", "2026-01-02"),
        ("variants[0].id", variant),
        ("variants[0].options", ""),
        ("variants[0].sku", "SKU-Small"),
        ("variants[0].price_minor", "19.90"),
        ("do", "save"),
    ]
}

#[tokio::test]
async fn the_form_asks_what_the_category_asks() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/categories", asking());
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Small");
    let here = format!("/vendor/{}/products/{id}", kiln());
    let mut product = edit("Small", 1_990);
    product.input.attributes = [("material", "Wood"), ("holds", "a cat"), ("care", "by hand")]
        .map(|(key, value)| AttributeValue {
            key: key.to_owned(),
            label: String::new(),
            value: value.to_owned(),
            unit: None,
            kind: ValueKind::Text,
        })
        .to_vec();
    product.input.related = vec![product_id("Jug")];
    stage.says(&format!("GET {}", product_path(id)), &product);
    let shown = ines.get(&here).await.expect(200);
    shown.says(&[
        "Wood (no longer to be chosen)",
        "Needed before it goes on sale.",
        "No longer asked for.",
        "type=\"date\"",
        "type=\"datetime-local\"",
        "care: by hand",
        "A product that is not on sale",
    ]);
    let put = format!("PUT {}", product_path(id));
    let variant = variant("Small").to_string();
    let mugs = categories()[1].id.to_string();
    let mut form = filled_in(&mugs, &variant);
    ines.post(&here, &form).await.expect(422).says(&["Enter a day and a time", "value=\"soon\"", "value=\"Lehm\""]);
    assert!(stage.asked(&put).is_empty());
    form[3].1 = "2026-03-01T09:30";
    let wrong = [("attributes[1].value", "Not so high."), ("attributes.material", "It is needed.")];
    stage.refuses(&put, 422, "invalid_input", "Some fields are wrong.", &wrong);
    let refused = ines.post(&here, &form).await.expect(422);
    refused.says(&["Not so high.", "href=\"#f-facts-height\"", "It is needed.", "href=\"#f-facts-material\""]);
    stage.forget();
    product.input.status = ProductStatus::Scheduled;
    stage.says(&put, &product);
    ines.post(&here, &form).await.leads_to(&here);
    let body = stage.asked_once(&put).body;
    assert_eq!(
        (&body["status"], &body["publish_at"], &body["unpublish_at"]),
        (&json!("scheduled"), &json!("2026-03-01T09:30:00Z"), &json!(null))
    );
    assert_eq!((&body["brand"], &body["seo_title"]), (&json!("Lehm"), &json!("A small mug")));
    assert_eq!(body["related"], json!([product_id("Jug")]), "they have a page of their own");
    let facts: Vec<_> = body["attributes"].as_array().unwrap().iter().map(|a| (&a["key"], &a["value"])).collect();
    let wanted = [("material", "Wood"), ("height", "9.5"), ("holds", "a cat"), ("fired", "2026-01-02")];
    let wanted = wanted.map(|(key, value)| (json!(key), json!(value)));
    assert_eq!(facts, wanted.iter().map(|(key, value)| (key, value)).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_scheduled_stays_so_in_the_list() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let mut product = edit("Small", 1_990);
    product.input.status = ProductStatus::Scheduled;
    product.input.publish_at = Some(super::fixtures::at("2026-03-01T09:30:00Z"));
    stage.says(&format!("GET /api/v1/vendors/{}/products", kiln()), page(&[&product]));
    stage.says(&format!("GET {}", product_path(product.id)), &product);
    let list = format!("/vendor/{}/products", kiln());
    ines.get(&format!("{list}?status=scheduled"))
        .await
        .expect(200)
        .says(&["on sale from 1 March 2026, 09:30 UTC", "<option value=\"scheduled\" selected>"]);
    let put = format!("PUT {}", product_path(product.id));
    stage.says(&put, &product);
    let (price, status) = (format!("price-{}", product.id), format!("status-{}", product.id));
    let quick = format!("{list}/{}/quick", product.id);
    ines.post(&quick, &[(&price, "18"), (&status, "scheduled")]).await.leads_to(&list);
    let body = stage.asked_once(&put).body;
    assert_eq!((&body["status"], &body["publish_at"]), (&json!("scheduled"), &json!("2026-03-01T09:30:00Z")));
}

#[tokio::test]
async fn products_that_go_with_another_are_chosen_in_their_order() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = product_id("Set");
    let here = format!("/vendor/{}/products/{id}/related", kiln());
    stage.says(&format!("GET {}", product_path(id)), edit("Set", 5_900));
    let list = format!("GET /api/v1/vendors/{}/products", kiln());
    stage.says(&list, page(&[edit("Set", 5_900), edit("Cup", 900), edit("Jug", 2_900)]));
    ines.get(&here).await.expect(200).says(&["Nothing is chosen yet", "Search your products"]);
    let put = format!("PUT {}", product_path(id));
    let (cup, jug) = (format!("place_{}", product_id("Cup")), format!("place_{}", product_id("Jug")));
    let label = format!("label_{}", product_id("Cup"));
    let mut form =
        vec![("version", "5"), ("do", "search"), ("q", "jug"), (cup.as_str(), "2"), (label.as_str(), "Cup <old>")];
    let found = ines.post(&here, &form).await.expect(200);
    found.says(&["Cup &#60;old&#62;", &jug, "value=\"2\""]).never_says(&[&format!("place_{id}")]);
    assert!(stage.asked(&put).is_empty());
    assert!(stage.asked_once(&list).query.contains("q=jug"));

    form = vec![("version", "5"), (cup.as_str(), "2"), (label.as_str(), "Cup"), (jug.as_str(), "x")];
    ines.post(&here, &form).await.expect(422).says(&["a whole number from 1 to 99", "value=\"x\""]);
    form[3].1 = "1";
    stage.refuses(&put, 422, "invalid_input", "Some fields are wrong.", &[("related[0]", "None of yours.")]);
    ines.post(&here, &form)
        .await
        .expect(422)
        .says(&["None of yours.", &format!("href=\"#f-{}\"", jug.replace('_', "-"))]);
    stage.forget();
    let mut saved = edit("Set", 5_900);
    saved.input.related = vec![product_id("Jug"), product_id("Cup")];
    stage.says(&put, &saved);
    ines.post(&here, &form).await.leads_to(&format!("/vendor/{}/products/{id}", kiln()));
    let asked = stage.asked_once(&put);
    assert_eq!(asked.body["related"], json!([product_id("Jug"), product_id("Cup")]));
    assert_eq!(asked.headers["if-match"], "\"5\"");
}

#[tokio::test]
async fn a_products_page_says_what_goes_with_it_and_what_it_is() {
    let stage = Stage::new().await;
    let fact = |key: &str, value: &str, kind| AttributeValue {
        key: key.to_owned(),
        label: format!("Is {key}"),
        value: value.to_owned(),
        unit: None,
        kind,
    };
    let product = ProductView {
        brand: "Lehm & Co".to_owned(),
        seo_title: "Mug \"in\" blue".to_owned(),
        seo_description: "Thrown by hand.".to_owned(),
        attributes: vec![fact("safe", "yes", ValueKind::YesNo), fact("fired", "2026-01-02", ValueKind::Date)],
        related: vec![card("jug"), card("vase")],
        ..mug()
    };
    stage.says("GET /api/v1/products/blue-mug", &product);
    let page = stage.browser().get("/p/blue-mug").await.expect(200);
    let ld =
        page.html.split("<script type=\"application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let ld: serde_json::Value = serde_json::from_str(ld).unwrap();
    assert_eq!((ld["name"].as_str(), ld["description"].as_str()), (Some("Mug \"in\" blue"), Some("Thrown by hand.")));
    assert_eq!(ld["brand"]["name"], "Lehm & Co");
    page.says(&[
        "<title>Mug &#34;in&#34; blue – ",
        "<meta name=\"description\" content=\"Thrown by hand.\">",
        "<meta property=\"og:title\" content=\"Mug &#34;in&#34; blue\">",
        "<meta property=\"og:description\" content=\"Thrown by hand.\">",
        "<h1>Blue &#60;mug&#62;</h1>",
        "Goes well with it",
        "href=\"/p/jug\"",
        "href=\"/p/vase\"",
        "Lehm &#38; Co",
        "<td>Yes</td>",
        "<td>2 January 2026</td>",
    ]);
    assert!(stage.asked("GET /api/v1/products").len() <= 1, "what goes with it comes with it");

    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says("GET /api/v1/products", cards(&["bowl"]));
    let page = stage.browser().get("/p/blue-mug").await.expect(200);
    page.says(&["From the same aisle", "href=\"/p/bowl\"", "<title>Blue &#60;mug&#62; – ", "content=\"A mug, blue.\""]);
}

/// Kitchen, Mugs & cups under it, Espresso under those; Bath.
fn three_levels() -> Vec<CategoryView> {
    let mut all = categories();
    let id = kernel::CategoryId::derived("test", &["espresso"]);
    let slug = "espresso".parse().unwrap();
    // Given last, so that the pages must put it in its place.
    all.push(CategoryView { id, slug, name: "Espresso".to_owned(), parent_id: Some(all[1].id), ..all[1].clone() });
    all
}

#[tokio::test]
async fn a_category_on_the_third_level_is_seen_stays_and_moves() {
    let stage = Stage::new().await;
    let all = three_levels();
    let [kitchen, mugs, bath, espresso] = [0, 1, 2, 3].map(|i| all[i].clone());
    stage.says("GET /api/v1/categories", &all);
    let mut mary = in_charge(&stage).await;
    let list = mary.get("/admin/categories").await.expect(200);
    let places = ["Kitchen</a><small>", "– Mugs &#38; cups</a><small>", "– – Espresso</a><small>", ">Bath</a><small>"]
        .map(|name| list.html.find(name).unwrap_or_else(|| panic!("no {name} in {}", list.html)));
    assert!(places.is_sorted(), "{places:?}");

    // Its form has its place chosen, and saving what it has leaves it there.
    let path = format!("/admin/categories/{}", espresso.id);
    let option = |of: &CategoryView, chosen: &str| format!("<option value=\"{}\"{chosen}>", of.id);
    mary.get(&path)
        .await
        .expect(200)
        .says(&[&option(&mugs, " selected"), &option(&kitchen, ""), &option(&bath, "")])
        .never_says(&[&option(&espresso, "")]);
    let put = format!("PUT /api/v1/admin/categories/{}", espresso.id);
    stage.says(&put, &espresso);
    let (stays, moves) = (mugs.id.to_string(), bath.id.to_string());
    let mut form = vec![("name", "Espresso"), ("slug", "espresso"), ("position", "0"), ("parent_id", stays.as_str())];
    mary.post(&path, &form).await.leads_to("/admin/categories");
    assert_eq!(stage.asked_once(&put).body["parent_id"], json!(mugs.id));
    stage.forget();
    form[3].1 = &moves;
    mary.post(&path, &form).await.leads_to("/admin/categories");
    assert_eq!(stage.asked_once(&put).body["parent_id"], json!(bath.id));

    // A place that cannot be read is none at all, not the top.
    stage.forget();
    form[3].1 = "bath";
    mary.post(&path, &form).await.expect(422).says(&[
        "Choose one of these.",
        "href=\"#f-parent-id\"",
        "value=\"Espresso\"",
    ]);
    assert!(stage.asked(&put).is_empty());

    // Above, there is no choice that would put it below itself.
    let above = mary.get(&format!("/admin/categories/{}", mugs.id)).await.expect(200);
    above
        .says(&[&option(&kitchen, " selected"), &option(&bath, "")])
        .never_says(&[&option(&mugs, ""), &option(&espresso, "")]);

    // A vendor chooses it for a product.
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let new = ines.get(&format!("/vendor/{}/products/new", kiln())).await.expect(200);
    new.says(&[&format!("{}– – Espresso</option>", option(&espresso, ""))]);
}
