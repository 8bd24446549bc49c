//! One order with its payments and what the ledger says of it.

use contracts::{
    orders::{CancelOrder, OrderLine, OrderStatus, OrderView, VendorOrderView},
    payments::{EntryView, LedgerQuery, PaymentQuery, PaymentView},
};
use kernel::{Kind, OrderId, VendorOrderId};

use super::{Desk, Room, ledger, payments, said};
use crate::{
    fmt::Fmt,
    forms::Posted,
    pages::{
        portal::{
            Ask, Facts, Form, Panel, PortalPage, Split, Words, download, or_none, paying_back, promotions, scans, words,
        },
        shop::{self, cards, countries, papers::papers},
    },
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Link, Row, Table},
    visit::{Path, Visit},
};

/// `GET /admin/orders/{id}`
pub async fn show(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let paid = PaymentQuery { order_id: Some(id), limit: Some(20), ..PaymentQuery::default() };
    let booked = LedgerQuery { order_id: Some(id), limit: Some(50), ..LedgerQuery::default() };
    let (order, payments, entries, parcels) = futures::join!(
        desk.app.orders.order(&desk.who, id),
        desk.app.payments.payments(&desk.who, &paid),
        desk.app.payments.ledger(&desk.who, &booked),
        desk.app.shipping.parcels_of_order(&desk.who, id),
    );
    let mut order = order?;
    // One that is not paid has none.
    let parcels = match parcels {
        Err(error) if error.is(Kind::NotFound) => Vec::new(),
        parcels => or_none("parcels", parcels).unwrap_or_default(),
    };
    scans::add(&mut order.timeline, &parcels);
    let payments = or_none("payments", payments).map(|page| page.items).unwrap_or_default();
    let entries = or_none("ledger", entries).map(|page| page.items).unwrap_or_default();
    let place = desk.place(format!("Order {}", order.number), Room::Orders).await;
    let mut page = PortalPage::new(place).above(&[("Orders", "/admin/orders")]).badge(words::order(order.status));
    page = papers(&order).iter().fold(page, |page, paper| page.action(&paper.text, &paper.href));
    let over = matches!(order.status, OrderStatus::Completed | OrderStatus::Rejected | OrderStatus::Cancelled);
    if shop::withdrawals::is_offered(&order) {
        page = page.action("Take items out", format!("/admin/orders/{id}/withdraw"));
    }
    if order.is_unsent() {
        page = page.action("Correct the address", format!("/admin/orders/{id}/address"));
    }
    if !over {
        page = page.danger("Cancel order", format!("/admin/orders/{id}/cancel"));
    }
    let split = Split { main: main(&desk, &order, &payments, &entries), side: side(&desk, &order) };
    render::page(&page.block(&split))
}

fn main(desk: &Desk, order: &OrderView, payments: &[PaymentView], entries: &[EntryView]) -> Vec<Panel> {
    let mut panels: Vec<Panel> = order.vendor_orders.iter().map(|part| vendor_part(desk, part)).collect();
    let none = Empty::new("card", "No payment yet", "It is opened once the stock is held.");
    panels.push(Panel::new("Payments").flush().with(&payments::table(desk, payments, none)));
    let none = Empty::new("wallet", "Nothing booked yet", "Money that comes or goes is booked here.");
    let stores = order.vendor_orders.iter().map(|part| (part.vendor_id, part.vendor_name.clone()));
    let table = ledger::of_order(desk, &ledger::Accounts::of(stores), entries, none);
    panels.push(Panel::new("Ledger").flush().with(&table));
    panels
}

fn vendor_part(desk: &Desk, part: &VendorOrderView) -> Panel {
    let fmt = &desk.fmt;
    let columns = [Column::new("Product"), Column::new("SKU"), Column::number("Quantity"), Column::number("Total")];
    let rows = part.lines.iter().map(|line| Row {
        id: line.id.to_string(),
        cells: vec![
            Cell::Text(line.title.clone(), cards::variant(&line.options)),
            Cell::text(&line.sku),
            Cell::Number(kept(fmt, line)),
            Cell::Number(fmt.money(line.total)),
        ],
    });
    let table = Table::new(&part.number, columns.into(), rows.collect(), Empty::new("box", "No items", ""));
    let state = words::part(part.status).text;
    let facts = Facts::new("About this part")
        .fact("State", state)
        .fact("Delivery", format!("{}, {}", part.shipping_method, fmt.money(part.shipping)))
        .fact("Total", fmt.money(part.total))
        .linked("Packing slip", "PDF", format!("/admin/vendor-orders/{}/slip.pdf", part.id));
    let taken = promotions::of_part(fmt, part);
    let facts = taken.iter().fold(facts, |facts, (name, text)| facts.fact(name, text));
    let facts = part.parcels.iter().fold(facts, |facts, parcel| {
        let tracking = &parcel.tracking;
        let state = if parcel.delivered_at.is_some() { "arrived" } else { "on its way" };
        let text = format!("{} {}, {state}", tracking.carrier, tracking.number);
        facts.linked(&format!("Parcel {}", parcel.parcel), text, format!("/track/{}", tracking.token))
    });
    let back = format!("/admin/orders/{}/parts/{}/pay-back", part.order_id, part.id);
    let facts = match paying_back::is_offered(part) {
        true => facts.linked("Money back", paying_back::TITLE, back),
        false => facts,
    };
    Panel::new(&format!("{} · {}", part.number, part.vendor_name))
        .link("To the vendor", format!("/admin/vendors/{}", part.vendor_id))
        .with(&facts)
        .with(&table)
}

