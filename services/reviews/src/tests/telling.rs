//! Who is told of reviews: once each, and nobody of what came to nothing.

use contracts::reviews::{ReportReason, ReviewAnswered, ReviewReported, ReviewWritten};
use kernel::ReviewId;
use testkit::{vendor_owner, vendor_staff};

use super::*;

async fn answered(app: &TestApp) -> Vec<ReviewAnswered> {
    app.published("reviews").await
}

async fn reported(app: &TestApp) -> Vec<(ReviewId, ReportReason)> {
    let all: Vec<ReviewReported> = app.published("reviews").await;
    all.iter().map(|told| (told.review_id, told.reason)).collect()
}

#[tokio::test]
async fn a_review_is_told_when_it_is_written_and_when_it_is_answered() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let ada = customer("ada");
        let review = reviews(&app, &ada, "mug", 2).await;
        app.as_user(&ada).put(&path("mug"), &json!({"rating": 3, "title": "Better", "text": ""})).await.expect(200);
        let written: Vec<ReviewWritten> = app.published("reviews").await;
        let told: Vec<_> = written.iter().map(|w| (w.review_id, w.product_id, w.vendor_id, w.rating)).collect();
        assert_eq!(told, [(review.id, product("mug"), vendor("v"), 2)], "a change is not told");

        let reply = |of: &str| format!("/api/v1/vendors/{}/reviews/{}/reply", vendor(of), review.id);
        let (staff, other) = (app.as_user(&vendor_staff(vendor("v"))), app.as_user(&vendor_owner(vendor("w"))));
        other.put(&reply("w"), &json!({"text": "Buy ours."})).await.expect_problem(404, "not_found");
        staff.put(&reply("v"), &json!({"text": " "})).await.expect_invalid("text");
        assert!(answered(&app).await.is_empty());
        for text in ["We are sorry.", "It was the glaze."] {
            staff.put(&reply("v"), &json!({"text": text})).await.expect(200);
        }
        staff.delete(&reply("v")).await.expect(204);
        let last: ReviewView = staff.put(&reply("v"), &json!({"text": "Sorry again."})).await.expect(200).json();
        assert_eq!(last.reply.unwrap().text, "Sorry again.");
        let told: Vec<_> =
            answered(&app).await.iter().map(|a| (a.review_id, a.product_id, a.vendor_id, a.account_id)).collect();
        assert_eq!(
            told,
            [(review.id, product("mug"), vendor("v"), account_of(&ada))],
            "the first answer alone is told"
        );
    })
    .await;
}

#[tokio::test]
async fn moderators_are_told_of_the_first_report_that_waits() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let review = reviews(&app, &customer("ada"), "mug", 2).await;
        let reports = format!("/api/v1/reviews/{}/reports", review.id);
        let report = async |who: &str, reason: &str| {
            app.as_user(&customer(who)).post(&reports, &json!({"reason": reason})).await
        };
        report("ada", "spam").await.expect_problem(403, "own_review");
        assert!(reported(&app).await.is_empty());
        report("bob", "off_topic").await.expect(204);
        report("bob", "spam").await.expect_problem(409, "reported_before");
        report("eve", "offensive").await.expect(204);
        assert_eq!(reported(&app).await, [(review.id, ReportReason::OffTopic)]);
        // Once it was decided, the next one waits again.
        let keep = format!("/api/v1/admin/reviews/{}/keep", review.id);
        app.as_user(&admin()).post(&keep, &json!({})).await.expect(200);
        report("gil", "spam").await.expect(204);
        let both = [(review.id, ReportReason::OffTopic), (review.id, ReportReason::Spam)];
        assert_eq!(reported(&app).await, both);
    })
    .await;
}
