//! Money to be looked at: the queue, a thing of it beside what the provider says, and what can be done about it.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{
    client::segment,
    queue::{
        ReviewAction, ReviewDetail, ReviewEntry, ReviewItem, ReviewQuery, ReviewRequest, ReviewState, Unexplained,
    },
};
use kernel::{AccountId, Error, PaymentId, Result};

use super::{Desk, Room, said};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Facts, Form, List, Paging, Panel, PortalPage, Split, Words, or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Notice, Row, Table, Tone},
    visit::{Path, Query, Visit},
};

/// Where the queue is.
const QUEUE: &str = "/admin/payments/review";

fn path(id: &str) -> String {
    format!("{QUEUE}/{}", segment(&id))
}

/// `GET /admin/payments/review`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of(QUEUE, &asked, &["state"]);
    let query = ReviewQuery { state: words::named(paging.filter("state")), limit: Some(25), after: paging.after() };
    let (page, overdue) =
        futures::join!(desk.app.payments.review_queue(&desk.who, &query), desk.app.payments.unexplained(&desk.who),);
    let page = page?;
    let empty = if paging.narrowed() {
        Empty::new("check-circle", "Nothing in this state", "Look at what is open instead.")
            .action("Show what is open", QUEUE)
    } else {
        Empty::new("check-circle", "Nothing to look at", "All money fits its order, and all orders their money.")
            .action("Show all payments", "/admin/payments")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "thing", "things");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let notice = or_none("unexplained money", overdue).and_then(|overdue| overdue_notice(&desk, &overdue));
    let states = [("", "Open"), ("returning", "Going back"), ("resolved", "Resolved")];
    let place = desk.place("Money to be looked at", Room::Payments).await;
    let page = PortalPage::new(place)
        .above(&[("Payments", "/admin/payments")])
        .action("Events of providers", "/admin/payments/webhooks")
        .notice(notice)
        .block(&paging.tabs("Things by state", "state", &states))
        .block(&list);
    render::page(&page)
}

fn overdue_notice(desk: &Desk, overdue: &Unexplained) -> Option<Notice> {
    let sums: Vec<String> = overdue.sums.iter().map(|sum| desk.fmt.money(*sum)).collect();
    let title =
        format!("Open for more than a quarter of an hour: {}.", desk.fmt.counted(overdue.items, "thing", "things"));
    let text = if sums.is_empty() { String::new() } else { format!("{} are unexplained.", sums.join(" and ")) };
    (overdue.items > 0).then(|| Notice::new(Tone::Warning, title, text))
}

fn table(desk: &Desk, items: &[ReviewItem], empty: Empty) -> Table {
    let columns = [Column::new("What"), Column::new("At the provider"), Column::new("Order"), Column::new("State")];
    let columns = columns.into_iter().chain([Column::new("Found"), Column::number("Amount")]).collect();
    let row = |item: &ReviewItem| {
        let order = item.order_id.map(|id| Cell::link("Open the order", format!("/admin/orders/{id}")));
        Row {
            id: item.id.clone(),
            cells: vec![
                Cell::Link(Link::new(words::plain(&item.problem), path(&item.id)), words::misfit(&item.problem)),
                Cell::Text(item.provider_ref.clone(), words::plain(&item.provider)),
                order.unwrap_or_else(|| Cell::text("None")),
                Cell::Badge(words::review(item.state)),
                Cell::When(desk.fmt.when(item.at)),
                Cell::Number(item.amount.map_or_else(String::new, |amount| desk.fmt.money(amount))),
            ],
        }
    };
    Table::new("Money to be looked at", columns, items.iter().map(row).collect(), empty)
}

/// What can be done: button, what it does, what is written down with it.
struct Verb {
    action: ReviewAction,
    button: &'static str,
    effect: &'static str,
    note: &'static str,
}

const VERBS: [Verb; 4] = [
    Verb {
        action: ReviewAction::Attach,
        button: "Attach it to the order",
        effect: "The order is paid with this money and its vendors are told to pack. What is still open of it at a provider is \
                 called off. This cannot be undone.",
        note: "Why, for the record",
    },
    Verb {
        action: ReviewAction::TakeUp,
        button: "Take the order up",
        effect: "The money is noted for the order, as money that comes late is. The order was called off, so it goes back by \
                 itself, and both stand in the books.",
        note: "Why, for the record",
    },
    Verb {
        action: ReviewAction::TickOff,
        button: "Tick it off",
        effect: "Nothing is moved. The thing leaves the queue, and what you write stays with it.",
        note: "How it was explained",
    },
    Verb {
        action: ReviewAction::Refund,
        button: "Send the money back",
        effect: "All of it goes back the way it came, once. This cannot be undone.",
        note: "Why, for the record",
    },
];

