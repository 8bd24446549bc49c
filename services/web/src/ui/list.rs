//! Lists: pages of them, what narrows them, what is chosen.

use askama::Template;

use super::{Link, component};

/// Before and after in a list that is read page by page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/pager.html")]
pub struct Pager {
    /// `1–24 of 213 products`.
    pub text: String,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// The element that htmx replaces, e.g. `#results`; full page loads without.
    pub target: Option<&'static str>,
}

/// What narrows the list, with the address of the list without it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/chips.html")]
pub struct Chips {
    /// Each filter and the list without it.
    pub chips: Vec<Link>,
    /// The list without any.
    pub clear: String,
    /// The element that htmx replaces.
    pub target: Option<&'static str>,
}

/// One value of a facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetValue {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
    /// How many products have it; none found means it cannot be chosen.
    pub count: String,
    /// True if chosen.
    pub chosen: bool,
    /// True if choosing it would find nothing.
    pub barren: bool,
}

/// How a facet is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacetKind {
    /// Any of several values.
    Values(Vec<FacetValue>),
    /// From and to, sent as `name_min` and `name_max`, as typed.
    Range {
        /// The lower bound as typed.
        min: String,
        /// The upper bound as typed.
        max: String,
        /// The lowest there is, shown where nothing is typed.
        low: String,
        /// The highest.
        high: String,
        /// `€`.
        unit: String,
    },
}

/// A property to narrow a list by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Name in the address.
    pub name: String,
    /// Name for a person.
    pub title: String,
    /// Open at first.
    pub open: bool,
    /// How it is chosen.
    pub kind: FacetKind,
}

impl Facet {
    /// Any of `values`.
    pub fn values(name: &str, title: &str, values: Vec<FacetValue>) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), open: true, kind: FacetKind::Values(values) }
    }
    fn field(&self, value: &str) -> String {
        super::field_id(&format!("{}-{value}", self.name))
    }
}

/// The facets of a list: a column at the side, a sheet on a phone. A form that is sent by GET.
#[derive(Debug, Clone, Template)]
#[template(path = "components/facets.html")]
pub struct Facets {
    /// Address of the list.
    pub action: String,
    /// What must be kept in the address: the query, the sort.
    pub kept: Vec<(String, String)>,
    /// The properties.
    pub facets: Vec<Facet>,
    /// `Show 213 products`.
    pub button: String,
    /// The list without any.
    pub clear: Option<String>,
    /// True behind a fragment: htmx then brings the counts of the page's own facets up to date.
    pub oob: bool,
}

/// How a list is ordered: a select that acts at once, with a button where scripts do not run.
#[derive(Debug, Clone, Template)]
#[template(path = "components/sort.html")]
pub struct Sort {
    /// Address of the list.
    pub action: String,
    /// What must be kept in the address: the query, the facets.
    pub kept: Vec<(String, String)>,
    /// Value and text.
    pub options: Vec<(String, String)>,
    /// Value of the one in use.
    pub chosen: String,
}

/// One line under the search field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is read; the part typed is marked by the browser's own find, not here.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// A small picture.
    pub picture: Option<String>,
    /// What it is: `in Kitchen`, `Vendor`.
    pub note: String,
}

/// What the search field offers while one types. A fragment: the answer of `/search/suggest`.
#[derive(Debug, Clone, Template)]
#[template(path = "components/suggestions.html")]
pub struct Suggestions {
    /// Headed groups: products, categories, vendors.
    pub groups: Vec<(String, Vec<Suggestion>)>,
}

component!(Pager, Chips, Facets, Sort, Suggestions);
