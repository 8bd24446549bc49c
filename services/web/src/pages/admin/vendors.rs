//! All vendors.

use std::collections::{BTreeMap, BTreeSet};

use contracts::vendors::{VendorQuery, VendorStatus, VendorView};
use kernel::VendorId;

use super::{Desk, Room};
use crate::{
    pages::portal::{List, Paging, PortalPage, Tools, or_none, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Field, Link, Row, Table},
    visit::{Query, Visit},
};

/// `GET /admin/vendors`
pub async fn list(visit: Visit, Query(asked): Query) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paging = Paging::of("/admin/vendors", &asked, &["q", "status"]);
    let query = VendorQuery {
        status: words::named(paging.filter("status")),
        q: asked.some("q"),
        ids: Vec::new(),
        limit: Some(25),
        after: paging.after(),
    };
    let page = desk.app.vendors.all(&desk.who, &query).await?;
    let empty = match query.status {
        Some(VendorStatus::Applied) if query.q.is_none() => {
            Empty::new("store", "Nobody waits", "Every application has been decided.")
                .action("Show all vendors", "/admin/vendors")
        }
        _ if paging.narrowed() => Empty::new("store", "No vendor fits", "None has this name in this state.")
            .action("Show all vendors", "/admin/vendors"),
        _ => Empty::new("store", "No vendors yet", "Applications appear here; the form is at /sell."),
    };
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "vendor", "vendors");
    let list = List::new(table(&desk, &page.items, empty).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let states = [
        ("", "All"),
        ("applied", "Applied"),
        ("approved", "Open"),
        ("suspended", "Suspended"),
        ("rejected", "Turned down"),
    ];
    let tools = Tools {
        action: "/admin/vendors".to_owned(),
        kept: paging.others(&["q"]),
        fields: vec![search(paging.filter("q"), "Search vendors", "Name")],
        links: Vec::new(),
    };
    let place = desk.place("Vendors", Room::Vendors).await;
    render::page(
        &PortalPage::new(place).block(&paging.tabs("Vendors by state", "status", &states)).block(&tools).block(&list),
    )
}

/// The search of a list.
pub(super) fn search(value: &str, label: &str, placeholder: &str) -> Field {
    let field = Field::search("q", label).bare().optional().class("small").value(value);
    field.attribute("placeholder", placeholder)
}

/// Stores whose names are asked for at once.
const NAMES: u32 = 100;

/// What stores are called, as far as it can be found out.
pub(super) async fn names(desk: &Desk, vendors: impl Iterator<Item = VendorId>) -> BTreeMap<VendorId, String> {
    let ids: Vec<VendorId> = vendors.collect::<BTreeSet<_>>().into_iter().collect();
    let asked = ids.chunks(NAMES as usize).map(async |ids| {
        let query = VendorQuery { ids: ids.to_vec(), limit: Some(NAMES), ..VendorQuery::default() };
        or_none("names of stores", desk.app.vendors.all(&desk.who, &query).await)
    });
    let pages = futures::future::join_all(asked).await;
    let stores = pages.into_iter().flatten().flat_map(|page| page.items);
    stores.map(|vendor| (vendor.store.id, vendor.store.name)).collect()
}

/// Vendors as rows.
pub(super) fn table(desk: &Desk, vendors: &[VendorView], empty: Empty) -> Table {
    let columns = [Column::new("Store"), Column::new("State"), Column::new("From"), Column::number("Commission")];
    let columns = columns.into_iter().chain([Column::new("Applied"), Column::new("")]).collect();
    let row = |vendor: &VendorView| {
        let href = format!("/admin/vendors/{}", vendor.store.id);
        let decide = vendor.status == VendorStatus::Applied;
        Row {
            id: vendor.store.id.to_string(),
            cells: vec![
                Cell::Link(Link::new(&vendor.store.name, &href), vendor.contact_email.to_string()),
                Cell::Badge(words::vendor(vendor.status)),
                Cell::text(crate::pages::shop::stores::place(&vendor.store)),
                Cell::Number(desk.fmt.percent(vendor.commission_bp)),
                Cell::When(desk.fmt.when(vendor.created_at)),
                Cell::Actions(if decide { vec![Link::new("Decide", href)] } else { Vec::new() }),
            ],
        }
    };
    Table::new("Vendors", columns, vendors.iter().map(row).collect(), empty)
}
