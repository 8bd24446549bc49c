//! Why a product stands where it stands among the findings of some words.

use contracts::{
    catalog::ProductCard,
    search::{ExplainQuery, Explanation, ScorePart, SearchPage, SearchQuery, SearchSort},
};
use kernel::ProductId;

use super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{Facts, List, Panel, Place, PortalPage, Tools, Words},
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Query, Visit},
};

/// Findings that are listed.
const LISTED: u32 = 20;

/// `GET /admin/ranking`: the findings of `q`; with `product` why it is where it is.
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let q: String = asked.get("q").trim().chars().take(200).collect();
    let tools = tools(&asked);
    let Some(product_id) = asked.parsed::<ProductId>("product").filter(|_| !q.is_empty()) else {
        let page = listed(&mut desk, &q, &tools).await?;
        return render::page(&page);
    };
    let why = desk.app.search.explain(&desk.who, &ExplainQuery { q: q.clone(), product_id }).await?;
    let place = desk.place(format!("Why “{}”?", why.title), Room::Ranking).await;
    render::page(&explained(&desk, place, &q, &why))
}

fn tools(asked: &Fields) -> Tools {
    let filled = Filled::with([("q", asked.get("q"))]);
    let field = Field::search("q", "Words that people type").max_length(200).filled(&filled);
    Tools { action: "/admin/ranking".to_owned(), fields: vec![field], kept: Vec::new(), links: Vec::new() }
}

async fn listed(desk: &mut Desk, q: &str, tools: &Tools) -> kernel::Result<PortalPage> {
    let place = desk.place("Ranking", Room::Ranking).await;
    let page = PortalPage::new(place).block(tools);
    if q.is_empty() {
        let text = "Type what people search for. Each finding can then be asked why it is there.";
        return Ok(page.block(&Empty::new("search", "Why is this product here?", text)));
    }
    let search = SearchQuery {
        q: q.to_owned(),
        sort: Some(SearchSort::Relevance),
        limit: Some(LISTED),
        ..SearchQuery::default()
    };
    let found = desk.app.search.search(&desk.who, &search).await?;
    Ok(page.block(&List::whole(findings(desk, q, &found))))
}

fn findings(desk: &Desk, q: &str, found: &SearchPage) -> Table {
    let row = |(n, card): (i64, &ProductCard)| Row {
        id: card.id.to_string(),
        cells: vec![
            Cell::text(&card.title),
            Cell::Number(desk.fmt.count(n)),
            Cell::text(&card.vendor.name),
            Cell::Actions(vec![Link::new(
                "Why here?",
                format!("/admin/ranking?{}", query(&[("q", q), ("product", &card.id.to_string())])),
            )]),
        ],
    };
    let columns = vec![Column::new("Product"), Column::number("Place"), Column::new("Store"), Column::new("")];
    let empty = Empty::new("search", "Nothing is found", "Look at what was searched and not found, or add a synonym.")
        .action("Searches", "/admin/searches");
    Table::new("Findings", columns, (1..).zip(&found.items).map(row).collect(), empty)
}

fn explained(desk: &Desk, place: Place, q: &str, why: &Explanation) -> PortalPage {
    let fmt = &desk.fmt;
    let of_all = i64::try_from(why.total).unwrap_or(i64::MAX);
    let stands = match why.place {
        _ if why.is_hidden => "Nobody finds it now: it is not on sale, or its store is closed.".to_owned(),
        Some(n) => format!("{} of {}", fmt.count(i64::try_from(n).unwrap_or(i64::MAX)), fmt.count(of_all)),
        None => format!("Not among the first 100 of {}", fmt.count(of_all)),
    };
    let facts = Facts::new("Its place")
        .linked("Product", &why.title, format!("/p/{}", why.slug))
        .fact("Searched", if why.is_corrected { format!("{} (corrected)", why.searched) } else { why.searched.clone() })
        .fact("Place", stands)
        .fact("Score", score(why.score_x1000))
        .fact("Has nowhere", if why.missing.is_empty() { "–".to_owned() } else { why.missing.join(", ") })
        .fact("Sold in 90 days", fmt.count(why.sold))
        .maybe("On sale since", why.published_at.map(|at| fmt.day(at)));
    let help = "What fits best comes first, and of two with the same score the newer. Price, stars, stock and sales do not \
        count there: they are orders of their own.";
    let sum = why.score_x1000.max(1);
    let row = |part: &ScorePart| Row {
        id: String::new(),
        cells: vec![
            Cell::text(&part.text),
            Cell::Number(score(part.score_x1000)),
            Cell::Number(fmt.percent(part.score_x1000.saturating_mul(10_000) / sum)),
        ],
    };
    let columns = vec![Column::new("What counts"), Column::number("Adds"), Column::number("Share")];
    let empty = Empty::new("search", "No word of it counts", "It has none of the words that were searched.");
    let table = Table::new("Parts of the score", columns, why.parts.iter().map(row).collect(), empty);
    PortalPage::new(place)
        .above(&[("Ranking", &format!("/admin/ranking?{}", query(&[("q", q)])))])
        .block(&Panel::new("Its place").with(&facts))
        .block(&Panel::new("Parts of the score").flush().with(&List::whole(table)))
        .block(&Words::soft(help))
}

/// Thousandths as they are read: `12.305`.
fn score(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1_000, thousandths.rem_euclid(1_000))
}
