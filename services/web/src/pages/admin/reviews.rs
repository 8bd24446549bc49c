//! What buyers wrote: what was reported, what must not stay, and what moderators did.

use std::collections::BTreeMap;

use contracts::reviews::{
    ModerationAct, ModerationInput, ModerationView, RemovalQuery, ReportView, ReportedReview, ReviewView,
};
use kernel::{AccountId, Error, PageRequest, Result, ReviewId};

use super::{Desk, Room, said};
use crate::{
    forms::Posted,
    pages::{
        portal::{Ask, Form, List, Paging, PortalPage},
        shop::reviews::reason_text,
        vendor::reviews::Written,
    },
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Field, Filled, Html, Link, Row, Tab, Table, Tabs, Tone},
    visit::{Path, Query, Visit},
};

/// Rows on one page.
const PAGE: u32 = 25;

fn tabs(here: &str) -> Tabs {
    let all = [
        ("All", "/admin/reviews"),
        ("Reported", "/admin/reviews/reported"),
        ("What was done", "/admin/reviews/history"),
    ];
    let tab = |(text, href): (&str, &str)| Tab { link: Link::new(text, href), count: None, current: href == here };
    Tabs { label: "Reviews".to_owned(), tabs: all.map(tab).to_vec() }
}

async fn shown(desk: &mut Desk, title: &str, here: &str, list: List) -> Shown {
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let place = desk.place(title, Room::Reviews).await;
    render::page(&PortalPage::new(place).block(&tabs(here)).block(&list))
}

fn act(verb: &str, text: &str, id: ReviewId) -> Link {
    Link::new(text, format!("/admin/reviews/{id}/{verb}"))
}

/// `GET /admin/reviews`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/reviews", &asked, &[]);
    let request = PageRequest { limit: Some(PAGE), after: paging.after() };
    let page = desk.app.reviews.all(&desk.who, &request).await?;
    let columns = [Column::new("By"), Column::new("Review"), Column::new("State"), Column::new("Written")];
    let columns = columns.into_iter().chain([Column::new("")]).collect();
    let row = |review: &ReviewView| {
        let (state, other) = match &review.hidden {
            Some(_) => (Badge::new("Hidden", Tone::Warning), act("restore", "Show again", review.id)),
            None => (Badge::new("Shown", Tone::Success), act("hide", "Hide", review.id)),
        };
        let why = review.hidden.as_ref().map(|hidden| format!("Hidden: {}", hidden.reason)).unwrap_or_default();
        Row {
            id: review.id.to_string(),
            cells: vec![
                Cell::text(&review.author),
                Cell::Html(Html::of(&Written::of(review, why))),
                Cell::Badge(state),
                Cell::When(desk.fmt.when(review.created_at)),
                Cell::Actions(vec![other, act("remove", "Remove", review.id)]),
            ],
        }
    };
    let empty = Empty::new("star", "No reviews yet", "Buyers may write one once their parcel has arrived.");
    let table = Table::new("Reviews", columns, page.items.iter().map(row).collect(), empty).target("#list");
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "review", "reviews");
    shown(&mut desk, "Reviews", "/admin/reviews", List::new(table, pager)).await
}

/// `GET /admin/reviews/reported`
pub async fn reported(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/reviews/reported", &asked, &[]);
    let request = PageRequest { limit: Some(PAGE), after: paging.after() };
    let page = desk.app.reviews.reported(&desk.who, &request).await?;
    let columns = [Column::new("Reports"), Column::new("Review"), Column::new("Waits since"), Column::new("")];
    let row = |waiting: &ReportedReview| {
        let review = &waiting.review;
        let (state, other) = match &review.hidden {
            Some(_) => ("Hidden already. ", act("restore", "Show again", review.id)),
            None => ("", act("hide", "Hide", review.id)),
        };
        let reports = desk.fmt.counted(waiting.count.into(), "report", "reports");
        let reasons: Vec<String> = waiting.reports.iter().map(reason).collect();
        Row {
            id: review.id.to_string(),
            cells: vec![
                Cell::Text(reports, reasons.join(" · ")),
                Cell::Html(Html::of(&Written::of(review, format!("{state}{}", review.author)))),
                Cell::When(desk.fmt.when(waiting.since)),
                Cell::Actions(vec![act("keep", "Keep", review.id), other, act("remove", "Remove", review.id)]),
            ],
        }
    };
    let empty = Empty::new("star", "Nothing was reported", "What readers report about reviews waits here.");
    let rows = page.items.iter().map(row).collect();
    let table = Table::new("Reported reviews", columns.into_iter().collect(), rows, empty).target("#list");
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "review", "reviews");
    shown(&mut desk, "Reported reviews", "/admin/reviews/reported", List::new(table, pager)).await
}

/// `Something else: “My address is in it.”`
fn reason(report: &ReportView) -> String {
    let reason = reason_text(report.reason);
    if report.text.is_empty() { reason.to_owned() } else { format!("{reason}: “{}”", report.text) }
}

