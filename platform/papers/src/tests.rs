use kernel::{Currency, Locale, Money};
use testkit::pdf;

use crate::{Amounts, Kind, Line, Paper, Section, Sum};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn line(title: &str, quantity: i64, each: i64) -> Line {
    let amounts = Some(Amounts { each: Some(eur(each)), total: eur(each * quantity) });
    Line { title: title.to_owned(), note: "Blue · MUG-1".to_owned(), quantity: Some(quantity), amounts }
}

fn receipt(lines: Vec<Line>) -> Paper {
    Paper {
        kind: Kind::Receipt,
        number: "S-2611-000123".to_owned(),
        date: "2026-11-20T13:45:00Z".parse().unwrap(),
        words: words::english(),
        locale: Locale::De,
        issuer: "Souk".to_owned(),
        imprint: vec![],
        to: vec!["Ada Lovelace".to_owned(), "1 Example Street".to_owned()],
        facts: vec![("Paid with".to_owned(), "card".to_owned())],
        sections: vec![Section { title: "Kiln & Clay, S-2611-000123-A".to_owned(), lines }],
        sums: vec![Sum::new("Delivery", eur(490))],
        total: Some(Sum::new("Total", eur(123_946))),
        contained: vec![Sum::new("VAT 19\u{a0}% contained", eur(19_789))],
        notes: vec![],
    }
}

