use askama::Template;
use kernel::{Currency, Error, FieldError, Money};

use super::*;
use crate::fmt::{Fmt, Locale};

const HOSTILE: &str = r#""><script>alert(1)</script><img src=x onerror='a()'>"#;

fn fmt() -> Fmt {
    Fmt::new(Locale::En, "2026-11-20T13:45:00Z".parse().unwrap())
}
fn hostile() -> String {
    HOSTILE.to_owned()
}
/// The text is there, and no tag or attribute of it is.
fn assert_escaped(html: &str) {
    assert!(html.contains("&#60;script&#62;"), "nothing of it is there: {html}");
    for raw in ["<script", "<img src=x", "onerror='"] {
        assert!(!html.contains(raw), "{raw} in {html}");
    }
}

#[test]
fn what_people_wrote_stays_text() {
    let link = || Link::new(hostile(), hostile());
    let picture = || Picture::new(hostile(), hostile(), 1, 1).sized(hostile(), "50vw");
    let price = Price::of(&fmt(), Money::new(100, Currency::EUR));
    let card = ProductCard {
        href: hostile(),
        title: hostile(),
        picture: picture(),
        vendor: hostile(),
        price: price.clone(),
        lowest: Some(hostile()),
        rating: None,
        badge: Some(Badge::new(hostile(), Tone::Sale)),
        sold_out: false,
        lang: None,
    };
    let review = Review {
        rating: Rating::stars(1),
        title: hostile(),
        body: hostile(),
        author: hostile(),
        when: fmt().when(fmt().now()),
        verified: false,
        photos: vec![(hostile(), picture())],
        reply: Some((hostile(), hostile())),
        voice: Voice {
            helpful: hostile(),
            vote: Some(Vote { action: hostile(), csrf: hostile(), next: hostile(), given: true }),
            report: Some(hostile()),
        },
    };
    let cells = vec![
        Cell::Pictured(picture(), link(), hostile()),
        Cell::Text(hostile(), hostile()),
        Cell::Badge(Badge::new(hostile(), Tone::Danger)),
        Cell::Actions(vec![link()]),
        Cell::Html(Html::of(&Notice::new(Tone::Warning, hostile(), hostile()))),
    ];
    let columns = (0..5).map(|_| Column::new(hostile()).sort(hostile(), Some(Order::Ascending))).collect();
    let rows = vec![Row { id: hostile(), cells }];
    let table = Table::new(hostile(), columns, rows, Empty::new("box", "", "")).ticked(hostile(), hostile());
    let filled = Filled::with([(HOSTILE, HOSTILE)]).refused(&Error::invalid(HOSTILE, HOSTILE));
    let field = Field::text(HOSTILE, HOSTILE).hint(HOSTILE).attribute("hx-get", HOSTILE).filled(&filled);
    let select = Field::select("s", HOSTILE, [(HOSTILE, HOSTILE)]).value(HOSTILE);
    let lines = Field::lines("l", "l", 3).value("</textarea><script>");
    let suggestions = Suggestions {
        groups: vec![(
            hostile(),
            vec![Suggestion { text: hostile(), href: hostile(), picture: Some(hostile()), note: hostile() }],
        )],
    };
    let printed = [
        card.to_string(),
        review.to_string(),
        table.to_string(),
        field.to_string(),
        select.to_string(),
        lines.to_string(),
        suggestions.to_string(),
        filled.summary(&[HOSTILE]).unwrap().to_string(),
        Crumbs::new(&[(HOSTILE, HOSTILE)], HOSTILE).to_string(),
        Toast::new(Tone::Danger, HOSTILE).action(HOSTILE, HOSTILE).to_string(),
        Avatar::of("x", Some(hostile())).to_string() + "&#60;script&#62;",
    ];
    for html in printed {
        assert_escaped(&html);
    }
}

