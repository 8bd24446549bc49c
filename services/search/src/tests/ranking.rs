//! Why a product stands where it stands; forms of words in several languages.

use std::time::Duration;

use contracts::search::{Explanation, IndexState, SynonymGroup, SynonymsInput, TextField};
use db::Dialect;
use testkit::TestApp;

use super::{a_market, fake::Fake, outside, product_id, publish, search, titles, vendor_is, with_both_engines};
use crate::{Language, Settings};

const PATH: &str = "/api/v1/admin/search/explanation";

async fn explain(app: &TestApp, q: &str, title: &str) -> Explanation {
    let path = format!("{PATH}?q={q}&product_id={}", product_id(title));
    app.as_user(&testkit::admin()).get(&path).await.expect(200).json()
}

fn parts(why: &Explanation) -> Vec<(&str, TextField, u64)> {
    why.parts.iter().map(|part| (part.word.as_str(), part.field, part.products)).collect()
}

#[tokio::test]
async fn a_score_is_the_sum_of_its_parts() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let why = explain(&app, "blue+mugs", "Blue ceramic mug").await;
        assert_eq!((why.place, why.total, why.is_hidden, why.is_corrected), (Some(1), 1, false, false));
        assert_eq!(
            parts(&why),
            [("blue", TextField::Title, 1), ("blue", TextField::Keywords, 2), ("mugs", TextField::Title, 1)]
        );
        assert!(why.parts.iter().all(|part| part.score_x1000 > 0));
        let sum: i64 = why.parts.iter().map(|part| part.score_x1000).sum();
        assert!((sum - why.score_x1000).abs() <= 3, "{} is not {sum}", why.score_x1000);
        assert!(
            why.parts[0].text.contains("“blue” stands in the title, where it counts four times."),
            "{}",
            why.parts[0].text
        );
        assert!(why.missing.is_empty());

        let why = explain(&app, "blue+blankt", "Wool blanket").await;
        assert_eq!((why.searched.as_str(), why.is_corrected), ("blue blanket", true));
        let why = explain(&app, "blue+headphones", "Wireless headphones").await;
        assert_eq!((why.missing.as_slice(), why.total), (&["blue".to_owned()][..], 3));
        let why = explain(&app, "linen", "Wool blanket").await;
        assert_eq!((why.place, why.score_x1000, why.parts.len()), (None, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn synonyms_are_named_and_count_less() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        let plain = explain(&app, "mug", "Blue ceramic mug").await;
        let words = ["mug", "tea cup"].map(str::to_owned).to_vec();
        let input = SynonymsInput { groups: vec![SynonymGroup { words, means: vec![] }] };
        app.as_user(&testkit::admin()).put("/api/v1/admin/search/synonyms", &input).await.expect(200);
        let why = explain(&app, "tea+cup", "Blue ceramic mug").await;
        assert_eq!((parts(&why), why.missing.len()), (vec![("mug", TextField::Title, 1)], 0));
        assert_eq!(why.parts[0].synonym_of.as_deref(), Some("tea cup"));
        let three_quarters = plain.score_x1000 * 3 / 4;
        assert!((why.score_x1000 - three_quarters).abs() <= 2, "{} is not {three_quarters}", why.score_x1000);
    })
    .await;
}

#[tokio::test]
async fn what_is_hidden_is_said_and_what_is_not_there_is_refused() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        vendor_is(&app, "Weaver", contracts::vendors::VendorStatus::Suspended).await;
        app.advance(Duration::from_secs(1)).await;
        let why = explain(&app, "wool", "Wool blanket").await;
        assert!(why.is_hidden && why.place.is_none() && why.parts.is_empty());
        let admin = app.as_user(&testkit::admin());
        let of = |q: &str, title: &str| format!("{PATH}?q={q}&product_id={}", product_id(title));
        admin.get(&of("wool", "Nothing")).await.expect_problem(404, "not_found");
        admin.get(&of("+", "Wool blanket")).await.expect_invalid("q");
        admin.get(&of(&"a".repeat(201), "Wool blanket")).await.expect_invalid("q");
        app.as_user(&testkit::customer("Bob")).get(&of("wool", "Wool blanket")).await.expect_problem(403, "forbidden");
    })
    .await;
}

