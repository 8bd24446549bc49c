//! Products and categories in further languages of the shop.

use contracts::catalog::{CategoryView, ImportStatus, ProductChanged, ProductEdit, ProductPublished, ProductView};
use kernel::{Languages, VendorId};
use runtime::ServiceDef;
use serde_json::{Value, json};
use testkit::{TestApp, admin, on_both_databases, vendor_owner};

use super::{
    files::{exported, imported},
    support::*,
};

fn of_three_languages() -> Vec<ServiceDef> {
    let languages = Languages::new(&["en", "de", "fr"]);
    vec![crate::service(crate::Settings { languages, ..crate::Settings::default() })]
}

fn translated(category: &CategoryView) -> Value {
    let mut input = optioned(category, "Blue mug");
    input["seo_title"] = json!("Mugs in blue");
    input["translations"] = json!({
        "de": {"title": "  Blaue \n Tasse ", "description_html": "<p>Eine <b>feine</b> Tasse.</p><script>x</script>"},
        "fr": {"summary": " "},
    });
    input
}

async fn mug(app: &TestApp) -> (VendorId, CategoryView, ProductEdit) {
    let (kiln, mugs) = (open_store(app, "kiln").await, mugs(app).await);
    let product = created(app, kiln, &translated(&mugs)).await;
    (kiln, mugs, product)
}

async fn in_language(app: &TestApp, language: &str) -> ProductView {
    seen(app, &format!("blue-mug?lang={language}")).await
}

#[tokio::test]
async fn a_product_is_said_in_each_language_and_falls_back_text_by_text() {
    on_both_databases(of_three_languages, |app| async move {
        let (kiln, _, product) = mug(&app).await;
        let kept = serde_json::to_value(&product.input.translations).unwrap();
        let texts = json!({"title": "Blaue Tasse", "description_html": "<p>Eine <b>feine</b> Tasse.</p>"});
        assert_eq!(kept, json!({"de": texts}), "in order, and without what says nothing");
        let told = app.published::<ProductPublished>("catalog").await.remove(0).product;
        let german = &told.translations["de"];
        assert_eq!((german.title.as_str(), german.description_text.as_str()), ("Blaue Tasse", "Eine feine Tasse."));

        let (german, french, main) =
            (in_language(&app, "de").await, in_language(&app, "fr").await, seen(&app, "blue-mug").await);
        assert_eq!((german.title.as_str(), german.summary.as_str()), ("Blaue Tasse", "Fits the hand."));
        assert_eq!(german.translated, ["title", "description_html"]);
        assert_eq!(german.seo_title, "", "the title for search engines would be in another language than the title");
        assert_eq!(french, main);
        assert_eq!((main.title.as_str(), main.seo_title.as_str()), ("Blue mug", "Mugs in blue"));
        assert!(main.translated.is_empty());

        // Changed, then taken away: the answers that were kept follow.
        let mut input = serde_json::to_value(&product.input).unwrap();
        input["translations"]["de"] = json!({"title": "Tasse"});
        let changed: ProductEdit = put(&app, &product, &input).await.expect(200).json();
        assert_eq!((changed.version, in_language(&app, "de").await.title), (2, "Tasse".to_owned()));
        let card = cards(&app, "vendor=kiln&lang=de").await.items.remove(0);
        assert_eq!((card.title.as_str(), card.translated), ("Tasse", true));
        let card = cards(&app, &format!("id={}&lang=fr", product.id)).await.items.remove(0);
        assert_eq!((card.title.as_str(), card.translated), ("Blue mug", false));
        put(&app, &product, &input).await.expect(200);
        assert_eq!(app.published::<ProductChanged>("catalog").await.len(), 1, "the same again is no change");
        input.as_object_mut().unwrap().remove("translations");
        put(&app, &product, &input).await.expect(200);
        assert_eq!(in_language(&app, "de").await.title, "Blue mug");
        assert_eq!(cards(&app, "vendor=kiln&lang=de").await.items[0].title, "Blue mug");
        assert!(edit(&app, &product).await.input.translations.is_empty());

        // Nobody else reads or changes them.
        let loom = open_store(&app, "loom").await;
        let path = format!("{}/{}", own(loom), product.id);
        let weaver = app.as_user(&vendor_owner(loom));
        weaver.get(&path).await.expect_problem(404, "not_found");
        weaver.put(&path, &input).await.expect_problem(404, "not_found");
        assert_eq!(edit(&app, &product).await.vendor_id, kiln);
    })
    .await;
}

