//! Reviews: on a product's page, in the account, in the portal, before the moderators.

use contracts::reviews::{
    HiddenView, ModerationAct, ModerationView, RatingSummary, ReplyView, ReportReason, ReportView, ReportedReview,
    ReviewView,
};
use kernel::{AccountId, MediaId, ModerationId, ReviewId, Role, VendorRole};
use serde_json::{Value, json};

use super::{
    fixtures::*,
    portal::*,
    stage::{Stage, account},
};

fn review(name: &str) -> ReviewView {
    ReviewView {
        id: ReviewId::derived("test", &[name]),
        product_id: product_id("blue-mug"),
        author: "Grace H.".to_owned(),
        rating: 2,
        title: format!("{name} </script><b>"),
        text: "Holds <no> tea.".to_owned(),
        photos: Vec::new(),
        helpful: 0,
        voted: false,
        own: false,
        reply: None,
        hidden: None,
        created_at: at("2026-01-10T00:00:00Z"),
    }
}

fn with_everything() -> ReviewView {
    ReviewView {
        photos: vec![picture("crack"), contracts::catalog::Picture { alt: String::new(), ..picture("box") }],
        helpful: 3,
        reply: Some(ReplyView { text: "We are <sorry>.".to_owned(), at: at("2026-01-11T00:00:00Z") }),
        ..review("Cracked")
    }
}

fn rating(count: u32) -> RatingSummary {
    RatingSummary { average_x100: 481, count, histogram: [0, 0, 0, 0, count] }
}

fn on_product(stage: &Stage, reviews: &[ReviewView]) {
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), rates());
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says(&format!("GET /api/v1/stores/{}/rating", vendor("kiln")), rating(640));
    stage.says(
        &format!("GET /api/v1/products/{}/reviews", product_id("blue-mug")),
        json!({"items": reviews, "next": "cursor2"}),
    );
    stage.says(&format!("GET /api/v1/products/{}/rating", product_id("blue-mug")), rating_summary());
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    stage.says("GET /api/v1/carts/current", cart(0));
}

#[tokio::test]
async fn a_guest_reads_everything_about_a_review_and_may_do_nothing() {
    let stage = Stage::new().await;
    on_product(&stage, &[with_everything()]);
    let page = stage.browser().get("/p/blue-mug").await.expect(200);
    page.clone()
        .says(&["Holds &#60;no&#62; tea.", "Kiln &#38; Daughters answers", "We are &#60;sorry&#62;."])
        .says(&["3\u{a0}people find this helpful", "4.8 · 640 reviews"])
        .says(&["href=\"/media/crack-1200.jpg\"", "src=\"/media/crack-320.jpg\"", "alt=\"A crack\""])
        .says(&["alt=\"Blue &#60;mug&#62;, photo 2 by Grace H.\""])
        .never_says(&["/helpful\"", "Cracked </script>", "<no>", "<sorry>"]);
    let ld = page.html.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let ld: Value = serde_json::from_str(ld.split("</script>").next().unwrap()).unwrap();
    assert_eq!(
        (&ld["aggregateRating"]["ratingValue"], &ld["aggregateRating"]["reviewCount"]),
        (&json!("4.63"), &json!(128))
    );
    let told = &ld["review"][0];
    assert_eq!((&told["name"], &told["reviewRating"]["ratingValue"]), (&json!("Cracked </script><b>"), &json!(2)));
    assert_eq!((&told["author"]["name"], &told["datePublished"]), (&json!("Grace H."), &json!("2026-01-10")));
}

#[tokio::test]
async fn reviews_are_read_newest_or_most_helpful_first() {
    let stage = Stage::new().await;
    on_product(&stage, &[review("One")]);
    let list = format!("GET /api/v1/products/{}/reviews", product_id("blue-mug"));
    let mut browser = stage.browser();
    browser.get("/p/blue-mug").await.expect(200).says(&["href=\"/p/blue-mug?sort=helpful#reviews\""]);
    assert!(stage.asked_once(&list).query.contains("sort=newest"));
    stage.forget();
    browser
        .get("/p/blue-mug?sort=helpful")
        .await
        .expect(200)
        .says(&["href=\"/p/blue-mug#reviews\"", "href=\"/p/blue-mug?sort=helpful&#38;after=cursor2&#38;n=1#reviews\""]);
    assert!(stage.asked_once(&list).query.contains("sort=helpful"));
}

