//! Checkout: one page, three steps, the sum always in sight.

use askama::Template;

use crate::ui::{Check, Choices, ErrorSummary, Field, Notice, OrderSummary, Shell};

/// The checkout's page. The summary at the side is the fragment `#summary`, fetched again when the
/// country or a way of delivery changes.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/checkout.html")]
pub struct Checkout {
    /// Head and foot.
    pub shell: Shell,
    /// What is wrong, if the form was refused.
    pub errors: Option<ErrorSummary>,
    /// The price changed, an item is gone.
    pub notices: Vec<Notice>,
    /// E-mail and telephone.
    pub contact: Vec<Field>,
    /// To log in instead of going on as a guest.
    pub log_in: Option<String>,
    /// Stored addresses of a customer.
    pub addresses: Option<Choices>,
    /// Country first, then the rest in the order of that country.
    pub address: Vec<Field>,
    /// How each vendor's parcel comes: `From Kiln & Daughters · 2 items`.
    pub parcels: Vec<Choices>,
    /// The ways to pay.
    pub payment: Choices,
    /// Terms.
    pub terms: Check,
    /// What it costs and why.
    pub summary: OrderSummary,
    /// `Place order · 42.90 €`.
    pub button: String,
    /// The accepted quote and the key of this attempt, as hidden fields.
    pub hidden: Vec<(String, String)>,
}
