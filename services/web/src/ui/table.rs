//! Tables: sorted by their heads, cards on a phone, helpful when empty.

use askama::Template;

use super::{Badge, Empty, Html, Link, Picture, When, component};

/// How a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Order {
    fn aria(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// Head of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    title: String,
    number: bool,
    sort: Option<(String, Option<Order>)>,
}

impl Column {
    /// A column of words. An empty title is read as “Actions”.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), number: false, sort: None }
    }
    /// A column of numbers, aligned at their end.
    pub fn number(title: impl Into<String>) -> Self {
        Self { number: true, ..Self::new(title) }
    }
    /// Sorted by a click: `href` is the list sorted the next way, `order` how it is sorted now.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, order: Option<Order>) -> Self {
        self.sort = Some((href.into(), order));
        self
    }
}

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words, with a smaller line under them.
    Text(String, String),
    /// A link, with a smaller line under it.
    Link(Link, String),
    /// A link that is a number or a code, never broken, with a smaller line under it.
    Code(Link, String),
    /// A picture beside a link.
    Pictured(Picture, Link, String),
    /// A number or an amount.
    Number(String),
    /// A state.
    Badge(Badge),
    /// A moment.
    When(When),
    /// What can be done with the row.
    Actions(Vec<Link>),
    /// A template of the page's own: a form with a field to edit in place.
    Html(Html),
}

impl Cell {
    /// Words alone.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into(), String::new())
    }
    /// A link alone.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link(Link::new(text, href), String::new())
    }
    fn class(&self) -> &'static str {
        match self {
            Self::Number(_) => "n",
            Self::Actions(_) => "act",
            _ => "",
        }
    }
}

/// One row; the first cell is its head.
#[derive(Debug, Clone)]
pub struct Row {
    /// Value of its tick, if rows can be ticked.
    pub id: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// A table.
#[derive(Debug, Clone, Template)]
#[template(path = "components/table.html")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    empty: Empty,
    tick: Option<(String, String)>,
    target: Option<&'static str>,
}

impl Table {
    /// `caption` names it for a screen reader; `empty` stands in for it while it has no rows.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>, rows: Vec<Row>, empty: Empty) -> Self {
        Self { caption: caption.into(), columns, rows, empty, tick: None, target: None }
    }
    /// Rows can be ticked, as `name` in the form with the id `form`: the bulk bar.
    #[must_use]
    pub fn ticked(mut self, name: impl Into<String>, form: impl Into<String>) -> Self {
        self.tick = Some((name.into(), form.into()));
        self
    }
    /// htmx replaces this element when a head is clicked; full page loads without.
    #[must_use]
    pub fn target(mut self, selector: &'static str) -> Self {
        self.target = Some(selector);
        self
    }
    /// Title of column `i`, shown beside the cell on a phone; none for the head of the row and for actions.
    fn label(&self, i: usize, cell: &Cell) -> Option<&str> {
        if i == 0 || matches!(cell, Cell::Actions(_)) {
            return None;
        }
        self.columns.get(i).map(|column| column.title.as_str())
    }
}

component!(Table);
