//! What buyers wrote about the store's products, and what the store answers.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use contracts::{
    catalog::ProductCard,
    reviews::{ReplyInput, ReviewView, VendorReviewQuery},
};
use kernel::{Error, Kind, ProductId, Result, ReviewId, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted},
    pages::{
        portal::{Form, List, Paging, PortalPage, Tools, fields::renamed, or_none},
        shop::{cards, reviews},
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Html, Link, Picture, Rating, Row, Table, component},
    visit::{Path, Query, Visit},
};

/// Reviews on one page.
const PAGE: u32 = 20;
/// What narrows the list.
const FILTERS: [&str; 2] = ["unanswered", "stars"];

/// A review in a cell.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="stack tight">{{ rating }}{% if !title.is_empty() %}<strong>{{ title }}</strong>{% endif %}<p>{{ text }}</p>{% if !photos.is_empty() %}<ul class="review-photos">{% for (href, picture) in photos %}<li><a href="{{ href }}">{{ picture }}</a></li>{% endfor %}</ul>{% endif %}<p class="small soft">{{ by }}</p></div>"#,
    ext = "html"
)]
pub struct Written {
    rating: Rating,
    title: String,
    text: String,
    photos: Vec<(String, Picture)>,
    by: String,
}

component!(Written);

impl Written {
    /// The review, with a last line.
    pub fn of(review: &ReviewView, by: String) -> Self {
        Self {
            rating: Rating::stars(review.rating.into()),
            title: review.title.clone(),
            text: review.text.clone(),
            photos: reviews::photos(review, "Review"),
            by,
        }
    }
}

/// `GET /vendor/{vendor_id}/reviews`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let list = listed(&desk, &asked, None).await?;
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    page(&mut desk, &asked, StatusCode::OK, list, None).await
}

fn paging(desk: &Desk, asked: &Fields) -> Paging {
    Paging::of(desk.at("reviews"), asked, &FILTERS)
}

/// The list; `refused` is the answer that could not be taken, and to which review.
async fn listed(desk: &Desk, asked: &Fields, refused: Option<(ReviewId, &Filled)>) -> Result<List> {
    let paging = paging(desk, asked);
    let query = VendorReviewQuery {
        unanswered: !paging.filter("unanswered").is_empty(),
        stars: paging.filter("stars").parse().ok().filter(|stars| (1..=5).contains(stars)),
        limit: Some(PAGE),
        after: paging.after(),
    };
    let page = desk.app.reviews.of_vendor(&desk.who, desk.vendor_id, &query).await?;
    let ids = page.items.iter().map(|review| review.product_id).collect();
    let products = or_none("products", cards::by_id(&desk.app, ids).await).unwrap_or_default();
    let rows = page.items.iter().map(|review| {
        let refused = refused.filter(|(id, _)| *id == review.id).map(|(_, filled)| filled);
        row(desk, &paging, review, &products, refused)
    });
    let columns =
        vec![Column::new("Product"), Column::new("Review"), Column::new("Written"), Column::new("Your answer")];
    let empty = if paging.narrowed() {
        Empty::new("star", "No review fits", "Nothing has these stars and waits for an answer.")
            .action("Show all reviews", desk.at("reviews"))
    } else {
        Empty::new("star", "No reviews yet", "Buyers are asked some days after their parcel has arrived.")
            .action("Look at your orders", desk.at("orders"))
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "review", "reviews");
    Ok(List::new(Table::new("Reviews", columns, rows.collect(), empty).target("#list"), pager))
}

fn row(
    desk: &Desk,
    paging: &Paging,
    review: &ReviewView,
    products: &BTreeMap<ProductId, ProductCard>,
    refused: Option<&Filled>,
) -> Row {
    let product = match products.get(&review.product_id) {
        Some(product) => {
            let picture = product.picture.as_ref().map_or_else(cards::no_picture, cards::thumb);
            Cell::Pictured(picture, Link::new(&product.title, format!("/p/{}", product.slug)), String::new())
        }
        None => Cell::link("No longer on sale", desk.at(&format!("products/{}", review.product_id))),
    };
    let helpful = match review.helpful {
        0 => String::new(),
        n => format!(" · {} found this helpful", desk.fmt.counted(n.into(), "person", "people")),
    };
    let written = Written::of(review, format!("{}{helpful}", review.author));
    Row {
        id: review.id.to_string(),
        cells: vec![
            product,
            Cell::Html(Html::of(&written)),
            Cell::When(desk.fmt.when(review.created_at)),
            Cell::Html(Html::of(&reply_form(desk, paging, review, refused))),
        ],
    }
}

