//! In which language something is asked for: of the shop's, for what is sold, or of those that papers and mails know.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, Uri, header, request::Parts},
    response::Response,
};
use kernel::{Error, Languages, Result};
use schemars::SchemaGenerator;
use serde_json::json;

use crate::{
    answer::Failure,
    describe::{Describe, Inputs},
};

/// State of what answers in several languages.
pub trait Multilingual {
    /// Those languages.
    fn languages(&self) -> &Languages;
}

impl<T: Multilingual> Multilingual for Arc<T> {
    fn languages(&self) -> &Languages {
        (**self).languages()
    }
}

/// The language that is asked for: the parameter `lang`, else `Accept-Language`; the main one where neither names one of
/// those that there are. Of a single language nothing is said.
#[derive(Debug, Clone, Copy)]
pub struct InLanguage {
    other: Option<&'static str>,
    said: Option<&'static str>,
}

impl InLanguage {
    fn of(languages: &Languages, parts: &Parts) -> Result<Self> {
        let named = named(&parts.uri)?;
        if !languages.are_several() {
            return Ok(Self { other: None, said: None });
        }
        let accepted = || parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let asked = match named {
            Some(tag) => languages.find(&tag),
            None => accepted().and_then(|header| languages.liked(header)),
        };
        let code = asked.unwrap_or(languages.main());
        Ok(Self { other: (code != languages.main()).then_some(code), said: Some(code) })
    }
    /// Its code, if it is another than the main language.
    pub fn other(self) -> Option<&'static str> {
        self.other
    }
    /// Says on an answer in which language it is, and that another request gets it in another.
    pub fn mark(self, mut answer: Response) -> Response {
        if let Some(code) = self.said {
            let headers = answer.headers_mut();
            headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(code));
            headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        }
        answer
    }
}

/// Most characters of a language's name.
const TAG_MAX: usize = 20;

/// The language that an address names.
///
/// # Errors
/// If it is the name of none.
fn named(uri: &Uri) -> Result<Option<String>> {
    let Some(query) = uri.query().filter(|query| query.contains("lang")) else { return Ok(None) };
    let Some((_, tag)) = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "lang") else {
        return Ok(None);
    };
    if tag.len() > TAG_MAX || !tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        return Err(Error::invalid("lang", "Name a language by its code, such as de."));
    }
    Ok(Some(tag.into_owned()))
}

impl<S: Multilingual + Send + Sync> FromRequestParts<S> for InLanguage {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Failure> {
        Ok(Self::of(state.languages(), parts)?)
    }
}

impl Describe for InLanguage {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.parameters.push(json!({
            "name": "lang", "in": "query", "required": false,
            "description": "One of the languages that there are here, such as the shop's for names and descriptions that were \
                            translated. Else `Accept-Language` counts, else it is the main one.",
            "schema": {"type": "string", "maxLength": TAG_MAX},
        }));
    }
}
