//! Which engine, and where it is.

use std::path::PathBuf;

use contracts::currencies::USUAL;
use kernel::{Currency, Error, Languages, Result, Secret};
use serde::Deserialize;
use url::Url;

use super::{Elasticsearch, Language};

/// Settings of the search.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What finds.
    pub backend: Backend,
    /// Languages of what is sold, the main one first: forms of a word in any of them are one word, and products and
    /// categories may be translated into those behind the first.
    pub languages: Vec<Language>,
    /// Tantivy: folder of the index; in memory if empty. Not a setting of its own: it lies in the data's folder.
    #[serde(skip)]
    pub dir: PathBuf,
    /// The main currency of the shop, in which bands of prices are told. Not a setting of its own either.
    #[serde(skip)]
    pub currency: Currency,
    /// Elasticsearch: addresses of its nodes.
    pub urls: Vec<String>,
    /// Elasticsearch: who asks; nobody in particular if empty.
    pub username: String,
    /// Elasticsearch: what proves it.
    pub password: Secret,
    /// Elasticsearch: an encoded API key, instead of a user and a password.
    pub api_key: Secret,
    /// Elasticsearch: file with the certificates (PEM) of the authority that vouches for its nodes.
    pub ca_file: PathBuf,
    /// Elasticsearch: begins the names of its indexes.
    pub prefix: String,
    /// Elasticsearch: parts of an index, of one that is made from now on.
    pub shards: u32,
    /// Elasticsearch: copies of each part.
    pub replicas: u32,
    /// Elasticsearch: milliseconds that an answer to a question may take.
    pub timeout_ms: u64,
    /// Elasticsearch: milliseconds that a write may take.
    pub write_timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            backend: Backend::default(),
            languages: vec![Language::En],
            dir: PathBuf::new(),
            currency: USUAL,
            urls: vec!["http://127.0.0.1:9200".to_owned()],
            username: String::new(),
            password: Secret::default(),
            api_key: Secret::default(),
            ca_file: PathBuf::new(),
            prefix: "souk".to_owned(),
            shards: 1,
            replicas: 1,
            timeout_ms: 2_000,
            write_timeout_ms: 30_000,
        }
    }
}

/// What finds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// An index in this process.
    #[default]
    Tantivy,
    /// Elasticsearch or OpenSearch.
    Elasticsearch,
}

impl Settings {
    /// The languages of the shop.
    pub fn shop_languages(&self) -> Languages {
        Languages::new(&self.languages.iter().map(|language| language.code()).collect::<Vec<_>>())
    }

    /// The addresses of the nodes, without a slash at the end.
    ///
    /// # Errors
    /// Invalid, with the setting's name, if one is no address.
    pub(super) fn nodes(&self) -> Result<Vec<String>> {
        let wrong = |reason: String| Error::invalid("search.urls", reason);
        if self.urls.is_empty() {
            return Err(wrong("Name at least one address of Elasticsearch.".to_owned()));
        }
        let node = |text: &String| {
            // What cannot be read may hold a password, so only what is known to be none is repeated.
            let url: Url = text.parse().map_err(|e| wrong(format!("One of them is no address: {e}.")))?;
            if !url.username().is_empty() || url.password().is_some() {
                return Err(wrong("Put the user into `username` and the password into `password`.".to_owned()));
            }
            let is_plain = url.query().is_none() && url.fragment().is_none();
            if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !is_plain {
                return Err(wrong(format!("“{text}” is not of the form http://host:port.")));
            }
            Ok(url.as_str().trim_end_matches('/').to_owned())
        };
        self.urls.iter().map(node).collect()
    }

    /// # Errors
    /// Invalid, with the setting's name.
    pub fn check(&self) -> Result<()> {
        match self.backend {
            Backend::Tantivy => Ok(()),
            Backend::Elasticsearch => Elasticsearch::check_settings(self),
        }
    }

    /// Looks at what Elasticsearch would refuse later.
    ///
    /// # Errors
    /// Invalid, with the setting's name.
    pub(super) fn check_server(&self) -> Result<()> {
        let wrong = |key: &str, reason: &str| Err(Error::invalid(format!("search.{key}"), reason));
        let has_key = !self.api_key.expose().is_empty();
        if has_key && !self.username.is_empty() {
            return wrong("api_key", "Give an API key, or a user and a password, but not both.");
        }
        if self.username.is_empty() != self.password.expose().is_empty() {
            return wrong("username", "A user and a password go together.");
        }
        if self.api_key.expose().chars().any(|c| !c.is_ascii_graphic()) {
            return wrong("api_key", "This is no encoded API key.");
        }
        let begins = self.prefix.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if !begins || !self.prefix.chars().all(fits) || self.prefix.len() > 100 {
            return wrong("prefix", "Use up to 100 of a–z, 0–9, - and _, beginning with a letter or digit.");
        }
        if self.shards == 0 {
            return wrong("shards", "An index has at least one part.");
        }
        if self.timeout_ms == 0 || self.write_timeout_ms == 0 {
            return wrong("timeout_ms", "Without any time there is no answer.");
        }
        Ok(())
    }
}
