//! Reviews on a product's page: what is shown of them, and what readers may do.

use axum::http::StatusCode;
use contracts::reviews::{RatingSummary, ReportInput, ReportReason, ReviewView};
use kernel::{Error, Kind, Result, ReviewId};

use super::cards;
use crate::{
    fmt::Fmt,
    forms::{self, Fields, Posted},
    pages::{account::form::FormPage, portal::words},
    render::Shown,
    session::Message,
    ui::{Choice, Choices, Field, Filled, Picture, Rating, Review, Voice, Vote},
    visit::{Path, Visit},
};

/// Whoever reads reviews.
pub struct Reader {
    /// The token of its forms, if it has logged in.
    csrf: Option<String>,
    /// The page it reads.
    page: String,
}

impl Reader {
    /// The reader of a page with reviews.
    pub fn of(visit: &Visit) -> Self {
        Self { csrf: visit.principal().map(|_| visit.csrf()), page: format!("{}#reviews", visit.path) }
    }
}

/// A rating, once there is one.
pub fn rating(fmt: &Fmt, summary: &RatingSummary) -> Option<Rating> {
    (summary.count > 0).then(|| Rating::of(fmt, summary.average_x100.into(), summary.count.into()))
}

/// A review of a product, with what `reader` may do about it.
pub fn shown(fmt: &Fmt, review: &ReviewView, product: &str, vendor: &str, reader: &Reader) -> Review {
    let helpful = match review.helpful {
        0 => String::new(),
        1 => "One person finds this helpful".to_owned(),
        n => format!("{} find this helpful", fmt.counted(n.into(), "person", "people")),
    };
    let vote = reader.csrf.clone().filter(|_| !review.own).map(|csrf| Vote {
        action: format!("/reviews/{}/helpful", review.id),
        csrf,
        next: reader.page.clone(),
        given: review.voted,
    });
    Review {
        rating: Rating::stars(review.rating.into()),
        title: review.title.clone(),
        body: review.text.clone(),
        author: review.author.clone(),
        when: fmt.when(review.created_at),
        verified: true,
        photos: photos(review, product),
        reply: review.reply.as_ref().map(|reply| (vendor.to_owned(), reply.text.clone())),
        voice: Voice { helpful, vote, report: (!review.own).then(|| format!("/reviews/{}/report", review.id)) },
    }
}

/// The photos of a review, small, each with the address of its largest size.
pub fn photos(review: &ReviewView, product: &str) -> Vec<(String, Picture)> {
    let photo = |(n, stored): (usize, &contracts::catalog::Picture)| {
        let large = stored.sizes.last()?.url.clone();
        let alt = if stored.alt.is_empty() {
            format!("{product}, photo {} by {}", n + 1, review.author)
        } else {
            stored.alt.clone()
        };
        Some((large, Picture { alt, ..cards::thumb(stored) }))
    };
    review.photos.iter().enumerate().filter_map(photo).collect()
}

/// `POST /reviews/{id}/helpful`
pub async fn vote(Path(id): Path<ReviewId>, Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let (reviews, who) = (visit.app.reviews.clone(), visit.who());
    let result = if fields.get("do") == "no" { reviews.unvote(&who, id).await } else { reviews.vote(&who, id).await };
    if let Err(error) = result {
        match error.kind() {
            Kind::Forbidden | Kind::Conflict => visit.say(Message::bad(words::sentence(&error))).await?,
            _ => return Err(error.into()),
        }
    }
    Ok(visit.go(&forms::next(&fields, "/account/reviews")))
}

/// What can be wrong with a review: what is sent, what is read, what it means.
const REASONS: [(&str, ReportReason, &str, &str); 4] = [
    ("spam", ReportReason::Spam, "Spam", "Advertising, or the same again and again."),
    ("offensive", ReportReason::Offensive, "Offensive", "It insults, threatens or shames somebody."),
    ("off_topic", ReportReason::OffTopic, "Not about the product", "About the post, the weather, another thing."),
    ("other", ReportReason::Other, "Something else", "Say what it is below."),
];

/// `Spam`
pub fn reason_text(reason: ReportReason) -> &'static str {
    REASONS.iter().find(|(_, known, ..)| *known == reason).map_or("Something else", |(_, _, text, _)| text)
}

/// `GET /reviews/{id}/report`
pub async fn show_report(mut visit: Visit, Path(id): Path<ReviewId>) -> Shown {
    visit.account()?;
    form(&mut visit, StatusCode::OK, id, &Filled::default()).await
}

/// `POST /reviews/{id}/report`
pub async fn report(Path(id): Path<ReviewId>, Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let sent = match read(&fields) {
        Ok(input) => visit.app.reviews.report(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    match sent {
        Ok(()) => {
            visit.say(Message::good("Thank you. A moderator looks at the review.")).await?;
            let product = visit.app.reviews.review(&visit.who(), id).await.ok().map(|review| review.product_id);
            let to = match product {
                Some(id) => product_page(&visit, id).await,
                None => None,
            };
            Ok(visit.go(&to.unwrap_or_else(|| "/".to_owned())))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            form(&mut visit, status, id, &filled).await
        }
    }
}

fn read(fields: &Fields) -> Result<ReportInput> {
    let reason = REASONS.iter().find(|(value, ..)| *value == fields.get("reason"));
    let reason = reason.ok_or_else(|| Error::invalid("reason", "Choose what is wrong with the review."))?.1;
    Ok(ReportInput { reason, text: fields.some("text").unwrap_or_default() })
}

/// The page of a product, as far as it is on sale.
async fn product_page(visit: &Visit, id: kernel::ProductId) -> Option<String> {
    let known = cards::by_id(&visit.app, vec![id]).await.ok()?;
    known.get(&id).map(|product| format!("/p/{}#reviews", product.slug))
}

async fn form(visit: &mut Visit, status: StatusCode, id: ReviewId, filled: &Filled) -> Shown {
    let review = visit.app.reviews.review(&visit.who(), id).await?;
    let back = product_page(visit, review.product_id).await.unwrap_or_else(|| "/".to_owned());
    let choice = |(value, _, text, note): (&str, ReportReason, &str, &str)| Choice {
        value: value.to_owned(),
        text: text.to_owned(),
        note: note.to_owned(),
        ..Choice::default()
    };
    let reasons = Choices {
        name: "reason".to_owned(),
        legend: "What is wrong with it?".to_owned(),
        hidden_legend: false,
        choices: REASONS.map(choice).to_vec(),
        chosen: filled.value("reason").to_owned(),
        error: filled.error("reason").map(str::to_owned),
        across: false,
    };
    FormPage::new("Report a review", format!("/reviews/{id}/report"), "Report")
        .lead(format!("“{}” by {}. Being critical is no reason; a moderator decides.", review.title, review.author))
        .errors(filled, &["reason", "text"])
        .field(&reasons)
        .field(&Field::lines("text", "In your words", 4).optional().max_length(500).filled(filled))
        .after("Back", back)
        .show(visit, status)
        .await
}
