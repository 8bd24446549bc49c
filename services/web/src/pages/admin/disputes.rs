//! Disputes: what buyers have their banks take back.

use contracts::disputes::{DisputeQuery, DisputeView};

use super::{Desk, Room};
use crate::{
    pages::portal::{List, Paging, PortalPage, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/disputes`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/disputes", &asked, &["status", "order_id"]);
    let query = DisputeQuery {
        status: words::named(paging.filter("status")),
        order_id: asked.parsed("order_id"),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.payments.disputes(&desk.who, &query).await?;
    let empty = if paging.narrowed() {
        Empty::new("shield", "No dispute in this state", "Look at all of them instead.")
            .action("Show all disputes", "/admin/disputes")
    } else {
        Empty::new(
            "shield",
            "No disputes",
            "If a buyer has the bank take a payment back, it is listed here until you have answered it, and after. Answer \
             within the days that the bank gives: without evidence the money is lost.",
        )
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "dispute", "disputes");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let states = [
        ("", "All"),
        ("opened", "To be answered"),
        ("under_review", "Being decided"),
        ("won", "Won"),
        ("lost", "Lost"),
    ];
    let place = desk.place("Disputes", Room::Disputes).await;
    render::page(&PortalPage::new(place).block(&paging.tabs("Disputes by state", "status", &states)).block(&list))
}

fn table(desk: &Desk, disputes: &[DisputeView], empty: Empty) -> Table {
    let columns = [Column::new("Dispute"), Column::new("State"), Column::new("Answer by"), Column::new("Opened")];
    let columns = columns.into_iter().chain([Column::number("Amount")]).collect();
    let row = |dispute: &DisputeView| {
        let due = dispute.evidence_due.filter(|_| dispute.status.is_open());
        Row {
            id: dispute.id.to_string(),
            cells: vec![
                Cell::Link(
                    Link::new(format!("Of {}", dispute.order_number), format!("/admin/disputes/{}", dispute.id)),
                    words::plain(&dispute.reason),
                ),
                Cell::Badge(words::dispute(dispute.status)),
                due.map_or_else(|| Cell::text(""), |at| Cell::When(desk.fmt.when(at))),
                Cell::When(desk.fmt.when(dispute.opened_at)),
                Cell::Number(desk.fmt.money(dispute.amount)),
            ],
        }
    };
    Table::new("Disputes", columns, disputes.iter().map(row).collect(), empty)
}
