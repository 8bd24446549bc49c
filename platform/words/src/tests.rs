use std::collections::BTreeSet;

use kernel::{Currency, Money, Timestamp};

use crate::{ALL, Words, english, languages, of};

/// What stands for an argument, so that it can be found again.
pub trait Sample {
    /// Itself for a text; for a number one that no sentence writes out.
    fn sample(marker: &'static str) -> Self;
}

impl Sample for &'static str {
    fn sample(marker: &'static str) -> Self {
        marker
    }
}

impl Sample for i64 {
    fn sample(_: &'static str) -> Self {
        7
    }
}

#[test]
fn every_language_says_everything_with_all_that_it_is_told() {
    for words in ALL {
        for (name, text) in words.texts() {
            assert!(!text.is_empty() && text.trim() == text, "{} {name}: {text:?}", words.code);
        }
        for (name, arguments, text) in words.sentences() {
            assert!(text.trim() == text, "{} {name}: {text:?}", words.code);
            for argument in &arguments {
                // Of how many parcels there are only one or several is said.
                let is_said =
                    text.contains(argument.as_str()) || (name.ends_with("_parcels") && argument.as_str() == "7");
                assert!(is_said, "{} {name} does not say {argument}: {text:?}", words.code);
            }
        }
    }
}

#[test]
fn no_sentence_was_left_in_english() {
    let said =
        |words: &Words| words.sentences().into_iter().map(|(name, _, text)| (name, text)).collect::<BTreeSet<_>>();
    // What is the same in both: punctuation around names.
    const ALIKE: [&str; 4] = ["day", "page", "pay_method", "shop_writes"];
    let theirs = said(english());
    for words in ALL.into_iter().filter(|words| words.code != "en") {
        for (name, text) in said(words) {
            assert!(ALIKE.contains(&name) || !theirs.contains(&(name, text)), "{} {name}", words.code);
        }
    }
}

#[test]
fn tags_lead_to_words() {
    for (tag, code) in [
        (Some("de"), "de"),
        (Some("de-AT"), "de"),
        (Some("FR"), "fr"),
        (Some("es_MX"), "es"),
        (Some("it"), "en"),
        (Some(""), "en"),
        (None, "en"),
    ] {
        assert_eq!(of(tag).code, code, "{tag:?}");
    }
    assert_eq!((languages().main(), languages().further()), ("en", &["de", "fr", "es"][..]));
    assert_eq!(languages().liked("it, fr;q=0.5, de;q=0.4"), Some("fr"));
}

#[test]
fn dates_follow_the_language() {
    let dates = |at: &str| {
        let at: Timestamp = at.parse().unwrap();
        ALL.map(|words| words.date_of(at))
    };
    assert_eq!(
        dates("2026-11-28T13:45:00Z"),
        ["28 November 2026", "28. November 2026", "28 novembre 2026", "28 de noviembre de 2026"]
    );
    assert_eq!(dates("2026-03-01T00:00:00Z"), ["1 March 2026", "1. März 2026", "1er mars 2026", "1 de marzo de 2026"]);
    for month in 1..=12 {
        let at: Timestamp = format!("2026-{month:02}-09T00:00:00Z").parse().unwrap();
        assert_eq!(english().date_of(at), at.format("%-d %B %Y"));
    }
}

#[test]
fn amounts_follow_the_language() {
    let amounts = |minor: i64, currency: &str| {
        let money = Money::new(minor, Currency::parse(currency).unwrap());
        ALL.map(|words| words.money(money))
    };
    assert_eq!(
        amounts(123_450, "EUR"),
        ["1,234.50\u{a0}€", "1.234,50\u{a0}€", "1\u{202f}234,50\u{a0}€", "1.234,50\u{a0}€"]
    );
    assert_eq!(amounts(1_500, "JPY"), ["1,500\u{a0}¥", "1.500\u{a0}¥", "1\u{202f}500\u{a0}¥", "1.500\u{a0}¥"]);
    assert_eq!(
        amounts(-5, "CHF"),
        ["\u{2212}0.05\u{a0}CHF", "\u{2212}0,05\u{a0}CHF", "\u{2212}0,05\u{a0}CHF", "\u{2212}0,05\u{a0}CHF"]
    );
    assert_eq!(ALL.map(|words| words.locale.rate(1_950)), ["19.5\u{a0}%", "19,5\u{a0}%", "19,5\u{a0}%", "19,5\u{a0}%"]);
}

#[test]
fn one_is_told_apart_from_several() {
    assert_eq!(
        ALL.map(|words| words.left_cart(1).split('.').next().unwrap_or_default().to_owned()),
        [
            "One thing is still in your cart",
            "in Ihrem Warenkorb liegt noch ein Artikel",
            "Il reste un article dans votre panier",
            "Queda un artículo en su carrito",
        ]
    );
    for words in ALL {
        assert!(words.left_cart(2).contains(" 2 ") || words.left_cart(2).starts_with("2 "), "{}", words.code);
        assert_ne!(words.confirmed_parcels("N", 1), words.confirmed_parcels("N", 2), "{}", words.code);
        assert_ne!(words.promised_parcels("N", 1), words.promised_parcels("N", 2), "{}", words.code);
    }
    assert_eq!([english().left(1), of(Some("es")).left(1), of(Some("es")).left(2)], ["1 left", "queda 1", "quedan 2"]);
}
