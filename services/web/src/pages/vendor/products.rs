//! The vendor's products.

use askama::Template;

use crate::ui::{Field, Pager, PortalFrame, Shell, Table, Tabs, component};

/// The list itself: the fragment `#list`.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/product_list.html")]
pub struct ProductList {
    /// The rows.
    pub table: Table,
    /// Before and after.
    pub pager: Pager,
    /// Hidden token of the bulk form.
    pub csrf: String,
}

component!(ProductList);

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/products.html")]
pub struct VendorProducts {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// All, published, drafts, sold out.
    pub states: Tabs,
    /// The search of this list.
    pub search: Field,
    /// The list.
    pub list: ProductList,
}
