//! What categories ask of their products, and whether what is said of these fits.

use contracts::catalog::{AttributeDef, AttributeKind, AttributeValue, ValueKind};
use kernel::{FieldError, Timestamp};

use super::category::Category;

/// Most digits of a number before and behind its point: as many as the search compares.
const DIGITS_MAX: (usize, usize) = (12, 3);

/// What products of a category are asked for: by those above it, from the top on, then by itself. Of two with the same
/// key the lower counts, in the place of the upper.
pub(crate) fn asked<'a>(from_the_top: impl IntoIterator<Item = &'a Category>) -> Vec<AttributeDef> {
    let mut asked: Vec<AttributeDef> = Vec::new();
    for category in from_the_top {
        for def in &category.attributes {
            match asked.iter_mut().find(|known| known.key == def.key) {
                Some(known) => known.clone_from(def),
                None => asked.push(def.clone()),
            }
        }
    }
    asked.sort_by_key(|def| def.position);
    asked
}

/// True if the search can be narrowed by it.
pub(crate) fn is_facet(def: &AttributeDef) -> bool {
    def.filterable && !def.archived
}

/// True if values of the one are values of the other. A choice may gain and lose words: products keep theirs.
pub(crate) fn is_alike(one: &AttributeKind, other: &AttributeKind) -> bool {
    match (one, other) {
        (AttributeKind::Choice { .. }, AttributeKind::Choice { .. }) => true,
        (one, other) => one == other,
    }
}

/// Fits a product's facts to what is asked: takes over labels, units and kinds, and says which values cannot be. What
/// `before` had as it stands stays, even if it would be refused by now: nobody loses a value by a change of what is asked.
pub(crate) fn fit(
    asked: &[AttributeDef],
    values: &[AttributeValue],
    before: &[AttributeValue],
) -> Result<Vec<AttributeValue>, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut fitted = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let outcome = match asked.iter().find(|def| def.key == value.key) {
            Some(def) if def.archived => {
                Ok(AttributeValue { label: label_of(value, &def.label), kind: kind_of(&def.kind), ..value.clone() })
            }
            Some(def) => fit_one(def, value),
            None => {
                let label = label_of(value, &title_of(&value.key));
                Ok(AttributeValue { label, kind: ValueKind::Text, ..value.clone() })
            }
        };
        match (outcome, before.iter().find(|known| known.key == value.key && known.value == value.value)) {
            (Ok(value), _) => fitted.push(value),
            (Err(_), Some(known)) => fitted.push(known.clone()),
            (Err(reason), None) => errors.push(FieldError { field: format!("attributes[{index}].value"), reason }),
        }
    }
    if errors.is_empty() { Ok(fitted) } else { Err(errors) }
}

/// What is needed and not said.
pub(crate) fn missing<'a>(
    asked: &'a [AttributeDef],
    values: &'a [AttributeValue],
) -> impl Iterator<Item = &'a AttributeDef> {
    let is_needed = |def: &&AttributeDef| def.required && !def.archived;
    asked.iter().filter(is_needed).filter(move |def| values.iter().all(|value| value.key != def.key))
}

/// `country_of_origin` → `Country of origin`
fn title_of(key: &str) -> String {
    let mut chars = key.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", chars.as_str()).replace(['_', '-'], " ")
}

fn label_of(value: &AttributeValue, otherwise: &str) -> String {
    if value.label.is_empty() { otherwise.to_owned() } else { value.label.clone() }
}

fn kind_of(kind: &AttributeKind) -> ValueKind {
    match kind {
        AttributeKind::Text => ValueKind::Text,
        AttributeKind::Number { .. } => ValueKind::Number,
        AttributeKind::Choice { .. } => ValueKind::Choice,
        AttributeKind::YesNo => ValueKind::YesNo,
        AttributeKind::Date => ValueKind::Date,
    }
}

fn fit_one(def: &AttributeDef, value: &AttributeValue) -> Result<AttributeValue, String> {
    let label = label_of(value, &def.label);
    let mut fitted = AttributeValue { label, kind: kind_of(&def.kind), ..value.clone() };
    match &def.kind {
        AttributeKind::Text => {}
        AttributeKind::Number { unit } => {
            if !is_decimal(&value.value) {
                return Err(format!("“{}” is a number, such as 12 or 9.5, with at most 3 decimals.", def.label));
            }
            match (unit, &value.unit) {
                (Some(unit), Some(given)) if unit != given => {
                    return Err(format!("“{}” is given in {unit}.", def.label));
                }
                (Some(unit), _) => fitted.unit = Some(unit.clone()),
                (None, _) => {}
            }
        }
        AttributeKind::Choice { options } => {
            let chosen = options.iter().find(|option| option.to_lowercase() == value.value.to_lowercase());
            let chosen = chosen.ok_or_else(|| format!("“{}” is one of: {}.", def.label, options.join(", ")))?;
            fitted.value.clone_from(chosen);
        }
        AttributeKind::YesNo => {
            fitted.value = value.value.to_lowercase();
            if !matches!(fitted.value.as_str(), "yes" | "no") {
                return Err(format!("“{}” is yes or no.", def.label));
            }
        }
        AttributeKind::Date => {
            if !is_day(&value.value) {
                return Err(format!("“{}” is a day such as 2026-11-20.", def.label));
            }
        }
    }
    Ok(fitted)
}

fn is_decimal(text: &str) -> bool {
    let digits = |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole, DIGITS_MAX.0) && digits(fraction, DIGITS_MAX.1),
        None => digits(unsigned, DIGITS_MAX.0),
    }
}

