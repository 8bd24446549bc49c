//! What providers tell: twice, in the wrong order, forged, of what does not fit.

use contracts::disputes::DisputeStatus;
use serde_json::json;
use testkit::{admin, customer, vendor_owner, vendor_staff};

use super::{super::*, *};

#[tokio::test]
async fn told_twice_and_in_the_wrong_order_it_is_one_dispute() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        opened(&app, &script, id, "dp_1", 1000).await;
        for event in ["evt_dp_1", "evt_2", "evt_2", "evt_3"] {
            news(&app, &script, event, "dp_1").await;
        }
        assert_eq!((all(&app, "").await.len(), told(&app).await), (1, (1, 0)));
        decided(&app, &script, "dp_1", false).await;
        // The provider answers with what it knew before: nothing moves back.
        script.change("dp_1", |dispute| dispute.status = DisputeStatus::UnderReview);
        news(&app, &script, "evt_late", "dp_1").await;
        assert_eq!(of_provider(&app, "dp_1").await.status, DisputeStatus::Lost);
        let entries = journal(&app).await.len();
        for event in ["evt_4", "evt_5"] {
            script.change("dp_1", |dispute| dispute.status = DisputeStatus::Lost);
            news(&app, &script, event, "dp_1").await;
        }
        assert_eq!((journal(&app).await.len(), told(&app).await), (entries, (1, 1)));
        assert!(review(&app).await.is_empty());
        // Decided the other way round: that is for somebody to look at.
        script.change("dp_1", |dispute| dispute.status = DisputeStatus::Won);
        news(&app, &script, "evt_6", "dp_1").await;
        assert_eq!(review(&app).await, [("contradicted_dispute".to_owned(), Some(id))]);
        assert_eq!(of_provider(&app, "dp_1").await.status, DisputeStatus::Lost);
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn the_end_heard_of_first_is_the_whole_story() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        for (dispute, won) in [("dp_lost", false), ("dp_won", true)] {
            script.dispute(id, dispute, eur(1000));
            decided(&app, &script, dispute, won).await;
            news(&app, &script, &format!("created_{dispute}"), dispute).await;
        }
        assert_eq!(told(&app).await, (2, 2));
        assert_eq!(of_provider(&app, "dp_lost").await.status, DisputeStatus::Lost);
        assert_eq!(of_provider(&app, "dp_won").await.status, DisputeStatus::Won);
        assert_eq!(payment(&app, id).await.disputed, eur(1000));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_forged_or_not_so_changes_nothing() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let paid = script.payment_of(id).id;
        script.dispute(id, "dp_1", eur(1000));
        let forged = app.guest().header("script-signature", "bad");
        let body = format!("evt_1 {paid} dp_1");
        let sent = forged.send(http::Method::POST, "/webhooks/script", Some("application/json"), body.into()).await;
        sent.expect_problem(400, "bad_signature");
        app.settle().await;
        assert!(all(&app, "").await.is_empty());
        // Signed, but the provider knows of no such dispute.
        hook(&app, format!("evt_2 {paid} dp_none")).await.expect(204);
        // Of another mode, and in another currency.
        script.change("dp_1", |dispute| dispute.livemode = true);
        news(&app, &script, "evt_3", "dp_1").await;
        script.dispute(id, "dp_2", Money::new(1000, Currency::USD));
        news(&app, &script, "evt_4", "dp_2").await;
        assert!(all(&app, "").await.is_empty());
        assert_eq!(journal(&app).await.len(), 1);
        let mut found: Vec<String> = review(&app).await.into_iter().map(|(problem, _)| problem).collect();
        found.sort();
        assert_eq!(found, ["strange_dispute", "strange_dispute", "unknown_dispute"]);
        // Another amount than before is not believed either.
        opened(&app, &script, id, "dp_3", 1000).await;
        script.change("dp_3", |dispute| dispute.amount = eur(2000));
        news(&app, &script, "evt_5", "dp_3").await;
        assert_eq!(of_provider(&app, "dp_3").await.amount, eur(1000));
        assert!(review(&app).await.iter().any(|(problem, _)| problem == "changed_dispute"));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn a_dispute_that_nobody_tells_the_end_of_is_asked_about() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        opened(&app, &script, id, "dp_1", 1000).await;
        script.change("dp_1", |dispute| dispute.status = DisputeStatus::Lost);
        pass(&app, 1800).await;
        assert_eq!(of_provider(&app, "dp_1").await.status, DisputeStatus::Opened);
        pass(&app, 2400).await;
        assert_eq!((of_provider(&app, "dp_1").await.status, told(&app).await), (DisputeStatus::Lost, (1, 1)));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn lists_begin_with_what_is_due_first() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let other = order_and_reserve(&app, "b").await;
        for (dispute, days) in [("dp_late", 9), ("dp_soon", 2), ("dp_over", 1)] {
            script.dispute(id, dispute, eur(500));
            let due = script.now().plus(Duration::from_secs(days * 86_400));
            script.change(dispute, |dispute| dispute.evidence_due = Some(due));
            news(&app, &script, &format!("evt_{dispute}"), dispute).await;
        }
        decided(&app, &script, "dp_over", true).await;
        opened(&app, &script, other, "dp_other", 500).await;
        let refs = |all: Vec<DisputeView>| all.into_iter().map(|one| one.provider_ref).collect::<Vec<_>>();
        assert_eq!(refs(all(&app, "").await), ["dp_soon", "dp_other", "dp_late", "dp_over"]);
        assert_eq!(refs(all(&app, "?status=won").await), ["dp_over"]);
        assert_eq!(refs(all(&app, &format!("?order_id={other}")).await), ["dp_other"]);
        let first: Page<DisputeView> =
            app.as_user(&admin()).get("/api/v1/admin/disputes?limit=2").await.expect(200).json();
        let rest = all(&app, &format!("?limit=2&after={}", first.next.unwrap())).await;
        assert_eq!(refs(rest), ["dp_late", "dp_over"]);
    })
    .await;
}

#[tokio::test]
async fn a_vendor_sees_its_own_part_and_nobody_else_s() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 6040).await;
        let (ada, bob) = (of_vendor(&app, "ada", id).await, of_vendor(&app, "bob", id).await);
        assert_eq!((ada.len(), ada[0].amount, ada[0].held), (1, eur(3040), eur(2736)));
        assert_eq!((bob.len(), bob[0].amount, bob[0].held), (1, eur(3000), eur(2625)));
        let path = format!("/api/v1/vendors/{}/disputes", vendor("ada"));
        for who in [vendor_staff(vendor("ada")), vendor_owner(vendor("bob")), admin()] {
            app.as_user(&who).get(&path).await.expect_problem(404, "not_found");
        }
        let one = format!("/api/v1/admin/disputes/{}", dispute.id);
        for path in [one.clone(), "/api/v1/admin/disputes".to_owned()] {
            app.guest().get(&path).await.expect_problem(401, "unauthenticated");
            app.as_user(&customer("eve")).get(&path).await.expect_problem(403, "forbidden");
        }
        let evidence = json!({"product": "A mug"});
        app.as_user(&vendor_owner(vendor("ada")))
            .key("k")
            .post(&format!("{one}/evidence"), &evidence)
            .await
            .expect_problem(403, "forbidden");
        app.as_user(&customer("eve"))
            .post(&format!("{one}/accept"), &json!(null))
            .await
            .expect_problem(403, "forbidden");
        app.settle().await;
        assert_eq!(script.calls("answer"), 0);
        // Another order's has none of it.
        assert!(of_vendor(&app, "ada", order("b")).await.is_empty());
    })
    .await;
}
