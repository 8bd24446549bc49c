//! Letters about reviews: to who is reviewed, to who wrote, to who moderates.

use contracts::reviews::{ReportReason, ReviewReported, ReviewWritten};
use words::Words;

use crate::model::{Button, Letter};

/// A buyer has reviewed something of the store's.
pub fn review_written(review: &ReviewWritten, public_url: &str) -> Letter {
    let stars = if review.rating == 1 { "1 star".to_owned() } else { format!("{} stars", review.rating) };
    Letter {
        template: "review_written",
        subject: format!("A new review with {stars}"),
        paragraphs: vec![format!("A buyer has given one of your products {} of 5 stars.", review.rating)],
        button: Some(Button {
            label: "Read and answer it".to_owned(),
            url: format!("{public_url}/vendor/{}/reviews", review.vendor_id),
        }),
        ..Letter::default()
    }
}

/// The store has answered a review, for whoever wrote it.
pub fn review_answered(words: &Words, name: &str, shop: &str, public_url: &str) -> Letter {
    Letter {
        template: "review_answered",
        subject: words.review_answered_subject(shop),
        paragraphs: vec![words.hello(name), words.review_answered(shop)],
        button: Some(Button { label: words.read_answer.to_owned(), url: format!("{public_url}/account/reviews") }),
        ..Letter::default()
    }
}

/// A review waits for a moderator.
pub fn review_reported(report: &ReviewReported, public_url: &str) -> Letter {
    let reason = match report.reason {
        ReportReason::Spam => "as advertising",
        ReportReason::Offensive => "as offensive",
        ReportReason::OffTopic => "as not about the product",
        ReportReason::Other => "for another reason",
    };
    Letter {
        template: "review_reported",
        subject: "A review was reported".to_owned(),
        paragraphs: vec![format!(
            "A review was reported {reason}. It is shown until a moderator has decided; further reports of it are not told."
        )],
        button: Some(Button {
            label: "Look at what was reported".to_owned(),
            url: format!("{public_url}/admin/reviews/reported"),
        }),
        ..Letter::default()
    }
}
