//! Looking around: entrance, categories, search, products, stores, and what belongs to the site.

use serde_json::json;

use super::{fixtures::*, stage::Stage};

fn product_page(stage: &Stage) {
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.says(&format!("GET /api/v1/stores/{}/shipping-rates", vendor("kiln")), rates());
    stage.says("GET /api/v1/stores/kiln", store());
    stage.says(&format!("GET /api/v1/products/{}/reviews", product_id("blue-mug")), reviews());
    stage.says(&format!("GET /api/v1/products/{}/rating", product_id("blue-mug")), rating_summary());
    stage.says("GET /api/v1/products", cards(&["blue-mug", "bowl"]));
}

#[tokio::test]
async fn the_entrance_shows_what_there_is() {
    let stage = Stage::new().await;
    let names: Vec<String> = (0..10).map(|n| format!("thing-{n}")).collect();
    stage.says("GET /api/v1/products", cards(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
    let best: Vec<_> = (0..6).map(|n| product_id(&format!("thing-{n}"))).collect();
    stage.says("GET /api/v1/best-sellers", &best);
    let page = stage.browser().get("/").await.expect(200);
    assert!(stage.asked("GET /api/v1/products").iter().any(|asked| asked.query.contains(&format!("id={}", best[5]))));
    assert!(page.html.len() < 30 * 1024, "{} bytes", page.html.len());
    page.says(&[
        "Kitchen",
        "href=\"/c/kitchen\"",
        "/media/kitchen.jpg",
        "The thing-1",
        "32.00\u{a0}€",
        "40.00\u{a0}€",
        "\u{2212}20\u{a0}%",
        "Lowest in the 30 days before: 33.00\u{a0}€",
        "Stoneware from Porto",
        "href=\"/v/kiln\"",
        "4.6",
    ])
    .never_says(&["href=\"/c/mugs\"", "You looked at"]);
}

#[tokio::test]
async fn an_empty_market_and_one_that_lacks_a_part_still_open() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products", cards(&[]));
    stage.refuses("GET /api/v1/stores", 503, "unavailable", "Resting.", &[]);
    stage
        .browser()
        .get("/")
        .await
        .expect(200)
        .says(&["Walk the aisles"])
        .never_says(&["Most loved just now", "The makers</h2>"]);
}

#[tokio::test]
async fn what_was_looked_at_is_shown_again_to_those_with_a_session() {
    let stage = Stage::new().await;
    product_page(&stage);
    stage.says("GET /api/v1/stores", json!({"items": []}));
    stage.answers("POST /api/v1/carts", 201, json!({"token": "t", "cart": cart(1)}));
    stage.says("GET /api/v1/carts/current", cart(1));
    let mut browser = stage.browser();
    browser.get("/p/blue-mug").await.expect(200);
    assert!(browser.cookies.is_empty(), "no session only for looking");
    browser.post_raw("/cart", &[("variant", &variant("Small").to_string())]).await.leads_to("/cart");
    browser.get("/p/blue-mug").await.expect(200);
    browser.get("/").await.expect(200).says(&["You looked at", "Blue &#60;mug&#62;"]);
}

#[tokio::test]
async fn a_category_is_narrowed_by_its_facets() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/search", found(&["mug", "cup"]));
    let mut browser = stage.browser();
    let path = "/c/mugs?vendor=kiln&attr.material=Stoneware&price_max=19%2C50&sort=price-up";
    browser
        .get(path)
        .await
        .expect(200)
        .says(&[
            "<h1>Mugs &#38; cups</h1>",
            "2\u{a0}products",
            "The mug",
            "href=\"/c/kitchen\"",
            "Up to 19.50",
            "value=\"Stoneware\" checked",
            "value=\"price-up\" selected",
        ])
        .says(&["href=\"/c/mugs?attr.material=Stoneware&#38;price_max=19%2C50&#38;sort=price-up\""]);
    let asked = stage.asked_once("GET /api/v1/search").query;
    for part in
        ["category=mugs", "vendor=kiln", "price_max=1950", "sort=price_asc", "limit=24", "attr.material=Stoneware"]
    {
        assert!(asked.split('&').any(|pair| pair == part), "{part} in {asked}");
    }
    let part = browser.htmx().get(path).await.expect(200);
    part.says(&["<section class=\"stack\" id=\"results\"", "hx-swap-oob=\"outerMorph\""]).never_says(&["<html", "<h1"]);
    browser.get("/c/kitchen").await.expect(200).says(&["href=\"/c/mugs\"", "All about kitchen."]);
}

