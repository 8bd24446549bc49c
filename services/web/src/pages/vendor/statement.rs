//! A store's statement of a period: for its owners.

use contracts::payouts::{StatementQuery, StatementView};
use kernel::{Currency, Money, VendorId};

use super::{Desk, Room};
use crate::{
    forms::Fields,
    pages::portal::{Panel, PortalPage, Tools, download, fields::day, or_none},
    render::{self, Shown, query},
    ui::{Cell, Column, Empty, Field, Row, Table},
    visit::{Path, Query, Visit},
};

/// The period in an address; this month so far if it says none.
fn wanted(desk: &Desk, asked: &Fields) -> StatementQuery {
    let now = desk.fmt.now();
    let or = |name: &str, otherwise: String| match day(asked.get(name)) {
        Some(day) => day.date(),
        None => otherwise,
    };
    let currency = asked.some("currency").and_then(|code| Currency::parse(&code).ok());
    let currency = currency.unwrap_or(desk.visit.purse.main());
    StatementQuery { currency, from: or("from", now.format("%Y-%m-01")), to: or("to", now.date()) }
}

fn address(wanted: &StatementQuery) -> String {
    query(&[("currency", wanted.currency.code()), ("from", &wanted.from), ("to", &wanted.to)])
}

/// `GET /vendor/{vendor_id}/statement`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let (statement, overview) = futures::join!(
        desk.app.payments.statement(&desk.who, vendor_id, &wanted),
        desk.app.payments.payouts_overview(&desk.who, vendor_id),
    );
    let statement = statement?;
    let balances = or_none("balances", overview).map(|overview| overview.balances).unwrap_or_default();
    let mut fields = vec![
        Field::date("from", "From").class("small").value(&wanted.from),
        Field::date("to", "To").class("small").value(&wanted.to),
    ];
    if balances.len() > 1 {
        let codes = balances.iter().map(|b| b.available.currency.code().to_owned()).map(|code| (code.clone(), code));
        let currency = Field::select("currency", "Currency", codes).class("small").value(wanted.currency.code());
        fields.push(currency);
    }
    let tools = Tools { action: desk.at("statement"), fields, kept: Vec::new(), links: Vec::new() };
    let place = desk.place("Statement", Room::Statement).await?;
    let page = PortalPage::new(place)
        .above(&[("Payouts", &desk.at("payouts"))])
        .action("PDF", format!("{}?{}", desk.at("statement.pdf"), address(&wanted)))
        .action("Export", format!("{}?{}", desk.at("statement.csv"), address(&wanted)))
        .block(&tools);
    render::page(&page.block(&Panel::new("").flush().with(&table(&desk, &statement))))
}

fn table(desk: &Desk, statement: &StatementView) -> Table {
    let fmt = &desk.fmt;
    let sum = |text: &str, note: String, money: Money| (text.to_owned(), note, fmt.money(money));
    let change = |text: &str, note: &str, money: Money| (text.to_owned(), note.to_owned(), fmt.money_change(money));
    let lines = [
        sum("Opening balance", format!("Owed to you at the beginning of {}", statement.from), statement.opening),
        change("Sales", "Goods, with tax", statement.sales),
        change("Delivery", "With tax", statement.shipping),
        change("Promotions", "Added by the marketplace", statement.promotions),
        change("Commission", "Less what came back with refunds and lost disputes", statement.commission),
        change("Refunds", "Returned to buyers", statement.refunds),
        change("Held for disputes", "Less what was released", statement.disputes_held),
        change("Lost disputes", "Taken back by buyers' banks", statement.disputes_lost),
        change("Labels", "Of carriers, less those given back", statement.labels),
        change("Payouts", "Sent to your account", statement.payouts),
        change("Payouts that came back", "Not taken by the bank", statement.payouts_returned),
        sum("Closing balance", format!("Owed to you at the end of {}", statement.to), statement.closing),
    ];
    let rows = lines.into_iter().enumerate().map(|(i, (text, note, amount))| Row {
        id: i.to_string(),
        cells: vec![Cell::Text(text, note), Cell::Number(amount)],
    });
    let columns = vec![Column::new("What"), Column::number("Amount")];
    Table::new("Statement", columns, rows.collect(), Empty::new("wallet", "Nothing", ""))
}

/// `GET /vendor/{vendor_id}/statement.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/vendors/{vendor_id}/statement.csv?{}", address(&wanted));
    let name = format!("statement-{}-{}.csv", wanted.from, wanted.to);
    download::csv(&desk.app.payments.0, &desk.who, path, &name).await
}

/// `GET /vendor/{vendor_id}/statement.pdf`
pub async fn paper(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let desk = Desk::of_owner(visit, vendor_id).await?;
    let wanted = wanted(&desk, &asked);
    let path = format!("/api/v1/vendors/{vendor_id}/statement.pdf?{}", address(&wanted));
    download::paper(&desk.app.payments.0, &desk.visit, path).await
}
