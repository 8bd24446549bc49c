//! The category tree and what its categories ask of products.

use std::collections::{BTreeMap, BTreeSet};

use contracts::catalog::{AttributeDef, AttributeKind, AttributeValue, CategoryInput, CategoryView};
use kernel::{CategoryId, Error, FieldError, Result, Slug};

/// Most levels of the tree.
const DEPTH_MAX: usize = 5;

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Category {
    pub id: CategoryId,
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub parent_id: Option<CategoryId>,
    pub position: i64,
    pub picture_url: Option<String>,
    pub attributes: Vec<AttributeDef>,
}

impl Category {
    pub fn view(&self) -> CategoryView {
        CategoryView {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            parent_id: self.parent_id,
            position: self.position,
            picture_url: self.picture_url.clone(),
            attributes: self.attributes.clone(),
        }
    }

    /// Fits a product's facts to what this category asks: takes over labels and units, and says
    /// which values cannot be.
    pub fn fit(&self, attributes: &[AttributeValue]) -> Result<Vec<AttributeValue>, Vec<FieldError>> {
        let mut errors = Vec::new();
        let fitted = attributes.iter().enumerate().map(|(index, value)| {
            let fitted = match self.attributes.iter().find(|def| def.key == value.key) {
                Some(def) => fit_one(def, value),
                None => Ok(AttributeValue { label: label_of(value, &title_of(&value.key)), ..value.clone() }),
            };
            fitted.unwrap_or_else(|reason| {
                errors.push(FieldError { field: format!("attributes[{index}].value"), reason });
                value.clone()
            })
        });
        let fitted: Vec<_> = fitted.collect();
        if errors.is_empty() { Ok(fitted) } else { Err(errors) }
    }
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

fn fit_one(def: &AttributeDef, value: &AttributeValue) -> Result<AttributeValue, String> {
    let mut fitted = AttributeValue { label: label_of(value, &def.label), ..value.clone() };
    match &def.kind {
        AttributeKind::Text => {}
        AttributeKind::Number { unit } => {
            if !is_decimal(&value.value) {
                return Err(format!("“{}” is a number, such as 12 or 9.5.", def.label));
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
    }
    Ok(fitted)
}

fn is_decimal(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    match unsigned.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(unsigned),
    }
}

/// Checks what an admin enters, beyond lengths.
pub(crate) fn check_category(input: &mut CategoryInput) -> Result<()> {
    let mut errors = Vec::new();
    let mut complain = |field: String, reason: &str| errors.push(FieldError { field, reason: reason.to_owned() });
    input.name = input.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if input.name.is_empty() {
        complain("name".to_owned(), "Give it a name.");
    }
    input.picture_url = input.picture_url.take().filter(|url| !url.is_empty());
    if input.picture_url.as_deref().is_some_and(|url| !pictures::is_media_url(url)) {
        complain("picture_url".to_owned(), "Upload the picture first and use its address.");
    }
    let mut keys = BTreeSet::new();
    for (index, def) in input.attributes.iter().enumerate() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if !def.key.chars().all(plain) {
            complain(format!("attributes[{index}].key"), "Use lower-case letters, digits, hyphens and underscores.");
        } else if !keys.insert(&def.key) {
            complain(format!("attributes[{index}].key"), "This key is used twice.");
        }
        if let AttributeKind::Choice { options } = &def.kind {
            let distinct: BTreeSet<String> = options.iter().map(|o| o.trim().to_lowercase()).collect();
            if options.is_empty() || options.len() > 100 || distinct.len() != options.len() || distinct.contains("") {
                complain(format!("attributes[{index}].kind"), "Name 1 to 100 different choices.");
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// All categories, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    by_id: BTreeMap<CategoryId, Category>,
}

impl Tree {
    pub fn new(categories: impl IntoIterator<Item = Category>) -> Self {
        Self { by_id: categories.into_iter().map(|c| (c.id, c)).collect() }
    }
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.by_id.get(&id)
    }
    pub fn by_slug(&self, slug: &str) -> Option<&Category> {
        self.by_id.values().find(|c| c.slug.as_str() == slug)
    }
    /// Adds a category or replaces it.
    pub fn put(&mut self, category: Category) {
        self.by_id.insert(category.id, category);
    }

    /// The category and its ancestors, itself first. Stops at [`DEPTH_MAX`] + 1, so a circle ends.
    pub fn up(&self, id: CategoryId) -> Vec<&Category> {
        let mut path: Vec<&Category> = Vec::new();
        let mut next = Some(id);
        while let Some(category) = next.and_then(|id| self.by_id.get(&id)).filter(|_| path.len() <= DEPTH_MAX) {
            path.push(category);
            next = category.parent_id;
        }
        path
    }

    /// What is wrong with the tree as seen from `id`, after a change of that category.
    pub fn check(&self, id: CategoryId) -> Result<()> {
        let parent = self.get(id).and_then(|c| c.parent_id);
        if parent.is_some_and(|parent| self.get(parent).is_none()) {
            return Err(Error::invalid("parent_id", "There is no such category."));
        }
        if parent.is_some_and(|parent| self.up(parent).iter().any(|c| c.id == id)) {
            return Err(Error::invalid("parent_id", "A category cannot be below itself."));
        }
        let deepest =
            self.by_id.keys().filter(|&&c| self.up(c).iter().any(|a| a.id == id)).map(|&c| self.up(c).len()).max();
        if deepest.is_some_and(|depth| depth > DEPTH_MAX) {
            return Err(Error::invalid("parent_id", format!("The tree has at most {DEPTH_MAX} levels.")));
        }
        Ok(())
    }

    /// Every category with its ancestors and their distance: the closure table.
    pub fn closure(&self) -> Vec<(CategoryId, CategoryId, i64)> {
        let of = |id: CategoryId| {
            self.up(id).into_iter().zip(0_i64..).map(move |(ancestor, distance)| (id, ancestor.id, distance))
        };
        self.by_id.keys().flat_map(|&id| of(id)).collect()
    }

    /// Parents before children, siblings by position and name.
    pub fn in_order(&self) -> Vec<&Category> {
        let mut children: BTreeMap<Option<CategoryId>, Vec<&Category>> = BTreeMap::new();
        for category in self.by_id.values() {
            children.entry(category.parent_id).or_default().push(category);
        }
        for siblings in children.values_mut() {
            siblings.sort_by(|a, b| (b.position, &b.name, b.id).cmp(&(a.position, &a.name, a.id)));
        }
        let mut ordered = Vec::with_capacity(self.by_id.len());
        let mut open: Vec<&Category> = children.remove(&None).unwrap_or_default();
        while let Some(category) = open.pop() {
            ordered.push(category);
            open.extend(children.remove(&Some(category.id)).unwrap_or_default());
        }
        ordered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(name: &str, parent: Option<&str>, position: i64) -> Category {
        let id = |name: &str| CategoryId::derived("test", &[name]);
        Category {
            id: id(name),
            slug: name.parse().unwrap(),
            name: name.to_owned(),
            description: String::new(),
            parent_id: parent.map(id),
            position,
            picture_url: None,
            attributes: vec![],
        }
    }

    fn names(categories: Vec<&Category>) -> Vec<&str> {
        categories.into_iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn parents_come_before_children() {
        let tree = Tree::new([
            category("mugs", Some("home"), 2),
            category("home", None, 1),
            category("bowls", Some("home"), 1),
            category("art", None, 0),
        ]);
        assert_eq!(names(tree.in_order()), ["art", "home", "bowls", "mugs"]);
        assert_eq!(names(tree.up(category("mugs", None, 0).id)), ["mugs", "home"]);
        assert_eq!(tree.closure().len(), 6);
    }

    #[test]
    fn no_circles_and_not_too_deep() {
        let mut tree = Tree::new(
            (1..=5).map(|n| category(&format!("c{n}"), (n > 1).then(|| format!("c{}", n - 1)).as_deref(), 0)),
        );
        assert!(tree.check(category("c5", None, 0).id).is_ok());
        tree.put(category("c6", Some("c5"), 0));
        assert!(tree.check(category("c6", None, 0).id).is_err());
        tree.put(category("c6", Some("nowhere"), 0));
        assert!(tree.check(category("c6", None, 0).id).is_err());
        tree.put(category("c6", None, 0));
        // Hanging the whole branch below another makes its leaves too deep.
        tree.put(category("c1", Some("c6"), 0));
        assert!(tree.check(category("c1", None, 0).id).is_err());
        tree.put(category("c1", Some("c3"), 0));
        assert!(tree.check(category("c1", None, 0).id).is_err());
        tree.put(category("c1", Some("c1"), 0));
        assert!(tree.check(category("c1", None, 0).id).is_err());
    }

    #[test]
    fn facts_are_fitted() {
        let def = |key: &str, label: &str, kind| AttributeDef { key: key.to_owned(), label: label.to_owned(), kind };
        let mut mugs = category("mugs", None, 0);
        mugs.attributes = vec![
            def(
                "material",
                "Material",
                AttributeKind::Choice { options: vec!["Stoneware".to_owned(), "Glass".to_owned()] },
            ),
            def("height", "Height", AttributeKind::Number { unit: Some("cm".to_owned()) }),
            def("dishwasher", "Dishwasher safe", AttributeKind::YesNo),
        ];
        let value = |key: &str, value: &str, unit: Option<&str>| AttributeValue {
            key: key.to_owned(),
            label: String::new(),
            value: value.to_owned(),
            unit: unit.map(str::to_owned),
        };
        let fitted = mugs.fit(&[
            value("material", "stoneware", None),
            value("height", "9.5", None),
            value("dishwasher", "Yes", None),
            value("made_in", "Portugal", None),
        ]);
        let seen: Vec<_> = fitted.unwrap().into_iter().map(|a| (a.label, a.value, a.unit)).collect();
        let text = |s: &str| s.to_owned();
        assert_eq!(
            seen,
            [
                (text("Material"), text("Stoneware"), None),
                (text("Height"), text("9.5"), Some(text("cm"))),
                (text("Dishwasher safe"), text("yes"), None),
                (text("Made in"), text("Portugal"), None),
            ]
        );
        let errors = mugs.fit(&[
            value("material", "Wood", None),
            value("height", "tall", None),
            value("height", "9.", Some("cm")),
            value("height", "9", Some("in")),
            value("dishwasher", "maybe", None),
        ]);
        assert_eq!(errors.unwrap_err().len(), 5);
    }
}