#[tokio::test]
async fn what_lies_in_a_bundle_is_said_in_each_language() {
    on_both_databases(of_three_languages, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut cup = simple(&mugs, "Cup", "CUP", 900);
        cup["translations"] = json!({"de": {"title": "Becher"}});
        let cup = created(&app, kiln, &cup).await;
        let jug = created(&app, kiln, &simple(&mugs, "Jug", "JUG", 2900)).await;
        let set = created(&app, kiln, &simple(&mugs, "Tea set", "SET", 4200)).await;
        let variant = |product: &ProductEdit| product.input.variants[0].id.unwrap();
        let part = |product: &ProductEdit| json!({"variant_id": variant(product), "quantity": 1});
        let path = format!("{}/{}/variants/{}/parts", own(kiln), set.id, variant(&set));
        owner(&app, kiln).put(&path, &json!({"parts": [part(&cup), part(&jug)]})).await.expect(200);
        let told = async |lang: &str| {
            let parts = seen(&app, &format!("tea-set?lang={lang}")).await.variants[0].parts.clone();
            parts.into_iter().map(|part| (part.title, part.translated)).collect::<Vec<_>>()
        };
        let (cup_in_german, jug) = (("Becher".to_owned(), true), ("Jug".to_owned(), false));
        assert_eq!(told("de").await, [cup_in_german, jug.clone()]);
        assert_eq!(told("fr").await, [("Cup".to_owned(), false), jug.clone()]);
        // The answer that was kept follows its parts.
        let mut input = serde_json::to_value(&cup.input).unwrap();
        input["translations"]["de"]["title"] = json!("Tasse");
        put(&app, &cup, &input).await.expect(200);
        assert_eq!(told("de").await, [("Tasse".to_owned(), true), jug]);
    })
    .await;
}