#[tokio::test]
async fn a_category_is_shown_without_the_search() {
    let stage = Stage::new().await;
    stage.refuses("GET /api/v1/search", 503, "unavailable", "The service “search” does not answer.", &[]);
    stage.says("GET /api/v1/products", json!({"items": found(&["mug", "cup"]).items}));
    let page = stage.browser().get("/c/mugs?vendor=kiln&sort=price-up").await.expect(200);
    page.says(&[
        "<h1>Mugs &#38; cups</h1>",
        "The search is away for a moment.",
        "2\u{a0}products",
        "The mug",
        "The cup",
    ]);
    let asked = stage.asked_once("GET /api/v1/products").query;
    for part in ["category=mugs", "sort=price_asc", "limit=96"] {
        assert!(asked.split('&').any(|pair| pair == part), "{part} in {asked}");
    }
    stage.browser().get("/search?q=mug").await.expect(503);
}

#[tokio::test]
async fn a_search_says_what_it_searched_instead() {
    let stage = Stage::new().await;
    let mut page = found(&["mug"]);
    page.corrected = Some("ceramic".to_owned());
    page.next = Some("c1".to_owned());
    page.total = 60;
    stage.says("GET /api/v1/search", page);
    stage
        .browser()
        .get("/search?q=cermaic%3Cb%3E")
        .await
        .expect(200)
        .says(&[
            "Results for “ceramic”",
            "Nothing was found for “cermaic&#60;b&#62;”",
            "1–1 of 60",
            "after=c1&#38;n=1",
            "category=mugs",
            "noindex",
        ])
        .never_says(&["<b>"]);
}

#[tokio::test]
async fn a_search_that_finds_nothing_helps_on() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/search", found(&[]));
    let mut browser = stage.browser();
    browser.get("/search?q=zeppelin").await.expect(200).says(&[
        "Nothing is called that here",
        "href=\"/c/kitchen\"",
        "Nothing found",
    ]);
    browser
        .get("/search?q=zeppelin&rating=4")
        .await
        .expect(200)
        .says(&["Too narrow a choice", "href=\"/search?q=zeppelin\""]);
}

#[tokio::test]
async fn nonsense_in_an_address_is_no_error() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/search", found(&["mug"]));
    let mut browser = stage.browser();
    for path in [
        "/search?price_min=abc&rating=99&sort=%00&after=",
        "/search?q=%F0%9F%8D%B5%0d%0a%27;--&attr.%22=%3Cscript%3E",
        "/search?%%%&&=&q",
        "/c/mugs?trail=a.b.c&n=-5&after=x",
    ] {
        browser.get(path).await.expect(200).never_says(&["<script>"]);
    }
    let long = format!("/search?q={}", "x".repeat(5_000));
    browser.get(&long).await.expect(200);
    assert!(stage.asked("GET /api/v1/search").iter().all(|asked| asked.query.len() < 1_000));
    // What the search itself refuses is said on a page.
    stage.refuses(
        "GET /api/v1/search",
        422,
        "invalid_input",
        "Some fields need to be corrected.",
        &[("after", "This is not a cursor of this list.")],
    );
    browser.get("/search?after=evil").await.expect(422).says(&["This is not a cursor of this list."]);
}

#[tokio::test]
async fn suggestions_come_in_groups() {
    let stage = Stage::new().await;
    let suggestion =
        |kind: &str, text: &str, slug: &str| json!({"kind": kind, "text": text, "slug": slug, "picture_url": null});
    stage.says(
        "GET /api/v1/search/suggestions",
        json!([suggestion("vendor", "Mug <Makers>", "mug-makers"), suggestion("product", "Blue mug", "blue-mug")]),
    );
    let mut browser = stage.browser().htmx();
    browser
        .get("/search/suggest?q=mu")
        .await
        .expect(200)
        .says(&["href=\"/p/blue-mug\"", "href=\"/v/mug-makers\"", "Mug &#60;Makers&#62;"])
        .never_says(&["<html"]);
    assert_eq!(stage.asked_once("GET /api/v1/search/suggestions").query, "q=mu");
    assert_eq!(browser.get("/search/suggest?q=+").await.expect(200).html, "");
}

