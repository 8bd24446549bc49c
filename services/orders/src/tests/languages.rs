//! The language of an order: that of whoever placed it, for good, and on all of its papers.

use contracts::orders::PlacedOrder;
use serde_json::json;
use testkit::{Answer, TestApp, on_both_databases, pdf, vendor_staff};

use super::{
    Others, body, captured, defs, eur, paid,
    papers::{has, lines, path, refund},
    place, reserve, rows, two_vendors, vendor, view,
};

/// A paper for a reader whose browser asks for another language than the buyer's.
async fn paper(app: &TestApp, placed: &PlacedOrder, name: &str) -> Answer {
    let buyer = app.guest().header("order-token", placed.token.expose()).header("accept-language", "en-US");
    buyer.get(&path(placed, name)).await.expect(200)
}

#[tokio::test]
async fn an_order_keeps_the_language_it_was_placed_in() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let wanted = body(&two_vendors());
        for (key, accepted, at, language) in [
            ("a", "de-AT,de;q=0.9,en;q=0.8", "/api/v1/orders", Some("de")),
            ("b", "it, es;q=0.5, fr;q=0.4", "/api/v1/orders", Some("es")),
            ("c", "de", "/api/v1/orders?lang=fr", Some("fr")),
            ("d", "de", "/api/v1/orders?lang=en", None),
            ("e", "it", "/api/v1/orders", None),
            ("f", "en-GB", "/api/v1/orders?lang=it", None),
        ] {
            let buyer = app.guest().header("accept-language", accepted).key(key);
            let placed: PlacedOrder = buyer.post(at, &wanted).await.expect(202).json();
            assert_eq!(placed.order.language.as_deref(), language, "{key}");
            assert_eq!(view(&app, &placed).await.language.as_deref(), language, "{key}");
        }
        let plain = place(&app.guest(), "plain").await;
        assert!(serde_json::to_value(&plain.order).unwrap().get("language").is_none());
        assert_eq!(app.count("orders", "SELECT count(*) FROM order_documents WHERE language IS NOT NULL").await, 3);
        app.guest().key("x").post("/api/v1/orders?lang=%3Cb%3E", &wanted).await.expect_invalid("lang");
        let mut own = wanted.clone();
        own["language"] = json!("de");
        app.guest().key("y").post("/api/v1/orders", &own).await.expect(422);
        assert_eq!(app.count("orders", "SELECT count(*) FROM orders").await, 7);
    })
    .await;
}

#[tokio::test]
async fn the_same_key_from_another_browser_is_the_same_order() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let german = app.guest().header("accept-language", "de").key("k");
        let first = german.post("/api/v1/orders", &body(&two_vendors())).await.expect(202);
        let before = rows(&app).await;
        for (accepted, at) in [("fr", "/api/v1/orders"), ("en", "/api/v1/orders?lang=es")] {
            let other = app.guest().header("accept-language", accepted).key("k");
            let again = other.post(at, &body(&two_vendors())).await.expect(202);
            assert_eq!(again.body, first.body, "{accepted}");
        }
        assert_eq!(rows(&app).await, before);
        assert_eq!(view(&app, &first.json()).await.language.as_deref(), Some("de"));
    })
    .await;
}

#[tokio::test]
async fn papers_are_in_the_language_of_their_order() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let mut wanted = body(&two_vendors());
        wanted["gift"] = json!({"message": "Alles Gute"});
        let buyer = app.guest().header("accept-language", "de").key("k");
        let placed: PlacedOrder = buyer.post("/api/v1/orders", &wanted).await.expect(202).json();
        let number = &placed.order.number;
        let confirmation = lines(&paper(&app, &placed, "confirmation.pdf").await);
        for line in [
            format!("Auftragsbestätigung {number}"),
            "Datum: 15. Januar 2026".to_owned(),
            format!("Bestellung: {number}"),
            "Bestellt am: 15. Januar 2026".to_owned(),
            "Dies ist ein Geschenk. Die Nachricht auf dem Lieferschein: Alles Gute".to_owned(),
            "Dies ist keine Quittung: Die Bestellung ist noch nicht bezahlt.".to_owned(),
            "Seite 1 von 1".to_owned(),
        ] {
            assert!(confirmation.contains(&line), "{line} in {confirmation:?}");
        }
        reserve(&app, placed.order.id).await;
        app.deliver("orders", &captured(&app, placed.order.id, eur(6040))).await;
        refund(&app, &placed, "one", 550, 550).await;

        let answer = paper(&app, &placed, "receipt.pdf").await;
        let name = format!("inline; filename=\"receipt-{number}.pdf\"");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
        let receipt = lines(&answer);
        for line in [
            format!("Quittung {number}"),
            "Bezahlt mit: Karte".to_owned(),
            "Davon wurden 5,50\u{a0}€ erstattet; Näheres steht in den Gutschriften.".to_owned(),
        ] {
            assert!(receipt.contains(&line), "{line} in {receipt:?}");
        }
        for (name, amount) in [
            ("Artikel", "55,50 €"),
            ("Versand", "4,90 €"),
            ("Gesamtbetrag", "60,40 €"),
            ("Versand: Parcel", "4,90 €"),
            ("Steuer, enthalten", "9,64 €"),
        ] {
            assert!(has(&receipt, name, amount), "{name} {amount} in {receipt:?}");
        }
        let note = lines(&paper(&app, &placed, &format!("credit-notes/{number}-R1")).await);
        assert!(note.contains(&format!("Gutschrift {number}-R1")), "{note:?}");
        assert!(has(&note, "Gutgeschrieben", "5,50 €"), "{note:?}");
        assert!(has(&note, &format!("Erstattung zur Bestellung {number}"), "5,50 €"), "{note:?}");
        let english = ["Order", "Receipt", "Total", "Amount", "Delivery", "contained", "Page 1"];
        for line in confirmation.iter().chain(&receipt).chain(&note) {
            assert!(!english.iter().any(|word| line.contains(word)), "{line}");
        }

        // Whoever packs it reads English.
        let slip =
            format!("/api/v1/vendors/{}/orders/{}/packing-slip.pdf", vendor("ada"), placed.order.vendor_orders[0].id);
        let slip = pdf::text(&app.as_user(&vendor_staff(vendor("ada"))).get(&slip).await.expect(200).body);
        assert!(slip.contains("Packing slip ") && slip.contains("A gift for you: Alles Gute"), "{slip}");
    })
    .await;
}

#[tokio::test]
async fn an_order_in_english_is_written_as_its_reader_writes_numbers() {
    on_both_databases(defs, |app| async move {
        Others::on(&app);
        let placed = paid(&app, &app.guest(), "k").await;
        let receipt = lines(&paper(&app, &placed, "receipt.pdf").await);
        assert!(has(&receipt, "Total", "€60.40") && receipt.contains(&"Paid with: card".to_owned()), "{receipt:?}");
    })
    .await;
}
