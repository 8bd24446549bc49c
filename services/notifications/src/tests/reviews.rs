//! Who hears of reviews: the store, who wrote one, who moderates.

use contracts::reviews::{ReportReason, ReviewAnswered, ReviewReported, ReviewWritten};
use kernel::{ProductId, ReviewId};

use super::*;

fn review_id() -> ReviewId {
    ReviewId::derived("test", &["review"])
}

fn product_id() -> ProductId {
    ProductId::derived("test", &["mug"])
}

fn reported() -> ReviewReported {
    let (review_id, product_id) = (review_id(), product_id());
    ReviewReported { review_id, product_id, vendor_id: vendor(), reason: ReportReason::Offensive }
}

#[tokio::test]
async fn a_store_hears_of_a_review_and_its_author_of_the_answer() {
    on_both_databases(services, |app| async move {
        // The owner reads German elsewhere; what stores get is in English.
        stand_in_identity_of(&app, "de");
        app.deliver("notifications", &decided(VendorStatus::Approved, None)).await;
        let (review_id, product_id, vendor_id) = (review_id(), product_id(), vendor());
        let written = app.envelope(&ReviewWritten { review_id, product_id, vendor_id, rating: 1 });
        for _ in 0..2 {
            app.hand_over("notifications", &written).await;
            app.settle().await;
        }
        let letter = mail(&app, "review_written").await;
        assert_eq!(letter.message.to.as_str(), format!("{}@example.com", &owner().to_string()[..8]));
        let expected = format!(
            "A new review with 1 star\n\nA buyer has given one of your products 1 of 5 stars.\n\n\n\
             Read and answer it:\nhttp://souk.test/vendor/{vendor_id}/reviews\n\n-- \nSouk · http://souk.test"
        );
        assert_eq!(letter.text.trim_end(), expected);

        let author = AccountId::derived("test", &["author"]);
        app.deliver("notifications", &ReviewAnswered { review_id, product_id, vendor_id, account_id: author }).await;
        let letter = mail(&app, "review_answered").await;
        assert_eq!(letter.message.to.as_str(), format!("{}@example.com", &author.to_string()[..8]));
        assert_eq!(letter.message.subject, "Potter hat auf Ihre Bewertung geantwortet");
        let expected = "Potter hat auf Ihre Bewertung geantwortet\n\nGuten Tag Ada,\n\n\
             Potter hat auf Ihre Bewertung geantwortet. Die Antwort steht darunter, für alle lesbar.\n\n\n\
             Antwort lesen:\nhttp://souk.test/account/reviews\n\n-- \nSouk · http://souk.test";
        assert_eq!(letter.text.trim_end(), expected);

        // Nobody is named for what was reported.
        app.deliver("notifications", &reported()).await;
        assert_eq!(mailbox(&app).await.len(), 3, "approval, review, answer");
    })
    .await;
}

#[tokio::test]
async fn those_who_run_the_platform_hear_of_a_reported_review() {
    fn with_operator() -> Vec<ServiceDef> {
        let operator_address = "desk@souk.example".to_owned();
        vec![crate::service(Settings { mailbox_public: true, operator_address, ..Settings::default() })]
    }
    on_both_databases(with_operator, |app| async move {
        app.deliver("notifications", &reported()).await;
        let letter = mail(&app, "review_reported").await;
        assert_eq!(letter.message.to.as_str(), "desk@souk.example");
        let expected = "A review was reported\n\nA review was reported as offensive. It is shown until a moderator has \
             decided; further reports of it are not told.\n\n\n\
             Look at what was reported:\nhttp://souk.test/admin/reviews/reported\n\n-- \nSouk · http://souk.test";
        assert_eq!(letter.text.trim_end(), expected);
        assert_eq!(mailbox(&app).await.len(), 1);
    })
    .await;
}
