//! What vendors answer, what others find helpful, what a store is rated.

use std::time::Duration;

use contracts::reviews::{HelpfulView, RatingSummary, ReviewView};
use futures::future::join_all;
use kernel::{Page, ReviewId};
use serde_json::json;
use testkit::{customer, on_both_databases, vendor_owner, vendor_staff};

use super::*;

fn replies(of: &str, id: ReviewId) -> String {
    format!("/api/v1/vendors/{}/reviews/{id}/reply", vendor(of))
}

#[tokio::test]
async fn a_vendor_answers_reviews_of_its_own_products_alone() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let review = reviews(&app, &customer("ada"), "mug", 2).await;
        let (staff, other) = (app.as_user(&vendor_staff(vendor("v"))), app.as_user(&vendor_owner(vendor("w"))));
        let answer = json!({"text": "  We are sorry.  "});

        // For another vendor, and for nobody's id, the same answer.
        let foreign = other.put(&replies("w", review.id), &answer).await.expect_problem(404, "not_found");
        let nothing = ReviewId::derived("test", &["nothing"]);
        let missing = other.put(&replies("w", nothing), &answer).await.expect_problem(404, "not_found");
        assert_eq!(foreign["detail"], missing["detail"]);
        other.put(&replies("v", review.id), &answer).await.expect_problem(404, "not_found");
        other.delete(&replies("w", review.id)).await.expect_problem(404, "not_found");
        app.as_user(&customer("ada")).put(&replies("v", review.id), &answer).await.expect(404);
        app.guest().put(&replies("v", review.id), &answer).await.expect_problem(401, "unauthenticated");
        assert_eq!(shown(&app, "mug").await[0].reply, None);

        let answered: ReviewView = staff.put(&replies("v", review.id), &answer).await.expect(200).json();
        assert_eq!(answered.reply.as_ref().map(|reply| reply.text.as_str()), Some("We are sorry."));
        assert_eq!(shown(&app, "mug").await[0].reply, answered.reply);
        app.clock.advance(Duration::from_secs(60));
        staff.put(&replies("v", review.id), &json!({"text": "It was the glaze."})).await.expect(200);
        let changed = shown(&app, "mug").await[0].reply.clone().unwrap();
        assert_eq!((changed.text.as_str(), changed.at), ("It was the glaze.", app.clock.now()));
        for bad in ["", "   ", &"x".repeat(2_001)] {
            staff.put(&replies("v", review.id), &json!({"text": bad})).await.expect_invalid("text");
        }
        staff.delete(&replies("v", review.id)).await.expect(204);
        staff.delete(&replies("v", review.id)).await.expect(204);
        assert_eq!(shown(&app, "mug").await[0].reply, None);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_reads_its_reviews_newest_first_and_narrowed() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let mut ids = Vec::new();
        for (name, rating) in [("mug", 5), ("lamp", 1), ("chair", 5)] {
            app.clock.advance(Duration::from_secs(1));
            ids.push(reviews(&app, &customer("ada"), name, rating).await.id);
        }
        buys_from(&app, Some(&customer("ada")), &[("w", &["rug"])]).await;
        app.as_user(&customer("ada")).put(&path("rug"), &stars(3)).await.expect(200);

        let staff = app.as_user(&vendor_staff(vendor("v")));
        staff.put(&replies("v", ids[2]), &json!({"text": "Thank you."})).await.expect(200);
        let list = |query: &'static str| {
            let staff = &staff;
            async move {
                let path = format!("/api/v1/vendors/{}/reviews{query}", vendor("v"));
                staff.get(&path).await.expect(200).json::<Page<ReviewView>>()
            }
        };
        let of = |page: &Page<ReviewView>| page.items.iter().map(|review| review.id).collect::<Vec<_>>();
        assert_eq!(of(&list("").await), [ids[2], ids[1], ids[0]]);
        assert_eq!(of(&list("?unanswered=true").await), [ids[1], ids[0]]);
        assert_eq!(of(&list("?stars=5").await), [ids[2], ids[0]]);
        assert_eq!(of(&list("?stars=5&unanswered=true").await), [ids[0]]);
        let first = list("?limit=2").await;
        let next = format!("/api/v1/vendors/{}/reviews?limit=2&after={}", vendor("v"), first.next.clone().unwrap());
        let rest: Page<ReviewView> = staff.get(&next).await.expect(200).json();
        assert_eq!((of(&first), of(&rest), rest.next), (vec![ids[2], ids[1]], vec![ids[0]], None));
        let path = format!("/api/v1/vendors/{}/reviews", vendor("v"));
        staff.get(&format!("{path}?stars=6")).await.expect_invalid("stars");
        app.as_user(&vendor_owner(vendor("w"))).get(&path).await.expect_problem(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn an_account_finds_a_review_helpful_once_and_may_take_it_back() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let (ada, bob) = (customer("ada"), customer("bob"));
        let review = reviews(&app, &ada, "mug", 5).await;
        let vote = format!("/api/v1/reviews/{}/helpful", review.id);
        app.guest().put(&vote, &json!(null)).await.expect_problem(401, "unauthenticated");
        app.as_user(&ada).put(&vote, &json!(null)).await.expect_problem(403, "own_review");
        for _ in 0..2 {
            let now: HelpfulView = app.as_user(&bob).put(&vote, &json!(null)).await.expect(200).json();
            assert_eq!(now.helpful, 1);
        }
        let list = format!("/api/v1/products/{}/reviews", product("mug"));
        let seen = |who: &Identity| {
            let (user, list) = (app.as_user(who), list.clone());
            async move { user.get(&list).await.expect(200).json::<Page<ReviewView>>().items.remove(0) }
        };
        let (by_bob, by_ada) = (seen(&bob).await, seen(&ada).await);
        assert_eq!((by_bob.helpful, by_bob.voted, by_bob.own), (1, true, false));
        assert_eq!((by_ada.helpful, by_ada.voted, by_ada.own), (1, false, true));
        assert_eq!(shown(&app, "mug").await[0].helpful, 1);

        let voters: Vec<_> = (0..12).map(|n| customer(&format!("voter {n}"))).collect();
        let (here, vote) = (&app, &vote);
        join_all(voters.iter().map(|who| async move { here.as_user(who).put(vote, &json!(null)).await.expect(200) }))
            .await;
        assert_eq!(shown(here, "mug").await[0].helpful, 13);
        for _ in 0..2 {
            let now: HelpfulView = app.as_user(&bob).delete(vote).await.expect(200).json();
            assert_eq!(now.helpful, 12);
        }
        assert_eq!(app.count("reviews", "SELECT count(*) FROM review_votes").await, 12);
        let nothing = format!("/api/v1/reviews/{}/helpful", ReviewId::derived("test", &["nothing"]));
        app.as_user(&bob).put(&nothing, &json!(null)).await.expect_problem(404, "not_found");
        app.as_user(&ada).delete(&path("mug")).await.expect(204);
        assert_eq!(app.count("reviews", "SELECT count(*) FROM review_votes").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_most_helpful_come_first_if_one_asks_for_them() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        let mut ids = Vec::new();
        for n in 0..5 {
            app.clock.advance(Duration::from_secs(1));
            ids.push(reviews(&app, &customer(&format!("buyer {n}")), "mug", 4).await.id);
        }
        for (review, votes) in [(0, 1), (1, 2), (3, 1)] {
            for n in 0..votes {
                let vote = format!("/api/v1/reviews/{}/helpful", ids[review]);
                app.as_user(&customer(&format!("voter {n}"))).put(&vote, &json!(null)).await.expect(200);
            }
        }
        let list = format!("/api/v1/products/{}/reviews?limit=2", product("mug"));
        let all = |query: &'static str| {
            let (guest, list) = (app.guest(), format!("{list}{query}"));
            async move {
                let (mut all, mut after) = (Vec::new(), None);
                loop {
                    let more = after.map(|after: String| format!("&after={after}")).unwrap_or_default();
                    let page: Page<ReviewView> = guest.get(&format!("{list}{more}")).await.expect(200).json();
                    all.extend(page.items.iter().map(|review| review.id));
                    match page.next {
                        Some(next) => after = Some(next),
                        None => return all,
                    }
                }
            }
        };
        assert_eq!(all("&sort=helpful").await, [ids[1], ids[3], ids[0], ids[4], ids[2]]);
        assert_eq!(all("&sort=newest").await, [ids[4], ids[3], ids[2], ids[1], ids[0]]);
        assert_eq!(all("").await, all("&sort=newest").await);
        app.guest().get(&format!("{list}&sort=worst")).await.expect_invalid("sort");
    })
    .await;
}

