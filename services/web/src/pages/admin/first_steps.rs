//! What a new market needs before anybody can sell in it.

use super::home::Waiting;
use crate::ui::{Link, Todo, TodoItem};

/// The steps, until all of them are done; none as well if it cannot be told how far they are. `waiting` knows who has
/// applied.
pub(super) fn first_steps(waiting: &Waiting) -> Option<Todo> {
    let has_categories = !waiting.categories.as_ref()?.is_empty();
    let has_vendors = !waiting.open.as_ref()?.items.is_empty();
    if has_categories && has_vendors {
        return None;
    }
    let step = |text: &str, note: &str, done: bool, action: Link| TodoItem {
        text: text.to_owned(),
        note: if done { String::new() } else { note.to_owned() },
        done,
        action: (!done).then_some(action),
    };
    let has_applied = !waiting.applications.as_ref()?.items.is_empty();
    let (note, action) = match has_applied {
        true => ("Somebody has applied.", Link::new("Look", "/admin/vendors?status=applied")),
        false => (
            "Whoever wants to sell applies on the page “Sell here”, and so do you for a stall of your own.",
            Link::new("Sell here", "/sell"),
        ),
    };
    let items = vec![
        step(
            "Make the first categories",
            "Every product is in one. They are the way into the shop, and they say which facts are asked for.",
            has_categories,
            Link::new("Add one", "/admin/categories/new"),
        ),
        step("Approve the first vendor", note, has_vendors, action),
    ];
    Some(Todo { items })
}
