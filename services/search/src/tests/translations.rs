//! What is found, and how it is told, in further languages of the shop.

use std::{collections::BTreeMap, time::Duration};

use contracts::{
    catalog::{ProductChanged, ProductPublished, ProductSnapshot, SnapshotTexts},
    search::{SearchPage, Suggestion},
    vendors::VendorStatus,
};
use runtime::ServiceDef;
use testkit::{TestApp, on_both_databases};

use super::{fake::Fake, outside, product_id, search, snapshot, titles, vendor_is};
use crate::{Language, Settings};

const SHOP: [Language; 2] = [Language::En, Language::De];

fn inside() -> Vec<ServiceDef> {
    vec![crate::service(Settings { languages: SHOP.to_vec(), ..Settings::default() })]
}

fn away() -> Vec<ServiceDef> {
    vec![crate::service(Settings { languages: SHOP.to_vec(), ..outside(&Fake::start().url) })]
}

fn german(title: &str, summary: &str, kitchen: &str) -> BTreeMap<String, SnapshotTexts> {
    let texts = SnapshotTexts {
        title: title.to_owned(),
        summary: summary.to_owned(),
        description_text: String::new(),
        categories: BTreeMap::from([("kitchen".to_owned(), kitchen.to_owned())]),
    };
    BTreeMap::from([("de".to_owned(), texts)])
}

/// A mug with German texts and a bowl without.
async fn a_shelf(app: &TestApp) {
    vendor_is(app, "Potter", VendorStatus::Approved).await;
    let mug = ProductSnapshot {
        translations: german("Hellgrüne Teetasse", "Für große Hände.", "Küche"),
        ..snapshot(app, "Pale mug", "Potter", "kitchen", 1_800, &[])
    };
    app.deliver("search", &ProductPublished { product_id: product_id("Pale mug"), product: mug }).await;
    app.clock.advance(Duration::from_secs(1));
    let bowl = ProductSnapshot {
        translations: german("", "", "Küche"),
        ..snapshot(app, "Round bowl", "Potter", "kitchen", 2_600, &[])
    };
    app.deliver("search", &ProductPublished { product_id: product_id("Round bowl"), product: bowl }).await;
    app.advance(Duration::from_secs(1)).await;
}

fn category(page: &SearchPage, slug: &str) -> String {
    let facet = page.facets.iter().find(|facet| facet.key == "category").unwrap();
    facet.values.iter().find(|value| value.value == slug).unwrap().label.clone()
}

async fn found_and_told(app: &TestApp) {
    a_shelf(app).await;
    for words in ["hellgr%C3%BCne", "teetassen", "teetase", "k%C3%BCche"] {
        let expected: &[&str] = match words {
            "k%C3%BCche" => &["Round bowl", "Hellgrüne Teetasse"],
            _ => &["Hellgrüne Teetasse"],
        };
        assert_eq!(titles(app, &format!("q={words}&sort=newest&lang=de")).await, expected, "{words}");
    }
    assert_eq!(search(app, "q=teetase&lang=de").await.corrected.as_deref(), Some("teetasse"));

    // By the names of the main language too, and in it as ever.
    assert_eq!(titles(app, "q=mugs&lang=de").await, ["Hellgrüne Teetasse"]);
    assert_eq!(titles(app, "q=mugs").await, ["Pale mug"]);
    assert_eq!(titles(app, "q=teetassen").await, ["Pale mug"]);
    assert_eq!(titles(app, "q=mugs&lang=fr").await, ["Pale mug"], "another language is the main one");

    let (german, main) = (search(app, "sort=newest&lang=de").await, search(app, "sort=newest").await);
    let told = |page: &SearchPage| page.items.iter().map(|card| card.translated).collect::<Vec<_>>();
    assert_eq!((told(&german), told(&main)), (vec![false, true], vec![false, false]));
    assert_eq!((category(&german, "kitchen"), category(&german, "home")), ("Küche".to_owned(), "Home".to_owned()));
    assert_eq!(category(&main, "kitchen"), "Kitchen");

    let answer = app.guest().header("accept-language", "de-AT,en;q=0.5").get("/api/v1/search?q=mug").await.expect(200);
    assert_eq!((answer.header("content-language"), answer.header("vary")), (Some("de"), Some("accept-language")));
    assert_eq!(answer.json::<SearchPage>().items[0].title, "Hellgrüne Teetasse");
    let suggestions = async |query: &str| -> Vec<(String, String)> {
        let all: Vec<Suggestion> =
            app.guest().get(&format!("/api/v1/search/suggestions?{query}")).await.expect(200).json();
        all.into_iter().map(|s| (s.kind, s.text)).collect()
    };
    assert_eq!(suggestions("q=teet&lang=de").await, [("product".to_owned(), "Hellgrüne Teetasse".to_owned())]);
    assert_eq!(suggestions("q=k%C3%BC&lang=de").await[0], ("category".to_owned(), "Küche".to_owned()));
    assert_eq!(suggestions("q=kit").await[0], ("category".to_owned(), "Kitchen".to_owned()));

    // A name that is not translated any longer is told in the main language again.
    let product = snapshot(app, "Pale mug", "Potter", "kitchen", 1_800, &[]);
    app.deliver("search", &ProductChanged { product_id: product_id("Pale mug"), product }).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(titles(app, "q=mug&lang=de").await, ["Pale mug"]);
    assert_eq!(search(app, "q=teetasse&lang=de").await.total, 0);
    assert_eq!(category(&search(app, "lang=de").await, "kitchen"), "Kitchen");
}

#[tokio::test]
async fn products_are_found_and_told_in_further_languages() {
    on_both_databases(inside, |app| async move { found_and_told(&app).await }).await;
    on_both_databases(away, |app| async move { found_and_told(&app).await }).await;
}

#[tokio::test]
async fn a_shop_of_one_language_says_nothing_of_languages() {
    on_both_databases(super::services, |app| async move {
        a_shelf(&app).await;
        let plain = app.guest().get("/api/v1/search?q=mug").await.expect(200);
        let asked = app.guest().header("accept-language", "de").get("/api/v1/search?q=mug&lang=de").await.expect(200);
        assert_eq!(plain.text(), asked.text());
        for answer in [plain, asked] {
            assert_eq!((answer.header("content-language"), answer.header("vary")), (None, None));
            assert!(!answer.text().contains("translated") && !answer.text().contains("Teetasse"));
        }
    })
    .await;
}
