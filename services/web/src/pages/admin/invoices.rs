//! Commission invoices: what vendors were charged, month by month.

use std::collections::BTreeMap;

use contracts::{
    client::segment,
    invoices::{InvoiceMonth, InvoiceMonthQuery, InvoiceQuery, InvoiceView},
};
use kernel::VendorId;

use super::{Desk, Room, payouts::store, vendors::names};
use crate::{
    pages::portal::{List, Paging, Panel, PortalPage, download, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// `GET /admin/invoices`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/invoices", &asked, &["period", "vendor_id"]);
    let vendor_id = asked.parsed("vendor_id");
    let query = InvoiceQuery {
        period: asked.some("period"),
        vendor_id,
        limit: Some(25),
        after: paging.after(),
        ..InvoiceQuery::default()
    };
    let by_month = InvoiceMonthQuery { vendor_id };
    let (page, months) = futures::join!(
        desk.app.payments.invoices(&desk.who, &query),
        desk.app.payments.invoice_months(&desk.who, &by_month),
    );
    let (page, months) = (page?, months?);
    let names = names(&desk, page.items.iter().map(|invoice| invoice.vendor_id)).await;
    let empty = if paging.narrowed() {
        Empty::new("card", "No invoice fits", "This vendor was charged nothing in this month, or it is not over yet.")
            .action("Show all invoices", "/admin/invoices")
    } else {
        Empty::new(
            "card",
            "No invoices yet",
            "They are issued by themselves once a month is over: one for each vendor and currency with commission.",
        )
        .action("Look at the ledger", "/admin/ledger")
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "invoice", "invoices");
    let list = List::new(table(&desk, &names, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let title = match paging.filter("period") {
        "" => "All invoices".to_owned(),
        period => format!("Invoices of {}", words::month(period)),
    };
    let place = desk.place("Commission invoices", Room::Invoices).await;
    let mut page = PortalPage::new(place);
    if paging.narrowed() {
        page = page.action("Show all", "/admin/invoices");
    }
    if !months.is_empty() {
        page = page.block(&Panel::new("By month").flush().with(&sums(&desk, &paging, &months)));
    }
    render::page(&page.block(&Panel::new(&title).flush().with(&list)))
}

/// What was charged in all, month by month; each leads to its invoices.
fn sums(desk: &Desk, paging: &Paging, months: &[InvoiceMonth]) -> Table {
    let columns = [Column::new("Month"), Column::number("Documents"), Column::number("Credit notes")];
    let columns = columns.into_iter().chain([Column::number("Tax contained"), Column::number("Total")]).collect();
    let row = |month: &InvoiceMonth| Row {
        id: format!("{} {}", month.period, month.total.currency),
        cells: vec![
            Cell::Link(
                Link::new(words::month(&month.period), paging.with("period", &month.period)),
                month.total.currency.code().to_owned(),
            ),
            Cell::Number(desk.fmt.count(month.documents)),
            Cell::Number(desk.fmt.count(month.credit_notes)),
            Cell::Number(desk.fmt.money(month.tax)),
            Cell::Number(desk.fmt.money(month.total)),
        ],
    };
    let empty = Empty::new("card", "Nothing yet", "Months appear here once they are over.");
    Table::new("By month", columns, months.iter().map(row).collect(), empty)
}

fn table(desk: &Desk, names: &BTreeMap<VendorId, String>, invoices: &[InvoiceView], empty: Empty) -> Table {
    let columns = [Column::new("Number"), Column::new("Vendor"), Column::new("Month"), Column::new("What")];
    let columns = columns.into_iter().chain([Column::new("Issued"), Column::number("Commission")]).collect();
    let row = |invoice: &InvoiceView| {
        let paper = format!("/admin/invoices/{}/invoice.pdf", segment(&invoice.number));
        // As it stands on the invoice; what the store is called now is under it if that is something else.
        let now = store(names, invoice.vendor_id);
        let is_renamed = names.contains_key(&invoice.vendor_id) && now.text != invoice.vendor_name;
        let note = if is_renamed { format!("Now {}", now.text) } else { String::new() };
        Row {
            id: invoice.number.clone(),
            cells: vec![
                Cell::Code(Link::new(&invoice.number, paper), "PDF".to_owned()),
                Cell::Link(Link::new(&invoice.vendor_name, now.href), note),
                Cell::text(words::month(&invoice.period)),
                Cell::Badge(words::invoice(invoice.kind)),
                Cell::When(desk.fmt.when(invoice.issued_at)),
                Cell::Number(desk.fmt.money(invoice.total)),
            ],
        }
    };
    Table::new("Commission invoices", columns, invoices.iter().map(row).collect(), empty)
}

/// `GET /admin/invoices/{number}/invoice.pdf`
pub async fn paper(visit: Visit, Path(number): Path<String>) -> Shown {
    let desk = Desk::open(visit).await?;
    let path = format!("/api/v1/admin/invoices/{}/invoice.pdf", segment(&number));
    download::paper(&desk.app.payments.0, &desk.visit, path).await
}