/// `GET /admin/reviews/history`
pub async fn history(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/reviews/history", &asked, &[]);
    let request = PageRequest { limit: Some(PAGE), after: paging.after() };
    let page = desk.app.reviews.moderation(&desk.who, &request).await?;
    let names = names(&desk, &page.items).await;
    let columns =
        [Column::new("Done"), Column::new("Review"), Column::new("Why"), Column::new("By"), Column::new("When")];
    let row = |view: &ModerationView| {
        let (text, tone) = match view.act {
            ModerationAct::Kept => ("Kept", Tone::Success),
            ModerationAct::Hidden => ("Hidden", Tone::Warning),
            ModerationAct::Restored => ("Shown again", Tone::Success),
            ModerationAct::Removed => ("Removed", Tone::Danger),
        };
        let by = names.get(&view.by).cloned().unwrap_or_else(|| "Administrator".to_owned());
        Row {
            id: view.id.to_string(),
            cells: vec![
                Cell::Badge(Badge::new(text, tone)),
                Cell::Text(view.title.clone(), view.author.clone()),
                Cell::text(&view.reason),
                Cell::link(by, format!("/admin/users/{}", view.by)),
                Cell::When(desk.fmt.when(view.at)),
            ],
        }
    };
    let empty = Empty::new("star", "Nothing was done yet", "Who kept, hid or removed a review, and why, stands here.");
    let rows = page.items.iter().map(row).collect();
    let table = Table::new("What moderators did", columns.into_iter().collect(), rows, empty).target("#list");
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "decision", "decisions");
    shown(&mut desk, "What moderators did", "/admin/reviews/history", List::new(table, pager)).await
}

/// Names of those who moderated, as far as they can be had.
async fn names(desk: &Desk, acts: &[ModerationView]) -> BTreeMap<AccountId, String> {
    let ids: std::collections::BTreeSet<AccountId> = acts.iter().map(|act| act.by).collect();
    let asked = ids.into_iter().map(|id| async move {
        let account = desk.app.identity.account(&desk.who, id).await;
        Some((id, super::super::portal::or_none("a moderator's name", account)?.name))
    });
    futures::future::join_all(asked).await.into_iter().flatten().collect()
}

/// What can be done with a review: verb, question, effect, button, done, whether a reason is needed.
struct Change {
    verb: &'static str,
    question: &'static str,
    effect: &'static str,
    button: &'static str,
    done: &'static str,
    reason: &'static str,
    needs_reason: bool,
}

const CHANGES: [Change; 4] = [
    Change {
        verb: "keep",
        question: "Keep this review?",
        effect: "It stays as it is and leaves the queue. Those who reported it cannot report it again.",
        button: "Keep review",
        done: "The review stays, its reports are dealt with.",
        reason: "Why, for the record",
        needs_reason: false,
    },
    Change {
        verb: "hide",
        question: "Hide this review?",
        effect: "It disappears from the product's page and no longer counts in the stars of product and store. Its \
                 writer sees that, and reads the reason. It can be shown again.",
        button: "Hide review",
        done: "The review is hidden.",
        reason: "Why, for its writer to read",
        needs_reason: true,
    },
    Change {
        verb: "restore",
        question: "Show this review again?",
        effect: "It is on the product's page again and counts in the stars.",
        button: "Show review",
        done: "The review is shown again.",
        reason: "Why, for the record",
        needs_reason: false,
    },
    Change {
        verb: "remove",
        question: "Remove this review?",
        effect: "It disappears from the product's page with its photos and no longer counts in its stars. This cannot \
                 be undone; its writer may write another.",
        button: "Remove review",
        done: "The review is removed.",
        reason: "Why, for the record",
        needs_reason: false,
    },
];

fn change_of(verb: &str) -> Result<&'static Change> {
    CHANGES.iter().find(|change| change.verb == verb).ok_or_else(|| Error::not_found("page"))
}

fn question(desk: &Desk, change: &'static Change, id: ReviewId, filled: &Filled) -> Ask<'static> {
    let reason = Field::lines("reason", change.reason, 3).max_length(500).filled(filled);
    let reason = if change.needs_reason { reason } else { reason.optional() };
    let form = Form::new(format!("/admin/reviews/{id}/{}", change.verb), &desk.csrf(), change.button).with(&reason);
    Ask { effect: change.effect, form, back: Link::new("Leave it", "/admin/reviews") }
}

/// `GET /admin/reviews/{id}/{verb}`: asks.
pub async fn ask(visit: Visit, Path((id, verb)): Path<(ReviewId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let change = change_of(&verb)?;
    let place = desk.place(change.question, Room::Reviews).await;
    let ask = question(&desk, change, id, &Filled::default());
    render::page(&ask.page(place, &[("Reviews", "/admin/reviews")]))
}

/// `POST /admin/reviews/{id}/{verb}`
pub async fn change(Path((id, verb)): Path<(ReviewId, String)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::open(posted.visit).await?;
    let change = change_of(&verb)?;
    let (reviews, who) = (desk.app.reviews.clone(), desk.who.clone());
    let input = ModerationInput { reason: fields.some("reason").unwrap_or_default() };
    let result = match change.verb {
        "keep" => reviews.keep(&who, id, &input).await.map(|_| ()),
        "hide" => reviews.hide(&who, id, &input).await.map(|_| ()),
        "restore" => reviews.restore(&who, id, &input).await.map(|_| ()),
        _ => reviews.moderate(&who, id, &RemovalQuery { reason: Some(input.reason) }).await,
    };
    let message = match result {
        Ok(()) => Message::good(change.done),
        Err(error) if !error.fields().is_empty() => {
            let (status, filled) = fields.refused(error)?;
            let place = desk.place(change.question, Room::Reviews).await;
            let ask = question(&desk, change, id, &filled);
            let page = ask.page(place, &[("Reviews", "/admin/reviews")]).errors(filled.summary(&["reason"]));
            return render::page_with(status, &page);
        }
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(if change.verb == "restore" { "/admin/reviews" } else { "/admin/reviews/reported" }))
}
