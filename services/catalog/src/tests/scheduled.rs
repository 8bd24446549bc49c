//! Products that go on sale, and off, by themselves.

use std::time::Duration;

use contracts::catalog::{ProductChanged, ProductEdit, ProductPublished, ProductStatus, ProductWithdrawn};
use kernel::{Page, VendorId};
use serde_json::{Value, json};
use testkit::{TestApp, admin, on_both_databases};

use super::support::*;

const HOUR: Duration = Duration::from_secs(3600);

/// Published, changed, withdrawn: how often each was told.
async fn told(app: &TestApp) -> [usize; 3] {
    [
        app.published::<ProductPublished>("catalog").await.len(),
        app.published::<ProductChanged>("catalog").await.len(),
        app.published::<ProductWithdrawn>("catalog").await.len(),
    ]
}

async fn timers(app: &TestApp) -> i64 {
    app.count("catalog", "SELECT count(*) FROM jobs WHERE kind IN ('publish', 'unpublish')").await
}

/// On sale from `from` on, until `until`; the day begins at noon.
async fn scheduled(app: &TestApp, kiln: VendorId, from: &str, until: Option<&str>) -> ProductEdit {
    let mut input = simple(&mugs(app).await, "Mug", "M", 100);
    (input["status"], input["publish_at"], input["unpublish_at"]) = (json!("scheduled"), json!(from), json!(until));
    created(app, kiln, &input).await
}

fn input_of(edit: &ProductEdit) -> Value {
    serde_json::to_value(&edit.input).unwrap()
}

#[tokio::test]
async fn it_goes_on_sale_once_and_off_again() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let mug = scheduled(&app, kiln, "2026-01-15T13:00:00Z", Some("2026-01-15T15:00:00Z")).await;
        assert_eq!((mug.input.status, told(&app).await, timers(&app).await), (ProductStatus::Scheduled, [0, 1, 0], 2));
        let list = |status: &str| format!("{}?status={status}", own(kiln));
        for (status, count) in [("scheduled", 1), ("draft", 0)] {
            let page: Page<ProductEdit> = owner(&app, kiln).get(&list(status)).await.expect(200).json();
            assert_eq!(page.items.len(), count, "{status}");
        }
        app.advance(HOUR - Duration::from_secs(1)).await;
        app.guest().get("/api/v1/products/mug").await.expect(404);
        assert_eq!(told(&app).await, [0, 1, 0]);

        app.advance(Duration::from_secs(1)).await;
        assert_eq!((seen(&app, "mug").await.title.as_str(), told(&app).await), ("Mug", [1, 1, 0]));
        let on_sale = edit(&app, &mug).await;
        assert_eq!((on_sale.input.status, on_sale.input.publish_at), (ProductStatus::Published, None));
        assert_eq!((on_sale.version, on_sale.input.unpublish_at), (2, mug.input.unpublish_at));
        let event = app.published::<ProductPublished>("catalog").await.pop().unwrap().product;
        assert_eq!(event.published_at, Some(kernel::Clock::now(&*app.clock)));
        assert_eq!(timers(&app).await, 1);
        app.advance(HOUR).await;
        assert_eq!(told(&app).await, [1, 1, 0]);

        app.advance(HOUR).await;
        app.guest().get("/api/v1/products/mug").await.expect(404);
        let off = edit(&app, &mug).await.input;
        assert_eq!((off.status, off.unpublish_at), (ProductStatus::Draft, None));
        assert_eq!((told(&app).await, timers(&app).await), ([1, 1, 1], 0));
        app.advance(HOUR * 24).await;
        assert_eq!(told(&app).await, [1, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_moment_lies_ahead_and_can_be_changed() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let mug = scheduled(&app, kiln, "2026-01-15T13:00:00Z", None).await;
        let mut input = input_of(&mug);
        for (field, at) in [("publish_at", "2026-01-15T12:00:00Z"), ("unpublish_at", "2026-01-15T13:00:00Z")] {
            let mut wrong = input.clone();
            wrong[field] = json!(at);
            put(&app, &mug, &wrong).await.expect_invalid(field);
        }
        let mut without = input.clone();
        without["publish_at"] = Value::Null;
        put(&app, &mug, &without).await.expect_invalid("publish_at");
        assert_eq!(edit(&app, &mug).await.version, 1);

        // Later, then by hand: the timers that were set find nothing to do.
        input["publish_at"] = json!("2026-01-15T14:00:00Z");
        put(&app, &mug, &input).await.expect(200);
        app.advance(HOUR).await;
        assert_eq!((edit(&app, &mug).await.input.status, timers(&app).await), (ProductStatus::Scheduled, 1));
        input["status"] = json!("published");
        let by_hand: ProductEdit = put(&app, &mug, &input).await.expect(200).json();
        assert_eq!((by_hand.input.publish_at, timers(&app).await), (None, 0));
        app.advance(HOUR).await;
        assert_eq!((edit(&app, &mug).await.version, told(&app).await), (by_hand.version, [1, 2, 0]));
        input["unpublish_at"] = json!("2026-01-15T13:30:00Z");
        put(&app, &mug, &input).await.expect_invalid("unpublish_at");
    })
    .await;
}

#[tokio::test]
async fn what_is_archived_or_taken_off_stays_so() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let mug = scheduled(&app, kiln, "2026-01-15T13:00:00Z", Some("2026-01-15T18:00:00Z")).await;
        let mut input = input_of(&mug);
        input["status"] = json!("archived");
        let archived: ProductEdit = put(&app, &mug, &input).await.expect(200).json();
        assert_eq!((archived.input.publish_at, timers(&app).await), (None, 0));
        app.advance(HOUR).await;
        assert_eq!(edit(&app, &mug).await.input.status, ProductStatus::Archived);

        (input["status"], input["publish_at"]) = (json!("scheduled"), json!("2026-01-15T16:00:00Z"));
        put(&app, &mug, &input).await.expect(200);
        let withdraw = format!("/api/v1/admin/products/{}/withdraw", mug.id);
        let off: ProductEdit = app.as_user(&admin()).post(&withdraw, &()).await.expect(200).json();
        assert_eq!((off.input.status, off.input.publish_at, timers(&app).await), (ProductStatus::Archived, None, 0));
        put(&app, &mug, &input).await.expect_problem(409, "product_withdrawn");
        app.advance(HOUR * 4).await;
        assert_eq!(told(&app).await[0], 0);

        // A draft that waits for its moment can be deleted, and nothing comes of it.
        let mut other = simple(&category(&app, "Bowls", None).await, "Bowl", "B", 100);
        (other["status"], other["publish_at"]) = (json!("scheduled"), json!("2026-01-16T12:00:00Z"));
        let bowl = created(&app, kiln, &other).await;
        owner(&app, kiln).delete(&format!("{}/{}", own(kiln), bowl.id)).await.expect(204);
        assert_eq!(timers(&app).await, 0);
        app.advance(HOUR * 24).await;
        assert_eq!(told(&app).await[0], 0);
    })
    .await;
}

/// Nobody was there while it should have been on sale: it is left out, and not put on sale for a moment.
#[tokio::test]
async fn a_time_that_was_missed_is_over() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let mug = scheduled(&app, kiln, "2026-01-15T13:00:00Z", Some("2026-01-15T14:00:00Z")).await;
        app.advance(HOUR * 3).await;
        let edit = edit(&app, &mug).await;
        assert_eq!((edit.input.status, edit.input.publish_at), (ProductStatus::Draft, None));
        assert_eq!((told(&app).await, timers(&app).await), ([0, 2, 0], 0));
    })
    .await;
}
