//! Money to be looked at and the events of providers, in the administration.

use contracts::queue::{
    ProviderFacts, ReviewAction, ReviewDetail, ReviewEntry, ReviewItem, ReviewState, WebhookState, WebhookView,
};
use kernel::AccountId;
use serde_json::{Value, json};

use super::{
    fixtures::*,
    portal::*,
    stage::{Stage, account},
};

const ID: &str = "sandbox-second_payment-pi_7";
const QUEUE: &str = "GET /api/v1/admin/payments/review";

fn path() -> String {
    format!("/admin/payments/review/{ID}")
}
fn api() -> String {
    format!("/api/v1/admin/payments/review/{ID}")
}

fn item(state: ReviewState, action: Option<ReviewAction>) -> ReviewItem {
    ReviewItem {
        id: ID.to_owned(),
        provider: "sandbox".to_owned(),
        provider_ref: "pi_7".to_owned(),
        problem: "second_payment".to_owned(),
        order_id: Some(order_id()),
        amount: Some(eur(7_470)),
        state,
        action,
        at: at("2026-01-15T11:00:00Z"),
        resolved_at: (state == ReviewState::Resolved).then(|| at("2026-01-15T11:30:00Z")),
    }
}

fn detail(state: ReviewState, action: Option<ReviewAction>, actions: &[ReviewAction]) -> ReviewDetail {
    ReviewDetail {
        item: item(state, action),
        ours: Some(payment(1_000)),
        theirs: Some(ProviderFacts {
            kind: "payment".to_owned(),
            reference: Some("<order>".to_owned()),
            status: "succeeded".to_owned(),
            amount: eur(7_470),
            captured: Some(eur(7_470)),
            livemode: Some(false),
        }),
        silence: None,
        actions: actions.to_vec(),
        history: Vec::new(),
    }
}

fn open() -> ReviewDetail {
    detail(ReviewState::Open, None, &[ReviewAction::Refund, ReviewAction::Attach, ReviewAction::TickOff])
}

#[tokio::test]
async fn the_queue_says_what_is_wrong_and_how_much_is_unexplained() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(QUEUE, page(&[item(ReviewState::Open, None)]));
    stage.says(&format!("{QUEUE}/unexplained"), json!({"items": 2, "sums": [eur(7_470), eur(100)]}));
    mary.get("/admin/payments/review").await.expect(200).says(&[
        "paid a second time",
        "pi_7",
        &format!("/admin/orders/{}", order_id()),
        &format!("href=\"{}\"", path()),
        "74.70",
        "Open for more than a quarter of an hour",
        "are unexplained",
        "Events of providers",
    ]);
    stage.says(QUEUE, page::<Value>(&[]));
    mary.get("/admin/payments/review?state=resolved").await.expect(200).says(&["Nothing in this state"]);
    assert!(stage.asked(QUEUE).iter().any(|asked| asked.query == "state=resolved&limit=25"));
    // Without the sum the list is there all the same.
    stage.answers(
        &format!("{QUEUE}/unexplained"),
        503,
        json!({"code": "unavailable", "detail": "Away.", "status": 503}),
    );
    mary.get("/admin/payments/review").await.expect(200).says(&["Nothing to look at"]).never_says(&["a quarter of"]);
}

#[tokio::test]
async fn both_sides_stand_beside_each_other_with_what_can_be_done() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(&format!("GET {}", api()), open());
    mary.get(&path())
        .await
        .expect(200)
        .says(&[
            "Souk knows",
            "The provider says",
            "&#60;order&#62;",
            "S-2601-000001",
            "10.00",
            "Test money",
            "Send the money back",
            "Attach it to the order",
            "Tick it off",
            "Nothing was done yet",
            &format!("{}/tick_off", path()),
        ])
        .never_says(&["Take the order up"]);
    let mut silent = open();
    (silent.theirs, silent.silence) = (None, Some("The provider does not answer.".to_owned()));
    stage.says(&format!("GET {}", api()), silent);
    mary.get(&path()).await.expect(200).says(&["The provider does not answer."]);

    let mary_s = AccountId::derived("test", &["Mary"]);
    stage.says(&format!("GET /api/v1/admin/accounts/{mary_s}"), account("Mary", &[], &[]));
    let mut done = detail(ReviewState::Resolved, Some(ReviewAction::TickOff), &[]);
    done.history = vec![ReviewEntry {
        at: at("2026-01-15T11:30:00Z"),
        by: Some(mary_s),
        action: ReviewAction::TickOff,
        note: Some("Agreed by <phone>".to_owned()),
        result: "Explained by hand.".to_owned(),
    }];
    stage.says(&format!("GET {}", api()), done);
    mary.get(&path())
        .await
        .expect(200)
        .says(&["Resolved", "Agreed by &#60;phone&#62;", "Explained by hand.", &format!("/admin/users/{mary_s}")])
        .never_says(&["Send the money back", "Nothing was done yet"]);
    // What cannot be done any more is not asked about.
    mary.get(&format!("{}/refund", path())).await.leads_to(&path());
    mary.get(&format!("{}/burn", path())).await.expect(404);
    stage.refuses(&format!("GET {}", api()), 404, "not_found", "There is no such thing.", &[]);
    mary.get(&path()).await.expect(404);
}

