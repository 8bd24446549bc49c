//! Commission by vendor, category and amount: the rules alone, and sales under them.

mod making;
mod rules;
mod selling;

use contracts::{
    commission::CommissionRuleInput,
    orders::{LineSnapshot, OrderPlaced},
};
use kernel::{CategoryId, LineId, OrderId, ProductId, VariantId};
use testkit::TestApp;

use super::{eur, placed};

fn category(name: &str) -> CategoryId {
    CategoryId::derived("test", &[name])
}

fn line_id(name: &str) -> LineId {
    LineId::derived("test", &[name])
}

/// A rule for everything that takes a rate and nothing else.
fn rate(name: &str, rate_bp: i64) -> CommissionRuleInput {
    CommissionRuleInput {
        name: name.to_owned(),
        vendor_id: None,
        category_id: None,
        currency: None,
        rate_bp,
        tiers: vec![],
        fixed_minor: 0,
        min_minor: None,
        max_minor: None,
    }
}

/// A line that is sold in these categories.
fn line(name: &str, quantity: i64, total: i64, categories: &[&str]) -> LineSnapshot {
    LineSnapshot {
        line_id: line_id(name),
        variant_id: VariantId::derived("test", &[name]),
        product_id: ProductId::derived("test", &[name]),
        quantity,
        total: eur(total),
        tax: eur(0),
        digital: false,
        categories: categories.iter().map(|name| category(name)).collect(),
        subsidy_minor: 0,
    }
}

/// An order of ada's, of these lines and a delivery of 4.90.
fn order_of(app: &TestApp, id: OrderId, lines: Vec<LineSnapshot>) -> OrderPlaced {
    let items: i64 = lines.iter().map(|line| line.total.amount_minor).sum();
    let mut event = placed(app, id, Some("tok_visa"), &[("ada", items + 490)]);
    let part = &mut event.order.parts[0];
    (part.items, part.shipping, part.lines) = (eur(items), eur(490), lines);
    event
}
