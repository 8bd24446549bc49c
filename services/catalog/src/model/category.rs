//! The category tree and what its categories ask of products.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use contracts::catalog::{
    AttributeDef, AttributeKind, CategoryInput, CategoryTexts, CategoryView, Translations,
    limits::{FACT_MAX, FACTS_MAX, UNIT_MAX},
};
use kernel::{CategoryId, Error, FieldError, Result, Slug};

use super::{attributes::asked, translations::clean_categories};

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
    pub seo_title: String,
    pub seo_description: String,
    /// Its texts in further languages.
    pub translations: Translations<CategoryTexts>,
}

impl Category {
    fn view(&self, inherited: Vec<AttributeDef>) -> CategoryView {
        CategoryView {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            description: self.description.clone(),
            parent_id: self.parent_id,
            position: self.position,
            picture_url: self.picture_url.clone(),
            attributes: self.attributes.clone(),
            inherited,
            seo_title: self.seo_title.clone(),
            seo_description: self.seo_description.clone(),
            translations: self.translations.clone(),
            translated: Vec::new(),
        }
    }

    /// Its names in further languages, by their codes.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.translations.iter().map(|(code, texts)| (code.as_str(), texts.name.as_str()));
        names.filter(|(_, name)| !name.is_empty())
    }

    /// Keys of those of its attributes by which the search is not narrowed.
    pub fn unfiltered(&self) -> BTreeSet<&str> {
        let defs = self.attributes.iter().filter(|def| !super::attributes::is_facet(def));
        defs.map(|def| def.key.as_str()).collect()
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
    for text in [&mut input.seo_title, &mut input.seo_description] {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    input.translations = clean_categories(std::mem::take(&mut input.translations));
    input.picture_url = input.picture_url.take().filter(|url| !url.is_empty());
    if input.picture_url.as_deref().is_some_and(|url| !pictures::is_media_url(url)) {
        complain("picture_url".to_owned(), "Upload the picture first and use its address.");
    }
    let mut keys = BTreeSet::new();
    for (index, def) in input.attributes.iter_mut().enumerate() {
        def.label = def.label.split_whitespace().collect::<Vec<_>>().join(" ");
        if def.label.is_empty() {
            complain(format!("attributes[{index}].label"), "Say what it is called.");
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if !def.key.chars().all(plain) {
            complain(format!("attributes[{index}].key"), "Use lower-case letters, digits, hyphens and underscores.");
        } else if !keys.insert(def.key.clone()) {
            complain(format!("attributes[{index}].key"), "This key is used twice.");
        }
        if let AttributeKind::Choice { options } = &def.kind {
            let distinct: BTreeSet<String> = options.iter().map(|o| o.trim().to_lowercase()).collect();
            if options.is_empty() || options.len() > 100 || distinct.len() != options.len() || distinct.contains("") {
                complain(format!("attributes[{index}].kind"), "Name 1 to 100 different choices.");
            } else if options.iter().any(|option| option.chars().count() > FACT_MAX) {
                complain(format!("attributes[{index}].kind"), "A choice has at most 200 characters.");
            }
        }
        if let AttributeKind::Number { unit: Some(unit) } = &def.kind
            && !(1..=UNIT_MAX).contains(&unit.chars().count())
        {
            complain(format!("attributes[{index}].kind"), "A unit has 1 to 12 characters, such as cm.");
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// All categories, by id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    by_id: BTreeMap<CategoryId, Category>,
    /// Made when somebody looks for a name; void when a category changes.
    names: OnceLock<Names>,
    /// What a vendor has chosen for categories of its files, by their keys.
    chosen: BTreeMap<String, CategoryId>,
}

/// Most characters of a category's path in a file for which one here can be chosen.
const PATH_MAX: usize = 500;

/// A category's path in a file as it is compared: `Home >Mugs` → `home > mugs`. None if it is too long to be remembered.
pub(crate) fn path_key(path: &str) -> Option<String> {
    if path.chars().nth(PATH_MAX).is_some() || path.chars().any(char::is_control) {
        return None;
    }
    Some(path.split('>').map(|part| part.trim().to_lowercase()).collect::<Vec<_>>().join(" > "))
}

/// Categories by their names in addresses, and by those for people, in lower case.
#[derive(Debug, Clone, Default)]
struct Names {
    slugs: BTreeMap<String, CategoryId>,
    called: BTreeMap<String, Vec<CategoryId>>,
}

impl Names {
    fn of(categories: &BTreeMap<CategoryId, Category>) -> Self {
        let mut names = Self::default();
        for category in categories.values() {
            names.slugs.insert(category.slug.to_string(), category.id);
            names.called.entry(category.name.to_lowercase()).or_default().push(category.id);
        }
        names
    }
}

impl Tree {
    pub fn new(categories: impl IntoIterator<Item = Category>) -> Self {
        let by_id = categories.into_iter().map(|c| (c.id, c)).collect();
        Self { by_id, names: OnceLock::new(), chosen: BTreeMap::new() }
    }
    fn names(&self) -> &Names {
        self.names.get_or_init(|| Names::of(&self.by_id))
    }
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.by_id.get(&id)
    }
    pub fn by_slug(&self, slug: &str) -> Option<&Category> {
        self.names().slugs.get(slug).and_then(|id| self.get(*id))
    }
    /// Those with this name for people, which is in lower case.
    pub fn called(&self, name: &str) -> Vec<&Category> {
        self.names().called.get(name).into_iter().flatten().filter_map(|id| self.get(*id)).collect()
    }
    /// The same, with what a vendor has chosen for categories of its files.
    pub fn choosing(mut self, chosen: impl IntoIterator<Item = (String, CategoryId)>) -> Self {
        self.chosen = chosen.into_iter().collect();
        self
    }
    /// What the vendor has chosen for a category of its file.
    pub fn chosen(&self, path: &str) -> Option<&Category> {
        if self.chosen.is_empty() {
            return None;
        }
        self.chosen.get(&path_key(path)?).and_then(|id| self.get(*id))
    }
    /// Adds a category or replaces it.
    pub fn put(&mut self, category: Category) {
        self.by_id.insert(category.id, category);
        self.names = OnceLock::new();
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

    /// What products of a category are asked for.
    pub fn asked(&self, id: CategoryId) -> Vec<AttributeDef> {
        asked(self.up(id).into_iter().rev())
    }

    /// A category as it is shown, with what it takes over from those above it.
    pub fn view(&self, category: &Category) -> CategoryView {
        let above = category.parent_id.map(|parent| self.asked(parent)).unwrap_or_default();
        let is_own = |def: &AttributeDef| category.attributes.iter().any(|own| own.key == def.key);
        category.view(above.into_iter().filter(|def| !is_own(def)).collect())
    }

    /// Refuses more questions than a product has room for answers, in a category or in one below it.
    pub fn check_asked(&self, id: CategoryId) -> Result<()> {
        let below = self.by_id.keys().filter(|&&below| self.up(below).iter().any(|c| c.id == id));
        let most = below.map(|&below| self.asked(below).iter().filter(|def| !def.archived).count()).max();
        if most.is_some_and(|most| most > FACTS_MAX) {
            let reason =
                format!("Products would be asked for more than {FACTS_MAX} facts, those of all levels together.");
            return Err(Error::invalid("attributes", reason));
        }
        Ok(())
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
            seo_title: String::new(),
            seo_description: String::new(),
            translations: Translations::new(),
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
    fn names_are_found_in_lower_case_also_after_a_change() {
        let mut tree = Tree::new([category("mugs", None, 0), category("bowls", None, 1)]);
        assert_eq!((names(tree.called("mugs")), tree.by_slug("cups").is_none()), (vec!["mugs"], true));
        let renamed = Category { name: "Bowls & MUGS".to_owned(), ..category("cups", None, 2) };
        tree.put(Category { name: "Mugs".to_owned(), ..category("bowls", None, 1) });
        tree.put(renamed);
        assert_eq!(names(tree.called("mugs")).len(), 2);
        assert_eq!(names(tree.called("bowls & mugs")), ["Bowls & MUGS"]);
        assert!(tree.called("bowls").is_empty() && tree.called("").is_empty());
        assert_eq!(tree.by_slug("cups").map(|c| c.name.as_str()), Some("Bowls & MUGS"));
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
}