#[test]
fn a_refused_field_keeps_its_value_and_is_tied_to_its_error() {
    let error = Error::invalid_fields(vec![
        FieldError { field: "lines[0].quantity".to_owned(), reason: "Only 3 are left.".to_owned() },
        FieldError { field: "elsewhere".to_owned(), reason: "Not on this page.".to_owned() },
    ]);
    let filled = Filled::with([("lines[0].quantity", "9"), ("password", "secret")]).refused(&error);
    let html = Field::number("lines[0].quantity", "Quantity").hint("At most 3.").filled(&filled).to_string();
    assert!(html.contains(r#"value="9""#) && html.contains(r#"aria-invalid="true""#), "{html}");
    assert!(html.contains(r#"aria-describedby="f-lines-0--quantity-error f-lines-0--quantity-hint""#), "{html}");
    assert!(html.contains(r#"id="f-lines-0--quantity-error""#) && html.contains(r#"<label for="f-lines-0--quantity""#));
    let summary = filled.summary(&["lines[0].quantity"]).unwrap().to_string();
    assert!(summary.contains(r##"<a href="#f-lines-0--quantity">Only 3 are left.</a>"##), "{summary}");
    assert!(summary.contains("<li>Not on this page.</li>"), "{summary}");
    let password = Field::password("password", "Password", "new-password").filled(&filled).to_string();
    assert!(!password.contains("secret"), "{password}");
    assert!(Filled::default().summary(&[]).is_none());
}

#[test]
fn a_price_is_struck_only_if_it_was_higher() {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let price = |before, now| Price::of(&fmt(), eur(now)).was(&fmt(), eur(before), eur(now)).to_string();
    assert!(price(200, 100).contains("<s><span class=\"vh\">before </span>2.00\u{a0}€</s>"));
    assert!(!price(100, 100).contains("<s>") && !price(50, 100).contains("<s>"));
    assert!(price(200, 100).contains(r#"value="1.00""#));
}

#[test]
fn ratings_stay_between_none_and_five() {
    assert_eq!((Rating::of(&fmt(), 463, 1).average.as_str(), Rating::of(&fmt(), 463, 1).percent), ("4.6", 92));
    assert_eq!((Rating::of(&fmt(), 9_999, 2).percent, Rating::of(&fmt(), -5, 2).percent), (100, 0));
    assert_eq!(Rating::of(&fmt(), 400, 1).noun, "review");
}

#[test]
fn letters_of_a_name() {
    for (name, letters) in
        [("Kiln & Daughters", "KD"), ("ölmühle süd gmbh", "ÖS"), ("", ""), ("  ß ", "SS"), ("42", "4")]
    {
        assert_eq!(Avatar::of(name, None).letters, letters, "{name}");
    }
}

#[test]
fn a_change_says_whether_it_is_good() {
    let change = |now, before, more_is_good| Change::between(&fmt(), now, before, more_is_good, "last week");
    assert_eq!((change(12, 10, true).text.as_str(), change(12, 10, true).good), ("+20\u{a0}%", Some(true)));
    assert_eq!(change(12, 10, false).good, Some(false));
    assert_eq!((change(0, 0, true).text.as_str(), change(5, 0, true).text.as_str()), ("No change", "New"));
}

#[test]
fn an_empty_table_says_what_next() {
    let empty = Empty::new("box", "No products yet", "Add the first.").action("Add a product", "/new");
    let html = Table::new("Products", vec![Column::new("Product")], Vec::new(), empty).to_string();
    assert!(!html.contains("<table") && html.contains(r#"href="/new""#), "{html}");
}

#[test]
fn toasts_go_to_their_place_or_nowhere() {
    assert_eq!(Toasts::default().render().unwrap(), "");
    let html = Toasts { toasts: vec![Toast::new(Tone::Neutral, "Saved.")] }.to_string();
    assert!(html.starts_with(r#"<div id="toasts" hx-swap-oob="beforeend">"#), "{html}");
    assert!(CartCount { count: 0 }.to_string().contains(r#"id="cart-count""#));
}

#[test]
fn an_address_leaves_out_what_is_not_there() {
    let address: contracts::shared::Address = serde_json::from_value(serde_json::json!({
        "name": "Ada", "line1": "1 Road", "city": "Porto", "country": "PT"
    }))
    .unwrap();
    assert_eq!(AddressBlock::from(&address).lines, ["Ada", "1 Road", "Porto", "PT"]);
}
