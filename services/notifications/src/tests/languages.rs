//! Letters in the language of whoever reads them: of the order, of the account, or English.

use axum::{Json, Router, routing::get};
use contracts::{
    cart::{CartAbandoned, WishAvailable},
    credits::GiftCardIssued,
    orders::{OrderCancelled, OrderMade, ReturnReceived, Tracking, VendorOrderView},
    payments::PaymentRefunded,
    pickup::PickupPlace,
    reviews::ReviewInvited,
    shipping::{ShipmentDelivered, ShipmentShipped, WithdrawalRefused},
    vendors::VendorStatus,
};
use kernel::{
    CartId, Clock, CreditId, Currency, Money, PaymentId, ProductId, RefundId, ShipmentId, ShippingMethodId, Timestamp,
    VariantId,
};
use serde_json::json;
use testkit::on_both_databases;

use super::{
    decided, mail, mailbox,
    orders::{id, paid, part, return_id, stand_in_order_in, stand_in_view, view},
    owner, services, stand_in_identity, stand_in_identity_of, vendor,
};

#[tokio::test]
async fn a_confirmation_in_english_is_what_it_was() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_order_in(&app, vec![part()], None);
        app.deliver("notifications", &paid(&app)).await;
        let letter = mail(&app, "order_confirmed").await;
        assert_eq!(letter.message.subject, "Your order S-2601-000001");
        let expected = format!(
            "Your order S-2601-000001\n\nHello Bob Buyer,\n\n\
             thank you, your order S-2601-000001 is paid and on its way to the shops. It comes in one parcel.\n\n\
             Potter\n  2 × Blue mug (Large)  36.00\u{a0}€\n  Standard parcel  4.90\u{a0}€\n\n\
             Total: 40.90\u{a0}€\nVAT 19 % included: 6.53\u{a0}€\n\n\
             See the order:\nhttp://souk.test/orders/{}?token=tok-42\n\n\
             Goes to: Bob Buyer, Marktplatz 1, 10115 Berlin, DE\n\n-- \nSouk · http://souk.test",
            id()
        );
        assert_eq!(letter.text.trim_end(), expected);
        assert!(letter.html.starts_with("<!doctype html>\n<html lang=\"en\">\n"), "{}", letter.html);
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_is_in_the_language_of_its_order_and_the_shops_is_not() {
    on_both_databases(services, |app| async move {
        // The owner reads German elsewhere; what shops get is in English.
        stand_in_identity_of(&app, "de");
        stand_in_order_in(&app, vec![part()], Some("de"));
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        app.deliver("notifications", &paid(&app)).await;
        let letter = mail(&app, "order_confirmed").await;
        assert_eq!(letter.message.subject, "Ihre Bestellung S-2601-000001");
        let expected = format!(
            "Ihre Bestellung S-2601-000001\n\nGuten Tag Bob Buyer,\n\n\
             vielen Dank, Ihre Bestellung S-2601-000001 ist bezahlt und auf dem Weg zu den Händlern. Sie kommt in einem \
             Paket.\n\nPotter\n  2 × Blue mug (Large)  36,00\u{a0}€\n  Standard parcel  4,90\u{a0}€\n\n\
             Gesamtbetrag: 40,90\u{a0}€\nVAT 19\u{a0}%, enthalten: 6,53\u{a0}€\n\n\
             Bestellung ansehen:\nhttp://souk.test/orders/{}?token=tok-42\n\n\
             Lieferadresse: Bob Buyer, Marktplatz 1, 10115 Berlin, DE\n\n-- \nSouk · http://souk.test",
            id()
        );
        assert_eq!(letter.text.trim_end(), expected);
        assert!(letter.html.starts_with("<!doctype html>\n<html lang=\"de\">\n"), "{}", letter.html);
        let shop = mail(&app, "vendor_new_order").await;
        assert_eq!(shop.message.subject, "New order S-2601-000001-A");
        assert!(shop.text.contains("Total: 40.90\u{a0}€") && shop.html.contains("<html lang=\"en\">"), "{}", shop.text);
        let german = "SELECT count(*) FROM messages WHERE locale = 'de'";
        assert_eq!((app.count("notifications", german).await, mailbox(&app).await.len()), (1, 3));
    })
    .await;
}

fn shipped(at: Timestamp) -> ShipmentShipped {
    ShipmentShipped {
        shipment_id: ShipmentId::derived("test", &["s"]),
        order_id: id(),
        vendor_order_id: part().id,
        vendor_id: vendor(),
        tracking: Tracking {
            carrier: "DHL".to_owned(),
            number: "00340".to_owned(),
            token: "tok".to_owned(),
            pickup: false,
        },
        parcel: 1,
        lines: vec![],
        at,
    }
}

