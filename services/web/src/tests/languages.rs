//! What is sold, read in further languages of the shop.

use std::collections::BTreeMap;

use contracts::catalog::{CategoryTexts, CategoryView, ProductTexts};
use kernel::{Languages, Role};
use serde_json::json;
use testkit::TestApp;

use super::{
    fixtures::*,
    portal::in_charge,
    stage::{Stage, account},
};
use crate::Settings;

async fn of_two_languages() -> Stage {
    let languages = Languages::new(&["en", "de"]);
    let service = crate::service(Settings { languages, ..Settings::default() });
    Stage::around(std::sync::Arc::new(TestApp::start(db::Dialect::Sqlite, vec![service]).await))
}

fn kitchen_in_german() -> Vec<CategoryView> {
    let mut categories = categories();
    categories[0].name = "Küche".to_owned();
    categories[0].translated = vec!["name".to_owned()];
    categories
}

fn shelf(stage: &Stage) {
    let mut mug = mug();
    mug.title = "Blaue <Tasse>".to_owned();
    mug.translated = vec!["title".to_owned()];
    stage.says("GET /api/v1/products/blue-mug", mug);
    let mut cup = card("bowl");
    cup.title = "Die Schale".to_owned();
    cup.translated = true;
    stage.says("GET /api/v1/products", json!({"items": [cup, card("plate")]}));
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says("GET /api/v1/categories", kitchen_in_german());
}

#[tokio::test]
async fn a_page_leads_to_itself_in_each_language_and_the_choice_is_remembered() {
    let stage = of_two_languages().await;
    shelf(&stage);
    let mut reader = stage.browser();
    let page = reader.get("/p/blue-mug?lang=de").await.expect(200);
    let base = &stage.app.system.env("web").unwrap().public_url;
    page.says(&[
        "<html lang=\"en\"",
        "<h1 lang=\"de\">Blaue &#60;Tasse&#62;</h1>",
        "<h3 lang=\"de\"><a href=\"/p/bowl\">Die Schale</a></h3>",
        "<h3><a href=\"/p/plate\">The plate</a></h3>",
        "<a href=\"/c/kitchen\" lang=\"de\">Küche</a>",
        "<a href=\"/p/blue-mug?lang=en\" lang=\"en\" hreflang=\"en\">English</a>",
        "<a href=\"/p/blue-mug?lang=de\" lang=\"de\" hreflang=\"de\" aria-current=\"true\">Deutsch</a>",
        &format!("<link rel=\"canonical\" href=\"{base}/p/blue-mug?lang=de\">"),
        &format!("<link rel=\"alternate\" hreflang=\"en\" href=\"{base}/p/blue-mug\">"),
        &format!("<link rel=\"alternate\" hreflang=\"de\" href=\"{base}/p/blue-mug?lang=de\">"),
        &format!("<link rel=\"alternate\" hreflang=\"x-default\" href=\"{base}/p/blue-mug\">"),
    ]);
    let asked = stage.asked("GET /api/v1/products/blue-mug");
    assert_eq!(asked.last().unwrap().headers["accept-language"], "de");
    assert_eq!(reader.cookies["language"], "de");

    // The next pages are in it without saying so; the main language is chosen like any other.
    stage.forget();
    reader.get("/p/blue-mug").await.expect(200);
    assert_eq!(stage.asked("GET /api/v1/products/blue-mug")[0].headers["accept-language"], "de");
    stage.forget();
    reader.get("/p/blue-mug?lang=en").await.expect(200);
    assert_eq!(reader.cookies["language"], "en");
    assert!(!stage.asked("GET /api/v1/products/blue-mug")[0].headers.contains_key("accept-language"));
    stage.forget();
    reader.get("/p/blue-mug?lang=xx").await.expect(200);
    assert_eq!(reader.cookies["language"], "en", "what is none is not remembered");
}

