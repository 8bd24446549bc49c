//! What a period was to the marketplace, out of the ledger.

use contracts::payments::{MoneyDay, MoneyReport, MoneySums};
use kernel::{Currency, Money};

use super::{Desk, Room, statement::currencies};
use crate::{
    chart::{Chart, Series, Unit},
    pages::portal::{
        List, Panel, PortalPage, Tiles, download,
        fields::day,
        statement::{self, address},
    },
    render::{self, Shown},
    ui::{Cell, Column, Empty, Row, Table, Tile},
    visit::{Query, Visit},
};

/// `GET /admin/reports/money`
pub async fn show(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let wanted = statement::wanted(&desk.fmt, desk.visit.purse.main(), &asked);
    let told = desk.app.payments.money_report(&desk.who, &wanted).await?;
    let tools = statement::tools("/admin/reports/money".to_owned(), &wanted, &currencies(&desk, wanted.currency));
    let place = desk.place("Money by period", Room::MoneyReport).await;
    let page = PortalPage::new(place)
        .above(&[("Ledger", "/admin/ledger")])
        .action("Trial balance", format!("/admin/ledger/balance?at={}", wanted.to))
        .action("Export", format!("/admin/reports/money.csv?{}", address(&wanted)))
        .block(&tools)
        .block(&tiles(&desk, told.currency, &told.total));
    let page = match told.days.is_empty() {
        true => page,
        false => page.block(&Panel::new("").with(&chart(&desk, &told))),
    };
    render::page(&page.block(&Panel::new("By day").flush().with(&List::whole(table(&desk, &told)))))
}

fn tiles(desk: &Desk, currency: Currency, sums: &MoneySums) -> Tiles {
    let tile = |label: &str, minor: i64, note: &str, href: &str| {
        Tile::new(label, desk.fmt.money(Money::new(minor, currency))).note(note).href(href)
    };
    Tiles {
        tiles: vec![
            tile("Sales", sums.sales_minor, "Paid by buyers", "/admin/ledger"),
            tile("Refunds", sums.refunds_minor, "Returned to buyers", "/admin/payments?status=refunded"),
            tile("Commission", sums.commission_minor, "Less what went back", "/admin/ledger?account=commission"),
            tile(
                "Tax on commission",
                sums.commission_tax_minor,
                "By invoices issued",
                "/admin/ledger?account=tax_payable",
            ),
            tile("Promotions", sums.promotions_minor, "Paid by the platform", "/admin/ledger?account=promotions"),
            tile("Disputes", sums.disputes_minor, "Taken back by banks", "/admin/disputes"),
            tile("Fees of disputes", sums.dispute_fees_minor, "Taken by providers", "/admin/ledger?account=fees"),
            tile(
                "Fees of providers",
                sums.provider_fees_minor,
                "Kept of payments",
                "/admin/ledger?account=provider_fees",
            ),
            tile("Payouts", sums.payouts_minor, "Set aside for vendors", "/admin/payouts"),
            tile("Labels", sums.labels_minor, "Of carriers", "/admin/ledger?account=carrier_costs"),
            tile("Credit", sums.credit_minor, "Given out, less what lapsed", "/admin/credits"),
        ],
    }
}

fn chart(desk: &Desk, told: &MoneyReport) -> Chart {
    let labels: Vec<String> = told.days.iter().map(|of| name(desk, of)).collect();
    let values: Vec<i64> = told.days.iter().map(|of| of.sums.commission_minor).collect();
    let series = Series { name: "Commission", values: &values };
    Chart::bars(&desk.fmt, "Commission by day", Unit::Money(told.currency), &labels, series)
}

fn name(desk: &Desk, of: &MoneyDay) -> String {
    day(&of.date).map_or_else(|| of.date.clone(), |at| desk.fmt.day(at))
}

fn table(desk: &Desk, told: &MoneyReport) -> Table {
    let names = ["Sales", "Refunds", "Commission", "Promotions", "Disputes", "Fees", "Payouts", "Labels", "Credit"];
    let columns = std::iter::once(Column::new("Day")).chain(names.map(Column::number)).collect();
    let row = |of: &MoneyDay| {
        let sums = &of.sums;
        let figures = [
            sums.sales_minor,
            sums.refunds_minor,
            sums.commission_minor,
            sums.promotions_minor,
            sums.disputes_minor,
            sums.provider_fees_minor,
            sums.payouts_minor,
            sums.labels_minor,
            sums.credit_minor,
        ];
        let figures = figures.map(|minor| Cell::Number(desk.fmt.money(Money::new(minor, told.currency))));
        let day = Cell::link(name(desk, of), format!("/admin/ledger/balance?at={}", of.date));
        Row { id: of.date.clone(), cells: std::iter::once(day).chain(figures).collect() }
    };
    let empty = Empty::new("chart", "Nothing was booked", "Choose another period, or another currency.");
    Table::new("By day", columns, told.days.iter().map(row).collect(), empty)
}

/// `GET /admin/reports/money.csv`
pub async fn export(visit: Visit, Query(asked): Query) -> Shown {
    let desk = Desk::open(visit).await?;
    let wanted = statement::wanted(&desk.fmt, desk.visit.purse.main(), &asked);
    let path = format!("/api/v1/admin/reports/money.csv?{}", address(&wanted));
    let name = format!("money-{}-{}.csv", wanted.from, wanted.to);
    download::csv(&desk.app.payments.0, &desk.who, path, &name).await
}