#[tokio::test]
async fn a_product_shows_everything_one_decides_by() {
    let stage = Stage::new().await;
    product_page(&stage);
    let page = stage.browser().get("/p/blue-mug").await.expect(200);
    assert!(page.html.len() < 30 * 1024, "{} bytes", page.html.len());
    page.clone()
        .says(&[
            "<h1>Blue &#60;mug&#62;</h1>",
            "34.90\u{a0}€",
            "42.90\u{a0}€",
            "Only 3 left",
            "plus delivery from 4.90\u{a0}€",
            "Autumn fair",
            "Lowest price in the 30 days before: 35.90\u{a0}€",
            "From 6 pieces",
            "31.90\u{a0}€ each",
        ])
        .says(&[
            "Kiln &#38; Daughters",
            "Porto, Portugal",
            "96\u{a0}mm",
            "<strong>Porto</strong>",
            "At your door Sat 17 Jan – Mon 19 Jan",
        ])
        .says(&[
            "128 reviews",
            "Too &#60;small&#62;",
            "href=\"/p/blue-mug?after=cursor2&#38;n=2#reviews\"",
            "The bowl",
            "href=\"/c/mugs\"",
            "srcset=\"/media/front-320.jpg 320w",
        ])
        .never_says(&["<mug>", "The blue-mug"]);
    let ld =
        page.html.split("<script type=\"application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let ld: serde_json::Value = serde_json::from_str(ld).unwrap();
    assert_eq!((ld["name"].as_str(), ld["offers"][0]["price"].as_str()), (Some("Blue <mug>"), Some("34.90")));
    assert_eq!(ld["offers"][1]["availability"], "https://schema.org/OutOfStock");
    assert_eq!(ld["image"][0], "http://souk.test/media/front-1200.jpg");
}

#[tokio::test]
async fn a_variant_is_chosen_without_scripts_and_with() {
    let stage = Stage::new().await;
    product_page(&stage);
    let mut browser = stage.browser();
    let large = variant("Large").to_string();
    browser.get("/p/blue-mug?o1=Large").await.expect(200).says(&["Sold out", "disabled", &large]);
    let part = browser.htmx().get("/p/blue-mug?o1=Large").await.expect(200);
    part.says(&["<div class=\"buy\" id=\"buy\">", "Sold out"]).never_says(&["<html", "<h1"]);
    browser.get("/p/blue-mug?o1=Small").await.expect(200).says(&[
        &variant("Small").to_string(),
        "max=\"3\"",
        "Add to cart",
    ]);
    browser
        .get("/p/blue-mug?stars=5")
        .await
        .expect(200)
        .says(&["Reviews with 5 stars", "Lovely"])
        .never_says(&["Too &#60;small&#62;"]);
}

#[tokio::test]
async fn a_product_without_its_surroundings_can_still_be_bought() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/products/blue-mug", mug());
    stage.browser().get("/p/blue-mug").await.expect(200).says(&[
        "Add to cart",
        "34.90\u{a0}€",
        "Nobody has reviewed this yet",
    ]);
    let mut renamed = mug();
    renamed.slug = "indigo-mug".parse().unwrap();
    stage.says("GET /api/v1/products/blue-mug", renamed);
    let page = stage.browser().get("/p/blue-mug").await.expect(308);
    assert_eq!(page.header("location"), Some("/p/indigo-mug"));
    let page = stage.browser().get("/p/blue-mug?o1=L%20%26%20M&lang=de").await.expect(308);
    assert_eq!(page.header("location"), Some("/p/indigo-mug?o1=L+%26+M&lang=de"), "what was asked is asked there");
}

