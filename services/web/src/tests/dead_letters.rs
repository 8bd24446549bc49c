//! What a service gave up on is listed, tried again, and gone once it is handled.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use contracts::{
    Envelope,
    operations::{Backlog, DeadLetter},
    reviews::RatingChanged,
};
use db::{Dialect, Tx};
use events::{Received, inbox::ATTEMPTS_MAX};
use kernel::{Error, Page, ProductId, Result};
use runtime::{Service, ServiceDef};
use serde_json::json;
use testkit::TestApp;

use super::{
    fixtures::*,
    portal::in_charge,
    stage::{Stage, plain},
};

const LETTERS: &str = "/api/v1/admin/dead-letters/analytics";
/// Aggregates of which an event had its effect.
const HANDLED: &str = "SELECT count(*) FROM inbox";

/// Cannot take in ratings until it is mended.
async fn rating_changed(mended: &Arc<AtomicBool>, _: &mut Tx, _: RatingChanged, _: &Envelope) -> Result<()> {
    match mended.load(Ordering::SeqCst) {
        true => Ok(()),
        false => Err(Error::conflict("closed", "The gate is closed.")),
    }
}

fn fragile(mended: Arc<AtomicBool>) -> ServiceDef {
    ServiceDef::new("analytics", "Hears of ratings.", &[], move |_| async move {
        Ok(Service::new().on(&mended, rating_changed))
    })
}

fn lamp() -> ProductId {
    ProductId::derived("test", &["lamp"])
}

fn rated(product_id: ProductId) -> RatingChanged {
    RatingChanged { product_id, vendor_id: vendor("kiln"), summary: rating_summary(), by: None }
}

/// The service has given up on the ratings of two products.
async fn given_up(app: &TestApp) {
    for product in [lamp(), ProductId::derived("test", &["mug"])] {
        assert_eq!(app.deliver("analytics", &rated(product)).await, Received::Retrying);
    }
    for _ in 1..ATTEMPTS_MAX {
        app.advance(Duration::from_secs(300)).await;
    }
}

async fn letters(app: &TestApp) -> Vec<DeadLetter> {
    let page: Page<DeadLetter> = app.as_user(&testkit::admin()).get(LETTERS).await.expect(200).json();
    page.items
}

/// Over the API: one of two.
async fn one_is_tried_again(app: &TestApp, mended: &AtomicBool) {
    let admin = app.as_user(&testkit::admin());
    let (again, dead) = (format!("{LETTERS}/replay"), letters(app).await);
    assert_eq!(dead.len(), 2);
    let letter = dead.iter().find(|letter| letter.subject == lamp().to_string()).unwrap();
    assert_eq!(
        (&*letter.service, &*letter.what, &*letter.kind, letter.attempts, &*letter.error),
        ("analytics", "event", "review.rating_changed", ATTEMPTS_MAX, "closed: The gate is closed.")
    );
    let asked = json!({"what": "event", "id": letter.id});
    let customer = app.as_user(&testkit::customer("Ada"));
    customer.get(LETTERS).await.expect_problem(403, "forbidden");
    customer.post(&again, &asked).await.expect_problem(403, "forbidden");
    admin.post(&again, &json!({"what": "letter", "id": letter.id})).await.expect_invalid("what");
    admin.post(&again, &json!({"what": "job", "id": letter.id})).await.expect_problem(404, "not_found");
    mended.store(true, Ordering::SeqCst);
    app.settle().await;
    assert_eq!((letters(app).await.len(), app.count("analytics", HANDLED).await), (2, 0), "nobody has asked yet");

    admin.post(&again, &asked).await.expect(204);
    app.settle().await;
    let left = letters(app).await;
    assert_eq!((left.len(), app.count("analytics", HANDLED).await), (1, 1));
    assert_ne!(left[0].id, letter.id);
    admin.post(&again, &asked).await.expect_problem(404, "not_found");
    let backlogs: Vec<Backlog> = admin.get("/api/v1/admin/backlogs").await.expect(200).json();
    let backlog = backlogs.iter().find(|backlog| backlog.service == "analytics").unwrap();
    assert_eq!((backlog.dead, backlog.retrying), (1, 0));
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_by_the_api_and_on_the_page() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let mended = Arc::new(AtomicBool::new(false));
        let defs = plain().into_iter().chain([fragile(mended.clone())]).collect();
        let stage = Stage::around(Arc::new(TestApp::start(dialect, defs).await));
        given_up(&stage.app).await;
        one_is_tried_again(&stage.app, &mended).await;

        let mut mary = in_charge(&stage).await;
        let shown = mary.get("/admin/dead-letters").await.expect(200);
        let shown = shown.says(&["review.rating_changed", "14\u{a0}times", "closed: The gate is closed."]);
        let action = "/admin/dead-letters/analytics/replay";
        let form = shown.form(action);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        mary.post_raw(action, &fields).await.leads_to("/admin/dead-letters");
        stage.app.settle().await;
        assert_eq!(stage.app.count("analytics", HANDLED).await, 2);
        let after = mary.get("/admin/dead-letters").await.expect(200);
        after.says(&["It is tried again.", "No dead letters"]).never_says(&["review.rating_changed"]);
        mary.post_raw(action, &fields).await.expect(404);
        assert_eq!(stage.app.count("analytics", HANDLED).await, 2);
    }
}
