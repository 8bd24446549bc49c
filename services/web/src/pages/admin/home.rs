//! The administrator's home: are we selling, is anything broken, who waits for me.

use askama::Template;

use crate::{
    chart::{Bars, Chart},
    ui::{Notice, PortalFrame, Shell, Table, Tabs, Tile, Todo},
};

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/home.html")]
pub struct AdminHome {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
    /// Something broken.
    pub notice: Option<Notice>,
    /// 30 or 90 days.
    pub periods: Tabs,
    /// Sales, orders, active users, refunds.
    pub tiles: Vec<Tile>,
    /// Sales against the period before.
    pub sales: Chart,
    /// Orders a day.
    pub orders: Chart,
    /// Who waits.
    pub waiting: Todo,
    /// Vendors by sales.
    pub vendors: Bars,
    /// The newest orders.
    pub newest: Table,
}
