//! What dashboards are made of.

use askama::Template;

use super::{Link, component};
use crate::{chart::Spark, fmt::Fmt};

/// A change against the period before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `+12 %`.
    pub text: String,
    /// Good, bad, or neither.
    pub good: Option<bool>,
    /// What it is compared with.
    pub against: String,
}

impl Change {
    /// From `before` to `now`, where more is better if `more_is_good`.
    pub fn between(fmt: &Fmt, now: i64, before: i64, more_is_good: bool, against: &str) -> Self {
        let good = (now != before).then_some((now > before) == more_is_good);
        let against = format!("against {against}");
        let text = match fmt.growth(now, before) {
            _ if now == before => return Self { text: "No change".to_owned(), good: None, against },
            Some(text) => text,
            None => return Self { text: "New".to_owned(), good: None, against },
        };
        Self { text, good, against }
    }
}

/// A number with its name, its change and its trend; it links to what it counts.
#[derive(Debug, Clone, Template)]
#[template(path = "components/tile.html")]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// How many.
    pub value: String,
    /// To what is counted.
    pub href: Option<String>,
    /// Against the period before.
    pub change: Option<Change>,
    /// A sentence instead of a change.
    pub note: String,
    /// Its trend.
    pub spark: Option<Spark>,
    /// True if it waits for somebody.
    pub urgent: bool,
}

impl Tile {
    /// A number with its name.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        let (label, value) = (label.into(), value.into());
        Self { label, value, href: None, change: None, note: String::new(), spark: None, urgent: false }
    }
    /// Links to what it counts.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    /// With its change.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.change = Some(change);
        self
    }
    /// With a sentence.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
    /// With its trend.
    #[must_use]
    pub fn spark(mut self, values: &[i64]) -> Self {
        self.spark = Some(Spark::of(values));
        self
    }
    /// Marks it as waiting for somebody, if `yes`.
    #[must_use]
    pub fn urgent(mut self, yes: bool) -> Self {
        self.urgent = yes;
        self
    }
}

/// A step of a checklist or something that waits.
#[derive(Debug, Clone)]
pub struct TodoItem {
    /// What to do.
    pub text: String,
    /// Why, or how much of it.
    pub note: String,
    /// Already done.
    pub done: bool,
    /// Where it is done.
    pub action: Option<Link>,
}

/// What is to be done, until it is.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/todo.html")]
pub struct Todo {
    /// Its steps.
    pub items: Vec<TodoItem>,
}

component!(Tile, Todo);
