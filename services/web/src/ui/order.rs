//! Orders: what happened, what happens next, where it goes.

use askama::Template;

use super::{When, component};

/// How far an entry of a timeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// Behind us.
    #[default]
    Done,
    /// Happening.
    Now,
    /// Still to come.
    Next,
    /// Went wrong.
    Failed,
}

impl Progress {
    fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Next => "next",
            Self::Failed => "failed",
        }
    }
    /// Said to a screen reader, where the dot cannot be seen.
    fn word(self) -> &'static str {
        match self {
            Self::Done => "Done:",
            Self::Now => "Now:",
            Self::Next => "Next:",
            Self::Failed => "Failed:",
        }
    }
}

/// One entry.
#[derive(Debug, Clone)]
pub struct TimelineItem {
    /// What happened or will: `Paid`.
    pub title: String,
    /// More about it.
    pub note: String,
    /// When; none for what is to come.
    pub when: Option<When>,
    /// How far it is.
    pub progress: Progress,
}

/// What happened and what comes, from the first on.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    /// Its entries.
    pub items: Vec<TimelineItem>,
}

/// A postal address, line by line as it is written in its country.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/address.html")]
pub struct AddressBlock {
    /// The lines; the first is the name.
    pub lines: Vec<String>,
}

impl From<&contracts::shared::Address> for AddressBlock {
    fn from(address: &contracts::shared::Address) -> Self {
        let town = [address.postcode.as_str(), address.city.as_str()].join(" ");
        let lines = [
            Some(address.name.as_str()),
            address.company.as_deref(),
            Some(address.line1.as_str()),
            address.line2.as_deref(),
            Some(town.trim()),
            address.region.as_deref(),
            Some(address.country.as_str()),
        ];
        Self { lines: lines.into_iter().flatten().filter(|line| !line.is_empty()).map(str::to_owned).collect() }
    }
}

component!(Timeline, AddressBlock);
