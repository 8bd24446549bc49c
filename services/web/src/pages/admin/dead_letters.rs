//! Events and jobs that a service gave up on.

use contracts::operations::{Backlog, DeadLetter, DeadLetterQuery, Replay};

use super::{Desk, Room, said};
use crate::{
    forms::{self, Posted},
    pages::portal::{Form, Paging, Panel, PortalPage, Verbatim, Words, words},
    render::{self, Shown},
    session::Message,
    ui::{Empty, Link, Tab, Tabs},
    visit::{Path, Query, Visit},
};

/// `GET /admin/dead-letters`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/dead-letters", &asked, &["service"]);
    let backlogs = desk.app.operations.backlogs(&desk.who).await?;
    // Without a choice: the first service that has any.
    let chosen = asked.some("service").filter(|name| backlogs.iter().any(|backlog| backlog.service == *name));
    let chosen = chosen.or_else(|| backlogs.iter().find(|b| b.dead > 0).map(|b| b.service.clone()));
    let place = desk.place("Dead letters", Room::DeadLetters).await;
    let mut page = PortalPage::new(place).block(&services(&paging, &backlogs, chosen.as_deref()));
    let Some(service) = chosen else {
        let empty = Empty::new("check-circle", "No dead letters", "Every event was taken in and every job done.");
        return render::page(&page.block(&Panel::new("").with(&empty.action("Back to the home page", "/admin"))));
    };
    let query = DeadLetterQuery { limit: Some(25), after: paging.after() };
    let letters = desk.app.operations.dead_letters(&desk.who, &service, &query).await?;
    if letters.items.is_empty() {
        let text = format!("The service {service} has taken in everything.");
        page = page.block(&Panel::new("").with(&Empty::new("check-circle", "No dead letters here", text)));
    }
    for letter in &letters.items {
        page = page.block(&panel(&desk, letter, &paging.here()));
    }
    let pager = paging.pager(&desk.fmt, letters.items.len(), letters.next.as_deref(), "dead letter", "dead letters");
    if !pager.text.is_empty() {
        page = page.block(&crate::ui::Pager { target: None, ..pager });
    }
    render::page(&page)
}

fn services(paging: &Paging, backlogs: &[Backlog], chosen: Option<&str>) -> Tabs {
    let tab = |backlog: &Backlog| Tab {
        link: Link::new(&backlog.service, paging.with("service", &backlog.service)),
        count: (backlog.dead > 0).then(|| backlog.dead.to_string()),
        current: chosen == Some(backlog.service.as_str()),
    };
    Tabs { label: "Dead letters by service".to_owned(), tabs: backlogs.iter().map(tab).collect() }
}

fn panel(desk: &Desk, letter: &DeadLetter, here: &str) -> Panel {
    let form = Form::new(format!("/admin/dead-letters/{}/replay", letter.service), &desk.csrf(), "Try again")
        .quiet()
        .hidden("what", &letter.what)
        .hidden("id", &letter.id)
        .hidden("next", here);
    let about = format!(
        "{} for {}, tried {}, first {}.",
        words::plain(&letter.what),
        letter.subject,
        desk.fmt.counted(letter.attempts, "time", "times"),
        desk.fmt.relative(letter.at)
    );
    Panel::new(&letter.kind).with(&Words::soft(about)).with(&Verbatim { text: letter.error.clone() }).with(&form)
}

/// `POST /admin/dead-letters/{service}/replay`
pub async fn replay(Path(service): Path<String>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let back = forms::next(&posted.fields, "/admin/dead-letters");
    let input = Replay { what: posted.fields.get("what").to_owned(), id: posted.fields.get("id").to_owned() };
    let message = match desk.app.operations.replay(&desk.who, &service, &input).await {
        Ok(()) => Message::good("It is tried again. If it fails, it comes back here."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&back))
}