#[tokio::test]
async fn a_store_is_rated_by_all_reviews_of_its_products() {
    on_both_databases(under_test, |app| async move {
        stand_in_identity(&app);
        assert_eq!(store_summary(&app, "v").await, RatingSummary::default());
        let (ada, bob) = (customer("ada"), customer("bob"));
        reviews(&app, &ada, "mug", 5).await;
        reviews(&app, &bob, "mug", 4).await;
        reviews(&app, &ada, "lamp", 1).await;
        buys_from(&app, Some(&ada), &[("w", &["rug"])]).await;
        app.as_user(&ada).put(&path("rug"), &stars(2)).await.expect(200);
        let of_v = RatingSummary { average_x100: 333, count: 3, histogram: [1, 0, 0, 1, 1] };
        assert_eq!(store_summary(&app, "v").await, of_v);
        assert_eq!(store_summary(&app, "w").await.histogram, [0, 1, 0, 0, 0]);
        app.as_user(&ada).put(&path("lamp"), &stars(3)).await.expect(200);
        app.as_user(&bob).delete(&path("mug")).await.expect(204);
        let of_v = RatingSummary { average_x100: 400, count: 2, histogram: [0, 0, 1, 0, 1] };
        assert_eq!(store_summary(&app, "v").await, of_v);
    })
    .await;
}
