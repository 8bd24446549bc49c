//! An order: what happens next, vendor by vendor, live.

use askama::Template;
use contracts::{
    orders::{
        CancelOrder, NextAction, ORDER_TOKEN_HEADER, OrderReturns, OrderStatus, OrderView, VendorOrderStatus,
        VendorOrderView,
    },
    shared::TimelineEntry,
};
use kernel::{Error, Kind, Money, OrderId, Result, Secret};

use super::{
    countries,
    downloads::{self, File},
    packages::{Package, contents, packages, timeline, track},
    papers::papers,
    paying, stored_value, sums, withdrawals,
};
use crate::{
    fmt::Fmt,
    forms::Posted,
    pages::portal::{or_none, words},
    render::{self, Shown, query},
    session::{KeptOrder, Message},
    ui::{
        AddressBlock, Badge, Choices, Link, Notice, OrderSummary, Progress, Shell, Table, Timeline, TimelineItem, Tone,
    },
    visit::{Path, Query, Visit},
};

/// What one vendor sends.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The vendor.
    pub vendor: Link,
    /// What is in it.
    pub contents: String,
    /// How far it is.
    pub badge: Badge,
    /// What happened and what comes.
    pub timeline: Timeline,
    /// The way to follow it, if all of it is in one parcel.
    pub tracking: Option<Link>,
    /// Each parcel, if there is more than one.
    pub packages: Vec<Package>,
    /// Return, review, ask.
    pub actions: Vec<Link>,
}

/// The page of an order, also the confirmation.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/order.html")]
pub struct Order {
    /// Head and foot.
    pub shell: Shell,
    /// `Thank you, Ada` or `Order 10482`.
    pub title: String,
    /// What happens next, in a sentence.
    pub lead: String,
    /// Something to know or to do: pay again, confirm the e-mail.
    pub notice: Option<Notice>,
    /// Other ways to pay it, while it waits for that.
    pub ways: Option<Choices>,
    /// Where the choice is sent to.
    pub pay: String,
    /// Events of this order, for the live page; none once nothing can change.
    pub events: Option<String>,
    /// What can be downloaded.
    pub downloads: Vec<File>,
    /// One per vendor.
    pub parcels: Vec<Parcel>,
    /// What it cost and why.
    pub summary: OrderSummary,
    /// Where it goes.
    pub address: AddressBlock,
    /// What that address is: nothing is sent there if the buyer fetches all of it.
    pub goes: &'static str,
    /// Where the invoice goes, if not there.
    pub billing: Option<AddressBlock>,
    /// The message of a gift.
    pub gift: Option<String>,
    /// How it was paid.
    pub payment: String,
    /// What was tried to pay it, if it is more than one thing.
    pub tries: Timeline,
    /// Cancel, return.
    pub actions: Vec<Link>,
    /// Confirmation, receipt, credit notes.
    pub papers: Vec<Link>,
    /// Puts what was ordered into the cart once more.
    pub again: Option<Link>,
    /// What goes back, or went.
    pub returns: Option<Table>,
    /// What happened to the order as a whole.
    pub history: Timeline,
}

/// The page that leads to the provider's.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/pay.html")]
pub struct Pay {
    /// Head and foot.
    pub shell: Shell,
    /// The provider's page.
    pub url: String,
    /// What is to be paid.
    pub amount: String,
    /// The order's number.
    pub number: String,
}

/// Asks before an order is called off.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/cancel.html")]
pub struct Cancel {
    /// Head and foot.
    pub shell: Shell,
    /// The order's page.
    pub order: String,
    /// Its number.
    pub number: String,
    /// What will happen.
    pub effect: String,
}

/// The order, as this visitor may see it. Strangers are sent to the log-in: it may be theirs.
pub async fn find(visit: &Visit, id: OrderId) -> Result<OrderView> {
    match visit.orders(id).order(&visit.who(), id).await {
        Err(error) if error.is(Kind::NotFound) && visit.principal().is_none() => {
            Err(Error::unauthenticated("Log in to see this order."))
        }
        answer => answer,
    }
}

