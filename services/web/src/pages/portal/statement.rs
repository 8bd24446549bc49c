//! A store's statement of a period, as its owners and the administration have it.

use contracts::payouts::{StatementQuery, StatementView};
use kernel::{Currency, Money};

use super::{Tools, fields::day};
use crate::{
    fmt::Fmt,
    forms::Fields,
    render::query,
    ui::{Cell, Column, Empty, Field, Row, Table},
};

/// The period in an address; this month so far, in the main currency, if it says none.
pub fn wanted(fmt: &Fmt, main: Currency, asked: &Fields) -> StatementQuery {
    let now = fmt.now();
    let or = |name: &str, otherwise: String| match day(asked.get(name)) {
        Some(day) => day.date(),
        None => otherwise,
    };
    let currency = asked.some("currency").and_then(|code| Currency::parse(&code).ok()).unwrap_or(main);
    StatementQuery { currency, from: or("from", now.format("%Y-%m-01")), to: or("to", now.date()) }
}

/// The same as an address has it.
pub fn address(wanted: &StatementQuery) -> String {
    query(&[("currency", wanted.currency.code()), ("from", &wanted.from), ("to", &wanted.to)])
}

/// Chooses a period, and one of these currencies if there are several.
pub fn tools(action: String, wanted: &StatementQuery, currencies: &[Currency]) -> Tools {
    let mut fields = vec![
        Field::date("from", "From").class("small").value(&wanted.from),
        Field::date("to", "To").class("small").value(&wanted.to),
    ];
    if currencies.len() > 1 {
        let codes = currencies.iter().map(|currency| currency.code().to_owned()).map(|code| (code.clone(), code));
        let currency = Field::select("currency", "Currency", codes).class("small").value(wanted.currency.code());
        fields.push(currency);
    }
    Tools { action, fields, kept: Vec::new(), links: Vec::new() }
}

/// The lines of a statement.
pub fn table(fmt: &Fmt, statement: &StatementView) -> Table {
    let sum = |text: &str, note: String, money: Money| (text.to_owned(), note, fmt.money(money));
    let change = |text: &str, note: &str, money: Money| (text.to_owned(), note.to_owned(), fmt.money_change(money));
    let lines = [
        sum("Opening balance", format!("Owed at the beginning of {}", statement.from), statement.opening),
        change("Sales", "Goods, with tax", statement.sales),
        change("Delivery", "With tax", statement.shipping),
        change("Promotions", "Added by the marketplace", statement.promotions),
        change("Commission", "Less what came back with refunds and lost disputes", statement.commission),
        change("Refunds", "Returned to buyers", statement.refunds),
        change("Held for disputes", "Less what was released", statement.disputes_held),
        change("Lost disputes", "Taken back by buyers' banks", statement.disputes_lost),
        change("Held in reserve", "Less what was released", statement.reserve),
        change("Labels", "Of carriers, less those given back", statement.labels),
        change("Payouts", "Sent to the account of the store", statement.payouts),
        change("Payouts that came back", "Not taken by the bank", statement.payouts_returned),
        change("Taken back of payouts", "From the account at the provider", statement.payouts_reversed),
        change(
            "Paid by the provider itself",
            "Less what came back for refunds and lost disputes",
            statement.paid_directly,
        ),
        sum("Closing balance", format!("Owed at the end of {}", statement.to), statement.closing),
    ];
    let rows = lines.into_iter().enumerate().map(|(i, (text, note, amount))| Row {
        id: i.to_string(),
        cells: vec![Cell::Text(text, note), Cell::Number(amount)],
    });
    let columns = vec![Column::new("What"), Column::number("Amount")];
    Table::new("Statement", columns, rows.collect(), Empty::new("wallet", "Nothing", ""))
}
