//! What a store has, and what is held back of its sales.

use contracts::{
    payouts::BalanceView,
    reserves::{ReserveTerms, VendorMoney},
    vendors::VendorView,
};
use kernel::{Error, Result, VendorId};

use super::{Desk, Room};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{Form, Panel, PortalPage, Split, Words, fields},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Row, Table},
    visit::{Path, Visit},
};

/// Names of the form's fields that an error may lead to.
const FIELDS: [&str; 2] = ["rate_bp", "days"];
/// Days that are proposed: for so long after a payment most disputes are opened.
const USUAL_DAYS: i64 = 90;

/// `GET /admin/vendors/{id}/money`
pub async fn show(visit: Visit, Path(id): Path<VendorId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let (vendor, money) =
        futures::join!(desk.app.vendors.one(&desk.who, id), desk.app.payments.vendor_money(&desk.who, id));
    let (vendor, money) = (vendor?, money?);
    let terms = money.reserve.unwrap_or(ReserveTerms { rate_bp: 0, days: USUAL_DAYS });
    let filled = Filled::with([("rate_bp", fields::percent(terms.rate_bp)), ("days", terms.days.to_string())]);
    let page = page(&mut desk, &vendor, &money, &filled).await;
    render::page(&page)
}

async fn page(desk: &mut Desk, vendor: &VendorView, money: &VendorMoney, filled: &Filled) -> PortalPage {
    let here = format!("/admin/vendors/{}", vendor.store.id);
    let rate = Field::text("rate_bp", "Of each sale")
        .keyboard("decimal")
        .class("num w-s")
        .after("%")
        .hint("Of what the store is owed for it, after our share. 0: nothing is held back.")
        .filled(filled);
    let days = Field::number("days", "For so many days")
        .hint(
            "From the payment on, 365 at most. What goes back to a buyer in that time is taken from the reserve first.",
        )
        .filled(filled);
    let form = Form::new(format!("{here}/money"), &desk.csrf(), "Save reserve").quiet().with(&rate).with(&days);
    let reserve = Panel::new("Reserve")
        .with(&Words::soft("Counts for sales that are paid from now on. What is held already stays until its day."))
        .with(&form);
    let main = vec![Panel::new("Balances").flush().with(&balances(desk, money))];
    let place = desk.place(format!("Money of {}", vendor.store.name), Room::Vendors).await;
    PortalPage::new(place)
        .above(&[("Vendors", "/admin/vendors"), (vendor.store.name.as_str(), here.as_str())])
        .action("Statement", format!("{here}/statement"))
        .action("In the ledger", format!("/admin/ledger?account=vendor_payable:{}", vendor.store.id))
        .errors(filled.summary(&FIELDS))
        .block(&Split { main, side: vec![reserve] })
}

fn balances(desk: &Desk, money: &VendorMoney) -> Table {
    let names = ["Available", "Pending", "In reserve", "Held for disputes", "On its way", "Paid out"];
    let columns = std::iter::once(Column::new("Currency")).chain(names.map(Column::number)).collect();
    let row = |of: &BalanceView| {
        let figures = [of.available, of.pending, of.reserve, of.held, of.in_transit, of.paid_out];
        let figures = figures.map(|amount| Cell::Number(desk.fmt.money(amount)));
        let code = of.available.currency.code().to_owned();
        Row { id: code.clone(), cells: std::iter::once(Cell::text(code)).chain(figures).collect() }
    };
    let none = Empty::new("wallet", "Nothing yet", "The store has not sold anything that was paid.");
    Table::new("Balances", columns, money.balances.iter().map(row).collect(), none)
}

fn read(sent: &Fields) -> Result<ReserveTerms> {
    let rate_bp = fields::basis_points(sent.get("rate_bp"))
        .filter(|bp| *bp <= 10_000)
        .ok_or_else(|| Error::invalid("rate_bp", "Enter a percentage from 0 to 100."))?;
    let days = sent.get("days").trim().parse::<i64>().ok().filter(|days| (1..=365).contains(days));
    let days = days.ok_or_else(|| Error::invalid("days", "Enter a number of days from 1 to 365."))?;
    Ok(ReserveTerms { rate_bp, days })
}

/// `POST /admin/vendors/{id}/money`
pub async fn set(Path(id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok(terms) => desk.app.payments.set_reserve(&desk.who, id, &terms).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(money) => {
            let said = match money.reserve {
                Some(terms) => format!("{} of each sale is held back from now on.", desk.fmt.percent(terms.rate_bp)),
                None => "Nothing is held back of sales from now on.".to_owned(),
            };
            desk.visit.say(Message::good(said)).await?;
            Ok(desk.visit.go(&format!("/admin/vendors/{id}/money")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let (vendor, money) =
                futures::join!(desk.app.vendors.one(&desk.who, id), desk.app.payments.vendor_money(&desk.who, id));
            let page = page(&mut desk, &vendor?, &money?, &filled).await;
            render::page_with(status, &page)
        }
    }
}