/// `GET /orders/{id}`; with `?token=` from a mail, the order stays open in this browser.
pub async fn show(mut visit: Visit, Path(id): Path<OrderId>, Query(asked): Query) -> Shown {
    if let Some(token) = asked.some("token") {
        let client = visit.app.orders.with_header(ORDER_TOKEN_HEADER, &token);
        client.order(&visit.who(), id).await?;
        let kept = KeptOrder { id, token: Secret::new(token), attempt: String::new() };
        visit.change(|data| data.keep_order(kept.clone())).await?;
        return Ok(visit.go(&format!("/orders/{id}")));
    }
    let order = find(&visit, id).await?;
    let shell = visit.shell(format!("Order {}", order.number)).await;
    let is_customer = visit.principal().is_some();
    let ways = paying::ways_for(&visit, &order).await;
    let returns = returns_of(&visit, &order).await;
    let downloads = downloads::of(&visit, &order).await;
    let tries = paying::tries_of(&visit, &order).await;
    let page =
        Order { ways, downloads, tries, ..page(&visit.fmt, Shell { private: true, ..shell }, &order, is_customer) };
    render::page(&match returns {
        Some(found) => with_returns(&visit.fmt, page, id, &found),
        None => page,
    })
}

/// `GET /orders/return/{attempt}`: back from the provider's page. What happened there is asked for now.
pub async fn back(visit: Visit, Path(attempt): Path<String>) -> Shown {
    let data = visit.data();
    let known = data.orders.iter().find(|order| !attempt.is_empty() && order.attempt == attempt);
    match known {
        Some(order) => back_to(visit, order.id).await,
        None if visit.principal().is_some() => Ok(visit.go("/account")),
        None => Err(Error::not_found("order").into()),
    }
}

/// `GET /orders/{id}/return`
pub async fn returned(visit: Visit, Path(id): Path<OrderId>) -> Shown {
    back_to(visit, id).await
}

/// How often and how long to look whether the payment has arrived, before the page is shown anyway.
pub(super) const LOOKS: (u32, std::time::Duration) = (15, std::time::Duration::from_millis(100));

async fn back_to(visit: Visit, id: OrderId) -> Shown {
    let mut order = find(&visit, id).await?;
    if !order.status.is_settled() {
        if let Err(error) = visit.app.payments.refresh(&visit.who(), id).await {
            tracing::warn!(%error, "the provider could not be asked; its message will come");
        }
        let (times, pause) = LOOKS;
        for _ in 0..times {
            order = find(&visit, id).await?;
            if order.status.is_settled() {
                break;
            }
            tokio::time::sleep(pause).await;
        }
    }
    Ok(visit.go(&format!("/orders/{id}")))
}

/// `GET /orders/{id}/pay`: to the provider's page. A form may lead only to our own site, so the way
/// to another one is a page of its own.
pub async fn pay(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let order = find(&visit, id).await?;
    let amount = visit.fmt.money(stored_value::to_pay(&order));
    let Some(NextAction::Redirect { url }) = order.next_action else { return Ok(visit.go(&format!("/orders/{id}"))) };
    if visit.is_here(&url) {
        return Ok(visit.go(&url));
    }
    let shell = Shell { private: true, ..visit.shell("Pay").await };
    render::page(&Pay { shell, url, amount, number: order.number })
}

/// `GET /orders/{id}/cancel`
pub async fn ask_cancel(mut visit: Visit, Path(id): Path<OrderId>) -> Shown {
    let order = find(&visit, id).await?;
    if !order.can_cancel {
        return Ok(visit.go(&format!("/orders/{id}")));
    }
    let effect = if order.status == OrderStatus::Paid {
        format!("The makers stop packing, and {} goes back to where it came from.", visit.fmt.money(order.quote.total))
    } else {
        "Nothing was charged. What was held for you goes back on sale.".to_owned()
    };
    let shell = Shell { private: true, ..visit.shell("Cancel the order").await };
    render::page(&Cancel { shell, order: format!("/orders/{id}"), number: order.number, effect })
}

/// `POST /orders/{id}/cancel`
pub async fn cancel(Path(id): Path<OrderId>, Posted { mut visit, fields }: Posted) -> Shown {
    let wish = CancelOrder { reason: fields.some("reason").map(|reason| reason.chars().take(300).collect()) };
    match visit.orders(id).cancel(&visit.who(), id, &wish).await {
        Ok(_) => visit.say(Message::good("The order was cancelled.")).await?,
        Err(error) if error.is(Kind::Conflict) => visit.say(Message::bad(error.detail())).await?,
        Err(error) => return Err(error.into()),
    }
    Ok(visit.go(&format!("/orders/{id}")))
}

