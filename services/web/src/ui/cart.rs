//! The cart: grouped by vendor, quantities edited in place, the sum explained.

use askama::Template;

use super::{Avatar, Badge, Link, Picture, Price, Stepper, component};

/// A line of the cart.
#[derive(Debug, Clone)]
pub struct CartLine {
    /// Id of the line, part of its addresses.
    pub id: String,
    /// The product's page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// The language of that, if it is not that of the page's words.
    pub lang: Option<&'static str>,
    /// The variant: `Large, indigo`.
    pub variant: String,
    /// What one of it is made of, if it is a bundle: `2 × The cup, 1 × The jug`.
    pub parts: String,
    /// Its picture.
    pub picture: Picture,
    /// Price of all of this line.
    pub price: Price,
    /// Price of one, if there are several.
    pub each: Option<String>,
    /// How many.
    pub quantity: Stepper,
    /// A word about it: `Only 2 left`, `Price changed`.
    pub badge: Option<Badge>,
}

/// What one vendor sends.
#[derive(Debug, Clone)]
pub struct CartGroup {
    /// Its name and page.
    pub vendor: Link,
    /// Its sign.
    pub avatar: Avatar,
    /// How it comes: `Standard delivery, Tue 24 – Thu 26 Nov`.
    pub delivery: String,
    /// What that costs: `4.90 €`, `Free`.
    pub delivery_price: String,
    /// The lines.
    pub lines: Vec<CartLine>,
}

/// The lines of a cart by vendor. Fragment `#cart`, swapped when a quantity changes.
#[derive(Debug, Clone, Template)]
#[template(path = "components/cart_groups.html")]
pub struct CartGroups {
    /// One per vendor.
    pub groups: Vec<CartGroup>,
    /// Forms post to `{action}/{line}`.
    pub action: String,
    /// Hidden token of every form.
    pub csrf: String,
}

/// A row of a sum.
#[derive(Debug, Clone, Default)]
pub struct SumRow {
    /// What for.
    pub text: String,
    /// A smaller line under it.
    pub note: String,
    /// How much.
    pub amount: String,
    /// True for something taken off.
    pub off: bool,
}

impl SumRow {
    /// A row without a note.
    pub fn new(text: impl Into<String>, amount: impl Into<String>) -> Self {
        Self { text: text.into(), amount: amount.into(), ..Self::default() }
    }
    /// With a smaller line under it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
    /// Something taken off.
    #[must_use]
    pub fn off(mut self) -> Self {
        self.off = true;
        self
    }
}

/// A small line of the order summary.
#[derive(Debug, Clone)]
pub struct SummaryLine {
    /// Name and variant.
    pub title: String,
    /// The language of the name, if it is not that of the page's words.
    pub lang: Option<&'static str>,
    /// The variant.
    pub variant: String,
    /// Small picture.
    pub picture: Picture,
    /// How many.
    pub quantity: String,
    /// Price of the line.
    pub amount: String,
}

/// What it costs and why: at the side of cart and checkout, on the order page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/order_summary.html")]
pub struct OrderSummary {
    /// `Your order`.
    pub title: String,
    /// The lines, if they are not seen elsewhere on the page.
    pub lines: Vec<SummaryLine>,
    /// Items, delivery, reductions.
    pub rows: Vec<SumRow>,
    /// What is paid.
    pub total: String,
    /// `Including 6.85 € VAT`.
    pub tax: String,
    /// How every amount came about: the explanation of the quote.
    pub why: Vec<SumRow>,
}

component!(CartGroups, OrderSummary);
