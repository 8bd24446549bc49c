//! Lists within one cell.

use contracts::catalog::{AttributeValue, ValueKind};

fn escape(text: &str, special: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || special.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The parts between separators that are not escaped; escapes are left in.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut part, mut escaped) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        if c == separator && !escaped {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(part);
    parts
}

fn unescape(text: &str) -> String {
    let (mut out, mut escaped) = (String::with_capacity(text.len()), false);
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            out.push(c);
            escaped = false;
        }
    }
    out
}

/// Stands between texts: `Sand;Moss;Ink`.
pub(super) const TEXTS: char = ';';

/// Stands between names of products: `mug|tea-set`.
pub(super) const NAMES: char = '|';

/// Several texts in one cell.
pub(super) fn join_list<T: AsRef<str>>(texts: impl IntoIterator<Item = T>, separator: char) -> String {
    let escaped = texts.into_iter().map(|text| escape(text.as_ref(), &[separator]));
    escaped.collect::<Vec<_>>().join(&*separator.encode_utf8(&mut [0; 4]))
}

/// The texts of a cell; empty ones are left out.
pub(super) fn split_list(cell: &str, separator: char) -> Vec<String> {
    split(cell, separator).iter().map(|part| unescape(part.trim())).filter(|text| !text.is_empty()).collect()
}

/// Facts in one cell: `material:Stoneware;height:9.5:cm;made_in:Portugal::Made in`, each as key, value,
/// unit and label, of which empty ones at the end are left out.
pub(super) fn join_attributes(values: &[AttributeValue]) -> String {
    let entry = |a: &AttributeValue| {
        let parts = [a.key.as_str(), &a.value, a.unit.as_deref().unwrap_or_default(), &a.label];
        let used = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        parts[..used].iter().map(|part| escape(part, &[';', ':'])).collect::<Vec<_>>().join(":")
    };
    values.iter().map(entry).collect::<Vec<_>>().join(";")
}

/// The facts of a cell, or the entry that is none.
pub(super) fn split_attributes(cell: &str) -> Result<Vec<AttributeValue>, String> {
    let entries = split(cell, ';');
    let entries = entries.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| {
            let mut parts = split(entry, ':').into_iter().map(|part| unescape(part.trim()));
            match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(key), Some(value), unit, label, None) => Ok(AttributeValue {
                    key,
                    value,
                    unit: unit.filter(|unit| !unit.is_empty()),
                    label: label.unwrap_or_default(),
                    kind: ValueKind::Text,
                }),
                _ => Err(format!("“{entry}” is not written as key:value, key:value:unit or key:value:unit:label.")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_label_that_ends_in_a_colon_survives() {
        let value = AttributeValue {
            key: "a".into(),
            value: "b:".into(),
            unit: None,
            label: String::new(),
            kind: ValueKind::Text,
        };
        assert_eq!(split_attributes(&join_attributes(std::slice::from_ref(&value))), Ok(vec![value]));
        assert!(split_attributes("material").is_err());
        assert!(split_attributes("a:b:c:d:e").is_err());
    }

    proptest! {
        #[test]
        fn lists_come_back(
            texts in prop::collection::vec("[a-z;|:\\\\' ]{0,6}[a-z;|:\\\\]", 0..5),
            separator in prop::sample::select(vec![TEXTS, NAMES]),
        ) {
            let texts: Vec<String> = texts.iter().map(|t| t.trim().to_owned()).collect();
            prop_assert_eq!(split_list(&join_list(&texts, separator), separator), texts);
        }

        #[test]
        fn facts_come_back(parts in prop::collection::vec(("[a-z;:\\\\]{1,5}", "[a-z;:\\\\]{1,5}", prop::option::of("[a-z:]{1,3}"), "[a-z;:]{0,4}"), 0..5)) {
            let values: Vec<AttributeValue> =
                parts.into_iter().map(|(key, value, unit, label)| AttributeValue { key, value, unit, label, kind: ValueKind::Text }).collect();
            prop_assert_eq!(split_attributes(&join_attributes(&values)), Ok(values));
        }

    }
}