/// How many are sent, and of how many, if some were taken out.
fn kept(fmt: &Fmt, line: &OrderLine) -> String {
    match line.withdrawn {
        0 => fmt.count(line.quantity),
        _ => format!("{} of {}", fmt.count(line.kept()), fmt.count(line.quantity)),
    }
}

fn side(desk: &Desk, order: &OrderView) -> Vec<Panel> {
    let fmt = &desk.fmt;
    let quote = &order.quote;
    let sums = Facts::new("Amounts")
        .fact("Items", fmt.money(quote.subtotal))
        .fact("Discount", fmt.money(quote.discount))
        .fact("Delivery", fmt.money(quote.shipping))
        .fact("Total", fmt.money(quote.total))
        .fact(if quote.tax_added { "Tax, added to prices" } else { "Tax contained" }, fmt.money(quote.tax))
        .fact("Returned", fmt.money(order.refunded))
        .maybe("To be paid to the courier", order.to_collect.map(|collect| fmt.money(collect)));
    let sums = quote.promotions.iter().fold(sums, |sums, promotion| {
        sums.fact(&promotion.name, promotions::paid_by(fmt, promotion.amount, promotion.platform))
    });
    let buyer = Facts::new("Buyer").linked(
        "E-mail",
        order.email.as_str(),
        format!("/admin/orders?{}", render::query(&[("q", order.email.as_str())])),
    );
    let buyer = match order.account_id {
        Some(id) => buyer.linked("Account", "Open", format!("/admin/users/{id}")),
        None => buyer.fact("Account", "Guest"),
    };
    let mut panels = vec![
        Panel::new("Amounts").with(&sums),
        Panel::new("Buyer").with(&buyer).with(&countries::block(&order.address)),
        Panel::new("What has happened").with(&words::timeline(fmt, &words::told(&order.timeline))),
    ];
    if let Some(billing) = &order.billing_address {
        panels.push(Panel::new("Invoice to").with(&countries::block(billing)));
    }
    if let Some(gift) = &order.gift {
        let message = gift.message.as_deref().unwrap_or("Without a message.");
        panels.push(Panel::new("This is a gift").with(&Words::new(message)));
    }
    if let Some(reason) = &order.status_reason {
        panels.insert(0, Panel::new("Why").with(&Words::new(words::plain(reason))));
    }
    panels
}

/// `GET /admin/vendor-orders/{id}/slip.pdf`
pub async fn slip(visit: Visit, Path(id): Path<VendorOrderId>) -> Shown {
    let desk = Desk::open(visit).await?;
    let path = format!("/api/v1/admin/vendor-orders/{id}/packing-slip.pdf");
    download::paper(&desk.app.orders.0, &desk.visit, path).await
}

/// `GET /admin/orders/{id}/cancel`: asks.
pub async fn ask_cancel(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let order = desk.app.orders.order(&desk.who, id).await?;
    let here = format!("/admin/orders/{id}");
    let reason = Field::text("reason", "Reason").optional().max_length(300);
    let form = Form::new(format!("{here}/cancel"), &desk.csrf(), "Cancel order").with(&reason);
    let place = desk.place(format!("Cancel order {}?", order.number), Room::Orders).await;
    let effect = format!(
        "Nothing of it is sent any more, its stock goes back on sale, and what was paid of {} goes back to the buyer, \
         who gets a mail. This cannot be undone.",
        desk.fmt.money(order.quote.total)
    );
    let ask = Ask { effect: &effect, form, back: Link::new("Keep it", &here) };
    render::page(&ask.page(place, &[("Orders", "/admin/orders"), (&order.number, &here)]))
}

/// `POST /admin/orders/{id}/cancel`
pub async fn cancel(Path(id): Path<OrderId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let input = CancelOrder { reason: posted.fields.some("reason") };
    let message = match desk.app.orders.cancel(&desk.who, id, &input).await {
        Ok(order) => Message::good(format!("Order {} is cancelled.", order.number)),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&format!("/admin/orders/{id}")))
}
