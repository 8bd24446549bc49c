//! The search as administrators see it, and what it offers who finds nothing.

use contracts::search::{FewerWords, Instead, NearCategory};
use kernel::ProductId;
use serde_json::json;

use super::{fixtures::*, portal::*, stage::Stage};

const SYNONYMS: &str = "/api/v1/admin/search/synonyms";

#[tokio::test]
async fn synonyms_are_written_line_by_line() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let groups = json!([{"words": ["sofa", "couch"]}, {"words": ["kicks"], "means": ["trainers"]}]);
    stage.says(&format!("GET {SYNONYMS}"), json!({"groups": groups, "version": 4}));
    mary.get("/admin/synonyms?add=settee")
        .await
        .expect(200)
        .says(&["sofa, couch\nkicks =&#62; trainers\nsettee =&#62; ", "name=\"version\" value=\"4\""]);
    stage.says(&format!("PUT {SYNONYMS}"), json!({"groups": [], "version": 5}));
    mary.post("/admin/synonyms", &[("list", "a, b\n\nc => d e"), ("version", "4")]).await.leads_to("/admin/synonyms");
    let sent = stage.asked_once(&format!("PUT {SYNONYMS}"));
    assert_eq!(sent.body, json!({"groups": [{"words": ["a", "b"]}, {"words": ["c"], "means": ["d e"]}]}));
    assert_eq!(sent.headers["if-match"], "\"4\"");
}

#[tokio::test]
async fn refused_synonyms_are_shown_again_with_the_line() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    mary.post("/admin/synonyms", &[("list", "a, b\n=> c"), ("version", "4")])
        .await
        .expect(422)
        .says(&["Line 2: put words on both sides", "a, b\n=&#62; c"]);
    assert!(stage.asked(&format!("PUT {SYNONYMS}")).is_empty());
    let wrong = [("groups[1].words", "“c” has nothing that means the same.")];
    stage.refuses(&format!("PUT {SYNONYMS}"), 422, "invalid_input", "Some fields need to be corrected.", &wrong);
    mary.post("/admin/synonyms", &[("list", "a, b\n\nc"), ("version", "4")])
        .await
        .expect(422)
        .says(&["Line 3: “c” has nothing that means the same.", "a, b\n\nc"]);
    stage.refuses(&format!("PUT {SYNONYMS}"), 412, "stale_version", "This was changed in the meantime.", &[]);
    mary.post("/admin/synonyms", &[("list", "a, b"), ("version", "4")])
        .await
        .expect(412)
        .says(&["This was changed in the meantime.", "a, b"]);
}

#[tokio::test]
async fn what_was_not_found_is_listed_and_can_be_given_a_synonym() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let days = |values: [i64; 2]| {
        let day = |(date, value)| json!({"date": date, "value": value});
        ["2026-11-19", "2026-11-20"].into_iter().zip(values).map(day).collect::<Vec<_>>()
    };
    let metric = |now: [i64; 2], before: [i64; 2]| {
        let sum = |of: [i64; 2]| of.iter().sum::<i64>();
        json!({"total": sum(now), "previous": sum(before), "days": days(now), "previous_days": days(before)})
    };
    let term = json!({"words": "hammock <em>", "times": 12, "previous": 3, "last": "2026-11-20"});
    stage.says(
        "GET /api/v1/admin/search/missed",
        json!({"searches": metric([80, 40], [50, 50]), "missed": metric([7, 8], [3, 2]), "terms": [term]}),
    );
    mary.get("/admin/searches?days=90")
        .await
        .expect(200)
        .says(&[
            "hammock &#60;em&#62;",
            "Show as a table",
            "+200\u{a0}%",
            "/admin/synonyms?add=hammock+%3Cem%3E",
            "/admin/searches/not-found.csv?days=90",
        ])
        .never_says(&["<em>"]);
    assert_eq!(stage.asked_once("GET /api/v1/admin/search/missed").query, "days=90");
    const INDEX: &str = "/api/v1/admin/search/index";
    stage.says(&format!("GET {INDEX}"), json!({"products": 120, "behind": 3}));
    mary.get("/admin/searches").await.expect(200).says(&["3 of 120\u{a0}products", "Index everything anew"]);
    assert!(stage.asked(&format!("POST {INDEX}")).is_empty());
    stage.answers(&format!("POST {INDEX}"), 202, json!({"products": 120, "behind": 120}));
    mary.post("/admin/searches/index", &[]).await.leads_to("/admin/searches");
    stage.asked_once(&format!("POST {INDEX}"));
}

