//! What people search for and do not find.

use contracts::{
    analytics::PeriodQuery,
    search::{IndexState, MissedReport, MissedTerm},
};

use super::{Desk, Room};
use crate::{
    chart::Unit,
    forms::Posted,
    pages::portal::{Form, List, Panel, PortalPage, Tiles, Words, download, fields, or_none, report},
    render::{self, Shown, query},
    session::Message,
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/searches`
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let days = report::period(&asked);
    let told = desk.app.search.missed(&desk.who, &PeriodQuery { days: Some(days) }).await?;
    let index = or_none("how far the index is", desk.app.search.index_state(&desk.who).await);
    let fmt = desk.fmt;
    let tiles = Tiles {
        tiles: vec![
            report::tile(&fmt, "Searches", Unit::Count, &told.searches, true),
            report::tile(&fmt, "Found nothing", Unit::Count, &told.missed, false),
        ],
    };
    let chart = report::against(&fmt, "Searches that found nothing, by day", Unit::Count, &told.missed);
    let words = "Words are counted without whoever typed them, and listed from three times on. Numbers, addresses and whole \
        sentences are not kept.";
    let place = desk.place("Searches", Room::Searches).await;
    let page = PortalPage::new(place)
        .action("Export", format!("/admin/searches/not-found.csv?days={days}"))
        .block(&report::periods("/admin/searches", days))
        .block(&tiles)
        .block(&Panel::new("Searches that found nothing").with(&chart))
        .block(&Panel::new("What was not found").flush().with(&List::whole(table(&desk, &told))))
        .block(&Words::soft(words));
    let page = match index {
        Some(index) => page.block(&of_index(&desk, &index)),
        None => page,
    };
    render::page(&page)
}

fn of_index(desk: &Desk, index: &IndexState) -> Panel {
    let products = desk.fmt.counted(index.products, "product", "products");
    let text = match index.behind {
        0 => format!("All that has changed is in it: {products}."),
        n => format!("{} of {products} on their way into it.", desk.fmt.count(n)),
    };
    let form = Form::new("/admin/searches/index", &desk.csrf(), "Index everything anew").quiet();
    let hint =
        "The search goes on meanwhile. It is hardly ever needed: after the index was damaged or restored from a copy.";
    Panel::new("The index").with(&Words::new(text)).with(&form).with(&Words::soft(hint))
}

/// `POST /admin/searches/index`
pub async fn index_anew(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let index = desk.app.search.index_anew(&desk.who).await?;
    let products = desk.fmt.counted(index.products, "product", "products");
    desk.visit.say(Message::good(format!("{products} are indexed anew."))).await?;
    Ok(desk.visit.go("/admin/searches"))
}

fn table(desk: &Desk, told: &MissedReport) -> Table {
    let columns = vec![
        Column::new("Words"),
        Column::number("Times"),
        Column::number("The period before"),
        Column::new("Last"),
        Column::new(""),
    ];
    let empty =
        Empty::new("search", "Nothing was missed", "What people look for three times and do not find is listed here.");
    Table::new("What was not found", columns, told.terms.iter().map(|term| row(desk, term)).collect(), empty)
}

fn row(desk: &Desk, term: &MissedTerm) -> Row {
    let last = fields::day(&term.last).map_or_else(|| term.last.clone(), |at| desk.fmt.day(at));
    let asked = query(&[("q", &term.words)]);
    Row {
        id: term.words.clone(),
        cells: vec![
            Cell::text(&term.words),
            Cell::Number(desk.fmt.count(term.times)),
            Cell::Number(desk.fmt.count(term.previous)),
            Cell::text(last),
            Cell::Actions(vec![
                Link::new("Search", format!("/search?{asked}")),
                Link::new("Add a synonym", format!("/admin/synonyms?{}", query(&[("add", &term.words)]))),
            ]),
        ],
    }
}

/// `GET /admin/searches/not-found.csv`
pub async fn export(visit: Visit, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let path = format!("/api/v1/admin/search/missed.csv?days={}", report::period(&asked));
    download::csv(&desk.app.search.0, &desk.who, path, "not-found.csv").await
}
