use axum::{Json, Router, extract::Path, routing::get};
use contracts::{
    disputes::{PaymentDisputeClosed, PaymentDisputeOpened},
    orders::{
        AskedBy, OrderLine, OrderPaid, OrderSnapshot, OrderStatus, OrderView, PaymentChoice, PlacedOrder, Remedy,
        ReturnDecided, ReturnEnded, ReturnKind, ReturnLabelView, ReturnLabelled, ReturnLineView, ReturnReason,
        ReturnReceived, ReturnRequested, ReturnSent, ReturnStatus, ReturnView, VendorOrderStatus, VendorOrderView,
    },
    pricing::Quote,
    reviews::ReviewInvited,
    shared::Address,
    taxes::TaxLine,
    vendors::VendorStatus,
};
use kernel::{
    Clock, Currency, DisputeId, LineId, Money, OrderId, PaymentId, ProductId, ReturnId, VariantId, VendorOrderId,
};
use testkit::{TestApp, on_both_databases};

use super::{decided, mail, mailbox, services, stand_in_identity, vendor};
use crate::Settings;

pub(super) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(super) fn id() -> OrderId {
    OrderId::derived("test", &["order"])
}

pub(super) fn part() -> VendorOrderView {
    VendorOrderView {
        shipping_promotions: vec![],
        id: VendorOrderId::derived("test", &["part"]),
        number: "S-2601-000001-A".to_owned(),
        order_id: id(),
        vendor_id: vendor(),
        vendor_name: "Potter".to_owned(),
        status: VendorOrderStatus::ToShip,
        lines: vec![OrderLine {
            promotions: vec![],
            id: LineId::derived("test", &["line"]),
            variant_id: VariantId::derived("test", &["mug"]),
            product_id: ProductId::derived("test", &["mug"]),
            title: "Blue mug".to_owned(),
            options: vec!["Large".to_owned()],
            sku: "MUG-L".to_owned(),
            quantity: 2,
            withdrawn: 0,
            parts: vec![],
            unit_price: eur(1_800),
            total: eur(3_600),
            tax: eur(575),
            tax_added: false,
            digital: false,
        }],
        items: eur(3_600),
        shipping: eur(490),
        shipping_method: "Standard parcel".to_owned(),
        pickup: None,
        tax: eur(653),
        total: eur(4_090),
        parcels: vec![],
    }
}

/// The order as `orders` would tell it.
pub(super) fn stand_in_orders(app: &TestApp) {
    stand_in_order_of(app, vec![part()]);
}

/// The order with other parts.
pub(super) fn stand_in_order_of(app: &TestApp, vendor_orders: Vec<VendorOrderView>) {
    stand_in_order_in(app, vendor_orders, None);
}

/// The same, placed in a language.
pub(super) fn stand_in_order_in(app: &TestApp, vendor_orders: Vec<VendorOrderView>, language: Option<&str>) {
    stand_in_view(app, view(app, vendor_orders, language));
}

/// An order as it is told.
pub(super) fn view(app: &TestApp, vendor_orders: Vec<VendorOrderView>, language: Option<&str>) -> OrderView {
    let country: kernel::Country = "DE".parse().unwrap();
    let quote = Quote {
        promotions: vec![],
        codes: vec![],
        hash: String::new(),
        currency: Currency::EUR,
        country: country.clone(),
        region: None,
        lines: vec![],
        vendors: vec![],
        subtotal: eur(3_600),
        discount: eur(0),
        shipping: eur(490),
        payment_fee: None,
        tax: eur(653),
        tax_added: false,
        taxes: vec![TaxLine { name: "VAT".to_owned(), rate_bp: 1_900, net: eur(3_437), tax: eur(653) }],
        total: eur(4_090),
        rates: vec![],
        explanation: vec![],
    };
    let address = Address {
        name: "Bob Buyer".to_owned(),
        company: None,
        line1: "Marktplatz 1".to_owned(),
        line2: None,
        postcode: "10115".to_owned(),
        city: "Berlin".to_owned(),
        region: None,
        country,
        phone: None,
    };
    OrderView {
        id: id(),
        number: "S-2601-000001".to_owned(),
        status: OrderStatus::Paid,
        status_reason: Some("expired".to_owned()),
        covered: None,
        to_collect: None,
        shortages: vec![],
        next_action: None,
        account_id: None,
        email: "bob@example.com".parse().unwrap(),
        address,
        note: Some("Please ring twice".to_owned()),
        gift: None,
        language: language.map(str::to_owned),
        quote,
        vendor_orders,
        refunded: eur(0),
        refunds: vec![],
        billing_address: None,
        payment_method: "card".to_owned(),
        paid_at: None,
        timeline: vec![],
        can_cancel: true,
        placed_at: app.clock.now(),
        version: 1,
    }
}

