//! Answers: sent once, whatever the provider says to it.

use contracts::disputes::{DisputeAnswer, DisputeStatus};
use kernel::{DisputeId, Kind};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, admin};

use super::{
    super::{script::NextAnswer, *},
    *,
};

fn evidence() -> Value {
    json!({"product": "2 × Blue mug", "carrier": "Post", "tracking_number": "RR123", "communication": " "})
}

async fn send(app: &TestApp, id: DisputeId, key: &str, body: &Value) -> Answer {
    app.as_user(&admin()).key(key).post(&format!("/api/v1/admin/disputes/{id}/evidence"), body).await
}

async fn accept(app: &TestApp, id: DisputeId) -> Answer {
    app.as_user(&admin()).post(&format!("/api/v1/admin/disputes/{id}/accept"), &json!(null)).await
}

#[tokio::test]
async fn evidence_is_sent_once_and_the_same_key_is_the_same_answer() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        for (body, field) in [(json!({"product": ""}), "product"), (json!({"product": "x".repeat(5_001)}), "product")] {
            let refused = send(&app, dispute.id, "wrong", &body).await.expect_problem(422, "invalid_input");
            assert_eq!(refused["errors"][0]["field"], field);
        }
        let first = send(&app, dispute.id, "k", &evidence()).await.expect(202);
        let shown: DisputeView = first.json();
        assert_eq!((shown.status, shown.answer), (DisputeStatus::Opened, Some(DisputeAnswer::Evidence)));
        assert_eq!(send(&app, dispute.id, "k", &evidence()).await.expect(202).body, first.body);
        send(&app, dispute.id, "other", &evidence()).await.expect_problem(409, "answered_before");
        accept(&app, dispute.id).await.expect_problem(409, "answered_before");
        app.settle().await;
        let now = of_provider(&app, "dp_1").await;
        assert_eq!((now.status, now.is_answer_sent, now.failure), (DisputeStatus::UnderReview, true, None));
        send(&app, dispute.id, "third", &evidence()).await.expect_problem(409, "not_to_answer");
        assert_eq!(script.calls("answer"), 1);
        let sent = script.state().answers[0].evidence.clone().unwrap();
        assert_eq!((sent.tracking_number.as_deref(), sent.communication), (Some("RR123"), None));
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_taken_in_silence_is_not_given_again() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        script.state().next_answer.push_back(NextAnswer::TakenInSilence);
        send(&app, dispute.id, "k", &evidence()).await.expect(202);
        app.settle().await;
        assert!(!of_provider(&app, "dp_1").await.is_answer_sent, "nobody knows yet");
        pass(&app, 600).await;
        let now = of_provider(&app, "dp_1").await;
        assert_eq!((now.status, now.is_answer_sent), (DisputeStatus::UnderReview, true));
        assert_eq!((script.calls("answer"), script.state().answers.len()), (1, 1));
        assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE state = 'dead'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_away_gets_the_answer_later() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        script.state().silent = true;
        send(&app, dispute.id, "k", &evidence()).await.expect(202);
        pass(&app, 300).await;
        script.state().silent = false;
        pass(&app, 3_900).await;
        assert_eq!(of_provider(&app, "dp_1").await.status, DisputeStatus::UnderReview);
        assert_eq!(script.state().answers.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn evidence_that_is_refused_may_be_mended() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        script.state().next_answer.push_back(NextAnswer::Refused);
        send(&app, dispute.id, "k", &evidence()).await.expect(202);
        app.settle().await;
        let refused = of_provider(&app, "dp_1").await;
        assert_eq!((refused.status, refused.answer), (DisputeStatus::Opened, None));
        assert_eq!(refused.failure.as_deref(), Some("evidence_unreadable"));
        assert_eq!(refused.evidence.unwrap().product, "2 × Blue mug", "what was written is kept");
        send(&app, dispute.id, "again", &json!({"product": "Two blue mugs"})).await.expect(202);
        app.settle().await;
        let now = of_provider(&app, "dp_1").await;
        assert_eq!((now.status, now.failure), (DisputeStatus::UnderReview, None));
        let keys: Vec<String> = script.state().answers.iter().map(|answer| answer.key.clone()).collect();
        assert_eq!(keys, [format!("{}:dispute:{}:2", payment(&app, id).await.id, dispute.id)]);
    })
    .await;
}

