//! Numbers of payment cards are refused at the door: whatever came in might be stored, sent on or logged.
//! What services ask of each other has come in before and is not looked at again.

use axum::http::Extensions;
use kernel::{Error, FieldError, Identity, Result, cards::card_like};
use serde_json::Value;

/// Fields whose long numbers are something else: of goods, parcels and bank accounts.
const OTHER_NUMBERS: &[&str] = &["barcode", "sku", "tracking_number", "iban", "account_number", "bank_code"];

/// What to do instead.
pub(crate) const REASON: &str = "This looks like the number of a payment card, which is not taken here. \
    Leave it out; to pay, use the page of the payment provider or the token it has given you.";

/// True unless another service asks.
pub(crate) fn from_outside(extensions: &Extensions) -> bool {
    !matches!(extensions.get::<Identity>(), Some(Identity::Service(_)))
}

/// Fails with 422 for every text of a JSON document that holds what looks like the number of a card.
pub(crate) fn refuse_in_json(json: &[u8]) -> Result<()> {
    // Most documents have nothing that long, and need not be read for it. What is escaped shows only when read.
    let is_plain = |text: &&str| !text.contains("\\u00");
    if std::str::from_utf8(json).ok().filter(is_plain).is_some_and(|text| !card_like(text)) {
        return Ok(());
    }
    let mut fields = Vec::new();
    // Who reads the document says what is wrong with one that is none.
    if let Ok(document) = serde_json::from_slice(json) {
        look_into(&document, "", &mut fields);
    }
    judge(fields)
}

/// The same for the parameters of a query.
pub(crate) fn refuse_in_query(query: &str) -> Result<()> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let cards = pairs.filter(|(name, value)| !OTHER_NUMBERS.contains(&name.as_ref()) && card_like(value));
    judge(cards.map(|(name, _)| complaint(&name)).collect())
}

fn judge(fields: Vec<FieldError>) -> Result<()> {
    if fields.is_empty() { Ok(()) } else { Err(Error::invalid_fields(fields)) }
}

fn complaint(field: &str) -> FieldError {
    FieldError { field: field.to_owned(), reason: REASON.to_owned() }
}

fn look_into(value: &Value, field: &str, fields: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if card_like(text) => fields.push(complaint(field)),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                look_into(item, &format!("{field}[{n}]"), fields);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if card_like(name) {
                    fields.push(complaint(field));
                } else if !OTHER_NUMBERS.contains(&name.as_str()) {
                    let inner = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
                    look_into(member, &inner, fields);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(checked: Result<()>) -> Vec<String> {
        checked.err().map_or_else(Vec::new, |error| error.fields().iter().map(|field| field.field.clone()).collect())
    }

    #[test]
    fn every_text_is_looked_at() {
        for (json, expected) in [
            (r#"{"payment": {"token": "4242424242424242"}}"#, "payment.token"),
            (r#"{"lines": [{"note": "a"}, {"note": "4242-4242-4242-4242"}]}"#, "lines[1].note"),
            (r#"{"texts": ["378282246310005"]}"#, "texts[0]"),
            (r#"{"a": {"4242424242424242": 1}}"#, "a"),
            (r#"{"escaped": "\u0034242424242424242"}"#, "escaped"),
        ] {
            assert_eq!(fields(refuse_in_json(json.as_bytes())), [expected], "{json}");
        }
        assert_eq!(fields(refuse_in_query("limit=5&q=4242+4242%204242+4242")), ["q"]);
    }

    #[test]
    fn other_numbers_go_through() {
        for json in [
            r#"{"barcode": "4242424242424242", "sku": "4242424242424242"}"#,
            r#"{"tracking": {"tracking_number": "4242424242424242"}}"#,
            r#"{"note": "4242424242424243", "barcode": "4006381333931"}"#,
            "4242424242424242 is no document",
            "",
        ] {
            assert!(refuse_in_json(json.as_bytes()).is_ok(), "{json}");
        }
        assert!(refuse_in_query("sku=4242424242424242&q=4006381333931").is_ok());
    }
}
