//! What the category asks of a product, as fields of its form, and moments as fields hold them.

use contracts::catalog::{AttributeDef, AttributeKind, CategoryView, limits::FACT_MAX};
use kernel::{CategoryId, Timestamp};

use crate::ui::{Field, Filled};

/// Name of the field of a fact.
pub fn fact_name(key: &str) -> String {
    format!("facts.{key}")
}

/// What products of a category are asked for, and what they were asked for once, in the order of the form.
pub fn attributes(categories: &[CategoryView], category: Option<CategoryId>) -> Vec<AttributeDef> {
    let Some(category) = categories.iter().find(|known| Some(known.id) == category) else { return Vec::new() };
    let mut asked: Vec<AttributeDef> = category.inherited.iter().chain(&category.attributes).cloned().collect();
    asked.sort_by_key(|def| def.position);
    asked
}

/// The fields of the facts. What is no longer asked for has one where the product has it.
pub fn fields(categories: &[CategoryView], category: Option<CategoryId>, filled: &Filled) -> Vec<Field> {
    let asked = attributes(categories, category);
    let is_shown = |def: &&AttributeDef| !def.archived || !filled.value(&fact_name(&def.key)).is_empty();
    asked.iter().filter(is_shown).map(|def| field(def, filled)).collect()
}

fn field(def: &AttributeDef, filled: &Filled) -> Field {
    let name = fact_name(&def.key);
    if def.archived {
        let hint = "No longer asked for. Leave it empty to take it away.";
        return Field::text(&name, &def.label).max_length(FACT_MAX).hint(hint).optional().filled(filled);
    }
    let field = match &def.kind {
        AttributeKind::Text => Field::text(&name, &def.label).max_length(FACT_MAX),
        AttributeKind::Number { unit } => {
            let field = Field::text(&name, &def.label).keyboard("decimal").class("num");
            unit.as_ref().map_or(field.clone(), |unit| field.after(unit))
        }
        AttributeKind::Choice { options } => {
            let choices: Vec<(String, String)> = options.iter().map(|o| (o.clone(), o.clone())).collect();
            Field::select(&name, &def.label, with_known(choices, filled.value(&name)))
        }
        AttributeKind::YesNo => {
            let yes_no = [("yes", "Yes"), ("no", "No")].map(|(v, t)| (v.to_owned(), t.to_owned()));
            Field::select(&name, &def.label, with_known(yes_no.to_vec(), filled.value(&name)))
        }
        AttributeKind::Date => Field::date(&name, &def.label),
    };
    let field = if def.required { field.hint("Needed before it goes on sale.") } else { field };
    field.optional().filled(filled)
}

/// What can be chosen, nothing first. A value that cannot be chosen any longer stays until another is.
fn with_known(choices: Vec<(String, String)>, value: &str) -> Vec<(String, String)> {
    let is_gone = !value.is_empty() && choices.iter().all(|(known, _)| known != value);
    let gone = is_gone.then(|| (value.to_owned(), format!("{value} (no longer to be chosen)")));
    std::iter::once((String::new(), "Not said".to_owned())).chain(choices).chain(gone).collect()
}

/// A moment as a field holds it: `2026-11-20T09:00`, in UTC; with seconds where there are some.
pub fn moment_text(at: Timestamp) -> String {
    at.format(if at.seconds() % 60 == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" })
}

/// The moment that a field sends, with seconds or without.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.replace(' ', "T");
    let seconds = if text.len() == "2026-11-20T09:00".len() { ":00" } else { "" };
    format!("{text}{seconds}Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_fields_send_them() {
        for text in ["2026-11-20T09:00", "2026-11-20 09:00", "2026-11-20T09:00:00"] {
            assert_eq!(moment(text).map(|at| at.to_string()).as_deref(), Some("2026-11-20T09:00:00Z"), "{text}");
        }
        assert_eq!([moment("tomorrow"), moment("2026-11-20"), moment("2026-02-30T09:00")], [None; 3]);
        for text in ["2026-11-20T09:00:00Z", "2026-11-20T09:00:07Z"] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!(moment(&moment_text(at)), Some(at));
        }
    }

    #[test]
    fn a_choice_that_is_gone_can_stay() {
        let choices = || vec![("Glass".to_owned(), "Glass".to_owned())];
        let values = |all: Vec<(String, String)>| all.into_iter().map(|(value, _)| value).collect::<Vec<_>>();
        assert_eq!(values(with_known(choices(), "Glass")), ["", "Glass"]);
        assert_eq!(values(with_known(choices(), "Wood")), ["", "Glass", "Wood"]);
        assert_eq!(values(with_known(choices(), "")), ["", "Glass"]);
    }
}