#[tokio::test]
async fn the_language_is_that_of_the_address_or_of_the_reader() {
    on_both_databases(of_three_languages, |app| async move {
        mug(&app).await;
        let path = "/api/v1/products/blue-mug";
        let main = app.guest().get(path).await.expect(200);
        assert_eq!((main.header("content-language"), main.header("vary")), (Some("en"), Some("accept-language")));
        let reader = app.guest().header("accept-language", "pt, de-CH;q=0.8, fr;q=0.3");
        let german = reader.get(path).await.expect(200);
        assert_eq!(german.header("content-language"), Some("de"));
        assert_eq!(german.json::<ProductView>().title, "Blaue Tasse");
        assert_ne!(german.header("etag"), main.header("etag"));
        let known = reader.header("if-none-match", german.header("etag").unwrap());
        known.get(path).await.expect(304);
        assert_eq!(
            app.guest().header("if-none-match", german.header("etag").unwrap()).get(path).await.status.as_u16(),
            200
        );
        // An address counts more than a reader, and what is no language of the shop is the main one.
        for (language, title) in [("en", "Blue mug"), ("DE", "Blaue Tasse"), ("pt", "Blue mug"), ("", "Blue mug")] {
            let view: ProductView = reader.get(&format!("{path}?lang={language}")).await.expect(200).json();
            assert_eq!(view.title, title, "{language}");
        }
        // How answers are kept is nobody's address.
        app.guest().get("/api/v1/products/de%20blue-mug").await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_language_of_the_shop_is_refused() {
    on_both_databases(of_three_languages, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let with = |translations: Value| {
            let mut input = optioned(&mugs, "Blue mug");
            input["translations"] = translations;
            input
        };
        for (translations, field) in [
            (json!({"es": {"title": "Taza azul"}}), "translations.es"),
            (json!({"en": {"title": "Mug"}}), "translations.en"),
            (json!({"de": {"title": "x".repeat(141)}}), "translations.de.title"),
            (json!({"de": {"summary": "x".repeat(301)}}), "translations.de.summary"),
            (json!({"de": {"seo_title": "x".repeat(71)}}), "translations.de.seo_title"),
        ] {
            owner(&app, kiln).post(&own(kiln), &with(translations)).await.expect_invalid(field);
        }
        let category = json!({"name": "Bowls", "translations": {"es": {"name": "Cuencos"}}});
        app.as_user(&admin()).post("/api/v1/admin/categories", &category).await.expect_invalid("translations.es");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 0);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM categories").await, 2);
    })
    .await;
}

#[tokio::test]
async fn categories_are_named_in_each_language_and_their_products_told() {
    on_both_databases(of_three_languages, |app| async move {
        let (_, mugs, _) = mug(&app).await;
        let input = json!({"name": "Mugs", "slug": "mugs", "parent_id": mugs.parent_id, "description": "To drink from.",
            "translations": {"de": {"name": " Tassen  und Becher "}}});
        let path = format!("/api/v1/admin/categories/{}", mugs.id);
        app.as_user(&admin()).put(&path, &input).await.expect(200);
        app.settle().await;
        let tree = async |query: &str| -> Vec<CategoryView> {
            app.guest().get(&format!("/api/v1/categories{query}")).await.expect(200).json()
        };
        let (main, german) = (tree("").await.remove(1), tree("?lang=de").await.remove(1));
        assert_eq!((main.name.as_str(), main.translations["de"].name.as_str()), ("Mugs", "Tassen und Becher"));
        assert_eq!((german.name.as_str(), german.description.as_str()), ("Tassen und Becher", "To drink from."));
        assert_eq!((german.translated, german.translations.len()), (vec!["name".to_owned()], 0));
        let names = |view: ProductView| view.categories.into_iter().map(|c| c.name).collect::<Vec<_>>();
        assert_eq!(names(in_language(&app, "de").await), ["Home", "Tassen und Becher"]);
        assert_eq!(names(seen(&app, "blue-mug").await), ["Home", "Mugs"]);
        let told = app.published::<ProductChanged>("catalog").await.pop().unwrap().product;
        assert_eq!(told.translations["de"].categories["mugs"], "Tassen und Becher");
        assert_eq!(told.translations["de"].title, "Blaue Tasse");
    })
    .await;
}

#[tokio::test]
async fn files_carry_translations_and_come_back() {
    on_both_databases(of_three_languages, |app| async move {
        let (kiln, _, product) = mug(&app).await;
        let file = exported(&app, kiln).await;
        let mut lines = file.lines();
        let columns =
            "initial_stock,parts,title@de,summary@de,description_html@de,seo_title@de,seo_description@de,title@fr";
        assert!(lines.next().unwrap().contains(columns), "{file}");
        assert!(lines.next().unwrap().contains(",,Blaue Tasse,,<p>Eine <b>feine</b> Tasse.</p>,,,,"), "{file}");
        assert!(!lines.next().unwrap().contains("Tasse"), "only the first row says what belongs to the product");
        assert_eq!(imported(&app, kiln, &file, false).await.unchanged, 1);
        let loom = open_store(&app, "loom").await;
        assert_eq!(imported(&app, loom, &file, false).await.created, 1);
        assert_eq!(exported(&app, loom).await, file);

        // A column that is missing changes nothing, one that is empty clears.
        let short =
            "handle,sku,title@fr,summary@de\nblue-mug,S-SAND,Tasse bleue,\nblue-mug,S-MOSS,,\nblue-mug,L-SAND,,\n";
        assert_eq!(imported(&app, kiln, short, false).await.updated, 1);
        assert_eq!(in_language(&app, "fr").await.title, "Tasse bleue");
        assert_eq!(in_language(&app, "de").await.title, "Blaue Tasse");
        let cleared = "handle,sku,title@fr\nblue-mug,S-SAND,\nblue-mug,S-MOSS,\nblue-mug,L-SAND,\n";
        assert_eq!(imported(&app, kiln, cleared, false).await.updated, 1);
        assert_eq!(edit(&app, &product).await.input.translations.keys().collect::<Vec<_>>(), ["de"]);

        let long = format!("handle,sku,title@de\nblue-mug,S-SAND,{}\n", "x".repeat(141));
        let refused = imported(&app, kiln, &long, false).await;
        assert_eq!((refused.errors[0].row, refused.errors[0].column.as_str()), (2, "title@de"));
        let strange = imported(&app, kiln, "handle,sku,title@es\nblue-mug,S-SAND,Taza\n", false).await;
        assert_eq!((strange.status, strange.errors[0].column.as_str()), (ImportStatus::Failed, "title@es"));
        assert!(strange.errors[0].reason.contains("title@de"), "{:?}", strange.errors);
    })
    .await;
}

#[tokio::test]
async fn a_shop_of_one_language_is_as_it_was() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        owner(&app, kiln).post(&own(kiln), &translated(&mugs)).await.expect_invalid("translations.de");
        created(&app, kiln, &optioned(&mugs, "Blue mug")).await;
        for path in ["/api/v1/products/blue-mug", "/api/v1/products", "/api/v1/categories"] {
            let plain = app.guest().get(path).await.expect(200);
            let asked = app.guest().header("accept-language", "de").get(path).await.expect(200);
            assert_eq!((plain.text(), plain.header("etag")), (asked.text(), asked.header("etag")));
            assert_eq!((plain.header("vary"), plain.header("content-language")), (None, None));
            assert!(!plain.text().contains("translat"), "{}", plain.text());
            for no_name in ["%00", "a%20b", "abcdefghijklmnopqrstu"] {
                app.guest().get(&format!("{path}?lang={no_name}")).await.expect_invalid("lang");
            }
        }
        let told = app.published::<ProductPublished>("catalog").await.remove(0);
        assert!(!serde_json::to_string(&told).unwrap().contains("translat"));
    })
    .await;
}