fn verb_of(word: &str) -> Result<&'static Verb> {
    let action: Option<ReviewAction> = words::named(word);
    VERBS.iter().find(|verb| Some(verb.action) == action).ok_or_else(|| Error::not_found("page"))
}

/// `GET /admin/payments/review/{id}`
pub async fn show(visit: Visit, Path(id): Path<String>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let detail = desk.app.payments.review_item(&desk.who, id.clone()).await?;
    let names = names(&desk, &detail.history).await;
    let item = &detail.item;
    let place = desk.place(words::plain(&item.problem), Room::Payments).await;
    let mut page = PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), ("Money to be looked at", QUEUE)])
        .badge(words::review(item.state))
        .notice(notice(item))
        .notice(detail.silence.clone().map(|why| Notice::new(Tone::Warning, "The provider says nothing.", why)));
    for verb in VERBS.iter().filter(|verb| detail.actions.contains(&verb.action)) {
        let href = format!("{}/{}", path(&id), words::word(&verb.action));
        page = match verb.action {
            ReviewAction::Attach => page.main(verb.button, href),
            ReviewAction::TakeUp | ReviewAction::TickOff => page.action(verb.button, href),
            ReviewAction::Refund => page.danger(verb.button, href),
        };
    }
    let main = vec![
        Panel::new("Side by side").flush().with(&side_by_side(&desk, &detail)),
        Panel::new("What was done").flush().with(&history(&desk, &names, &detail.history)),
    ];
    render::page(&page.block(&Split { main, side: vec![Panel::new("Particulars").with(&facts(&desk, item))] }))
}

/// What to do, or where it stands.
fn notice(item: &ReviewItem) -> Option<Notice> {
    match item.state {
        ReviewState::Open => Some(Notice::new(Tone::Warning, "", words::misfit(&item.problem))),
        ReviewState::Returning => {
            let text = "The provider is asked until it has arrived. If it does not, this is open again.";
            Some(Notice::new(Tone::Neutral, "The money is on its way back.", text))
        }
        ReviewState::Resolved if item.action.is_none() => {
            Some(Notice::new(Tone::Success, "This has resolved itself.", "The order has turned up and has the money."))
        }
        ReviewState::Resolved => None,
    }
}

fn facts(desk: &Desk, item: &ReviewItem) -> Facts {
    let fmt = desk.fmt;
    let facts = Facts::new("About it")
        .fact("Provider", words::plain(&item.provider))
        .fact("Its reference", &item.provider_ref)
        .maybe("Money in question", item.amount.map(|amount| fmt.money(amount)))
        .fact("Found", fmt.exact(item.at))
        .maybe("Resolved", item.resolved_at.map(|at| fmt.exact(at)));
    match item.order_id {
        Some(id) => facts.linked("Order", "Open", format!("/admin/orders/{id}")),
        None => facts.fact("Order", "It names none of ours"),
    }
}

/// What Souk knows beside what the provider says.
fn side_by_side(desk: &Desk, detail: &ReviewDetail) -> Table {
    let money = |amount| desk.fmt.money(amount);
    let (ours, theirs) = (detail.ours.as_ref(), detail.theirs.as_ref());
    let row = |name: &str, ours: Option<Cell>, theirs: Option<String>| Row {
        id: name.to_owned(),
        cells: vec![
            Cell::text(name),
            ours.unwrap_or_else(|| Cell::text("–")),
            Cell::text(theirs.unwrap_or_else(|| "–".to_owned())),
        ],
    };
    let mode = |live: bool| (if live { "Real money" } else { "Test money" }).to_owned();
    let order = |id: PaymentId, number: &str| Cell::link(number, format!("/admin/payments/{id}"));
    let rows = vec![
        row("Order", ours.map(|p| order(p.id, &p.order_number)), theirs.and_then(|t| t.reference.clone())),
        row("State", ours.map(|p| Cell::Badge(words::payment(p.status))), theirs.map(|t| words::plain(&t.status))),
        row("To pay", ours.map(|p| Cell::text(money(p.amount))), theirs.map(|t| money(t.amount))),
        row("Taken", ours.map(|p| Cell::text(money(p.captured))), theirs.and_then(|t| t.captured).map(money)),
        row("Returned", ours.map(|p| Cell::text(money(p.refunded))), None),
        row(
            "Its payment",
            ours.and_then(|p| p.provider_ref.clone()).map(Cell::text),
            Some(detail.item.provider_ref.clone()),
        ),
        row("Mode", None, theirs.and_then(|t| t.livemode).map(mode)),
    ];
    let columns = vec![Column::new("What"), Column::new("Souk knows"), Column::new("The provider says")];
    Table::new("Side by side", columns, rows, Empty::new("card", "Nothing is known", ""))
}

