//! What the vendor portal and the administration share: pages put together from blocks, lists read
//! page by page, words for states.

pub mod blocks;
pub mod commission;
pub mod download;
pub mod fields;
pub mod page;
pub mod paging;
pub mod paying_back;
pub mod promotions;
pub mod report;
pub mod returns;
pub mod scans;
pub mod statement;
pub mod translations;
pub mod tree;
pub mod words;

pub use blocks::*;
pub use page::{Ask, PortalPage};
pub use paging::Paging;

use crate::ui::{PortalFrame, Shell};

/// Where a page of the portal stands: head and rail.
#[derive(Debug, Clone)]
pub struct Place {
    /// Head.
    pub shell: Shell,
    /// Rail.
    pub portal: PortalFrame,
}

/// How many wait, for the rail: a list is asked for no more than this many, and then says `20+`.
pub const WAITING_MAX: u32 = 20;

/// `3`, or `20+` if there are more; nothing for none.
pub fn waiting(shown: usize, more: bool) -> Option<String> {
    match (shown, more) {
        (0, _) => None,
        (n, false) => Some(n.to_string()),
        (n, true) => Some(format!("{n}+")),
    }
}

/// What was asked for, or nothing and a line in the log: for parts that a page can do without.
pub fn or_none<T>(what: &str, answer: kernel::Result<T>) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(%error, what, "a page goes without a part")).ok()
}