#[tokio::test]
async fn whoever_has_logged_in_finds_a_review_helpful_or_takes_it_back() {
    let stage = Stage::new().await;
    let (fresh, voted, own) = (
        review("Fresh"),
        ReviewView { voted: true, helpful: 1, ..review("Voted") },
        ReviewView { own: true, ..review("Own") },
    );
    on_product(&stage, &[fresh.clone(), voted.clone(), own.clone()]);
    let mut ada = stage.logged_in("Ada").await;
    let page = ada.get("/p/blue-mug?sort=helpful").await.expect(200);
    let (helpful, after_all) = (format!("/reviews/{}/helpful", fresh.id), format!("/reviews/{}/helpful", voted.id));
    page.clone()
        .says(&[&helpful, &after_all, "One person finds this helpful", "Not helpful after all"])
        .says(&[&format!("href=\"/reviews/{}/report\"", fresh.id)])
        .never_says(&[&format!("/reviews/{}/helpful", own.id), &format!("/reviews/{}/report", own.id)]);
    assert_eq!(page.hidden("next").as_deref(), Some("/p/blue-mug?sort=helpful#reviews"));

    stage.says(&format!("PUT /api/v1/reviews/{}/helpful", fresh.id), json!({"helpful": 1}));
    stage.says(&format!("DELETE /api/v1/reviews/{}/helpful", voted.id), json!({"helpful": 0}));
    let next = ("next", "/p/blue-mug#reviews");
    ada.post(&helpful, &[next, ("do", "yes")]).await.leads_to("/p/blue-mug#reviews");
    ada.post(&after_all, &[next, ("do", "no")]).await.leads_to("/p/blue-mug#reviews");
    stage.asked_once(&format!("PUT /api/v1/reviews/{}/helpful", fresh.id));
    stage.asked_once(&format!("DELETE /api/v1/reviews/{}/helpful", voted.id));
    ada.post(&helpful, &[("next", "https://evil.example/"), ("do", "yes")]).await.leads_to("/account/reviews");
    let own_vote = format!("/reviews/{}/helpful", own.id);
    stage.refuses(&format!("PUT /api/v1{own_vote}"), 403, "own_review", "This is your own review.", &[]);
    ada.post(&own_vote, &[next, ("do", "yes")]).await.leads_to("/p/blue-mug#reviews");
    ada.get("/p/blue-mug").await.expect(200).says(&["This is your own review."]);
    ada.post_raw(&helpful, &[next]).await.expect(403);
    stage.browser().post_raw(&helpful, &[next]).await.expect(403);
}

#[tokio::test]
async fn a_review_is_reported_with_a_reason() {
    let stage = Stage::new().await;
    let bad = review("Bad");
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    stage.says(&format!("GET /api/v1/reviews/{}", bad.id), &bad);
    let path = format!("/reviews/{}/report", bad.id);
    stage.browser().get(&path).await.leads_to(&format!("/login?next=%2Freviews%2F{}%2Freport", bad.id));
    let mut ada = stage.logged_in("Ada").await;
    ada.get(&path).await.expect(200).says(&[
        "Bad &#60;/script&#62;",
        "Not about the product",
        "href=\"/p/blue-mug#reviews\"",
    ]);
    let api = format!("POST /api/v1/reviews/{}/reports", bad.id);
    ada.post(&path, &[("text", "kept words")]).await.expect(422).says(&["Choose what is wrong", "kept words"]);
    assert!(stage.asked(&api).is_empty());
    stage.refuses(&api, 422, "invalid_input", "Mend it.", &[("text", "Say what is wrong with it.")]);
    ada.post(&path, &[("reason", "other")]).await.expect(422).says(&["Say what is wrong with it."]);
    stage.refuses(&api, 409, "reported_before", "You have reported this review before. Once is enough.", &[]);
    ada.post(&path, &[("reason", "spam")]).await.expect(409).says(&["Once is enough."]);
    stage.forget();
    stage.answers(&api, 204, json!(null));
    ada.post(&path, &[("reason", "off_topic"), ("text", " It is the post. ")]).await.leads_to("/p/blue-mug#reviews");
    assert_eq!(stage.asked_once(&api).body, json!({"reason": "off_topic", "text": "It is the post."}));
    ada.get(&format!("/reviews/{}/report", ReviewId::derived("test", &["gone"]))).await.expect(404);
}

