//! Reports, and what moderators do about them.

use std::time::Duration;

use contracts::reviews::{ModerationAct, ModerationView, RatingChanged, ReportReason, ReportedReview, Reviewable};
use kernel::ReviewId;
use serde_json::json;
use testkit::{admin, customer, on_both_databases, vendor_staff};

use super::*;

const QUEUE: &str = "/api/v1/admin/reviews/reported";
const HISTORY: &str = "/api/v1/admin/reviews/moderation";

fn reports(id: ReviewId) -> String {
    format!("/api/v1/reviews/{id}/reports")
}

fn desk(id: ReviewId, verb: &str) -> String {
    format!("/api/v1/admin/reviews/{id}/{verb}")
}

async fn queue(app: &TestApp) -> Vec<ReportedReview> {
    app.as_user(&admin()).get(QUEUE).await.expect(200).json::<Page<ReportedReview>>().items
}

async fn history(app: &TestApp) -> Vec<ModerationView> {
    app.as_user(&admin()).get(HISTORY).await.expect(200).json::<Page<ModerationView>>().items
}

#[tokio::test]
async fn a_report_brings_a_review_before_the_moderators_once_per_account() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob, eve) = (customer("ada"), customer("bob"), customer("eve"));
        let (mug, lamp) = (reviews(&app, &ada, "mug", 1).await, reviews(&app, &ada, "lamp", 1).await);
        let spam = json!({"reason": "spam"});
        app.guest().post(&reports(mug.id), &spam).await.expect_problem(401, "unauthenticated");
        app.as_user(&ada).post(&reports(mug.id), &spam).await.expect_problem(403, "own_review");
        let bob = app.as_user(&bob);
        bob.post(&reports(mug.id), &json!({"reason": "other", "text": " "})).await.expect_invalid("text");
        bob.post(&reports(mug.id), &json!({"reason": "boring"})).await.expect_invalid("reason");
        assert_eq!(queue(&app).await, []);

        let first = app.clock.now();
        bob.post(&reports(mug.id), &json!({"reason": "other", "text": "My <address> is in it."})).await.expect(204);
        bob.post(&reports(mug.id), &spam).await.expect_problem(409, "reported_before");
        app.clock.advance(Duration::from_secs(60));
        bob.post(&reports(lamp.id), &json!({"reason": "off_topic"})).await.expect(204);
        app.clock.advance(Duration::from_secs(60));
        app.as_user(&eve).post(&reports(mug.id), &json!({"reason": "offensive"})).await.expect(204);

        let waiting = queue(&app).await;
        let seen: Vec<_> = waiting.iter().map(|w| (w.review.id, w.count, w.reports.len())).collect();
        assert_eq!(seen, [(mug.id, 2, 2), (lamp.id, 1, 1)]);
        assert_eq!(waiting[0].since, first);
        let told: Vec<_> = waiting[0].reports.iter().map(|r| (r.account_id, r.reason, r.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (account_of(&eve), ReportReason::Offensive, ""),
                (account_of(&customer("bob")), ReportReason::Other, "My <address> is in it."),
            ]
        );
        let page: Page<ReportedReview> =
            app.as_user(&admin()).get(&format!("{QUEUE}?limit=1")).await.expect(200).json();
        let next = format!("{QUEUE}?limit=1&after={}", page.next.unwrap());
        let rest: Page<ReportedReview> = app.as_user(&admin()).get(&next).await.expect(200).json();
        assert_eq!((rest.items[0].review.id, rest.next), (lamp.id, None));
        app.as_user(&ada).get(QUEUE).await.expect_problem(403, "forbidden");
        assert_eq!(shown(&app, "mug").await.len(), 1, "a report alone hides nothing");
    })
    .await;
}

#[tokio::test]
async fn a_review_that_is_kept_is_no_longer_in_the_queue_and_may_be_reported_by_others() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (bob, eve) = (customer("bob"), customer("eve"));
        let mug = reviews(&app, &customer("ada"), "mug", 1).await;
        let boss = app.as_user(&admin());
        boss.post(&desk(mug.id, "keep"), &json!({})).await.expect_problem(409, "not_reported");
        app.as_user(&bob).post(&reports(mug.id), &json!({"reason": "spam"})).await.expect(204);
        app.as_user(&bob).post(&desk(mug.id, "keep"), &json!({})).await.expect_problem(403, "forbidden");
        boss.post(&desk(mug.id, "keep"), &json!({"reason": " Only critical. "})).await.expect(200);
        assert_eq!(queue(&app).await, []);
        let acts = history(&app).await;
        assert_eq!((acts.len(), acts[0].act, acts[0].reason.as_str()), (1, ModerationAct::Kept, "Only critical."));
        assert_eq!((acts[0].by, acts[0].at, acts[0].review_id), (account_of(&admin()), app.clock.now(), mug.id));
        assert_eq!((acts[0].author.as_str(), acts[0].title.as_str()), ("Ada L.", "Well made"));
        app.as_user(&bob)
            .post(&reports(mug.id), &json!({"reason": "spam"}))
            .await
            .expect_problem(409, "reported_before");
        app.as_user(&eve).post(&reports(mug.id), &json!({"reason": "spam"})).await.expect(204);
        assert_eq!(queue(&app).await.iter().map(|w| (w.count, w.reports.len())).collect::<Vec<_>>(), [(1, 1)]);
    })
    .await;
}