/// `orders`, which tells of this order and of returns.
pub(super) fn stand_in_view(app: &TestApp, order: OrderView) {
    app.stand_in(
        "orders",
        Router::new()
            .route(
                "/internal/orders/{id}",
                get(async move |_: Path<String>| Json(PlacedOrder { token: kernel::Secret::new("tok-42"), order })),
            )
            .route("/internal/returns/{id}", get(async move |Path(id): Path<String>| Json(a_return(&id)))),
    );
}

pub(super) fn return_id(name: &str) -> ReturnId {
    ReturnId::derived("test", &[name])
}

/// Returns in the state after which they are called.
fn a_return(id: &str) -> ReturnView {
    let states = [
        ("requested", ReturnStatus::Requested),
        ("approved", ReturnStatus::Approved),
        ("refused", ReturnStatus::Refused),
        ("labelled", ReturnStatus::Approved),
        ("sent", ReturnStatus::Sent),
        ("received", ReturnStatus::Received),
        ("cancelled", ReturnStatus::Cancelled),
        ("closed", ReturnStatus::Closed),
        ("refunded", ReturnStatus::Refunded),
        ("exchanged", ReturnStatus::Exchanged),
    ];
    let (_, status) = states.into_iter().find(|(name, _)| return_id(name).to_string() == id).unwrap();
    ReturnView {
        id: id.parse().unwrap(),
        number: "S-2601-000001-A-R1".to_owned(),
        order_id: self::id(),
        vendor_order_id: part().id,
        vendor_id: vendor(),
        vendor_name: "Potter".to_owned(),
        kind: ReturnKind::Return,
        asked_by: AskedBy::Buyer,
        status,
        remedy: Remedy::Refund,
        exchange: None,
        new_carrier: Some("Post".to_owned()),
        new_tracking_number: Some("77".to_owned()),
        reason: ReturnReason::Damaged,
        text: Some("A crack.".to_owned()),
        photos: vec![],
        lines: vec![ReturnLineView {
            line_id: part().lines[0].id,
            variant_id: part().lines[0].variant_id,
            product_id: part().lines[0].product_id,
            title: "Blue mug".to_owned(),
            options: vec!["Large".to_owned()],
            sku: "MUG-L".to_owned(),
            quantity: 2,
            exchange_for: None,
            approved: Some(1),
            received: 1,
            restocked: 0,
            refund: eur(1_800),
            tax: eur(287),
        }],
        answer: Some("One is worn.".to_owned()),
        instructions: Some("Use label 7.".to_owned()),
        label: Some(ReturnLabelView { carrier: "DHL".to_owned(), tracking_number: "0034".to_owned() }),
        carrier: Some("DHL".to_owned()),
        tracking_number: Some("0034".to_owned()),
        condition: None,
        refund: eur(1_800),
        refund_shipping: eur(0),
        shipping_left: eur(490),
        refund_failure: None,
        timeline: vec![],
        created_at: kernel::Timestamp(1),
        version: 1,
    }
}

