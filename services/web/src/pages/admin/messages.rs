//! Messages to people and what became of them.

use askama::Template;
use contracts::notifications::{MessageQuery, MessageStatus, MessageView};
use kernel::MessageId;

use super::{Desk, Room, said};
use crate::{
    forms::Posted,
    pages::{
        portal::{Facts, Form, List, Paging, Panel, PortalPage, Split, Tools, Verbatim, words},
        shop::mailbox,
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Link, Row, Table, component},
    visit::{Path, Query, Visit},
};

/// `GET /admin/messages`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/messages", &asked, &["to", "status"]);
    let query = MessageQuery {
        to: asked.some("to"),
        status: words::named(paging.filter("status")),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.notifications.messages(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("mail", "No message fits", "Search by the whole address.")
            .action("Show all messages", "/admin/messages")
    } else {
        Empty::new("mail", "No messages yet", "Every mail we write is listed here with what became of it.")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "message", "messages");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let to = crate::ui::Field::search("to", "To").bare().optional().class("small").value(paging.filter("to"));
    let tools = Tools {
        action: "/admin/messages".to_owned(),
        kept: paging.others(&["to"]),
        fields: vec![to.attribute("placeholder", "E-mail address")],
        links: Vec::new(),
    };
    let states = [("", "All"), ("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")];
    let place = desk.place("Messages", Room::Messages).await;
    render::page(
        &PortalPage::new(place).block(&paging.tabs("Messages by state", "status", &states)).block(&tools).block(&list),
    )
}

fn table(desk: &Desk, messages: &[MessageView], empty: Empty) -> Table {
    let columns = [Column::new("Message"), Column::new("To"), Column::new("State"), Column::new("Written")];
    let columns = columns.into_iter().chain([Column::number("Attempts")]).collect();
    let row = |message: &MessageView| Row {
        id: message.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(&message.subject, format!("/admin/messages/{}", message.id)),
                words::plain(&message.template),
            ),
            Cell::text(message.to.as_str()),
            Cell::Badge(words::message(message.status)),
            Cell::When(desk.fmt.when(message.created_at)),
            Cell::Number(desk.fmt.count(message.attempts)),
        ],
    };
    Table::new("Messages", columns, messages.iter().map(row).collect(), empty)
}

/// A mail as its reader sees it, shut off from the page around it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<iframe class="mail" src="{{ src }}" sandbox="allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox" title="{{ subject }}" width="100%" height="560"></iframe>"#,
    ext = "html"
)]
struct Mail {
    subject: String,
    src: String,
}

component!(Mail);

/// `GET /admin/messages/{id}`
pub async fn show(visit: Visit, Path(id): Path<MessageId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let detail = desk.app.notifications.message(&desk.who, id).await?;
    let (message, fmt) = (&detail.message, desk.fmt);
    let facts = Facts::new("About the message")
        .linked("To", message.to.as_str(), format!("/admin/messages?{}", render::query(&[("to", message.to.as_str())])))
        .fact("Kind", words::plain(&message.template))
        .fact("Written", fmt.exact(message.created_at))
        .maybe("Sent", message.sent_at.map(|at| fmt.exact(at)))
        .fact("Attempts", fmt.count(message.attempts))
        .maybe("Last error", message.error.clone());
    let mut side = vec![Panel::new("Particulars").with(&facts)];
    if message.status == MessageStatus::Failed {
        let form = Form::new(format!("/admin/messages/{id}/retry"), &desk.csrf(), "Try again");
        side.insert(0, Panel::new("Not sent").with(&form));
    }
    side.push(Panel::new("What was tried").with(&words::timeline(&fmt, &detail.history.iter().collect::<Vec<_>>())));
    let main = vec![
        Panel::new("As it is seen")
            .with(&Mail { subject: message.subject.clone(), src: format!("/admin/messages/{id}/html") }),
        Panel::new("As text").with(&Verbatim { text: detail.text.clone() }),
    ];
    let (title, badge) = (message.subject.clone(), words::message(message.status));
    let place = desk.place(title, Room::Messages).await;
    let page = PortalPage::new(place).above(&[("Messages", "/admin/messages")]).badge(badge);
    render::page(&page.block(&Split { main, side }))
}

/// `GET /admin/messages/{id}/html`: the mail itself, for the frame.
pub async fn content(visit: Visit, Path(id): Path<MessageId>) -> Shown {
    let desk = Desk::open(visit).await?;
    mailbox::framed(&desk.app.notifications.message(&desk.who, id).await?.html)
}

/// `POST /admin/messages/{id}/retry`
pub async fn retry(Path(id): Path<MessageId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.notifications.retry(&desk.who, id).await {
        Ok(_) => Message::good("It is queued again."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/messages/{id}")))
}