#[tokio::test]
async fn a_hidden_review_neither_shows_nor_counts_and_comes_back_whole() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        let (worst, best) = (reviews(&app, &ada, "mug", 1).await, reviews(&app, &bob, "mug", 5).await);
        app.as_user(&bob).post(&reports(worst.id), &json!({"reason": "offensive"})).await.expect(204);
        let boss = app.as_user(&admin());
        boss.post(&desk(worst.id, "hide"), &json!({"reason": " "})).await.expect_invalid("reason");
        boss.post(&desk(worst.id, "restore"), &json!({})).await.expect_problem(409, "not_hidden");
        boss.post(&desk(worst.id, "hide"), &json!({"reason": "It insults the potter."})).await.expect(200);
        boss.post(&desk(worst.id, "hide"), &json!({"reason": "Again."})).await.expect_problem(409, "hidden_before");

        assert_eq!(shown(&app, "mug").await.iter().map(|r| r.id).collect::<Vec<_>>(), [best.id]);
        let only_best = RatingSummary { average_x100: 500, count: 1, histogram: [0, 0, 0, 0, 1] };
        assert_eq!(summary(&app, "mug").await, only_best);
        assert_eq!(store_summary(&app, "v").await, only_best);
        assert_eq!(app.published::<RatingChanged>("reviews").await.last().unwrap().summary, only_best);
        assert_eq!(queue(&app).await, []);

        // Its author reads why; nobody else finds it.
        let mine: Page<Reviewable> = app.as_user(&ada).get("/api/v1/me/reviewable").await.expect(200).json();
        let hidden = mine.items[0].review.clone().unwrap().hidden.unwrap();
        assert_eq!((hidden.reason.as_str(), hidden.at), ("It insults the potter.", app.clock.now()));
        let one = format!("/api/v1/reviews/{}", worst.id);
        app.as_user(&ada).get(&one).await.expect(200);
        boss.get(&one).await.expect(200);
        app.as_user(&bob).get(&one).await.expect_problem(404, "not_found");
        app.guest().get(&one).await.expect_problem(404, "not_found");
        app.as_user(&bob).put(&format!("{one}/helpful"), &json!(null)).await.expect_problem(404, "not_found");
        app.as_user(&customer("eve")).post(&reports(worst.id), &json!({"reason": "spam"})).await.expect(404);
        let staff = app.as_user(&vendor_staff(vendor("v")));
        let list = format!("/api/v1/vendors/{}/reviews", vendor("v"));
        assert_eq!(staff.get(&list).await.expect(200).json::<Page<ReviewView>>().items.len(), 1);
        staff.put(&format!("{list}/{}/reply", worst.id), &json!({"text": "Well."})).await.expect(404);

        // Neither changing it nor trying to remove it brings it back.
        app.as_user(&ada).put(&path("mug"), &stars(2)).await.expect(200);
        app.as_user(&ada).delete(&path("mug")).await.expect_problem(409, "review_hidden");
        assert_eq!(summary(&app, "mug").await, only_best);
        boss.post(&desk(worst.id, "restore"), &json!({"reason": "It was mended."})).await.expect(200);
        let both = RatingSummary { average_x100: 350, count: 2, histogram: [0, 1, 0, 0, 1] };
        assert_eq!((summary(&app, "mug").await, store_summary(&app, "v").await), (both.clone(), both));
        assert_eq!(shown(&app, "mug").await.len(), 2);
        let acts: Vec<_> = history(&app).await.iter().map(|act| (act.act, act.reason.clone())).collect();
        assert_eq!(acts.len(), 2);
        assert!(acts.contains(&(ModerationAct::Restored, "It was mended.".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn removing_is_recorded_too_and_counts_a_hidden_review_out_once() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let mug = reviews(&app, &customer("ada"), "mug", 1).await;
        let boss = app.as_user(&admin());
        boss.post(&desk(mug.id, "hide"), &json!({"reason": "Spam."})).await.expect(200);
        app.clock.advance(Duration::from_secs(1));
        let long = format!("/api/v1/admin/reviews/{}?reason={}", mug.id, "x".repeat(501));
        boss.delete(&long).await.expect_invalid("reason");
        boss.delete(&format!("/api/v1/admin/reviews/{}?reason=Spam%20again", mug.id)).await.expect(204);
        assert_eq!((summary(&app, "mug").await, store_summary(&app, "v").await), Default::default());
        let acts = history(&app).await;
        assert_eq!(acts.iter().map(|act| act.act).collect::<Vec<_>>(), [ModerationAct::Removed, ModerationAct::Hidden]);
        assert_eq!(acts[0].reason, "Spam again");
        let first: Page<ModerationView> = boss.get(&format!("{HISTORY}?limit=1")).await.expect(200).json();
        let next = format!("{HISTORY}?limit=1&after={}", first.next.unwrap());
        let rest: Page<ModerationView> = boss.get(&next).await.expect(200).json();
        assert_eq!((rest.items[0].id, rest.next), (acts[1].id, None));
        app.as_user(&customer("ada")).get(HISTORY).await.expect_problem(403, "forbidden");
    })
    .await;
}
