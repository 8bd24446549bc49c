//! What the customer may review, and has.

use askama::Template;
use axum::http::StatusCode;
use contracts::{
    catalog::{ProductCard as Card, limits::ALT_MAX},
    reviews::{HiddenView, ReviewInput, ReviewView, Reviewable},
};
use kernel::{Error, Kind, MediaId, PageRequest, ProductId, Result};

use super::form::FormPage;
use crate::{
    fmt::Fmt,
    forms::{Fields, File, Posted, Reader, Uploaded},
    pages::{
        portal::words,
        shop::{
            self, cards,
            paging::{Listed, Place},
        },
        upload,
    },
    render::{self, Shown},
    session::Message,
    ui::{Choice, Choices, Empty, Field, Filled, Notice, Pager, Picture, Rating, Shell, Tabs, Tone, When, component},
    visit::{Path, Query, Visit},
};

/// Products on one page.
const PAGE: u32 = 20;
/// Most photos of a review.
pub const PHOTOS_MAX: usize = 4;

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
    /// Why the marketplace has hidden its review.
    pub hidden: Option<String>,
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

/// Photos in the form of a review.
#[derive(Debug, Clone, Template)]
#[template(path = "account/photos.html")]
struct Photos {
    /// Id and picture of those there are.
    photos: Vec<(String, Picture)>,
    /// How many may be added.
    room: usize,
    accept: &'static str,
    alt: Field,
}

component!(Photos);

/// `GET /account/reviews`
pub async fn list(mut visit: Visit, Query(asked): Query) -> Shown {
    visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let place = Place::of(&asked);
    let page = PageRequest { limit: Some(PAGE), after: place.after.clone() };
    let (shell, found) = futures::join!(visit.shell("Your reviews"), app.reviews.reviewable(&who, &page));
    let found = found?;
    let known = cards::by_id(&app, found.items.iter().map(|item| item.product_id).collect()).await?;
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

fn entry(fmt: &Fmt, item: &Reviewable, product: Option<&Card>) -> Entry {
    let picture = product.and_then(|product| product.picture.as_ref());
    Entry {
        picture: picture.map_or_else(cards::no_picture, cards::thumb).decorative(),
        title: product.map_or_else(|| "No longer on sale".to_owned(), |product| product.title.clone()),
        href: product.map(|product| format!("/p/{}", product.slug)),
        bought: fmt.when(item.bought_at),
        given: item.review.as_ref().map(|review| Rating::stars(review.rating.into())),
        hidden: hidden(item).map(|hidden| hidden.reason.clone()),
        write: format!("/account/reviews/{}", item.product_id),
    }
}

fn hidden(item: &Reviewable) -> Option<&HiddenView> {
    item.review.as_ref()?.hidden.as_ref()
}

/// `GET /account/reviews/{product_id}`
pub async fn show(mut visit: Visit, Path(id): Path<ProductId>) -> Shown {
    visit.account()?;
    let mine = find(&visit, id).await?;
    let filled = mine.review.as_ref().map(filled).unwrap_or_default();
    form(&mut visit, StatusCode::OK, &mine, &filled).await
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

/// `POST /account/reviews/{product_id}`: the words, then the photos.
pub async fn write(Path(id): Path<ProductId>, Uploaded { mut visit, fields, files }: Uploaded) -> Shown {
    visit.account()?;
    let written = match read(&fields) {
        Ok(input) => visit.app.reviews.write(&visit.who(), id, &input).await,
        Err(error) => Err(error),
    };
    let review = match written {
        Ok(review) => review,
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            let mine = find(&visit, id).await.unwrap_or(Reviewable {
                product_id: id,
                bought_at: visit.fmt.now(),
                review: None,
            });
            return form(&mut visit, status, &mine, &filled).await;
        }
    };
    let refused = change_photos(&visit, id, &fields, files).await?;
    if refused.is_empty() {
        let words = match review.hidden {
            Some(_) => "Your changes are kept. The review stays hidden until a moderator has looked at it.",
            None => "Thank you. Your review is on the product's page.",
        };
        visit.say(Message::good(words)).await?;
        return Ok(visit.go("/account/reviews"));
    }
    visit.say(Message::bad(format!("Your words are kept, but not everything else: {}", refused.join(" ")))).await?;
    Ok(visit.go(&format!("/account/reviews/{id}")))
}

/// Removes the ticked photos and adds the chosen ones; says what could not be done.
async fn change_photos(visit: &Visit, id: ProductId, fields: &Fields, files: Vec<File>) -> Result<Vec<String>> {
    let (app, who) = (&visit.app, visit.who());
    for photo in fields.all("remove").filter_map(|photo| photo.parse::<MediaId>().ok()) {
        match app.reviews.remove_photo(&who, id, photo).await {
            // Somebody removed it before: that is what was wanted.
            Err(error) if !error.is(Kind::NotFound) => return Err(error),
            _ => {}
        }
    }
    let path = format!("/api/v1/products/{id}/reviews/mine/photos");
    let alt: String = fields.get("alt").trim().chars().take(ALT_MAX).collect();
    let mut refused = Vec::new();
    for file in files {
        let name = file.name.clone();
        match upload::send(&app.reviews_raw, &who, &path, file, &alt).await {
            Ok(_) => {}
            Err(error) if matches!(error.kind(), Kind::Internal | Kind::Unavailable) => return Err(error),
            Err(error) => refused.push(format!("{name}: {}", words::sentence(&error))),
        }
    }
    Ok(refused)
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
        Err(error) if error.is(Kind::Conflict) => visit.say(Message::bad(words::sentence(&error))).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(visit.go("/account/reviews"))
}

/// The photos of the review in its form: those there are, and room for more.
fn photos(mine: &Reviewable, about: &str) -> Photos {
    let stored = mine.review.as_ref();
    let kept = stored.map(|review| shop::reviews::photos(review, about)).unwrap_or_default();
    let ids = stored.into_iter().flat_map(|review| review.photos.iter().map(|photo| photo.id.to_string()));
    Photos {
        room: PHOTOS_MAX.saturating_sub(kept.len()),
        photos: ids.zip(kept).map(|(id, (_, picture))| (id, picture)).collect(),
        accept: upload::ACCEPT,
        alt: Field::text("alt", "What the photos show")
            .optional()
            .max_length(ALT_MAX)
            .hint("For those who cannot see them."),
    }
}

async fn form(visit: &mut Visit, status: StatusCode, mine: &Reviewable, filled: &Filled) -> Shown {
    let id = mine.product_id;
    let product = cards::by_id(&visit.app, vec![id]).await?.remove(&id);
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
    let notice = hidden(mine)
        .map(|hidden| Notice::new(Tone::Warning, "The marketplace has hidden this review.", &hidden.reason));
    FormPage::new("Your review", format!("/account/reviews/{id}"), "Publish the review")
        .lead(format!("{about}. It is shown with your first name and initial."))
        .notice(notice)
        .upload()
        .errors(filled, &["rating", "title", "text"])
        .in_account("/account/reviews")
        .field(&stars)
        .field(&Field::text("title", "In a few words").max_length(120).filled(filled))
        .field(&Field::lines("text", "In full", 6).optional().max_length(4_000).filled(filled))
        .field(&photos(mine, &about))
        .after("Back", "/account/reviews")
        .show(visit, status)
        .await
}
