//! The customer's store credit, and what happened to it.

use askama::Template;
use contracts::credits::{CreditMovement, CreditStatus, CreditView};
use kernel::PageRequest;

use crate::{
    fmt::Fmt,
    pages::portal::Paging,
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Pager, Row, Shell, Table, Tabs},
    visit::{Query, Visit},
};

/// What there is in a currency.
#[derive(Debug, Clone)]
pub struct Balance {
    /// What can be used.
    pub amount: String,
    /// What is held for orders, if anything.
    pub held: Option<String>,
    /// True if it cannot be used.
    pub blocked: bool,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "account/credit.html")]
pub struct Credit {
    /// Head and foot.
    pub shell: Shell,
    /// The other pages.
    pub tabs: Tabs,
    /// By currency.
    pub balances: Vec<Balance>,
    /// Shown while there is none.
    pub empty: Empty,
    /// What happened to it.
    pub movements: Table,
    /// More of it.
    pub pager: Pager,
}

/// `GET /account/credit`
pub async fn show(mut visit: Visit, Query(asked): Query) -> Shown {
    visit.account()?;
    let (app, who, fmt) = (visit.app.clone(), visit.who(), visit.fmt);
    let paging = Paging::of("/account/credit", &asked, &[]);
    let query = PageRequest { limit: Some(25), after: paging.after() };
    let (shell, credits, movements) =
        futures::join!(visit.shell("Store credit"), app.credits.mine(&who), app.credits.my_movements(&who, &query));
    let (credits, movements) = (credits?, movements?);
    let balance = |credit: &CreditView| Balance {
        amount: fmt.money(credit.balance),
        held: (!credit.held.is_zero()).then(|| fmt.money(credit.held)),
        blocked: credit.status != CreditStatus::Active,
    };
    let page = Credit {
        shell: Shell { private: true, ..shell },
        tabs: super::tabs("/account/credit"),
        empty: Empty::new(
            "wallet",
            "No store credit yet",
            "If you are given some, it is shown here, and you can use it at the checkout.",
        )
        .action("Look around", "/search"),
        balances: credits.iter().map(balance).collect(),
        pager: paging.pager(&fmt, movements.items.len(), movements.next.as_deref(), "movement", "movements"),
        movements: table(&fmt, &movements.items, |id| format!("/orders/{id}")),
    };
    render::page(&page)
}

/// What happened to a credit; `order` says where an order is.
pub fn table(fmt: &Fmt, movements: &[CreditMovement], order: impl Fn(&str) -> String) -> Table {
    let row = |movement: &CreditMovement| {
        let of = movement.order_id.map(|id| {
            let number = movement.order_number.clone().unwrap_or_else(|| "Order".to_owned());
            Cell::Link(Link::new(number, order(&id.to_string())), String::new())
        });
        Row {
            id: format!("{}-{}", movement.at.micros(), movement.kind),
            cells: vec![
                Cell::When(fmt.when(movement.at)),
                Cell::Text(happened(&movement.kind).to_owned(), movement.reason.clone().unwrap_or_default()),
                of.unwrap_or_else(|| Cell::text("")),
                Cell::Number(fmt.money(movement.amount)),
            ],
        }
    };
    let columns = vec![Column::new("When"), Column::new("What"), Column::new("Order"), Column::number("Amount")];
    let empty = Empty::new("wallet", "Nothing has happened yet", "What is given, paid and given back is listed here.");
    Table::new("What happened", columns, movements.iter().map(row).collect(), empty)
}

fn happened(kind: &str) -> &str {
    match kind {
        "issued" => "Given",
        "held" => "Held for an order",
        "released" => "Free again: the order was not paid",
        "spent" => "The order is paid",
        "restored" => "Given back",
        "written_off" => "Written off",
        other => other,
    }
}
