//! What buyers wrote, and taking away what must not stay.

use askama::Template;
use contracts::reviews::ReviewView;
use kernel::{PageRequest, ReviewId};

use super::{Desk, Room, said};
use crate::{
    forms::Posted,
    pages::portal::{Ask, Form, List, Paging, PortalPage},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Html, Link, Rating, Row, Table, component},
    visit::{Path, Query, Visit},
};

/// A review in a cell.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="stack tight">{{ rating }}{% if !title.is_empty() %}<strong>{{ title }}</strong>{% endif %}<p>{{ text }}</p></div>"#,
    ext = "html"
)]
struct Written {
    rating: Rating,
    title: String,
    text: String,
}

component!(Written);

/// `GET /admin/reviews`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/reviews", &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let page = desk.app.reviews.all(&desk.who, &request).await?;
    let columns = vec![Column::new("By"), Column::new("Review"), Column::new("Written"), Column::new("")];
    let row = |review: &ReviewView| Row {
        id: review.id.to_string(),
        cells: vec![
            Cell::text(&review.author),
            Cell::Html(Html::of(&Written {
                rating: Rating::stars(review.rating.into()),
                title: review.title.clone(),
                text: review.text.clone(),
            })),
            Cell::When(desk.fmt.when(review.created_at)),
            Cell::Actions(vec![Link::new("Remove", format!("/admin/reviews/{}/remove", review.id))]),
        ],
    };
    let empty = Empty::new("star", "No reviews yet", "Buyers may write one once their parcel has arrived.");
    let table = Table::new("Reviews", columns, page.items.iter().map(row).collect(), empty).target("#list");
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "review", "reviews");
    let list = List::new(table, pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place("Reviews", Room::Reviews).await;
    render::page(&PortalPage::new(place).block(&list))
}

/// `GET /admin/reviews/{id}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path(id): Path<ReviewId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let form = Form::new(format!("/admin/reviews/{id}/remove"), &desk.csrf(), "Remove review");
    let place = desk.place("Remove this review?", Room::Reviews).await;
    let ask = Ask {
        effect: "It disappears from the product's page and no longer counts in its stars. This cannot be undone; its \
                 writer may write another.",
        form,
        back: Link::new("Keep it", "/admin/reviews"),
    };
    render::page(&ask.page(place, &[("Reviews", "/admin/reviews")]))
}

/// `POST /admin/reviews/{id}/remove`
pub async fn remove(Path(id): Path<ReviewId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.reviews.moderate(&desk.who, id).await {
        Ok(()) => Message::good("The review is removed."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/reviews"))
}
