//! What a new market needs before anybody can sell in it.

use contracts::vendors::{VendorQuery, VendorStatus};

use super::Desk;
use crate::{
    pages::portal::or_none,
    ui::{Link, Todo, TodoItem},
};

/// The steps, until all of them are done; none as well if it cannot be told how far they are.
pub(super) async fn first_steps(desk: &Desk) -> Option<Todo> {
    let one = |status| VendorQuery { status: Some(status), limit: Some(1), ..VendorQuery::default() };
    let (approved, applied) = (one(VendorStatus::Approved), one(VendorStatus::Applied));
    let (categories, approved, applied) = futures::join!(
        desk.app.categories(),
        desk.app.vendors.all(&desk.who, &approved),
        desk.app.vendors.all(&desk.who, &applied),
    );
    let has_categories = !or_none("categories", categories)?.is_empty();
    let has_vendors = !or_none("approved vendors", approved)?.items.is_empty();
    if has_categories && has_vendors {
        return None;
    }
    let step = |text: &str, note: &str, done: bool, action: Link| TodoItem {
        text: text.to_owned(),
        note: if done { String::new() } else { note.to_owned() },
        done,
        action: (!done).then_some(action),
    };
    let has_applied = !or_none("applications", applied)?.items.is_empty();
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