#[tokio::test]
async fn photos_come_and_go_with_the_form_of_a_review() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    let id = product_id("blue-mug");
    let mine = ReviewView { own: true, ..with_everything() };
    let bought = json!({"product_id": id, "bought_at": "2026-01-14T12:00:00Z", "review": mine});
    stage.says("GET /api/v1/me/reviewable", json!({"items": [bought]}));
    let mut ada = stage.logged_in("Ada").await;
    let (form, api) = (format!("/account/reviews/{id}"), format!("/api/v1/products/{id}/reviews/mine"));
    let crack = MediaId::derived("test", &["crack"]);
    ada.get(&form).await.expect(200).says(&[
        "multipart/form-data",
        "Add up to 2 photos",
        &format!("name=\"remove\" value=\"{crack}\""),
        "alt=\"A crack\"",
    ]);
    stage.says(&format!("PUT {api}"), &mine);
    stage.answers(&format!("POST {api}/photos"), 201, picture("new"));
    stage.answers(&format!("DELETE {api}/photos/{crack}"), 204, json!(null));
    let (gone, alt) = (crack.to_string(), ("alt", "Two múgs"));
    let words = [("rating", "2"), ("title", "Cracked"), ("text", ""), ("remove", gone.as_str()), alt];
    let files = [("photo", "a.png", "PNG one"), ("photo", "empty.png", ""), ("photo", "b.png", "PNG two")];
    ada.upload(&form, &words, &files).await.leads_to("/account/reviews");
    stage.asked_once(&format!("DELETE {api}/photos/{crack}"));
    let sent = stage.asked(&format!("POST {api}/photos"));
    assert_eq!(sent.len(), 2, "what was left empty is not sent");
    assert_eq!(
        (sent[0].headers["content-type"].as_str(), sent[0].headers["alt"].as_str()),
        ("image/png", "Two%20m%C3%BAgs")
    );

    // The words are kept even where a photo is not taken, and the form says which.
    stage.refuses(&format!("POST {api}/photos"), 415, "not_a_picture", "Send a JPEG, PNG, WebP or GIF picture.", &[]);
    ada.upload(&form, &words[..3], &files[..1]).await.leads_to(&form);
    ada.get(&form).await.expect(200).says(&["a.png: Send a JPEG, PNG, WebP or GIF picture."]);
    stage.forget();
    ada.upload(&form, &[("rating", ""), ("title", "kept")], &files[..1]).await.expect(422).says(&["value=\"kept\""]);
    assert!(stage.asked(&format!("POST {api}/photos")).is_empty());
}

#[tokio::test]
async fn an_author_sees_that_a_review_is_hidden_and_why() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    let id = product_id("blue-mug");
    let hidden = HiddenView { reason: "It insults <her>.".to_owned(), at: at("2026-01-12T00:00:00Z") };
    let mine = ReviewView { own: true, hidden: Some(hidden), ..review("Rude") };
    let bought = json!({"product_id": id, "bought_at": "2026-01-14T12:00:00Z", "review": mine});
    stage.says("GET /api/v1/me/reviewable", json!({"items": [bought]}));
    let mut ada = stage.logged_in("Ada").await;
    let says = ["It insults &#60;her&#62;."];
    ada.get("/account/reviews").await.expect(200).says(&says).says(&["does not show your review"]);
    let form = format!("/account/reviews/{id}");
    ada.get(&form).await.expect(200).says(&says).says(&["has hidden this review"]);
    stage.says(&format!("PUT /api/v1/products/{id}/reviews/mine"), &mine);
    ada.upload(&form, &[("rating", "2"), ("title", "Polite")], &[]).await.leads_to("/account/reviews");
    ada.get("/account/reviews").await.expect(200).says(&["stays hidden until a moderator"]);
    let remove = format!("DELETE /api/v1/products/{id}/reviews/mine");
    stage.refuses(&remove, 409, "review_hidden", "You may change it, but not remove it.", &[]);
    ada.post(&format!("{form}/remove"), &[]).await.leads_to("/account/reviews");
    ada.get("/account/reviews").await.expect(200).says(&["You may change it, but not remove it."]);
}