/// Returns are asked for only where something has arrived that could have been returned, or was taken out before it left.
async fn returns_of(visit: &Visit, order: &OrderView) -> Option<OrderReturns> {
    let parcels = || order.vendor_orders.iter().flat_map(|part| &part.parcels);
    let arrived = order.vendor_orders.iter().any(|part| part.status == VendorOrderStatus::Delivered)
        || parcels().any(|parcel| parcel.delivered_at.is_some());
    let taken_out = || order.timeline.iter().any(|entry| entry.kind == "return_withdrawal_wanted");
    if !arrived && !taken_out() {
        return None;
    }
    or_none("returns", visit.orders(order.id).returns(&visit.who(), order.id).await)
}

fn with_returns(fmt: &Fmt, mut page: Order, id: OrderId, found: &OrderReturns) -> Order {
    if !found.returnable.is_empty() {
        page.actions.push(Link::new("Return something", format!("/orders/{id}/returns/new")));
    }
    page.returns = super::returns::table(fmt, found);
    page
}

fn page(fmt: &Fmt, shell: Shell, order: &OrderView, is_customer: bool) -> Order {
    let id = order.id;
    let first_name = order.address.name.split_whitespace().next().unwrap_or_default();
    let placed = matches!(order.status, OrderStatus::Promised | OrderStatus::Paid);
    let fresh = placed && fmt.now().since(order.placed_at).as_secs() < 3_600;
    let cancel = order.can_cancel.then(|| Link::new("Cancel order", format!("/orders/{id}/cancel")));
    let withdraw =
        withdrawals::is_offered(order).then(|| Link::new("Take items out", format!("/orders/{id}/withdraw")));
    let address = order.is_unsent().then(|| Link::new("Correct the address", format!("/orders/{id}/address")));
    Order {
        title: if fresh { format!("Thank you, {first_name}") } else { format!("Order {}", order.number) },
        lead: lead(order, first_name),
        notice: notice(fmt, order).or_else(|| keep(order, is_customer)),
        ways: None,
        pay: format!("/orders/{id}/pay"),
        events: changes(order).then(|| format!("/orders/{id}/live?v={}", order.version)),
        downloads: Vec::new(),
        parcels: order.vendor_orders.iter().map(|part| parcel(fmt, order, part, is_customer)).collect(),
        summary: cost(fmt, order),
        address: countries::block(&order.address),
        goes: match order.vendor_orders.iter().all(|part| part.pickup.is_some()) {
            true => "Ordered by",
            false => "Goes to",
        },
        billing: order.billing_address.as_ref().map(countries::block),
        gift: order.gift.as_ref().map(|gift| gift.message.clone().unwrap_or_else(|| "Without a message".to_owned())),
        payment: payment(fmt, order),
        tries: Timeline::default(),
        actions: address.into_iter().chain(withdraw).chain(cancel).collect(),
        papers: papers(order),
        again: again(order),
        returns: None,
        history: history(fmt, &order.timeline),
        shell,
    }
}

/// True as long as something can still happen to an order.
pub fn changes(order: &OrderView) -> bool {
    let under_way =
        |part: &VendorOrderView| !matches!(part.status, VendorOrderStatus::Delivered | VendorOrderStatus::Cancelled);
    match order.status {
        OrderStatus::Placed | OrderStatus::AwaitingPayment | OrderStatus::Promised => true,
        OrderStatus::Paid => order.vendor_orders.iter().any(under_way),
        OrderStatus::Completed | OrderStatus::Rejected | OrderStatus::Cancelled => false,
    }
}

fn lead(order: &OrderView, first_name: &str) -> String {
    let mail = format!("A confirmation goes to {}.", order.email);
    match order.status {
        OrderStatus::Placed => format!("We have your order, {first_name}, and are reserving everything in it."),
        OrderStatus::AwaitingPayment => "Everything is held for you until it is paid.".to_owned(),
        OrderStatus::Promised => match order.vendor_orders.as_slice() {
            [one] => format!("{} packs order {} and sends it to you. {mail}", one.vendor_name, order.number),
            many => format!(
                "{} makers each pack and send their part of order {}; every parcel is followed here. {mail}",
                many.len(),
                order.number
            ),
        },
        OrderStatus::Paid => match order.vendor_orders.as_slice() {
            [one] => {
                let does =
                    if one.pickup.is_some() { "packs it for you to fetch" } else { "packs it and sends it to you" };
                format!("Order {} is paid. {} {does}. {mail}", order.number, one.vendor_name)
            }
            many => format!(
                "Order {} is paid. {} makers each pack and send their part; every parcel is followed here. {mail}",
                order.number,
                many.len()
            ),
        },
        OrderStatus::Completed if order.vendor_orders.iter().all(VendorOrderView::is_digital) => {
            format!("Order {} is paid, and everything is there to be downloaded. {mail}", order.number)
        }
        OrderStatus::Completed => "Everything has arrived. Enjoy it.".to_owned(),
        OrderStatus::Rejected => "Something in it had just been sold. Nothing was charged.".to_owned(),
        OrderStatus::Cancelled => "This order was called off.".to_owned(),
    }
}