#[tokio::test]
async fn what_follows_is_in_the_same_language() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_order_in(&app, vec![part()], Some("de"));
        let (order_id, at) = (id(), app.clock.now());
        app.deliver("notifications", &shipped(at)).await;
        let refunded = PaymentRefunded {
            payment_id: PaymentId::derived("test", &["p"]),
            order_id,
            refund_id: RefundId::derived("test", &["r"]),
            amount: Money::new(123_450, Currency::EUR),
            refunded_total: Money::new(123_450, Currency::EUR),
            by_vendor: vec![],
            at,
        };
        app.deliver("notifications", &refunded).await;
        let pay_by = "2026-11-28T13:45:00Z".parse().unwrap();
        app.deliver("notifications", &OrderMade { order_id, pay_by }).await;
        let reason = "expired".to_owned();
        app.deliver("notifications", &OrderCancelled { order_id, account_id: None, reason, was_paid: false }).await;
        let (number, restock) = (String::new(), vec![]);
        let (return_id, vendor_id) = (return_id("received"), vendor());
        app.deliver("notifications", &ReturnReceived { return_id, number, order_id, vendor_id, restock }).await;
        let mug = ProductId::derived("test", &["mug"]);
        // The account of the test reads English; what it is asked about was ordered in German.
        let invited = ReviewInvited { order_id, account_id: owner(), product_ids: vec![mug] };
        app.deliver("notifications", &invited).await;
        for (template, subject, text) in [
            (
                "shipment_shipped",
                "Ihr Paket von Potter ist unterwegs",
                "Ihr Paket von Potter wurde an DHL übergeben. Die Sendungsnummer lautet 00340.",
            ),
            (
                "refund_sent",
                "1.234,50\u{a0}€ sind auf dem Weg zurück zu Ihnen",
                "wir haben Ihnen 1.234,50\u{a0}€ Ihrer Bestellung S-2601-000001 erstattet.",
            ),
            (
                "order_made",
                "Ihre Bestellung S-2601-000001 wartet auf Sie",
                "bezahlen Sie sie auf ihrer Seite bis zum 28. November 2026, 13:45 Uhr (UTC).",
            ),
            (
                "order_cancelled",
                "Ihre Bestellung S-2601-000001 wurde storniert",
                "wurde storniert, weil sie nicht rechtzeitig bezahlt wurde. Es wurde nichts berechnet.",
            ),
            (
                "return_received",
                "Potter hat Ihre Rücksendung erhalten",
                "Sie erhalten 18,00\u{a0}€ zurück; wir schreiben Ihnen wieder, sobald der Betrag unterwegs ist.",
            ),
            ("review_invitation", "Sind Sie zufrieden?", "was Sie mit der Bestellung S-2601-000001 gekauft haben"),
        ] {
            let letter = mail(&app, template).await;
            assert_eq!(letter.message.subject, subject);
            assert!(letter.text.contains(text) && letter.text.contains("Guten Tag Bob Buyer,"), "{}", letter.text);
            assert!(letter.html.contains("<html lang=\"de\">"), "{template}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_is_written_to_in_its_language() {
    on_both_databases(services, |app| async move {
        stand_in_identity_of(&app, "de-AT");
        let (cart_id, account_id) = (CartId::derived("test", &["cart"]), owner());
        app.deliver(
            "notifications",
            &CartAbandoned { cart_id, account_id, items: 2, stop: "/cart/letters/stop?token=t".to_owned() },
        )
        .await;
        let wish = WishAvailable {
            cart_id,
            account_id,
            variant_id: VariantId::derived("test", &["mug"]),
            product_slug: "blue-mug".parse().unwrap(),
            title: "Blue mug".to_owned(),
            options: vec!["Large".to_owned()],
        };
        app.deliver("notifications", &wish).await;
        for (key, locale) in [("verify:1", "de"), ("verify:2", "it")] {
            let wanted = json!({
                "key": key, "email": format!("{locale}@example.com"), "account_id": null, "locale": locale,
                "template": {"template": "verify_email", "name": "Ada", "path": "/verify?token=abc"},
            });
            app.as_service("identity").post("/internal/messages", &wanted).await.expect(200);
        }
        let left = mail(&app, "cart_abandoned").await;
        assert_eq!(left.message.subject, "Noch in Ihrem Warenkorb");
        assert!(left.text.contains("Keine Nachrichten über Ihren Warenkorb mehr"), "{}", left.text);
        assert!(left.text.contains("/cart/letters/stop?token=t"), "{}", left.text);
        assert!(left.text.contains("Guten Tag Ada,\n\nin Ihrem Warenkorb liegen noch 2 Artikel."), "{}", left.text);
        let back = mail(&app, "back_in_stock").await;
        assert_eq!(back.message.subject, "Blue mug, Large ist wieder da");
        assert!(back.text.contains("Ansehen:\nhttp://souk.test/p/blue-mug?variant="), "{}", back.text);
        let mut subjects: Vec<_> = mailbox(&app)
            .await
            .into_iter()
            .filter(|message| message.template == "verify_email")
            .map(|message| (message.to.to_string(), message.subject))
            .collect();
        subjects.sort();
        let expected = [
            ("de@example.com", "Bestätigen Sie Ihre E-Mail-Adresse"),
            ("it@example.com", "Confirm your e-mail address"),
        ];
        assert_eq!(subjects, expected.map(|(to, subject)| (to.to_owned(), subject.to_owned())));
    })
    .await;
}

#[tokio::test]
async fn who_has_no_account_is_written_to_in_the_language_that_was_told() {
    on_both_databases(services, |app| async move {
        let letter = json!({"email": "eve@example.com", "code": "ABCD-EFGH-JKLM-NPQR",
            "amount": {"amount_minor": 123_450, "currency": "EUR"}, "expires_at": "2026-11-28T13:45:00Z"});
        let letter = move || async move { Json(letter) };
        app.stand_in("payments", Router::new().route("/internal/credits/{id}/letter", get(letter)));
        let (credit_id, language) = (CreditId::derived("test", &["card"]), Some("de".to_owned()));
        app.deliver("notifications", &GiftCardIssued { credit_id, language }).await;
        let card = mail(&app, "gift_card").await;
        assert_eq!(card.message.subject, "Eine Geschenkkarte über 1.234,50\u{a0}€ für Sie");
        let told = "Ihr Code lautet:\n\nABCD-EFGH-JKLM-NPQR\n\nGeben Sie ihn beim Bezahlen ein.";
        assert!(card.text.contains(told), "{}", card.text);
        assert!(card.text.contains("bis zum 28. November 2026, 13:45 Uhr (UTC)"), "{}", card.text);
        assert!(card.html.contains("<html lang=\"de\">"), "{}", card.html);

        let wanted = json!({
            "key": "cart:back:1", "email": "eve@example.com", "account_id": null, "locale": "fr",
            "template": {"template": "back_in_stock", "what": "Blue mug", "path": "/p/blue-mug", "stop": "/notices/stop?token=t"},
        });
        app.as_service("cart").post("/internal/messages", &wanted).await.expect(200);
        let back = mail(&app, "notice").await;
        assert!(back.text.contains("Blue mug est de nouveau disponible."), "{}", back.text);
        assert!(back.html.contains("<html lang=\"fr\">"), "{}", back.html);
    })
    .await;
}

#[test]
fn why_something_stays_in_an_order_is_said_in_english_as_shipping_says_it() {
    let english = words::english();
    for (said, why) in [
        (english.stays_called_off, WithdrawalRefused::CALLED_OFF),
        (english.stays_handed_over, WithdrawalRefused::HANDED_OVER),
        (english.stays_not_there_yet, WithdrawalRefused::NOT_THERE_YET),
        (english.stays_whole, WithdrawalRefused::LEAVES_WHOLE),
    ] {
        assert_eq!(said, why);
    }
}

#[tokio::test]
async fn a_confirmation_says_when_each_part_arrives() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        let mut order = view(&app, vec![part()], Some("de"));
        let zero = Money::new(0, Currency::EUR);
        let way = json!({"method_id": ShippingMethodId::derived("test", &["parcel"]), "name": "Standard parcel", "price": zero,
            "days_min": 1, "days_max": 3, "arrives": {"from": "2026-01-20T00:00:00Z", "to": "2026-01-22T00:00:00Z"}});
        let told = json!({"vendor_id": vendor(), "name": "Potter", "items": zero, "method": way, "methods": [],
            "shipping": zero, "shipping_tax": zero, "total": zero, "tax": zero});
        order.quote.vendors = vec![serde_json::from_value(told).unwrap()];
        stand_in_view(&app, order);
        app.deliver("notifications", &paid(&app)).await;
        let text = mail(&app, "order_confirmed").await.text;
        let arrives = "Standard parcel (Kommt zwischen dem 20. Januar 2026 und dem 22. Januar 2026 an)  4,90\u{a0}€\n";
        assert!(text.contains(arrives), "{text}");
    })
    .await;
}

