//! Types and rules of shipping. Pure.

pub(crate) mod label;
pub(crate) mod method;
pub(crate) mod shipment;
pub(crate) mod token;
pub(crate) mod zones;

pub(crate) use method::Method;
pub(crate) use shipment::{Action, Shipment};

/// Text that people typed, without blanks around it.
///
/// # Errors
/// 422 if nothing is left, or if it holds control characters.
pub(crate) fn typed(field: &str, text: &str) -> kernel::Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(kernel::Error::invalid(field, "Enter one line of text."));
    }
    Ok(text.to_owned())
}