#[tokio::test]
async fn a_products_place_is_explained() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says("GET /api/v1/search", found(&["mug", "bowl"]));
    let id: ProductId = product_id("mug");
    let why = format!("/admin/ranking?q=blue+mug&#38;product={id}");
    mary.get("/admin/ranking?q=blue+mug").await.expect(200).says(&["The mug", "Why here?", &why]);
    let part = json!({
        "word": "mug", "field": "title", "synonym_of": null, "products": 7, "score_x1000": 3_000,
        "text": "“mug” stands in the title, where it counts four times. 7 products have it there; the fewer, the more it says.",
    });
    stage.says(
        "GET /api/v1/admin/search/explanation",
        json!({
            "title": "The mug", "slug": "mug", "searched": "blue mug", "is_corrected": false, "is_hidden": false, "place": 2,
            "total": 40, "score_x1000": 4_000, "parts": [part], "missing": ["blue"], "sold": 9, "published_at": null,
        }),
    );
    mary.get(&format!("/admin/ranking?q=blue+mug&product={id}")).await.expect(200).says(&[
        "Why “The mug”?",
        "2 of 40",
        "4.000",
        "3.000",
        "75\u{a0}%",
        "counts four times",
        "blue",
    ]);
}

#[tokio::test]
async fn who_finds_nothing_is_led_on() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let mut nothing = found(&[]);
    let fewer = |words: &str, total| FewerWords { words: words.to_owned(), total };
    nothing.instead = Some(Instead {
        did_you_mean: Some("teapot".to_owned()),
        fewer_words: vec![fewer("blue", 12)],
        categories: vec![NearCategory { slug: "mugs".to_owned(), name: "Mugs & cups".to_owned() }],
        without_choices: 0,
    });
    stage.says("GET /api/v1/search", &nothing);
    browser.get("/search?q=blue+teepottt").await.expect(200).says(&[
        "Did you mean",
        "href=\"/search?q=teapot\"",
        "blue (12)",
        "Aisles to look in",
        "href=\"/c/mugs\"",
    ]);
    nothing.instead = Some(Instead { without_choices: 5, ..Instead::default() });
    stage.says("GET /api/v1/search", &nothing);
    browser.get("/search?q=mug&rating=4").await.expect(200).says(&["Too narrow a choice", "Show all 5\u{a0}products"]);
    let mut some = found(&["mug"]);
    some.partial = true;
    stage.says("GET /api/v1/search", some);
    browser.get("/search?q=blue+mug").await.expect(200).says(&["Nothing has all of these words"]);
}

#[tokio::test]
async fn aisles_and_makers_called_so_need_no_script() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/search", found(&["mug"]));
    let suggestion =
        |kind: &str, text: &str, slug: &str| json!({"kind": kind, "text": text, "slug": slug, "picture_url": null});
    stage.says(
        "GET /api/v1/search/suggestions",
        json!([
            suggestion("category", "Mugs & cups", "mugs"),
            suggestion("vendor", "Mugwort", "mugwort"),
            suggestion("product", "The mug", "mug")
        ]),
    );
    let page = stage.browser().get("/search?q=mug").await.expect(200);
    page.says(&["Aisles and makers called so", "href=\"/c/mugs\"", "href=\"/v/mugwort\""]);
    stage.refuses("GET /api/v1/search/suggestions", 503, "unavailable", "Resting.", &[]);
    stage.browser().get("/search?q=mug").await.expect(200).never_says(&["Aisles and makers called so"]);
}