#[tokio::test]
async fn what_the_provider_has_and_does_not_show_yet_is_not_sent_again() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        script.state().next_answer.push_back(NextAnswer::TakenLater);
        send(&app, dispute.id, "k", &evidence()).await.expect(202);
        app.settle().await;
        let now = of_provider(&app, "dp_1").await;
        assert_eq!((now.status, now.is_answer_sent), (DisputeStatus::Opened, true));
        pass(&app, 2 * 3_600).await;
        assert_eq!(script.calls("answer"), 1);
        send(&app, dispute.id, "x", &evidence()).await.expect_problem(409, "answered_before");
    })
    .await;
}

#[tokio::test]
async fn accepted_is_lost() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        let dispute = opened(&app, &script, id, "dp_1", 1000).await;
        for _ in 0..2 {
            let shown: DisputeView = accept(&app, dispute.id).await.expect(202).json();
            assert_eq!(shown.answer, Some(DisputeAnswer::Acceptance));
        }
        app.settle().await;
        let now = of_provider(&app, "dp_1").await;
        assert_eq!((now.status, now.is_answer_sent, now.ended_at.is_some()), (DisputeStatus::Lost, true, true));
        assert_eq!((script.calls("answer"), told(&app).await), (1, (1, 1)));
        accept(&app, dispute.id).await.expect(202);
        let none = DisputeId::derived("test", &["none"]);
        accept(&app, none).await.expect_problem(404, "not_found");
        send(&app, none, "k", &evidence()).await.expect_problem(404, "not_found");
        sound(&app).await;
    })
    .await;
}

#[tokio::test]
async fn too_late_is_said_before_anything_is_sent() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        script.dispute(id, "dp_1", eur(1000));
        let past = script.now().minus(Duration::from_secs(60));
        script.change("dp_1", |dispute| dispute.evidence_due = Some(past));
        news(&app, &script, "evt_1", "dp_1").await;
        let dispute = of_provider(&app, "dp_1").await;
        send(&app, dispute.id, "k", &evidence()).await.expect_problem(409, "evidence_too_late");
        app.settle().await;
        assert_eq!(script.calls("answer"), 0);
        let error: kernel::Error = crate::error::PaymentError::EvidenceTooLate.into();
        assert!(error.is(Kind::Conflict));
        accept(&app, dispute.id).await.expect(202);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_was_answered_and_becomes_a_dispute_is_answered_again() {
    scripted(|app, script| async move {
        let id = order_and_reserve(&app, "a").await;
        script.dispute(id, "dp_1", eur(1000));
        script.change("dp_1", |dispute| dispute.is_withdrawn = false);
        news(&app, &script, "evt_1", "dp_1").await;
        let dispute = of_provider(&app, "dp_1").await;
        send(&app, dispute.id, "k", &evidence()).await.expect(202);
        app.settle().await;
        assert_eq!(of_provider(&app, "dp_1").await.status, DisputeStatus::UnderReview);
        script.change("dp_1", |dispute| {
            (dispute.status, dispute.is_withdrawn) = (DisputeStatus::Opened, true);
        });
        news(&app, &script, "evt_2", "dp_1").await;
        let again = of_provider(&app, "dp_1").await;
        assert_eq!((again.status, again.answer, again.is_withdrawn), (DisputeStatus::Opened, None, true));
        send(&app, dispute.id, "k2", &evidence()).await.expect(202);
        app.settle().await;
        assert_eq!((script.calls("answer"), of_provider(&app, "dp_1").await.status), (2, DisputeStatus::UnderReview));
        sound(&app).await;
    })
    .await;
}