#[tokio::test]
async fn who_fetches_reads_where_and_what_to_show() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        let place = PickupPlace {
            line1: "Hof 3".to_owned(),
            postcode: "10115".to_owned(),
            city: "Berlin".to_owned(),
            country: "DE".parse().unwrap(),
            hours: "Zweimal läuten.".to_owned(),
        };
        stand_in_order_in(&app, vec![VendorOrderView { pickup: Some(place), ..part() }], Some("de"));
        let ready = shipped(app.clock.now());
        let tracking = Tracking { number: "123456".to_owned(), pickup: true, ..ready.tracking.clone() };
        app.deliver("notifications", &ShipmentShipped { tracking, ..ready.clone() }).await;
        let letter = mail(&app, "shipment_shipped").await;
        assert_eq!(letter.message.subject, "Ihre Bestellung bei Potter liegt zur Abholung bereit");
        for words in ["Hof 3, 10115 Berlin, DE. Zeigen Sie dort diesen Code: 123456.", "Zweimal läuten.", "Blue mug"] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        let ShipmentShipped { shipment_id, order_id, vendor_order_id, vendor_id, at, .. } = ready;
        let fetched = ShipmentDelivered { shipment_id, order_id, vendor_order_id, vendor_id, complete: true, at };
        app.deliver("notifications", &fetched).await;
        let letter = mail(&app, "shipment_delivered").await;
        assert_eq!(letter.message.subject, "Sie haben Ihre Bestellung bei Potter abgeholt");
        assert!(!letter.text.contains("Paket"), "{}", letter.text);
    })
    .await;
}