#[tokio::test]
async fn a_shop_of_one_language_knows_of_no_choice() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says("GET /api/v1/products", cards(&["blue-mug", "bowl"]));
    let mut reader = stage.browser();
    let page = reader.get("/p/blue-mug?lang=de").await.expect(200);
    page.never_says(&["hreflang", "Language of what is sold", "<h1 lang", "<h3 lang"]);
    assert!(!reader.cookies.contains_key("language"));
    assert!(!stage.asked("GET /api/v1/products/blue-mug")[0].headers.contains_key("accept-language"));
}

#[tokio::test]
async fn the_map_of_the_site_names_each_page_in_each_language() {
    let stage = of_two_languages().await;
    shelf(&stage);
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
    let map = stage.browser().get("/sitemap.xml").await.expect(200);
    let links = |path: &str| {
        let link = |code: &str, query: &str| {
            let href = format!("http://souk.test{path}{query}");
            format!("<xhtml:link rel=\"alternate\" hreflang=\"{code}\" href=\"{href}\"/>")
        };
        [link("en", ""), link("de", "?lang=de"), link("x-default", "")].concat()
    };
    for path in ["/", "/stores", "/c/kitchen", "/c/mugs", "/v/kiln", "/p/bowl", "/p/plate"] {
        for query in ["", "?lang=de"] {
            map.clone().says(&[&format!("<url><loc>http://souk.test{path}{query}</loc>{}</url>", links(path))]);
        }
    }
    map.says(&[" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">", "<url><loc>http://souk.test/about</loc></url>"])
        .never_says(&["/about?lang"]);
}

#[tokio::test]
async fn carts_and_wish_lists_are_told_in_the_language_of_the_visitor() {
    let stage = of_two_languages().await;
    let mut filled = cart(2);
    filled.later = vec![filled.lines[1].clone()];
    stage.says("GET /api/v1/carts/current", &filled);
    stage.says("POST /api/v1/quotes", quote('a', 2, 3_490));
    let mut small = card("small");
    (small.id, small.title, small.translated) = (product_id("Small"), "Die <Kleine>".to_owned(), true);
    let mut oil = card("oil");
    (oil.id, oil.title) = (product_id("Oil"), "Somebody's oil".to_owned());
    stage.says("GET /api/v1/products", json!({"items": [small, oil]}));
    let mut ada = stage.logged_in("Ada").await;
    stage.forget();
    ada.get("/cart?lang=de").await.expect(200).says(&[
        "<h3 lang=\"de\"><a href=\"/p/small",
        "Die &#60;Kleine&#62;</a></h3>",
        "<h3><a href=\"/p/oil",
        "The Oil</a></h3>",
    ]);
    let asked = stage.asked("GET /api/v1/products");
    assert_eq!(asked.len(), 1, "once for all lines");
    assert_eq!(asked[0].headers["accept-language"], "de");
    // Without an answer, and in the main language, they are called as the cart calls them.
    stage.answers("GET /api/v1/products", 503, json!({}));
    ada.get("/cart").await.expect(200).says(&["The Small</a></h3>"]).never_says(&["Kleine"]);
    stage.forget();
    ada.get("/cart?lang=en").await.expect(200).says(&["The Small</a></h3>"]);
    assert_eq!(stage.asked("GET /api/v1/products").len(), 0);
}

#[tokio::test]
async fn whoever_logs_in_reads_in_the_language_of_the_account() {
    let stage = of_two_languages().await;
    let mut tokens = stage.tokens("Ada", "first", &[Role::Customer], &[]);
    tokens.account.locale = "de-AT".to_owned();
    stage.answers("POST /api/v1/sessions", 201, tokens);
    let form = [("email", "ada@example.com"), ("password", "a walk in the park")];
    let mut ada = stage.browser();
    ada.get("/login").await.expect(200);
    ada.post("/login", &form).await.expect(303);
    assert_eq!(ada.cookies["language"], "de");
    let mut chosen = stage.browser();
    chosen.get("/login?lang=de").await.expect(200);
    chosen.get("/login?lang=en").await.expect(200);
    chosen.post("/login", &form).await.expect(303);
    assert_eq!(chosen.cookies["language"], "en", "what was chosen here stays");
}

#[tokio::test]
async fn a_category_is_translated_in_its_form() {
    let stage = of_two_languages().await;
    let mut known = categories();
    let french = CategoryTexts { name: "Cuisine".to_owned(), ..CategoryTexts::default() };
    known[0].translations = BTreeMap::from([("fr".to_owned(), french)]);
    stage.says("GET /api/v1/categories", &known);
    let mut mary = in_charge(&stage).await;
    let path = format!("/admin/categories/{}", known[0].id);
    mary.get(&path).await.expect(200).says(&["In German", "Name in German", "name=\"translations.de.name\""]);
    let put = format!("PUT /api/v1/admin/categories/{}", known[0].id);
    let form = [("name", "Kitchen"), ("position", "1"), ("parent_id", ""), ("translations.de.name", " Küche ")];
    let field = ("translations.de.name", "Shorter, please.");
    stage.refuses(&put, 422, "invalid_input", "Some fields are wrong.", &[field]);
    mary.post(&path, &form).await.expect(422).says(&["Shorter, please.", "<details class=\"more\" open>"]);
    stage.forget();
    stage.says(&put, &known[0]);
    mary.post(&path, &form).await.leads_to("/admin/categories");
    let body = stage.asked_once(&put).body;
    let expected = json!({"de": {"name": "Küche"}, "fr": {"name": "Cuisine"}});
    assert_eq!(body["translations"], expected, "a language that the shop had before stays");
}

#[test]
fn what_is_sent_of_a_product_is_taken_language_by_language() {
    let shop = Languages::new(&["en", "de"]);
    let sent = |name: &str| match name {
        "translations.de.title" => " Tasse ",
        "translations.fr.title" => "Tasse bleue",
        _ => "",
    };
    let texts = crate::pages::portal::translations::product(&shop, None, sent);
    let german = ProductTexts { title: "Tasse".to_owned(), ..ProductTexts::default() };
    assert_eq!(texts, BTreeMap::from([("de".to_owned(), german)]));
}

#[tokio::test]
async fn an_account_gets_the_language_of_the_visit_and_another_one_in_its_profile() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/carts/current", cart(0));
    let mut french = account("Ada", &[Role::Customer], &[]);
    french.locale = "fr-CA".to_owned();
    stage.answers("POST /api/v1/accounts", 201, &french);
    stage.answers("POST /api/v1/sessions", 201, stage.tokens("Ada", "first", &[Role::Customer], &[]));
    let mut ada = stage.browser().with("accept-language", "fr-CA,fr;q=0.9,en;q=0.1");
    ada.get("/register").await.expect(200).says(&["<html lang=\"en\""]);
    let form = [("name", "Ada"), ("email", "ada@example.com"), ("password", "a walk in the park")];
    ada.post("/register", &form).await.expect(303);
    assert_eq!(stage.asked_once("POST /api/v1/accounts").body["locale"], "fr");

    stage.says("GET /api/v1/me", &french);
    ada.get("/account/profile").await.expect(200).says(&[
        "Language of mails",
        "<option value=\"en\">English</option>",
        "<option value=\"fr\" selected>French</option>",
        "<option value=\"es\">Spanish</option></select>",
    ]);
    stage.says("PUT /api/v1/me", &french);
    stage.says("POST /api/v1/sessions/refresh", stage.tokens("Ada", "second", &[Role::Customer], &[]));
    let form = [("name", "Ada"), ("phone", ""), ("locale", "de"), ("version", "1")];
    ada.post("/account/profile", &form).await.leads_to("/account/profile");
    assert_eq!(stage.asked_once("PUT /api/v1/me").body["locale"], "de");

    // A language that mails are not written in is kept.
    french.locale = "pt-BR".to_owned();
    stage.says("GET /api/v1/me", &french);
    ada.get("/account/profile").await.expect(200).says(&["<option value=\"pt-BR\" selected>pt-BR</option>"]);
}
