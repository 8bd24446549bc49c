//! What people search for and do not find.

use contracts::{
    analytics::PeriodQuery,
    search::{MissedReport, MissedTerm},
};

use super::{Desk, Room};
use crate::{
    chart::Unit,
    pages::portal::{List, Panel, PortalPage, Tiles, Words, download, fields, report},
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/searches`
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let days = report::period(&asked);
    let told = desk.app.search.missed(&desk.who, &PeriodQuery { days: Some(days) }).await?;
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
    render::page(&page)
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
