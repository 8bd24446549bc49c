//! What a store has earned: for its owners.

use contracts::payments::VendorMovement;
use kernel::{PageRequest, VendorId};

use super::{Desk, Room, home::amounts};
use crate::{
    pages::portal::{List, Paging, Panel, PortalPage, Tiles, words},
    render::{self, Shown},
    ui::{Cell, Column, Empty, Link, Row, Table, Tile},
    visit::{Path, Query, Visit},
};

/// `GET /vendor/{vendor_id}/earnings`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("earnings"), &asked, &[]);
    let request = PageRequest { limit: Some(25), after: paging.after() };
    let (earnings, moved) = futures::join!(
        desk.app.payments.earnings(&desk.who, vendor_id),
        desk.app.payments.movements(&desk.who, vendor_id, &request),
    );
    let (earnings, moved) = (earnings?, moved?);
    let pager = paging.pager(&desk.fmt, moved.items.len(), moved.next.as_deref(), "movement", "movements");
    let list = List::new(movements(&desk, &moved.items).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let tile = |label: &str, money: &[kernel::Money], note: &str| Tile::new(label, amounts(&desk, money)).note(note);
    let tiles = Tiles {
        tiles: vec![
            tile("Owed to you now", &earnings.balances, "After commission and refunds").href("#movements"),
            tile("Sold", &earnings.sales_30d, "30 days, with tax and delivery").href(desk.at("orders")),
            tile("Commission", &earnings.commission_30d, "30 days").href("#movements"),
            tile("Returned", &earnings.refunds_30d, "30 days").href("#movements"),
        ],
    };
    let place = desk.place("Earnings", Room::Earnings).await?;
    let panel = Panel::new("Movements").flush().with(&list);
    render::page(&PortalPage::new(place).block(&tiles).block(&panel))
}

/// The way to what a movement is about.
fn behind(desk: &Desk, movement: &VendorMovement) -> Vec<Link> {
    let order = movement.order_id.map(|id| Link::new("Order", desk.at(&format!("orders/of/{id}"))));
    let payout = movement.payout_id.map(|_| Link::new("Payouts", desk.at("payouts#all-payouts")));
    order.into_iter().chain(payout).collect()
}

fn movements(desk: &Desk, movements: &[VendorMovement]) -> Table {
    let columns = [Column::new("When"), Column::new("What"), Column::number("Amount"), Column::new("")];
    let row = |(i, movement): (usize, &VendorMovement)| Row {
        id: i.to_string(),
        cells: vec![
            Cell::When(desk.fmt.when(movement.at)),
            Cell::Text(words::plain(&movement.kind), movement.text.clone()),
            Cell::Number(desk.fmt.money_change(movement.amount)),
            Cell::Actions(behind(desk, movement)),
        ],
    };
    let empty = Empty::new(
        "wallet",
        "No movements yet",
        "Sales, commission and refunds are listed here from the first order on.",
    )
    .action("Look at your products", desk.at("products"));
    Table::new("Movements", columns.into(), movements.iter().enumerate().map(row).collect(), empty)
}