fn history(desk: &Desk, names: &BTreeMap<AccountId, String>, entries: &[ReviewEntry]) -> Table {
    let columns = [Column::new("Done"), Column::new("By"), Column::new("When"), Column::new("Why")];
    let columns = columns.into_iter().chain([Column::new("What came of it")]).collect();
    let row = |(n, entry): (usize, &ReviewEntry)| Row {
        id: n.to_string(),
        cells: vec![
            Cell::text(words::plain(&words::word(&entry.action))),
            match entry.by {
                Some(by) => {
                    let name = names.get(&by).cloned().unwrap_or_else(|| "Administrator".to_owned());
                    Cell::link(name, format!("/admin/users/{by}"))
                }
                None => Cell::text("Souk"),
            },
            Cell::When(desk.fmt.when(entry.at)),
            Cell::text(entry.note.clone().unwrap_or_default()),
            Cell::text(&entry.result),
        ],
    };
    let empty = Empty::new("clock", "Nothing was done yet", "Who did what about it, and what came of it, stands here.");
    Table::new("What was done", columns, entries.iter().enumerate().map(row).collect(), empty)
}

/// Names of those who did something, as far as they can be had.
async fn names(desk: &Desk, entries: &[ReviewEntry]) -> BTreeMap<AccountId, String> {
    let ids: BTreeSet<AccountId> = entries.iter().filter_map(|entry| entry.by).collect();
    let asked = ids.into_iter().map(|id| async move {
        let account = desk.app.identity.account(&desk.who, id).await;
        Some((id, or_none("an administrator's name", account)?.name))
    });
    futures::future::join_all(asked).await.into_iter().flatten().collect()
}

/// `GET /admin/payments/review/{id}/{verb}`: says what will happen.
pub async fn ask(visit: Visit, Path((id, word)): Path<(String, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let verb = verb_of(&word)?;
    let detail = desk.app.payments.review_item(&desk.who, id.clone()).await?;
    if !detail.actions.contains(&verb.action) {
        return Ok(desk.visit.go(&path(&id)));
    }
    let page = question(&mut desk, verb, &detail, &Filled::default()).await;
    render::page(&page)
}

async fn question(desk: &mut Desk, verb: &'static Verb, detail: &ReviewDetail, filled: &Filled) -> PortalPage {
    let item = &detail.item;
    let here = path(&item.id);
    // Money that names no order of ours: whoever knows which it is for says how.
    let names_none = verb.action == ReviewAction::Attach && detail.ours.is_none();
    let note = Field::lines("note", verb.note, 3).max_length(1_000).filled(filled);
    let note = if verb.action == ReviewAction::TickOff || names_none { note } else { note.optional() };
    let mut form = Form::new(format!("{here}/{}", words::word(&verb.action)), &desk.csrf(), verb.button);
    if names_none {
        let hint = "As the buyer has it, such as S-2611-000042. What was paid has to be what the order costs.";
        form = form.with(&Field::text("order_number", "Number of the order").hint(hint).max_length(40).filled(filled));
    }
    let form = form.with(&note).cancel("Leave it", &here);
    let form = if verb.action == ReviewAction::Refund { form.danger() } else { form };
    let title = match item.amount {
        Some(amount) => format!("{}: {}", verb.button, desk.fmt.money(amount)),
        None => verb.button.to_owned(),
    };
    let place = desk.place(title, Room::Payments).await;
    PortalPage::new(place)
        .above(&[("Payments", "/admin/payments"), ("Money to be looked at", QUEUE), (&item.provider_ref, &here)])
        .errors(filled.summary(&["order_number", "note"]))
        .block(&Panel::new("").narrow().with(&Words::new(verb.effect)).with(&form))
}

/// `POST /admin/payments/review/{id}/{verb}`
pub async fn act(Path((id, word)): Path<(String, String)>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let verb = verb_of(&word)?;
    let result = match read(&posted.fields, verb) {
        Ok(input) => desk.app.payments.review_action(&desk.who, id.clone(), &input).await,
        Err(error) => Err(error),
    };
    let message = match result {
        Ok(detail) => Message::good(done(&detail)),
        Err(error) if !error.fields().is_empty() => {
            let detail = desk.app.payments.review_item(&desk.who, id).await?;
            let (status, filled) = posted.fields.refused(error)?;
            let page = question(&mut desk, verb, &detail, &filled).await;
            return render::page_with(status, &page);
        }
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&path(&id)))
}

fn done(detail: &ReviewDetail) -> String {
    detail.history.last().map_or_else(|| "Done.".to_owned(), |entry| entry.result.clone())
}

fn read(sent: &Fields, verb: &Verb) -> Result<ReviewRequest> {
    let mut reader = Reader::new(sent);
    if verb.action == ReviewAction::TickOff {
        reader.text("note", "Say how it was explained; it is kept.");
    }
    if !reader.ok() {
        return Err(reader.error());
    }
    Ok(ReviewRequest { action: verb.action, note: sent.some("note"), order_number: sent.some("order_number") })
}