#[tokio::test]
async fn a_store_shows_its_stars() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
    stage.says(&format!("GET /api/v1/stores/{}/rating", vendor("kiln")), rating(640));
    let mut browser = stage.browser();
    browser.get("/v/kiln").await.expect(200).says(&["4.8 · 640 reviews"]);
    browser.get("/stores").await.expect(200).says(&["640"]);
    stage.says(&format!("GET /api/v1/stores/{}/rating", vendor("kiln")), RatingSummary::default());
    browser.get("/v/kiln").await.expect(200).never_says(&["0 reviews"]);
    stage.refuses(&format!("GET /api/v1/stores/{}/rating", vendor("kiln")), 503, "unavailable", "Resting.", &[]);
    browser.get("/v/kiln").await.expect(200).says(&["Kiln &#38; Daughters"]);
}

#[tokio::test]
async fn a_vendor_answers_in_place() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (list, base) = (format!("/vendor/{}/reviews", kiln()), format!("/api/v1/vendors/{}/reviews", kiln()));
    stage.says(&format!("GET {base}"), page::<Value>(&[]));
    ines.get(&list).await.expect(200).says(&["No reviews yet", "Unanswered"]);
    let (open, done) = (review("Open"), with_everything());
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    stage.says(&format!("GET {base}"), json!({"items": [open, done], "next": "c2"}));
    stage.forget();
    let narrowed = format!("{list}?unanswered=yes&stars=2");
    let field = format!("reply-{}", open.id);
    ines.get(&narrowed).await.expect(200).says(&[
        "The blue-mug",
        "Open &#60;/script&#62;",
        &format!("name=\"{field}\""),
        "We are &#60;sorry&#62;.",
        "3\u{a0}people found this helpful",
        "after=c2",
    ]);
    let asked = stage.asked_once(&format!("GET {base}")).query;
    assert!(asked.contains("unanswered=true") && asked.contains("stars=2"), "{asked}");
    ines.htmx().get(&list).await.expect(200).never_says(&["<html"]);

    let reply = format!("PUT {base}/{}/reply", open.id);
    let post = format!("{list}/{}/reply", open.id);
    ines.post(&post, &[("next", &narrowed), (&field, " ")])
        .await
        .expect(422)
        .says(&["Write an answer.", "value=\"2\" selected"]);
    assert!(stage.asked(&reply).is_empty());
    stage.refuses(&reply, 422, "invalid_input", "Mend it.", &[("text", "At most 2000 letters.")]);
    ines.post(&post, &[("next", &narrowed), (&field, "kept words")])
        .await
        .expect(422)
        .says(&["kept words", "At most 2000"]);
    stage.forget();
    stage.says(&reply, &open);
    ines.post(&post, &[("next", &narrowed), (&field, "Thank you.")]).await.leads_to(&narrowed);
    assert_eq!(stage.asked_once(&reply).body, json!({"text": "Thank you."}));
    stage.answers(&format!("DELETE {base}/{}/reply", done.id), 204, json!(null));
    let remove = format!("{list}/{}/reply", done.id);
    ines.post(&remove, &[("next", "https://evil.example"), ("do", "remove")]).await.leads_to(&list);
    stage.asked_once(&format!("DELETE {base}/{}/reply", done.id));
    let gone = format!("{list}/{}/reply", ReviewId::derived("test", &["gone"]));
    let field = format!("reply-{}", ReviewId::derived("test", &["gone"]));
    ines.post(&gone, &[(&field, "Hello")]).await.expect(404);
}

