//! Words that mean the same.

use contracts::search::{SynonymGroup, SynonymsInput, SynonymsView};
use db::Dialect;
use serde_json::json;
use testkit::{As, TestApp};

use super::{a_market, fake::Fake, outside, publish, search, titles, with_both_engines};

const PATH: &str = "/api/v1/admin/search/synonyms";

fn admin(app: &TestApp) -> As {
    app.as_user(&testkit::admin())
}

fn group(words: &[&str], means: &[&str]) -> SynonymGroup {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    SynonymGroup { words: texts(words), means: texts(means) }
}

async fn write(app: &TestApp, groups: Vec<SynonymGroup>) -> SynonymsView {
    admin(app).put(PATH, &SynonymsInput { groups }).await.expect(200).json()
}

#[tokio::test]
async fn they_count_at_once_and_as_long_as_they_are_there() {
    with_both_engines(|app| async move {
        a_market(&app).await;
        assert_eq!(search(&app, "q=cup").await.total, 0);
        assert_eq!(search(&app, "q=crockery").await.total, 0);
        let view = write(&app, vec![group(&["mug", "cup"], &[]), group(&["crockery"], &["mug", "ceramic bowl"])]).await;
        assert_eq!((view.version, view.groups.len()), (2, 2));
        let found = search(&app, "q=cup").await;
        assert_eq!((found.items[0].title.as_str(), found.total, found.corrected), ("Blue ceramic mug", 1, None));
        assert_eq!(titles(&app, "q=blue+cups").await, ["Blue ceramic mug"], "in any form, beside other words");
        assert_eq!(titles(&app, "q=crockery&sort=price_asc").await, ["Blue ceramic mug", "White ceramic bowl"]);
        publish(&app, "Old crockery", "Potter", "kitchen", 900, &[]).await;
        app.advance(std::time::Duration::from_secs(1)).await;
        let found = titles(&app, "q=crockery").await;
        let place = |title: &str| found.iter().position(|known| known == title).unwrap();
        assert!(place("Old crockery") < place("Blue ceramic mug"), "what was typed counts more: {found:?}");
        assert_eq!(titles(&app, "q=mug").await, ["Blue ceramic mug"], "the other way does not lead");
        assert_eq!(
            search(&app, "q=blue+cup&attr.colour=Blue").await.facets.len(),
            search(&app, "q=blue+mug&attr.colour=Blue").await.facets.len()
        );

        write(&app, vec![]).await;
        assert_eq!(search(&app, "q=cup").await.total, 0, "not from what was kept ready");
    })
    .await;
}

#[tokio::test]
async fn only_admins_write_them_and_nobody_over_what_he_has_not_seen() {
    with_both_engines(|app| async move {
        app.settle().await;
        let input = SynonymsInput { groups: vec![group(&["mug", "cup"], &[])] };
        app.guest().put(PATH, &input).await.expect_problem(401, "unauthenticated");
        app.as_user(&testkit::customer("Bob")).put(PATH, &input).await.expect_problem(403, "forbidden");
        let read = admin(&app).get(PATH).await;
        assert_eq!(read.header("etag"), Some("\"1\""));
        assert_eq!(read.expect(200).json::<SynonymsView>().groups, []);
        admin(&app).header("if-match", "\"1\"").put(PATH, &input).await.expect(200);
        admin(&app)
            .header("if-match", "\"1\"")
            .put(PATH, &SynonymsInput::default())
            .await
            .expect_problem(412, "stale_version");
        assert_eq!(admin(&app).get(PATH).await.expect(200).json::<SynonymsView>().groups, input.groups);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_one_is_refused_by_name_and_changes_nothing() {
    let app = TestApp::start(Dialect::Sqlite, super::services()).await;
    for (groups, field) in [
        (json!([{"words": ["mug"]}]), "groups[0].words"),
        (json!([{"words": ["mug", "cup"]}, {"words": ["--"], "means": ["cup"]}]), "groups[1].words"),
        (json!([{"words": ["a b c d e"], "means": ["cup"]}]), "groups[0].words"),
        (json!([{"words": ["mug"], "means": ["!"]}]), "groups[0].means"),
        (json!([{"words": vec!["mug"; 21]}]), "groups[0].words"),
        (json!([{"words": ["mug", "m".repeat(61)]}]), "groups[0].words[1]"),
        (json!(vec![json!({"words": ["mug", "cup"]}); 501]), "groups"),
    ] {
        admin(&app).put(PATH, &json!({"groups": groups})).await.expect_invalid(field);
    }
    assert_eq!(admin(&app).get(PATH).await.expect(200).json::<SynonymsView>().version, 1);
    app.finish().await;
}

#[tokio::test]
async fn what_has_synonyms_is_not_corrected() {
    let fake = Fake::start();
    let app = TestApp::start(Dialect::Sqlite, vec![crate::service(outside(&fake.url))]).await;
    a_market(&app).await;
    assert_eq!(search(&app, "q=linnen").await.corrected.as_deref(), Some("linen"));
    write(&app, vec![group(&["linnen"], &["wool"])]).await;
    let found = search(&app, "q=linnen").await;
    assert_eq!((found.corrected, found.items[0].title.as_str()), (None, "Wool blanket"));
    assert_eq!(search(&app, "q=linnen+blankt").await.corrected.as_deref(), Some("linnen blanket"));
    app.finish().await;
}