#[tokio::test]
async fn an_old_name_of_a_category_leads_to_the_new_one_for_good() {
    let stage = Stage::new().await;
    let mugs = categories().into_iter().find(|category| category.slug.as_str() == "mugs").unwrap();
    stage.says("GET /api/v1/categories/cups", mugs);
    stage.refuses("GET /api/v1/categories/ghosts", 404, "not_found", "There is no such category.", &[]);
    let mut browser = stage.browser();
    assert_eq!(browser.get("/c/cups").await.expect(308).header("location"), Some("/c/mugs"));
    let page = browser.get("/c/cups?sort=price-up&f.brand=Kiln").await.expect(308);
    assert_eq!(page.header("location"), Some("/c/mugs?sort=price-up&f.brand=Kiln"));
    browser.get("/c/ghosts").await.expect(404);
}

#[tokio::test]
async fn stores_have_a_page_each_and_a_list() {
    let stage = Stage::new().await;
    product_page(&stage);
    stage.says("GET /api/v1/stores", json!({"items": [store()], "next": "c2"}));
    let mut browser = stage.browser();
    browser.get("/stores").await.expect(200).says(&[
        "Kiln &#38; Daughters",
        "href=\"/v/kiln\"",
        "href=\"/stores?after=c2\"",
        "/media/bowl",
    ]);
    browser.get("/v/kiln").await.expect(200).says(&[
        "<h1>Kiln &#38; Daughters</h1>",
        "First we dug.</p><p>Then we threw.",
        "here since March 2025",
        "Send it back within 30 days.",
        "4.90\u{a0}€, free from 80.00\u{a0}€; 2 to 4 days",
        "9.90\u{a0}€, 5.90\u{a0}€ from 50.00\u{a0}€ on; 2 to 4 days",
        "The bowl",
    ]);
    stage.says("GET /api/v1/stores", json!({"items": []}));
    browser.get("/stores").await.expect(200).says(&["No stalls yet", "href=\"/sell\""]);
    assert_eq!(browser.get("/vendors").await.expect(308).header("location"), Some("/stores"));
}

#[tokio::test]
async fn the_site_tells_machines_about_itself() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
    stage.says("GET /api/v1/products", cards(&["blue-mug"]));
    let mut browser = stage.browser();
    let robots = browser
        .get("/robots.txt")
        .await
        .expect(200)
        .says(&["Disallow: /checkout", "Sitemap: http://souk.test/sitemap.xml"]);
    assert_eq!(robots.header("content-type"), Some("text/plain; charset=utf-8"));
    browser
        .get("/sitemap.xml")
        .await
        .expect(200)
        .says(&[
            "<loc>http://souk.test/</loc>",
            "<loc>http://souk.test/c/mugs</loc>",
            "<loc>http://souk.test/v/kiln</loc>",
            "<url><loc>http://souk.test/p/blue-mug</loc></url>",
        ])
        .never_says(&["xhtml"]);
    assert_eq!(browser.get("/favicon.svg").await.expect(200).header("content-type"), Some("image/svg+xml"));
    browser.get("/dev/components").await.expect(200).says(&["noindex", "<h1"]);
    Stage::https().await.browser().get("/dev/components").await.expect(404);
    for topic in ["/about", "/help/delivery", "/help/returns", "/help/contact", "/help/privacy", "/help/terms"] {
        browser.get(topic).await.expect(200).says(&["<h1>"]);
    }
}

#[tokio::test]
async fn the_mailbox_shows_mails_that_can_do_nothing() {
    let stage = Stage::new().await;
    let id = kernel::MessageId::derived("test", &["mail"]);
    let mail = json!({
        "id": id, "to": "ada@example.com", "template": "verify_email", "subject": "Confirm <it>", "status": "sent", "attempts": 1,
        "error": null, "created_at": "2026-01-15T11:00:00Z", "sent_at": "2026-01-15T11:00:00Z",
    });
    stage.says("GET /api/v1/mailbox", json!({"items": [mail]}));
    stage.says(&format!("GET /api/v1/mailbox/{id}"), json!({"message": mail, "text": "Go to http://souk.test/verify?token=a now", "html": "<p style=\"color:red\">Hello</p>", "history": []}));
    let mut browser = stage.browser();
    browser
        .get("/mailbox?to=ada")
        .await
        .expect(200)
        .says(&["Confirm &#60;it&#62;", &format!("href=\"/mailbox/{id}\"")]);
    assert!(stage.asked_once("GET /api/v1/mailbox").query.contains("to=ada"));
    browser
        .get(&format!("/mailbox/{id}"))
        .await
        .expect(200)
        .says(&["<iframe", "sandbox=\"", "<a href=\"http://souk.test/verify?token=a\""])
        .never_says(&["color:red"]);
    let content =
        browser.get(&format!("/mailbox/{id}/html")).await.expect(200).says(&["<base target=\"_top\"><p style="]);
    let csp = content.header("content-security-policy").unwrap();
    assert!(csp.contains("default-src 'none'") && csp.contains("sandbox ") && !csp.contains("allow-scripts"), "{csp}");
    assert_eq!(content.header("x-frame-options"), Some("SAMEORIGIN"));
    stage.refuses("GET /api/v1/mailbox", 404, "not_found", "There is no such mailbox.", &[]);
    browser.get("/mailbox").await.expect(404);
}

