//! What products and categories are called in the further languages of the shop. What is left empty there is said in the
//! main language, text by text.

use std::collections::BTreeMap;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::limits::{DESCRIPTION_MAX, SEO_DESCRIPTION_MAX, SEO_TITLE_MAX, SUMMARY_MAX, TITLE_MAX};

/// Texts by the codes of their languages: `{"de": …}`.
pub type Translations<T> = BTreeMap<String, T>;

/// The texts of a product in one further language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct ProductTexts {
    /// Title.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = TITLE_MAX))]
    pub title: String,
    /// One or two sentences.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = SUMMARY_MAX))]
    pub summary: String,
    /// HTML; sanitised (paragraphs, lists, emphasis, links).
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = DESCRIPTION_MAX))]
    pub description_html: String,
    /// Title for search engines; empty for the title.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = SEO_TITLE_MAX))]
    pub seo_title: String,
    /// Description for search engines; empty for the summary.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = SEO_DESCRIPTION_MAX))]
    pub seo_description: String,
}

impl ProductTexts {
    /// Names of the texts, in the order of [`ProductTexts::all`].
    pub const NAMES: [&'static str; 5] = ["title", "summary", "description_html", "seo_title", "seo_description"];

    /// All texts.
    pub fn all(&self) -> [&String; 5] {
        [&self.title, &self.summary, &self.description_html, &self.seo_title, &self.seo_description]
    }
    /// All texts, to be written.
    pub fn all_mut(&mut self) -> [&mut String; 5] {
        [&mut self.title, &mut self.summary, &mut self.description_html, &mut self.seo_title, &mut self.seo_description]
    }
    /// True if nothing is translated.
    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|text| text.is_empty())
    }
}

/// The texts of a category in one further language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields, default)]
pub struct CategoryTexts {
    /// Name.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = 80))]
    pub name: String,
    /// A sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = 500))]
    pub description: String,
    /// Title for search engines; empty for the name.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = SEO_TITLE_MAX))]
    pub seo_title: String,
    /// Description for search engines; empty for the sentence about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[garde(length(chars, max = SEO_DESCRIPTION_MAX))]
    pub seo_description: String,
}

impl CategoryTexts {
    /// Names of the texts, in the order of [`CategoryTexts::all`].
    pub const NAMES: [&'static str; 4] = ["name", "description", "seo_title", "seo_description"];

    /// All texts.
    pub fn all(&self) -> [&String; 4] {
        [&self.name, &self.description, &self.seo_title, &self.seo_description]
    }
    /// All texts, to be written.
    pub fn all_mut(&mut self) -> [&mut String; 4] {
        [&mut self.name, &mut self.description, &mut self.seo_title, &mut self.seo_description]
    }
    /// True if nothing is translated.
    pub fn is_empty(&self) -> bool {
        self.all().iter().all(|text| text.is_empty())
    }
}

/// What others keep of a product's texts in one further language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotTexts {
    /// Title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Summary.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Description without markup.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description_text: String,
    /// Names of its categories by their names in addresses; those that are translated.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub categories: BTreeMap<String, String>,
}
