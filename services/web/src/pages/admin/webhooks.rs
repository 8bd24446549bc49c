//! What payment providers told of, and what became of it.

use contracts::queue::{WebhookQuery, WebhookView};

use super::{Desk, Room, said};
use crate::{
    forms::{self, Posted},
    pages::portal::{Form, List, Paging, PortalPage, Tools, words},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Html, Row, Table},
    visit::{Query, Visit},
};

/// Where the log is.
const LOG: &str = "/admin/payments/webhooks";

/// `GET /admin/payments/webhooks`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of(LOG, &asked, &["provider", "state"]);
    let query = WebhookQuery {
        provider: asked.some("provider").map(|provider| provider.to_lowercase()),
        state: words::named(paging.filter("state")),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.payments.webhooks(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("card", "No event fits", "Name the provider as its settings do: stripe, paypal, sandbox.")
            .action("Show all events", LOG)
    } else {
        let text = "Each event of a payment provider is noted here before it is taken in. If orders are paid and nothing comes, \
                    look at the provider's settings: the address it sends to, and the key of its signatures.";
        Empty::new("card", "No events yet", text).action("Show all payments", "/admin/payments")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "event", "events");
    let list = List::new(table(&desk, &page.items, &paging.here(), empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let provider =
        Field::search("provider", "Provider").bare().optional().class("small").value(paging.filter("provider"));
    let tools = Tools {
        action: LOG.to_owned(),
        kept: paging.others(&["provider"]),
        fields: vec![provider.attribute("placeholder", "Provider")],
        links: Vec::new(),
    };
    let states =
        [("", "All"), ("received", "To be taken in"), ("handled", "Taken in"), ("unmatched", "Of nothing of ours")];
    let place = desk.place("Events of payment providers", Room::Payments).await;
    let page = PortalPage::new(place)
        .above(&[("Payments", "/admin/payments")])
        .action("Money to be looked at", "/admin/payments/review")
        .block(&paging.tabs("Events by state", "state", &states))
        .block(&tools)
        .block(&list);
    render::page(&page)
}

fn table(desk: &Desk, events: &[WebhookView], here: &str, empty: Empty) -> Table {
    let columns = [Column::new("Event"), Column::new("About"), Column::new("State"), Column::new("Received")];
    let columns = columns.into_iter().chain([Column::number("Tries"), Column::new("Last error"), Column::new("")]);
    let row = |event: &WebhookView| {
        let about = event.dispute_ref.as_ref().or(event.refund_ref.as_ref());
        let form = Form::new(format!("{LOG}/replay"), &desk.csrf(), "Take in again")
            .quiet()
            .inline()
            .hidden("provider", &event.provider)
            .hidden("event", &event.event_id)
            .hidden("next", here);
        Row {
            id: format!("{}:{}", event.provider, event.event_id),
            cells: vec![
                Cell::Text(event.kind.clone(), format!("{} · {}", event.provider, event.event_id)),
                Cell::Text(event.payment_ref.clone(), about.cloned().unwrap_or_default()),
                Cell::Badge(words::webhook(event.state)),
                Cell::When(desk.fmt.when(event.received_at)),
                Cell::Number(desk.fmt.count(event.tries)),
                Cell::text(event.error.clone().unwrap_or_default()),
                Cell::Html(Html::of(&form)),
            ],
        }
    };
    Table::new("Events of payment providers", columns.collect(), events.iter().map(row).collect(), empty)
}

/// `POST /admin/payments/webhooks/replay`
pub async fn replay(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let back = forms::next(&posted.fields, LOG);
    let (provider, event) = (posted.fields.get("provider").to_owned(), posted.fields.get("event").to_owned());
    let message = match desk.app.payments.replay_webhook(&desk.who, provider, event).await {
        Ok(_) => Message::good("It is taken in again. The provider is asked how things stand now."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&back))
}
