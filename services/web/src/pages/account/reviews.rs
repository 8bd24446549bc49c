//! What the customer may review, and has.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use contracts::{
    catalog::{ProductCard as Card, ProductQuery},
    reviews::{ReviewInput, ReviewView, Reviewable},
};
use kernel::{Error, Kind, PageRequest, ProductId, Result};

use super::form::FormPage;
use crate::{
    app::App,
    fmt::Fmt,
    forms::{Fields, Posted, Reader},
    pages::shop::{
        cards,
        paging::{Listed, Place},
    },
    render::{self, Shown},
    session::Message,
    ui::{Choice, Choices, Empty, Field, Filled, Pager, Picture, Rating, Shell, Tabs, When},
    visit::{Path, Query, Visit},
};

/// Products on one page.
const PAGE: u32 = 20;

/// A product that was bought.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its picture.
    pub picture: Picture,
    /// Its name.
    pub title: String,
    /// Its page, if it is still on sale.
    pub href: Option<String>,
    /// When it was bought.
    pub bought: When,
    /// The stars that were given.
    pub given: Option<Rating>,
    /// Where the review is written.
    pub write: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/reviews.html")]
pub struct Reviews {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// What was bought.
    pub entries: Vec<Entry>,
    /// More of it.
    pub pager: Pager,
    /// While nothing was.
    pub empty: Empty,
}

/// `GET /account/reviews`
pub async fn list(mut visit: Visit, Query(asked): Query) -> Shown {
    visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let place = Place::of(&asked);
    let page = PageRequest { limit: Some(PAGE), after: place.after.clone() };
    let (shell, found) = futures::join!(visit.shell("Your reviews"), app.reviews.reviewable(&who, &page));
    let found = found?;
    let known = products(&app, found.items.iter().map(|item| item.product_id).collect()).await?;
    let list =
        Listed { shown: found.items.len(), page: PAGE as usize, next: found.next.as_deref(), ..Listed::default() };
    let empty =
        Empty::new("star", "Nothing to review yet", "Once something you bought is paid, you can say here how it is.");
    let page = Reviews {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account/reviews"),
        entries: found.items.iter().map(|item| entry(&fmt, item, known.get(&item.product_id))).collect(),
        pager: place.pager(&fmt, "/account/reviews", &[], &list),
        empty: empty.action("See your orders", "/account"),
    };
    render::page(&page)
}

/// Products by their ids, as far as they are on sale.
async fn products(app: &App, ids: Vec<ProductId>) -> Result<BTreeMap<ProductId, Card>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let limit = u32::try_from(ids.len()).ok();
    let wanted = ProductQuery { ids, limit, ..ProductQuery::default() };
    let found = app.catalog.products(&kernel::Identity::Anonymous, &wanted).await?;
    Ok(found.items.into_iter().map(|card| (card.id, card)).collect())
}

fn entry(fmt: &Fmt, item: &Reviewable, product: Option<&Card>) -> Entry {
    let picture = product.and_then(|product| product.picture.as_ref());
    Entry {
        picture: picture.map_or_else(cards::no_picture, cards::thumb).decorative(),
        title: product.map_or_else(|| "No longer on sale".to_owned(), |product| product.title.clone()),
        href: product.map(|product| format!("/p/{}", product.slug)),
        bought: fmt.when(item.bought_at),
        given: item.review.as_ref().map(|review| Rating::stars(review.rating.into())),
        write: format!("/account/reviews/{}", item.product_id),
    }
}

/// `GET /account/reviews/{product_id}`
pub async fn show(mut visit: Visit, Path(id): Path<ProductId>) -> Shown {
    visit.account()?;
    let mine = find(&visit, id).await?;
    let filled = mine.review.as_ref().map(filled).unwrap_or_default();
    form(&mut visit, StatusCode::OK, id, &filled).await
}

/// What was bought, with its review; nobody reviews what they did not buy.
async fn find(visit: &Visit, id: ProductId) -> Result<Reviewable> {
    let mut page = PageRequest { limit: Some(100), after: None };
    // A thousand purchases back is far enough.
    for _ in 0..10 {
        let found = visit.app.reviews.reviewable(&visit.who(), &page).await?;
        if let Some(item) = found.items.into_iter().find(|item| item.product_id == id) {
            return Ok(item);
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    Err(Error::not_found("purchase"))
}

fn filled(review: &ReviewView) -> Filled {
    Filled::with([
        ("rating", review.rating.to_string()),
        ("title", review.title.clone()),
        ("text", review.text.clone()),
        ("written", "yes".to_owned()),
    ])
}

/// `POST /account/reviews/{product_id}`
pub async fn write(Path(id): Path<ProductId>, Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let written = match read(&fields) {
        Ok(input) => visit.app.reviews.write(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(_) => {
            visit.say(Message::good("Thank you. Your review is on the product's page.")).await?;
            Ok(visit.go("/account/reviews"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            form(&mut visit, status, id, &filled).await
        }
    }
}

fn read(fields: &Fields) -> Result<ReviewInput> {
    let mut reader = Reader::new(fields);
    let rating = fields.parsed::<u32>("rating").filter(|stars| (1..=5).contains(stars));
    if rating.is_none() {
        reader.wrong("rating", "Choose one to five stars.");
    }
    let title = reader.text("title", "Sum it up in a few words.");
    let text = reader.optional("text").unwrap_or_default();
    match rating.filter(|_| reader.ok()) {
        Some(rating) => Ok(ReviewInput { rating, title, text }),
        None => Err(reader.error()),
    }
}

/// `POST /account/reviews/{product_id}/remove`
pub async fn remove(Path(id): Path<ProductId>, Posted { mut visit, .. }: Posted) -> Shown {
    visit.account()?;
    match visit.app.reviews.remove(&visit.who(), id).await {
        Ok(()) => visit.say(Message::good("Your review is removed.")).await?,
        // Somebody removed it before: that is what was wanted.
        Err(error) if error.is(Kind::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(visit.go("/account/reviews"))
}

async fn form(visit: &mut Visit, status: StatusCode, id: ProductId, filled: &Filled) -> Shown {
    let product = products(&visit.app, vec![id]).await?.remove(&id);
    let about = product.map_or_else(|| "A product that is no longer on sale".to_owned(), |product| product.title);
    let words = ["Very good", "Good", "All right", "Poor", "Very poor"];
    let choice = |(i, word): (usize, &str)| {
        let stars = 5 - i;
        let text = if stars == 1 { "1 star".to_owned() } else { format!("{stars} stars") };
        Choice { value: stars.to_string(), text, note: word.to_owned(), ..Choice::default() }
    };
    let stars = Choices {
        name: "rating".to_owned(),
        legend: "How is it?".to_owned(),
        hidden_legend: false,
        choices: words.into_iter().enumerate().map(choice).collect(),
        chosen: filled.value("rating").to_owned(),
        error: filled.error("rating").map(str::to_owned),
        across: true,
    };
    FormPage::new("Your review", format!("/account/reviews/{id}"), "Publish the review")
        .lead(format!("{about}. It is shown with your first name and initial."))
        .errors(filled, &["rating", "title", "text"])
        .in_account("/account/reviews")
        .field(&stars)
        .field(&Field::text("title", "In a few words").max_length(120).filled(filled))
        .field(&Field::lines("text", "In full", 6).optional().max_length(4_000).filled(filled))
        .after("Back", "/account/reviews")
        .show(visit, status)
        .await
}