#[test]
fn a_receipt_says_what_it_says() {
    let text = pdf::text(&receipt(vec![line("Mug", 3, 41_152)]).pdf());
    let expected = [
        "Souk",
        "Receipt S-2611-000123",
        "Ada Lovelace",
        "1 Example Street",
        "Date: 20 November 2026",
        "Paid with: card",
        "Kiln & Clay, S-2611-000123-A",
        "Item",
        "Quantity",
        "Each",
        "Amount",
        "Mug",
        "3",
        "411,52\u{a0}€",
        "1.234,56\u{a0}€",
        "Blue · MUG-1",
        "Sum",
        "Amount",
        "Delivery",
        "4,90\u{a0}€",
        "Total",
        "1.239,46\u{a0}€",
        "VAT 19\u{a0}% contained",
        "197,89\u{a0}€",
        "Souk · Receipt S-2611-000123",
        "Page 1 of 1",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_receipt_is_in_the_language_of_its_words() {
    let of = |code: &str| {
        let words = words::of(Some(code));
        let paper =
            Paper { words, locale: words.locale, ..receipt(vec![line("Größe ß é è ç ñ ¿", 3, 41_152)]) };
        assert_eq!(paper.file_name(), "receipt-S-2611-000123.pdf");
        let file = paper.pdf();
        let lang = format!("/Lang ({code})");
        assert!(file.windows(lang.len()).any(|window| window == lang.as_bytes()), "{lang}");
        pdf::text(&file)
    };
    let expected = [
        "Souk",
        "Quittung S-2611-000123",
        "Ada Lovelace",
        "1 Example Street",
        "Datum: 20. November 2026",
        "Paid with: card",
        "Kiln & Clay, S-2611-000123-A",
        "Artikel",
        "Menge",
        "Einzelpreis",
        "Betrag",
        "Größe ß é è ç ñ ¿",
        "3",
        "411,52\u{a0}€",
        "1.234,56\u{a0}€",
        "Blue · MUG-1",
        "Summe",
        "Betrag",
        "Delivery",
        "4,90\u{a0}€",
        "Total",
        "1.239,46\u{a0}€",
        "VAT 19\u{a0}% contained",
        "197,89\u{a0}€",
        "Souk · Quittung S-2611-000123",
        "Seite 1 von 1",
    ];
    assert_eq!(of("de").lines().collect::<Vec<_>>(), expected);
    for (code, said) in [
        ("fr", ["Reçu S-2611-000123", "Date: 20 novembre 2026", "1\u{202f}234,56\u{a0}€", "Page 1 sur 1"]),
        ("es", ["Recibo S-2611-000123", "Fecha: 20 de noviembre de 2026", "1.234,56\u{a0}€", "Página 1 de 1"]),
    ] {
        let text = of(code);
        for line in said {
            assert!(text.lines().any(|it| it == line), "{line} in {text}");
        }
    }
}

#[test]
fn every_character_of_every_language_can_be_drawn() {
    for face in crate::font::Face::ALL {
        let font = face.font();
        let missing = font.glyph('\u{fffd}');
        for c in "äöüÄÖÜßéèêëçàâîïôûùœŒÉÈÀñÑáíóúÁ¿¡€’“”„«»–·\u{a0}\u{202f}\u{2212}".chars()
        {
            assert_ne!(font.glyph(c), missing, "{c:?}");
        }
    }
}

#[test]
fn a_paper_is_the_same_every_time() {
    let paper = receipt(vec![line("Mug", 3, 41_152)]);
    assert_eq!(paper.pdf(), paper.pdf());
    assert!(paper.pdf().len() < 40_000, "{} bytes", paper.pdf().len());
}

#[test]
fn a_packing_slip_has_no_prices() {
    let lines = vec![Line { amounts: None, ..line("Mug", 3, 1) }];
    let slip = Paper { kind: Kind::PackingSlip, sums: vec![], total: None, contained: vec![], ..receipt(lines) };
    let text = pdf::text(&slip.pdf());
    assert!(!text.contains('€'), "{text}");
    assert!(text.contains("Packing slip S-2611-000123\n") && text.contains("Mug\n3\nBlue · MUG-1\n"), "{text}");
}

#[test]
fn a_statement_has_changes_and_balances() {
    let movement = Line {
        title: "Sale".to_owned(),
        note: "Order S-1".to_owned(),
        quantity: None,
        amounts: Some(Amounts { each: Some(eur(2_550)), total: eur(-1_184) }),
    };
    let imprint = vec!["1 Market Square".to_owned(), "VAT NL001".to_owned()];
    let number = "2026-01-01 to 2026-01-31".to_owned();
    let paper = Paper { kind: Kind::Statement, imprint, number, ..receipt(vec![movement]) };
    assert_eq!(paper.file_name(), "statement-2026-01-01-to-2026-01-31.pdf");
    let text = pdf::text(&paper.pdf());
    assert!(text.contains("Souk\n1 Market Square · VAT NL001\nStatement 2026-01-01 to 2026-01-31\n"), "{text}");
    let table = "Item\nChange\nBalance\nSale\n25,50\u{a0}€\n\u{2212}11,84\u{a0}€\nOrder S-1\n";
    assert!(text.contains(table), "{text}");
}

#[test]
fn a_long_paper_has_pages_with_the_head_of_its_table() {
    let lines = (1..=100).map(|n| line(&format!("Thing {n}"), n, 100)).collect();
    let pages = pdf::pages(&receipt(lines).pdf());
    assert_eq!(pages.len(), 5);
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of 5", at + 1)), "{page}");
        assert_eq!(page.lines().filter(|line| *line == "Quantity").count(), 1, "page {}", at + 1);
    }
    let all = pages.join("\n");
    for n in 1..=100 {
        assert_eq!(all.lines().filter(|line| *line == format!("Thing {n}")).count(), 1, "thing {n}");
    }
}

#[test]
fn long_names_are_broken_and_nothing_is_lost() {
    let words =
        "a rather long name of a thing that nobody would read to its end but that somebody has typed all the same";
    let unbroken = "W".repeat(3_000);
    let text = pdf::text(&receipt(vec![line(words, 1, 1), line(&unbroken, 2, 1)]).pdf());
    let mut words = words.split(' ');
    assert!(words.all(|word| text.contains(word)), "{text}");
    assert_eq!(text.matches('W').count(), 3_000);
    assert!(text.lines().all(|line| line.chars().count() < 110), "{text}");
}

#[test]
fn what_cannot_be_drawn_is_replaced_and_still_there() {
    let names = ["שלום עולם", "مرحبا", "東京", "🦀", "Ελλάδα", "Київ", "e\u{301}", "\u{200f}a\u{7}b"];
    let text = pdf::text(&receipt(names.iter().map(|name| line(name, 1, 1)).collect()).pdf());
    for name in &names[..7] {
        assert!(text.lines().any(|line| line == *name), "{name} in {text}");
    }
    assert!(text.lines().any(|line| line == "a b"), "{text}");
}

#[test]
fn negative_amounts_keep_their_sign() {
    let mut paper = receipt(vec![]);
    paper.sums = vec![Sum::new("Discount", eur(-250))];
    assert!(pdf::text(&paper.pdf()).contains("\u{2212}2,50\u{a0}€"));
}

#[test]
fn nothing_at_all_is_a_page() {
    let empty = Paper { to: vec![], facts: vec![], sections: vec![], sums: vec![], total: None, ..receipt(vec![]) };
    assert_eq!(pdf::pages(&empty.pdf()).len(), 1);
}