fn act(act: ModerationAct, by: AccountId) -> ModerationView {
    ModerationView {
        id: ModerationId::derived("test", &["act"]),
        review_id: review("Bad").id,
        product_id: product_id("blue-mug"),
        author: "Grace H.".to_owned(),
        title: "Bad".to_owned(),
        act,
        reason: "It <insults>.".to_owned(),
        by,
        at: at("2026-01-12T00:00:00Z"),
    }
}

#[tokio::test]
async fn what_was_reported_waits_for_a_moderator() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let bad = review("Bad");
    let report = |reason, text: &str| ReportView {
        account_id: AccountId::derived("test", &["reader"]),
        reason,
        text: text.to_owned(),
        at: at("2026-01-12T00:00:00Z"),
    };
    let reports = vec![report(ReportReason::Other, "My <address>"), report(ReportReason::Spam, "")];
    let waiting = ReportedReview { review: bad.clone(), count: 2, reports, since: at("2026-01-11T00:00:00Z") };
    stage.says("GET /api/v1/admin/reviews/reported", page(&[waiting]));
    let at = |verb: &str| format!("/admin/reviews/{}/{verb}", bad.id);
    mary.get("/admin/reviews/reported").await.expect(200).says(&[
        "2\u{a0}reports",
        "Something else: “My &#60;address&#62;” · Spam",
        &at("keep"),
        &at("hide"),
        &at("remove"),
    ]);
    mary.get(&at("hide")).await.expect(200).says(&["Hide this review?", "name=\"reason\""]);
    mary.get(&at("burn")).await.expect(404);
    let api = |verb: &str| format!("POST /api/v1/admin/reviews/{}/{verb}", bad.id);
    stage.refuses(&api("hide"), 422, "invalid_input", "Mend it.", &[("reason", "Give a reason.")]);
    mary.post(&at("hide"), &[("reason", "")]).await.expect(422).says(&["Give a reason.", "Hide this review?"]);
    stage.forget();
    for verb in ["hide", "keep", "restore"] {
        stage.says(&api(verb), &bad);
    }
    mary.post(&at("hide"), &[("reason", " It insults. ")]).await.leads_to("/admin/reviews/reported");
    assert_eq!(stage.asked_once(&api("hide")).body, json!({"reason": "It insults."}));
    mary.post(&at("keep"), &[]).await.leads_to("/admin/reviews/reported");
    assert_eq!(stage.asked_once(&api("keep")).body, json!({"reason": ""}));
    mary.post(&at("restore"), &[]).await.leads_to("/admin/reviews");
    let remove = format!("DELETE /api/v1/admin/reviews/{}", bad.id);
    stage.answers(&remove, 204, json!(null));
    mary.post(&at("remove"), &[("reason", "Spam & more")]).await.leads_to("/admin/reviews/reported");
    assert!(stage.asked_once(&remove).query.starts_with("reason=Spam"));
    stage.refuses(&api("restore"), 409, "not_hidden", "This review is not hidden.", &[]);
    mary.post(&at("restore"), &[]).await.leads_to("/admin/reviews");
    let hidden = HiddenView { reason: "It <insults>.".to_owned(), at: bad.created_at };
    stage.says("GET /api/v1/admin/reviews", page(&[ReviewView { hidden: Some(hidden), ..bad.clone() }]));
    mary.get("/admin/reviews").await.expect(200).says(&[
        "This review is not hidden.",
        "Hidden: It &#60;insults&#62;.",
        &at("restore"),
    ]);
}

#[tokio::test]
async fn what_moderators_did_can_be_read() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let by = account("Mary", &[Role::Admin], &[]);
    let unknown = AccountId::derived("test", &["gone"]);
    stage.says(&format!("GET /api/v1/admin/accounts/{}", by.id), &by);
    let acts = [act(ModerationAct::Hidden, by.id), act(ModerationAct::Kept, unknown)];
    stage.says("GET /api/v1/admin/reviews/moderation", page(&acts));
    mary.get("/admin/reviews/history").await.expect(200).says(&[
        "It &#60;insults&#62;.",
        "Mary Lovelace",
        &format!("href=\"/admin/users/{unknown}\""),
        "Kept",
        "Hidden",
    ]);
}
