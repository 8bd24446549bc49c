//! Returns: asked for in one form, moved on by buyer, vendor and news of the money. What is taken out of an order before it
//! leaves is one, too.

mod exchanges;
mod label;
mod move_return;
mod pay_back;
mod photos;
mod request_return;
mod withdraw;

pub use label::label;
pub use move_return::{hear_of_refund, hear_of_return, move_return};
pub use pay_back::pay_back;
pub use photos::add_photo;
pub use request_return::request_return;
pub use withdraw::{Asker, hear_of_withdrawal, withdraw};

use std::collections::BTreeMap;

use kernel::{Error, LineId, Result};

/// What people type, without blanks around it; nothing if nothing is left.
///
/// # Errors
/// 422 if it holds what cannot be printed.
pub fn typed(field: &str, text: Option<String>) -> Result<Option<String>> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))) {
        return Err(Error::invalid(field, "Use letters, digits and punctuation only."));
    }
    Ok(text)
}

/// The same, if it must be there.
///
/// # Errors
/// 422 if it is not.
pub fn needed(field: &str, text: String) -> Result<String> {
    typed(field, Some(text))?.ok_or_else(|| Error::invalid(field, "Fill this in."))
}

/// How many of which lines; each is named once.
fn wishes(lines: impl Iterator<Item = (LineId, i64)>) -> Result<BTreeMap<LineId, i64>> {
    let mut wanted = BTreeMap::new();
    for (line_id, quantity) in lines {
        if wanted.insert(line_id, quantity).is_some() {
            return Err(Error::invalid("lines", "Name each line once."));
        }
    }
    Ok(wanted)
}