/// Name of the field of the answer to a review: there are many on a page.
fn field_name(id: ReviewId) -> String {
    format!("reply-{id}")
}

fn reply_form(desk: &Desk, paging: &Paging, review: &ReviewView, refused: Option<&Filled>) -> Form {
    let name = field_name(review.id);
    let stored = review.reply.as_ref().map(|reply| reply.text.clone());
    let field = Field::lines(&name, &format!("Answer to {}", review.author), 3).max_length(2_000).class("small");
    let field = match (refused, &stored) {
        (Some(filled), _) => field.filled(filled),
        (None, Some(text)) => field.value(text),
        (None, None) => field.hint("Everybody reads it under the review, with the name of your store."),
    };
    let action = desk.at(&format!("reviews/{}/reply", review.id));
    let form = Form::new(action, &desk.csrf(), if stored.is_some() { "Change" } else { "Answer" })
        .quiet()
        .hidden("next", paging.here())
        .with(&field);
    if stored.is_some() { form.other("do", "remove", "Remove") } else { form }
}

async fn page(
    desk: &mut Desk,
    asked: &Fields,
    status: StatusCode,
    list: List,
    filled: Option<(&Filled, &str)>,
) -> Shown {
    let paging = paging(desk, asked);
    let stars =
        [("", "Any stars"), ("5", "5 stars"), ("4", "4 stars"), ("3", "3 stars"), ("2", "2 stars"), ("1", "1 star")];
    let tools = Tools {
        action: desk.at("reviews"),
        kept: paging.others(&["stars"]),
        fields: vec![
            Field::select("stars", "Stars", stars).bare().optional().value(paging.filter("stars")).class("small"),
        ],
        links: Vec::new(),
    };
    let tabs = paging.tabs("Reviews by answer", "unanswered", &[("", "All"), ("yes", "Unanswered")]);
    let place = desk.place("Reviews", Room::Reviews).await?;
    let errors = filled.and_then(|(filled, name)| filled.summary(&[name]));
    render::page_with(status, &PortalPage::new(place).errors(errors).block(&tabs).block(&tools).block(&list))
}

/// `POST /vendor/{vendor_id}/reviews/{id}/reply`
pub async fn reply(Path((vendor_id, id)): Path<(VendorId, ReviewId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let name = field_name(id);
    let (reviews, who) = (desk.app.reviews.clone(), desk.who.clone());
    let removes = fields.get("do") == "remove";
    let result = if removes {
        reviews.remove_reply(&who, vendor_id, id).await
    } else {
        match fields.some(&name) {
            Some(text) => reviews.reply(&who, vendor_id, id, &ReplyInput { text }).await.map(|_| ()),
            None => Err(Error::invalid("text", "Write an answer.")),
        }
    };
    let base = desk.at("reviews");
    let next = fields.get("next").to_owned();
    let next = if next == base || next.starts_with(&format!("{base}?")) { next } else { base };
    match result {
        Ok(()) => {
            let words = if removes { "Your answer is removed." } else { "Your answer is under the review." };
            desk.visit.say(Message::good(words)).await?;
            Ok(desk.visit.go(&next))
        }
        Err(error) if matches!(error.kind(), Kind::NotFound) => Err(error.into()),
        Err(error) => {
            let error = renamed(error, |field| if field == "text" { name.clone() } else { field.to_owned() });
            let (status, filled) = fields.refused(error)?;
            let asked = Fields::parse(next.split_once('?').map_or("", |(_, query)| query).as_bytes());
            let list = listed(&desk, &asked, Some((id, &filled))).await?;
            page(&mut desk, &asked, status, list, Some((&filled, &name))).await
        }
    }
}