fn notice(fmt: &Fmt, order: &OrderView) -> Option<Notice> {
    let pay = format!("/orders/{}/pay", order.id);
    match (order.status, order.status_reason.as_deref()) {
        (OrderStatus::AwaitingPayment, _) if order.next_action.is_some() => {
            let text = format!("{} are open.", fmt.money(stored_value::to_pay(order)));
            Some(Notice::new(Tone::Warning, "Not paid yet.", text).action("Pay now", pay))
        }
        (OrderStatus::AwaitingPayment, _) => Some(Notice::new(
            Tone::Neutral,
            "The payment is being checked.",
            "This takes a moment; the page follows it.",
        )),
        (OrderStatus::Promised, _) => {
            let collect = order.to_collect.unwrap_or_else(|| stored_value::to_pay(order));
            let text = format!("Have {} ready: you pay the courier when it is handed over.", fmt.money(collect));
            Some(Notice::new(Tone::Neutral, "Cash on delivery.", text))
        }
        (OrderStatus::Rejected, _) => {
            let missing = order.shortages.iter().filter_map(|shortage| {
                let line = order.quote.lines.iter().find(|line| line.variant_id == shortage.variant_id)?;
                Some(format!("{}: {} wanted, {} there.", line.title, shortage.wanted, shortage.available))
            });
            let text = missing.collect::<Vec<_>>().join(" ");
            Some(Notice::new(Tone::Danger, "Not everything was in stock.", text))
        }
        (OrderStatus::Cancelled, Some("payment_failed")) if order.timeline.iter().any(|e| e.kind == "promised") => {
            let text = "The courier was not paid, so it goes back. Nothing was charged.";
            Some(Notice::new(Tone::Danger, "Not paid.", text))
        }
        (OrderStatus::Cancelled, Some("payment_failed")) => {
            let text = "The payment did not go through, and nothing was charged. Put everything back into the cart to try \
                        again, with another card if need be.";
            Some(Notice::new(Tone::Danger, "Not paid.", text))
        }
        (OrderStatus::Cancelled, Some("expired")) => {
            let text = "It was not paid in time, so everything in it went back on sale. Put it back into the cart to try again.";
            Some(Notice::new(Tone::Warning, "Not paid in time.", text))
        }
        _ if !order.refunded.is_zero() => {
            Some(Notice::new(Tone::Neutral, "", format!("{} went back to you.", fmt.money(order.refunded))))
        }
        _ => None,
    }
}

/// A guest may keep what was bought in an account: the proof of the address is the proof of the order.
fn keep(order: &OrderView, is_customer: bool) -> Option<Notice> {
    let bought = matches!(order.status, OrderStatus::Paid | OrderStatus::Completed);
    let email = order.email.to_string();
    let register = query(&[("email", &email), ("next", &format!("/orders/{}", order.id))]);
    (bought && !is_customer).then(|| {
        let text = format!("With an account for {email} this order stays there, and you can review what you bought.");
        Notice::new(Tone::Neutral, "Find it again.", text).action("Open an account", format!("/register?{register}"))
    })
}

/// The way to the same order once more, once it is paid or promised, or over.
fn again(order: &OrderView) -> Option<Link> {
    let verb = match order.status {
        OrderStatus::Rejected | OrderStatus::Cancelled => "Put it back into the cart",
        OrderStatus::Promised | OrderStatus::Paid | OrderStatus::Completed => "Order it again",
        OrderStatus::Placed | OrderStatus::AwaitingPayment => return None,
    };
    Some(Link::new(verb, format!("/orders/{}/again", order.id)))
}

fn cost(fmt: &Fmt, order: &OrderView) -> OrderSummary {
    let sum = sums::summary(fmt, "What it cost", &order.quote, Vec::new());
    stored_value::in_sum(fmt, sum, order.quote.total, order.covered)
}

