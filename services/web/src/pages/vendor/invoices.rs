//! What the marketplace has charged a store: for its owners.

use contracts::{
    client::segment,
    invoices::{InvoiceQuery, InvoiceView},
};
use kernel::VendorId;

use super::{Desk, Room};
use crate::{
    pages::portal::{List, Paging, Panel, PortalPage, Words, download, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/invoices`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("invoices"), &asked, &[]);
    let query = InvoiceQuery { limit: Some(25), after: paging.after(), ..InvoiceQuery::default() };
    let page = desk.app.payments.vendor_invoices(&desk.who, vendor_id, &query).await?;
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "invoice", "invoices");
    let list = List::new(table(&desk, &page.items).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let about = "An invoice for each month in which commission was charged or given back. It was kept from your sales \
                 already: nothing is to be paid.";
    let place = desk.place("Invoices", Room::Invoices).await?;
    let page = PortalPage::new(place).action("Statement", desk.at("statement")).block(&Words::soft(about));
    render::page(&page.block(&Panel::new("").flush().with(&list)))
}

fn table(desk: &Desk, invoices: &[InvoiceView]) -> Table {
    let columns = [Column::new("Number"), Column::new("Month"), Column::new("What"), Column::new("Issued")];
    let columns = columns.into_iter().chain([Column::number("Commission"), Column::new("")]).collect();
    let row = |invoice: &InvoiceView| {
        let paper = desk.at(&format!("invoices/{}/invoice.pdf", segment(&invoice.number)));
        Row {
            id: invoice.number.clone(),
            cells: vec![
                Cell::Code(Link::new(&invoice.number, &paper), String::new()),
                Cell::text(words::month(&invoice.period)),
                Cell::Badge(words::invoice(invoice.kind)),
                Cell::When(desk.fmt.when(invoice.issued_at)),
                Cell::Number(desk.fmt.money(invoice.total)),
                Cell::Actions(vec![Link::new("PDF", paper)]),
            ],
        }
    };
    let empty = Empty::new(
        "card",
        "No invoices yet",
        "The first one is issued once the month of your first sale is over. Until then the statement has all movements.",
    )
    .action("Look at the statement", desk.at("statement"));
    Table::new("Invoices", columns, invoices.iter().map(row).collect(), empty)
}

/// `GET /vendor/{vendor_id}/invoices/{number}/invoice.pdf`
pub async fn paper(visit: Visit, Path((vendor_id, number)): Path<(VendorId, String)>) -> Shown {
    let desk = Desk::of_owner(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/invoices/{}/invoice.pdf", segment(&number));
    download::paper(&desk.app.payments.0, &desk.visit, path).await
}
