//! The cart.

use askama::Template;

use crate::ui::{CartGroups, Empty, Field, Notice, OrderSummary, Shell, component};

/// Everything below the heading: the fragment `#cart`, swapped after every edit, followed by a
/// [`crate::ui::CartCount`].
#[derive(Debug, Clone, Template)]
#[template(path = "shop/cart_body.html")]
pub struct CartBody {
    /// What changed since the last look: a price, a stock.
    pub notices: Vec<Notice>,
    /// The lines by vendor; none shows `empty`.
    pub groups: CartGroups,
    /// What it costs and why.
    pub summary: OrderSummary,
    /// The coupon field.
    pub coupon: Field,
    /// Hidden token.
    pub csrf: String,
    /// Said aloud after a swap: `Total 84.70 €`.
    pub say: String,
    /// Instead of lines, when there are none.
    pub empty: Empty,
}

component!(CartBody);

/// The cart's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/cart.html")]
pub struct Cart {
    /// Head and foot.
    pub shell: Shell,
    /// Everything below the heading.
    pub body: CartBody,
}