#[tokio::test]
async fn returns_write_to_whoever_has_to_know() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_orders(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let (order_id, vendor_id) = (id(), vendor());
        let of = return_id;
        app.deliver("notifications", &ReturnRequested { return_id: of("requested"), order_id, vendor_id }).await;
        for (name, approved) in [("approved", true), ("refused", false)] {
            app.deliver("notifications", &ReturnDecided { return_id: of(name), order_id, vendor_id, approved }).await;
        }
        app.deliver("notifications", &ReturnLabelled { return_id: of("labelled"), order_id, vendor_id }).await;
        app.deliver("notifications", &ReturnSent { return_id: of("sent"), order_id, vendor_id }).await;
        let (number, restock) = (String::new(), vec![]);
        let event = ReturnReceived { return_id: of("received"), number, order_id, vendor_id, restock };
        app.deliver("notifications", &event).await;
        for (name, status) in [
            ("cancelled", ReturnStatus::Cancelled),
            ("closed", ReturnStatus::Closed),
            ("refunded", ReturnStatus::Refunded),
            ("exchanged", ReturnStatus::Exchanged),
        ] {
            app.deliver("notifications", &ReturnEnded { return_id: of(name), order_id, vendor_id, status }).await;
        }
        app.settle().await;
        assert_eq!(mailbox(&app).await.len(), 1 + 9, "the refund has a letter of its own");
        let to_buyer: [(&str, &[&str]); 6] = [
            ("return_labelled", &["has bought a label of DHL", "1 × Blue mug", "?token=tok-42"]),
            ("return_exchanged", &["to Post", "77", "1 × Blue mug"]),
            ("return_approved", &["Use label 7.", "1 × Blue mug", "One is worn.", "?token=tok-42"]),
            ("return_refused", &["Potter does not take back", "One is worn."]),
            ("return_closed", &["has closed your return", "One is worn."]),
            ("return_received", &["1 × Blue mug", "18.00\u{a0}€ goes back to you"]),
        ];
        for (template, texts) in to_buyer {
            let letter = mail(&app, template).await;
            assert_eq!(letter.message.to.as_str(), "bob@example.com");
            for text in texts {
                assert!(letter.text.contains(text), "{text} in {}", letter.text);
            }
        }
        let to_shop: [(&str, &[&str]); 3] = [
            ("return_asked", &["A crack.", "2 × Blue mug", "/returns/"]),
            ("return_sent", &["to DHL", "0034"]),
            ("return_cancelled", &["The buyer keeps"]),
        ];
        for (template, texts) in to_shop {
            let letter = mail(&app, template).await;
            assert_ne!(letter.message.to.as_str(), "bob@example.com");
            for text in texts {
                assert!(letter.text.contains(text), "{text} in {}", letter.text);
            }
        }
    })
    .await;
}

pub(super) fn paid(app: &TestApp) -> OrderPaid {
    let order = OrderSnapshot {
        number: "S-2601-000001".to_owned(),
        account_id: None,
        cart_id: None,
        country: "DE".parse().unwrap(),
        parts: vec![],
        total: eur(4_090),
        tax: eur(653),
        payment: PaymentChoice { method: "card".to_owned(), token: None, return_path: None },
        placed_at: app.clock.now(),
    };
    OrderPaid { order_id: id(), order, paid_at: app.clock.now(), was_promised: false }
}

#[tokio::test]
async fn a_paid_order_writes_to_the_buyer_and_to_each_shop() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_orders(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let envelope = app.envelope(&paid(&app));
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        assert_eq!(mailbox(&app).await.len(), 3, "approval, confirmation, new order");
        let buyer = mail(&app, "order_confirmed").await;
        assert_eq!(buyer.message.to.as_str(), "bob@example.com");
        for text in [
            "2 × Blue mug",
            "36.00\u{a0}€",
            "40.90\u{a0}€",
            "VAT 19 % included",
            "6.53\u{a0}€",
            "Marktplatz 1",
            &format!("http://souk.test/orders/{}", id()),
        ] {
            assert!(buyer.text.contains(text), "{text} in {}", buyer.text);
        }
        let shop = mail(&app, "vendor_new_order").await;
        for text in ["S-2601-000001-A", "MUG-L", "Please ring twice"] {
            assert!(shop.text.contains(text), "{text} in {}", shop.text);
        }
        assert!(!shop.text.contains("bob@example.com"), "a shop does not learn the buyer's address for mails");
    })
    .await;
}

#[tokio::test]
async fn a_buyer_is_invited_to_review_what_came_with_a_link_to_each_form() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_orders(&app);
        let mug = ProductId::derived("test", &["mug"]);
        let account_id = super::owner();
        let invitation = ReviewInvited { order_id: id(), account_id, product_ids: vec![mug] };
        let envelope = app.envelope(&invitation);
        for _ in 0..2 {
            app.hand_over("notifications", &envelope).await;
            app.settle().await;
        }
        let letter = mail(&app, "review_invitation").await;
        assert_eq!(letter.message.to.as_str(), format!("{}@example.com", &account_id.to_string()[..8]));
        let form = format!("http://souk.test/account/reviews/{mug}");
        for text in ["S-2601-000001", "Blue mug", &form] {
            assert!(letter.text.contains(text), "{text} in {}", letter.text);
        }
        assert!(letter.html.contains(&format!("<a href=\"{form}\">Blue mug</a>")), "{}", letter.html);
    })
    .await;
}