fn is_day(text: &str) -> bool {
    format!("{text}T00:00:00Z").parse::<Timestamp>().is_ok_and(|at| at.date() == text)
}

#[cfg(test)]
mod tests {
    use kernel::CategoryId;

    use super::*;

    fn def(key: &str, label: &str, kind: AttributeKind) -> AttributeDef {
        AttributeDef {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            required: false,
            filterable: true,
            position: 0,
            archived: false,
        }
    }

    fn value(key: &str, value: &str, unit: Option<&str>) -> AttributeValue {
        AttributeValue {
            key: key.to_owned(),
            label: String::new(),
            value: value.to_owned(),
            unit: unit.map(str::to_owned),
            kind: ValueKind::Text,
        }
    }

    fn choice(options: &[&str]) -> AttributeKind {
        AttributeKind::Choice { options: options.iter().map(|option| (*option).to_owned()).collect() }
    }

    fn category(name: &str, attributes: Vec<AttributeDef>) -> Category {
        Category {
            id: CategoryId::derived("test", &[name]),
            slug: name.parse().unwrap(),
            name: name.to_owned(),
            description: String::new(),
            parent_id: None,
            position: 0,
            picture_url: None,
            attributes,
            seo_title: String::new(),
            seo_description: String::new(),
            translations: contracts::catalog::Translations::new(),
        }
    }

    fn mugs() -> Vec<AttributeDef> {
        vec![
            def("material", "Material", choice(&["Stoneware", "Glass"])),
            def("height", "Height", AttributeKind::Number { unit: Some("cm".to_owned()) }),
            def("dishwasher", "Dishwasher safe", AttributeKind::YesNo),
            def("fired", "Fired on", AttributeKind::Date),
        ]
    }

    #[test]
    fn facts_are_fitted() {
        let fitted = fit(
            &mugs(),
            &[
                value("material", "stoneware", None),
                value("height", "9.5", None),
                value("dishwasher", "Yes", None),
                value("fired", "2026-02-28", None),
                value("made_in", "Portugal", None),
            ],
            &[],
        );
        let seen: Vec<_> = fitted.unwrap().into_iter().map(|a| (a.label, a.value, a.unit, a.kind)).collect();
        let text = |s: &str| s.to_owned();
        assert_eq!(
            seen,
            [
                (text("Material"), text("Stoneware"), None, ValueKind::Choice),
                (text("Height"), text("9.5"), Some(text("cm")), ValueKind::Number),
                (text("Dishwasher safe"), text("yes"), None, ValueKind::YesNo),
                (text("Fired on"), text("2026-02-28"), None, ValueKind::Date),
                (text("Made in"), text("Portugal"), None, ValueKind::Text),
            ]
        );
        let wrong = [
            value("material", "Wood", None),
            value("height", "tall", None),
            value("height", "9.", Some("cm")),
            value("height", "9.1234", Some("cm")),
            value("height", "9", Some("in")),
            value("dishwasher", "maybe", None),
            value("fired", "2026-02-30", None),
            value("fired", "28.02.2026", None),
        ];
        let errors = fit(&mugs(), &wrong, &[]).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected: Vec<_> = (0..wrong.len()).map(|index| format!("attributes[{index}].value")).collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_was_there_stays_whatever_is_asked_by_now() {
        let wood = AttributeValue { kind: ValueKind::Choice, ..value("material", "Wood", None) };
        let before = [wood.clone()];
        assert_eq!(fit(&mugs(), &[value("material", "Wood", None)], &before).unwrap(), [wood]);
        assert!(fit(&mugs(), &[value("material", "Wool", None)], &before).is_err());
        let mut archived = mugs();
        archived[1].archived = true;
        let fitted = fit(&archived, &[value("height", "about 9", None)], &[]).unwrap();
        assert_eq!((fitted[0].value.as_str(), fitted[0].label.as_str()), ("about 9", "Height"));
    }

    #[test]
    fn the_lower_category_says_more() {
        let mut weight = def("weight", "Weight", AttributeKind::Number { unit: Some("g".to_owned()) });
        weight.position = 5;
        let home = category("home", vec![weight, def("material", "Material", AttributeKind::Text)]);
        let mut own = def("material", "Made of", choice(&["Glass"]));
        own.required = true;
        let mugs = category("mugs", vec![own, def("volume", "Volume", AttributeKind::Text)]);
        let all = asked([&home, &mugs]);
        let seen: Vec<_> = all.iter().map(|def| (def.key.as_str(), def.label.as_str())).collect();
        assert_eq!(seen, [("material", "Made of"), ("volume", "Volume"), ("weight", "Weight")]);
        let lacks = |values: &[AttributeValue]| missing(&all, values).map(|def| def.key.clone()).collect::<Vec<_>>();
        assert_eq!(lacks(&[]), ["material"]);
        assert!(lacks(&[value("material", "Glass", None)]).is_empty());
    }

    #[test]
    fn a_choice_may_change_its_words_and_nothing_its_kind() {
        let number = |unit: Option<&str>| AttributeKind::Number { unit: unit.map(str::to_owned) };
        assert!(is_alike(&choice(&["a"]), &choice(&["b"])));
        assert!(is_alike(&number(Some("cm")), &number(Some("cm"))));
        assert!(!is_alike(&number(Some("cm")), &number(Some("mm"))));
        assert!(!is_alike(&AttributeKind::Text, &AttributeKind::YesNo));
    }
}