async fn forms_of_two_languages(settings: Settings) {
    let app = TestApp::start(Dialect::Sqlite, vec![crate::service(settings)]).await;
    a_market(&app).await;
    publish(&app, "Blaue Tassen", "Potter", "kitchen", 1_500, &[]).await;
    publish(&app, "Große Teller", "Potter", "kitchen", 1_500, &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(titles(&app, "q=tasse").await, ["Blaue Tassen"]);
    assert_eq!(titles(&app, "q=grosser+teller").await, ["Große Teller"]);
    assert_eq!(titles(&app, "q=mugs").await, ["Blue ceramic mug"], "beside those of the first");
    app.finish().await;
}

#[tokio::test]
async fn forms_of_words_are_known_in_each_language_of_the_shop() {
    let languages = vec![Language::En, Language::De];
    forms_of_two_languages(Settings { languages: languages.clone(), ..Settings::default() }).await;
    let fake = Fake::start();
    forms_of_two_languages(Settings { languages, ..outside(&fake.url) }).await;
    let app = TestApp::start(Dialect::Sqlite, super::services()).await;
    vendor_is(&app, "Potter", contracts::vendors::VendorStatus::Approved).await;
    publish(&app, "Blaue Tassen", "Potter", "kitchen", 1_500, &[]).await;
    publish(&app, "Синие чашки", "Potter", "kitchen", 1_500, &[]).await;
    app.advance(Duration::from_secs(1)).await;
    assert_eq!(search(&app, "q=tassen").await.total, 1);
    assert_eq!(search(&app, "q=%D1%87%D0%B0%D1%88%D0%BA%D0%B8").await.total, 1, "in any script");
    assert_eq!(search(&app, "q=tasse").await.corrected.as_deref(), Some("tassen"), "only as an error in typing");
    app.finish().await;
}

#[tokio::test]
async fn everything_is_indexed_anew_without_a_gap() {
    with_both_engines(|app| async move {
        const INDEX: &str = "/api/v1/admin/search/index";
        a_market(&app).await;
        let admin = app.as_user(&testkit::admin());
        let state = async || -> IndexState { admin.get(INDEX).await.expect(200).json() };
        assert_eq!(state().await, IndexState { products: 5, behind: 0 });
        let begun: IndexState = admin.post(INDEX, &()).await.expect(202).json();
        assert_eq!(begun, IndexState { products: 5, behind: 5 });
        assert_eq!(search(&app, "q=mug&sort=rating").await.total, 1, "found as it was");
        app.advance(Duration::from_secs(1)).await;
        assert_eq!((state().await.behind, search(&app, "").await.total), (0, 5));
        app.as_user(&testkit::customer("Bob")).post(INDEX, &()).await.expect_problem(403, "forbidden");
        assert_eq!(state().await.behind, 0);
    })
    .await;
}

#[tokio::test]
async fn an_index_of_other_languages_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let data = tempfile::tempdir().unwrap();
    let with = |languages: Vec<Language>| {
        vec![crate::service(Settings { dir: folder.path().to_owned(), languages, ..Settings::default() })]
    };
    let before = TestApp::in_folder(data.path(), with(vec![Language::En])).await;
    a_market(&before).await;
    publish(&before, "Blaue Tassen", "Potter", "kitchen", 1_500, &[]).await;
    before.advance(Duration::from_secs(1)).await;
    before.finish().await;
    let after = TestApp::in_folder(data.path(), with(vec![Language::De])).await;
    assert_eq!(search(&after, "q=tasse").await.corrected, None);
    assert_eq!((titles(&after, "q=tasse").await, search(&after, "").await.total), (vec!["Blaue Tassen".to_owned()], 6));
    after.finish().await;
}
