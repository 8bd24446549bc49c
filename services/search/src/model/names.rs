//! How the values of facets are called.

use std::collections::BTreeMap;

use crate::query::{self, Beginning};

/// How the values of facets are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub categories: Directory,
    /// Categories in further languages of the shop, by their codes.
    pub translated: BTreeMap<String, Directory>,
    pub vendors: Directory,
    /// By key.
    pub attributes: BTreeMap<String, String>,
    /// Of numbers, by key.
    pub units: BTreeMap<String, String>,
}

impl Names {
    /// Categories in another language if one is asked for, as far as they are translated.
    pub fn categories_in(&self, language: Option<&str>) -> &Directory {
        language.and_then(|language| self.translated.get(language)).unwrap_or(&self.categories)
    }
}

/// Names by slug.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory(BTreeMap<String, Name>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    text: String,
    /// Its words as those of a query are compared.
    words: Vec<String>,
}

impl Directory {
    /// From slugs and names.
    pub fn new(named: impl IntoIterator<Item = (String, String)>) -> Self {
        let name = |text: String| Name { words: query::words(&text), text };
        Self(named.into_iter().map(|(slug, text)| (slug, name(text))).collect())
    }
    /// What is called so by its slug.
    pub fn called(&self, slug: &str) -> Option<String> {
        self.0.get(slug).map(|name| name.text.clone())
    }
    /// Slugs and names that fit a beginning.
    pub fn beginning<'a>(&'a self, beginning: &'a Beginning<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fitting = self.0.iter().filter(|(_, name)| beginning.fits(&name.words));
        fitting.map(|(slug, name)| (slug.as_str(), name.text.as_str()))
    }
}