fn payment(fmt: &Fmt, order: &OrderView) -> String {
    let total = fmt.money(order.quote.total);
    match order.status {
        OrderStatus::Placed | OrderStatus::AwaitingPayment => {
            format!("{}, not paid yet", fmt.money(stored_value::to_pay(order)))
        }
        OrderStatus::Promised => {
            let collect = order.to_collect.unwrap_or_else(|| stored_value::to_pay(order));
            format!("{}, to be paid to the courier", fmt.money(collect))
        }
        OrderStatus::Rejected => "Nothing was charged".to_owned(),
        OrderStatus::Cancelled if order.refunded.is_zero() => "Nothing is charged".to_owned(),
        _ if order.quote.total.is_zero() => "Nothing to pay".to_owned(),
        OrderStatus::Cancelled | OrderStatus::Paid | OrderStatus::Completed => paid(fmt, &total, order.refunded),
    }
}

fn paid(fmt: &Fmt, total: &str, refunded: Money) -> String {
    if refunded.is_zero() { total.to_owned() } else { format!("{total}, of which {} went back", fmt.money(refunded)) }
}

/// How far a vendor's part is, in a word; `pickup`: its buyer fetches it.
pub fn badge(status: VendorOrderStatus, pickup: bool) -> Badge {
    let (text, tone) = match status {
        VendorOrderStatus::PartiallyShipped if pickup => ("Partly ready", Tone::Accent),
        VendorOrderStatus::Shipped if pickup => ("Ready to be fetched", Tone::Accent),
        VendorOrderStatus::Delivered if pickup => ("Fetched", Tone::Success),
        VendorOrderStatus::Pending => ("Not paid yet", Tone::Neutral),
        VendorOrderStatus::ToShip => ("Being packed", Tone::Warning),
        VendorOrderStatus::PartiallyShipped => ("Partly on its way", Tone::Accent),
        VendorOrderStatus::Shipped => ("On its way", Tone::Accent),
        VendorOrderStatus::Delivered => ("Delivered", Tone::Success),
        VendorOrderStatus::Cancelled => ("Called off", Tone::Danger),
    };
    Badge::new(text, tone)
}

/// How far an order is, in a word.
pub fn order_badge(status: OrderStatus) -> Badge {
    let (text, tone) = match status {
        OrderStatus::Placed => ("Placed", Tone::Neutral),
        OrderStatus::AwaitingPayment => ("Not paid yet", Tone::Warning),
        OrderStatus::Promised => ("Pay on delivery", Tone::Accent),
        OrderStatus::Paid => ("Paid", Tone::Accent),
        OrderStatus::Completed => ("Delivered", Tone::Success),
        OrderStatus::Rejected => ("Sold out", Tone::Danger),
        OrderStatus::Cancelled => ("Cancelled", Tone::Danger),
    };
    Badge::new(text, tone)
}

fn parcel(fmt: &Fmt, order: &OrderView, part: &VendorOrderView, is_customer: bool) -> Parcel {
    let tracking = match part.parcels.as_slice() {
        [one] if part.status != VendorOrderStatus::PartiallyShipped => Some(track(one)),
        _ => None,
    };
    let review = is_customer && part.status == VendorOrderStatus::Delivered;
    // The order knows its vendors by name; their pages are found by it.
    let vendor = format!("/search?{}", render::query(&[("q", &part.vendor_name)]));
    Parcel {
        vendor: Link::new(&part.vendor_name, vendor),
        contents: contents_of(part),
        badge: badge(part.status, part.pickup.is_some()),
        timeline: timeline(fmt, order, part),
        packages: if tracking.is_some() { Vec::new() } else { packages(part) },
        tracking,
        actions: review.then(|| Link::new("Write a review", "/account/reviews")).into_iter().collect(),
    }
}

/// What a vendor sends, and what was taken out of it.
fn contents_of(part: &VendorOrderView) -> String {
    let sent = contents(part, |line| line.kept());
    match contents(part, |line| line.withdrawn) {
        out if out.is_empty() => sent,
        out if sent.is_empty() => format!("Taken out: {out}"),
        out => format!("{sent} (taken out: {out})"),
    }
}

/// What has happened, the latest first.
pub fn history(fmt: &Fmt, entries: &[TimelineEntry]) -> Timeline {
    let item = |entry: &&TimelineEntry| TimelineItem {
        title: entry.text.clone(),
        note: String::new(),
        when: Some(fmt.when(entry.at)),
        progress: Progress::Done,
    };
    Timeline { items: words::told(entries).iter().rev().map(item).collect() }
}
