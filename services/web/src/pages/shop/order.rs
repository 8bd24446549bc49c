//! An order: what happens next, vendor by vendor, live.

use askama::Template;

use crate::ui::{AddressBlock, Badge, Link, Notice, OrderSummary, Shell, Timeline};

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
    /// Carrier and number, leading to the carrier.
    pub tracking: Option<Link>,
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
    /// Events of this order, for the live page; none once nothing can change.
    pub events: Option<String>,
    /// One per vendor.
    pub parcels: Vec<Parcel>,
    /// What it cost and why.
    pub summary: OrderSummary,
    /// Where it goes.
    pub address: AddressBlock,
    /// How it was paid.
    pub payment: String,
    /// Cancel, receipt.
    pub actions: Vec<Link>,
}