#[tokio::test]
async fn a_chosen_variant_shows_its_picture_and_its_number() {
    let stage = Stage::new().await;
    product_page(&stage);
    let mut known = mug();
    known.pictures = vec![picture("front"), picture("big")];
    known.variants[1].picture_id = Some(picture("big").id);
    known.variants[1].barcode = Some("4006381333931".to_owned());
    known.tags = vec!["gift & tea".to_owned()];
    stage.says("GET /api/v1/products/blue-mug", known);
    let first = |html: &str| {
        let gallery = html.split("id=\"gallery\"").nth(1).unwrap();
        if gallery.find("/media/big-").unwrap() < gallery.find("/media/front-").unwrap() { "big" } else { "front" }
    };
    let mut browser = stage.browser();
    let page = browser.get("/p/blue-mug?o1=Small").await.expect(200);
    assert_eq!(first(&page.html), "front");
    let page = page.says(&["href=\"/search?q=gift+%26+tea\">gift &#38; tea</a>"]);
    let ld = page.html.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let ld: serde_json::Value = serde_json::from_str(ld.split("</script>").next().unwrap()).unwrap();
    assert_eq!((&ld["offers"][0]["gtin"], &ld["offers"][1]["gtin"]), (&json!(null), &json!("4006381333931")));
    assert_eq!(first(&browser.get("/p/blue-mug?o1=Large").await.expect(200).html), "big");
    let part = browser.htmx().get("/p/blue-mug?o1=Large").await.expect(200);
    assert_eq!(first(&part.html), "big");
    part.says(&["id=\"buy\"", "id=\"gallery\" hx-swap-oob=\"outerHTML\""]).never_says(&["<html"]);
}

#[tokio::test]
async fn a_site_too_large_for_one_map_has_several() {
    let stage = Stage::new().await;
    stage.says("GET /api/v1/stores", json!({"items": [store()]}));
    let names: Vec<String> = (0..100).map(|n| format!("thing-{n}")).collect();
    let mut hundred = cards(&names.iter().map(String::as_str).collect::<Vec<_>>());
    hundred["next"] = json!("more");
    stage.says("GET /api/v1/products", &hundred);
    for _ in 1..200 {
        stage.then("GET /api/v1/products", 200, &hundred);
    }
    stage.then("GET /api/v1/products", 200, cards(&["last"]));
    let mut browser = stage.browser();
    let index = browser.get("/sitemap.xml").await.expect(200).says(&[
        "<sitemapindex",
        "<sitemap><loc>http://souk.test/sitemaps/1.xml</loc></sitemap>",
        "<sitemap><loc>http://souk.test/sitemaps/2.xml</loc></sitemap>",
    ]);
    index.never_says(&["/sitemaps/3.xml", "<urlset"]);
    let first = browser.get("/sitemaps/1.xml").await.expect(200).says(&["<loc>http://souk.test/v/kiln</loc>"]);
    assert_eq!(first.html.matches("<loc>http://souk.test/p/").count(), 20_000);
    let second = browser.get("/sitemaps/2.xml").await.expect(200);
    assert_eq!(second.html.matches("<loc>").count(), 1);
    second.says(&["<url><loc>http://souk.test/p/last</loc></url>", "</urlset>"]);
    for name in ["0.xml", "3.xml", "1", "x.xml"] {
        browser.get(&format!("/sitemaps/{name}")).await.expect(404);
    }
    assert_eq!(stage.asked("GET /api/v1/products").len(), 201, "made once");
}
