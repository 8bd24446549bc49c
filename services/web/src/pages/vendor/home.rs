//! The vendor's home: what to ship, what runs out, what is paid when, how sales go.

use askama::Template;

use crate::{
    chart::{Bars, Chart},
    ui::{Notice, PortalFrame, Shell, Table, Tabs, Tile, Todo},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "vendor/home.html")]
pub struct VendorHome {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// `Good morning, Ada`.
    pub title: String,
    /// Something to know.
    pub notice: Option<Notice>,
    /// Until the shop is open.
    pub checklist: Option<Todo>,
    /// To ship, running out, to be paid, sold.
    pub tiles: Vec<Tile>,
    /// 30 or 90 days.
    pub periods: Tabs,
    /// Sales against the period before.
    pub sales: Chart,
    /// Orders to ship.
    pub to_ship: Table,
    /// What sells best.
    pub best: Bars,
    /// What runs out.
    pub low: Todo,
}