#[tokio::test]
async fn each_action_is_asked_about_first_and_sent_once() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    stage.says(&format!("GET {}", api()), open());
    let sent = format!("POST {}/actions", api());
    let (refund, tick) = (format!("{}/refund", path()), format!("{}/tick_off", path()));
    mary.get(&refund).await.expect(200).says(&["Send the money back: 74.70", "cannot be undone", "Leave it"]);
    assert!(stage.asked(&sent).is_empty(), "to ask does nothing");
    let mut returning = detail(ReviewState::Returning, Some(ReviewAction::Refund), &[]);
    returning.history = vec![ReviewEntry {
        at: at("2026-01-15T11:30:00Z"),
        by: None,
        action: ReviewAction::Refund,
        note: None,
        result: "It is on its way back.".to_owned(),
    }];
    stage.says(&sent, &returning);
    mary.post(&refund, &[("note", "")]).await.leads_to(&path());
    assert_eq!(stage.asked_once(&sent).body, json!({"action": "refund", "note": null, "order_number": null}));
    stage.says(&format!("GET {}", api()), &returning);
    mary.get(&path()).await.expect(200).says(&["It is on its way back.", "Going back"]);

    // Ticked off only with words, which stay if they are too many.
    stage.says(&format!("GET {}", api()), open());
    stage.forget();
    mary.post(&tick, &[("note", "  ")]).await.expect(422).says(&["Say how it was explained"]);
    assert!(stage.asked(&sent).is_empty());
    stage.refuses(&sent, 422, "invalid_input", "Mend it.", &[("note", "Too long.")]);
    mary.post(&tick, &[("note", "Agreed <so>")]).await.expect(422).says(&["Too long.", "Agreed &#60;so&#62;"]);
    stage.refuses(&sent, 409, "resolved_before", "This is resolved.", &[]);
    mary.post(&tick, &[("note", "Agreed")]).await.leads_to(&path());
    mary.get(&path()).await.says(&["This is resolved."]);
    assert_eq!(
        stage.asked(&sent).last().unwrap().body,
        json!({"action": "tick_off", "note": "Agreed", "order_number": null})
    );
}

#[tokio::test]
async fn events_are_listed_and_taken_in_again() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let log = "GET /api/v1/admin/payments/webhooks";
    let event = |id: &str, state, error: Option<&str>| WebhookView {
        provider: "sandbox".to_owned(),
        event_id: id.to_owned(),
        kind: "refund.succeeded".to_owned(),
        payment_ref: "pay_1".to_owned(),
        refund_ref: Some("re_1".to_owned()),
        dispute_ref: None,
        state,
        tries: 16,
        error: error.map(str::to_owned),
        received_at: at("2026-01-15T11:00:00Z"),
    };
    stage.says(
        log,
        page(&[
            event("evt/1", WebhookState::Received, Some("not_yet: The order is <unknown>.")),
            event("evt_2", WebhookState::Handled, None),
        ]),
    );
    mary.get("/admin/payments/webhooks?state=received&provider=Sandbox").await.expect(200).says(&[
        "refund.succeeded",
        "evt/1",
        "re_1",
        "The order is &#60;unknown&#62;.",
        "To be taken in",
        "Taken in",
        "Take in again",
        "16",
    ]);
    assert_eq!(stage.asked(log).last().unwrap().query, "provider=sandbox&state=received&limit=25");
    stage.says(log, page::<Value>(&[]));
    mary.get("/admin/payments/webhooks?state=unmatched").await.expect(200).says(&["No event fits", "Show all events"]);

    let replay = "POST /api/v1/admin/payments/webhooks/sandbox/evt%2F1/replay";
    stage.answers(replay, 202, event("evt/1", WebhookState::Received, None));
    let sent = [("provider", "sandbox"), ("event", "evt/1"), ("next", "/admin/payments/webhooks?state=received")];
    mary.post("/admin/payments/webhooks/replay", &sent).await.leads_to("/admin/payments/webhooks?state=received");
    assert_eq!(stage.asked(replay).len(), 1);
    mary.post("/admin/payments/webhooks/replay", &[("provider", "stripe"), ("event", "evt_9")]).await.expect(404);
}

#[tokio::test]
async fn whoever_attaches_what_names_no_order_names_it() {
    let stage = Stage::new().await;
    let mut mary = in_charge(&stage).await;
    let nameless = ReviewDetail { ours: None, ..open() };
    stage.says(&format!("GET {}", api()), nameless);
    let attach = format!("{}/attach", path());
    let sent = format!("POST {}/actions", api());
    mary.get(&attach).await.expect(200).says(&["Number of the order", "name=\"order_number\"", "Why, for the record"]);
    stage.refuses(&sent, 422, "invalid_input", "Mend it.", &[("order_number", "There is no order of this number.")]);
    let form = [("order_number", "S-9"), ("note", "She wrote to us")];
    mary.post(&attach, &form).await.expect(422).says(&["no order of this number", "value=\"S-9\"", "She wrote to us"]);
    stage.says(&sent, detail(ReviewState::Resolved, Some(ReviewAction::Attach), &[]));
    mary.post(&attach, &form).await.leads_to(&path());
    let asked = stage.asked(&sent);
    assert_eq!(asked[1].body, json!({"action": "attach", "order_number": "S-9", "note": "She wrote to us"}));
    // What names its order is attached to that.
    stage.says(&format!("GET {}", api()), open());
    mary.get(&attach).await.expect(200).never_says(&["order_number"]);
}