#[tokio::test]
async fn a_letter_waits_until_those_who_know_the_address_answer() {
    on_both_databases(services, |app| async move {
        app.deliver("notifications", &paid(&app)).await;
        assert!(mailbox(&app).await.is_empty());
        stand_in_orders(&app);
        app.advance(std::time::Duration::from_secs(60)).await;
        assert_eq!(mailbox(&app).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn owners_hear_of_disputes_and_how_they_end() {
    on_both_databases(services, |app| async move {
        stand_in_identity(&app);
        stand_in_orders(&app);
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let (dispute_id, at) = (DisputeId::derived("test", &["d"]), app.clock.now());
        let (payment_id, by_vendor) = (PaymentId::derived("test", &["p"]), vec![(vendor(), eur(4_090))]);
        let opened = PaymentDisputeOpened {
            payment_id,
            order_id: id(),
            dispute_id,
            amount: eur(4_090),
            reason: "product_not_received".to_owned(),
            evidence_due: Some("2026-12-04T10:00:00Z".parse().unwrap()),
            by_vendor: by_vendor.clone(),
            at,
        };
        app.deliver("notifications", &opened).await;
        let letter = mail(&app, "dispute_opened").await;
        for words in ["S-2601-000001-A", "product not received", "40.90\u{a0}€", "4 December 2026, 10:00"] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        let path = format!("http://souk.test/vendor/{}/orders/{}", vendor(), part().id);
        assert!(letter.text.contains(&path), "{}", letter.text);
        for (is_won, template) in [(true, "dispute_won"), (false, "dispute_lost")] {
            let closed = PaymentDisputeClosed {
                payment_id,
                order_id: id(),
                dispute_id,
                amount: eur(4_090),
                is_won,
                by_vendor: by_vendor.clone(),
                at,
            };
            app.deliver("notifications", &closed).await;
            assert!(mail(&app, template).await.text.contains("40.90\u{a0}€"));
        }
        // Who has no share of it hears nothing.
        let elsewhere = PaymentDisputeOpened { by_vendor: vec![], ..opened };
        app.deliver("notifications", &elsewhere).await;
        assert_eq!(mailbox(&app).await.iter().filter(|m| m.template == "dispute_opened").count(), 1);
    })
    .await;
}

#[tokio::test]
async fn those_who_run_the_platform_hear_of_disputes_once() {
    fn with_operator() -> Vec<runtime::ServiceDef> {
        let operator_address = "desk@souk.example".to_owned();
        vec![crate::service(Settings { mailbox_public: true, operator_address, ..Settings::default() })]
    }
    on_both_databases(with_operator, |app| async move {
        stand_in_identity(&app);
        stand_in_orders(&app);
        let (dispute_id, at) = (DisputeId::derived("test", &["d"]), app.clock.now());
        let payment_id = PaymentId::derived("test", &["p"]);
        // All of it had been returned before: no vendor has a share, and somebody has to tell the bank.
        let opened = app.envelope(&PaymentDisputeOpened {
            payment_id,
            order_id: id(),
            dispute_id,
            amount: eur(4_090),
            reason: "product_not_received".to_owned(),
            evidence_due: Some("2026-12-04T10:00:00Z".parse().unwrap()),
            by_vendor: vec![],
            at,
        });
        for _ in 0..3 {
            app.hand_over("notifications", &opened).await;
            app.settle().await;
        }
        let letter = mail(&app, "dispute_to_answer").await;
        assert_eq!(letter.message.to.as_str(), "desk@souk.example");
        let page = format!("http://souk.test/admin/disputes/{dispute_id}");
        for words in ["product not received", "40.90\u{a0}€", "until 4 December 2026, 10:00", page.as_str()] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        let closed = PaymentDisputeClosed {
            payment_id,
            order_id: id(),
            dispute_id,
            amount: eur(4_090),
            is_won: false,
            by_vendor: vec![],
            at,
        };
        app.deliver("notifications", &closed).await;
        let letter = mail(&app, "dispute_decided").await;
        assert!(letter.text.contains("The buyer keeps 40.90\u{a0}€"), "{}", letter.text);
        assert_eq!(mailbox(&app).await.len(), 2);
    })
    .await;
}

#[test]
fn an_operator_s_address_is_one_or_nobody_s() {
    let with =
        |operator_address: &str| Settings { operator_address: operator_address.to_owned(), ..Settings::default() };
    assert_eq!(with("").operator().unwrap(), None);
    assert_eq!(with("desk@souk.example").operator().unwrap().unwrap().as_str(), "desk@souk.example");
    let wrong = with("desk").operator().unwrap_err();
    assert_eq!(wrong.fields()[0].field, "notifications.operator_address");
}
