//! Cursor paging: every list is bounded, and a cursor says where the next page begins.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Most items one page may hold.
pub const PAGE_LIMIT_MAX: u32 = 100;
/// Items of a page when the caller does not say.
pub const PAGE_LIMIT_DEFAULT: u32 = 24;

/// Opaque position in a list: the sort key and id of the last item seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub Vec<String>);

impl Cursor {
    /// Text for the outside.
    pub fn encode(&self) -> String {
        use base64::Engine;
        let json = serde_json::to_vec(&self.0).unwrap_or_default();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
    }
    /// The position behind a text made by [`Cursor::encode`].
    pub fn decode(text: &str) -> Result<Self> {
        use base64::Engine;
        let bad = || Error::invalid("after", "This is not a cursor of this list.");
        if text.len() > 512 {
            return Err(bad());
        }
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let cursor = serde_json::from_slice(&bytes).map(Self).map_err(|_| bad())?;
        // PostgreSQL cannot even compare with a NUL character.
        if cursor.0.iter().any(|part| part.contains('\0')) { Err(bad()) } else { Ok(cursor) }
    }
    /// Part `i` as text.
    pub fn text(&self, i: usize) -> Result<&str> {
        self.0.get(i).map(String::as_str).ok_or_else(|| Error::invalid("after", "This is not a cursor of this list."))
    }
    /// Part `i` as a number.
    pub fn number(&self, i: usize) -> Result<i64> {
        self.text(i)?.parse().map_err(|_| Error::invalid("after", "This is not a cursor of this list."))
    }
}

/// Which page is asked for. Use it as (part of) a query string: `?limit=24&after=…`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PageRequest {
    /// Items wanted, 1 to 100 (24 if left out).
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor of the page before (`next` in its answer).
    #[serde(default)]
    #[schemars(length(max = 512))]
    pub after: Option<String>,
}

impl PageRequest {
    /// The number of items to read; refuses 0 and more than 100.
    pub fn limit(&self) -> Result<u32> {
        match self.limit.unwrap_or(PAGE_LIMIT_DEFAULT) {
            n @ 1..=PAGE_LIMIT_MAX => Ok(n),
            _ => Err(Error::invalid("limit", "Ask for 1 to 100 items.")),
        }
    }
    /// The decoded cursor, if there is one.
    pub fn cursor(&self) -> Result<Option<Cursor>> {
        self.after.as_deref().filter(|s| !s.is_empty()).map(Cursor::decode).transpose()
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// Cuts `limit + 1` rows down to a page; `key` gives the cursor parts of an item.
    pub fn cut(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Vec<String>) -> Self {
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = if more { rows.last().map(|last| Cursor(key(last)).encode()) } else { None };
        Self { items: rows, next }
    }
    /// The same page with other items.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_there_is_more() {
        let page = Page::cut(vec![1, 2, 3], 2, |n| vec![n.to_string()]);
        assert_eq!(page.items, [1, 2]);
        let cursor = Cursor::decode(&page.next.unwrap()).unwrap();
        assert_eq!(cursor.number(0).unwrap(), 2);
        assert!(Page::cut(vec![1, 2], 2, |n| vec![n.to_string()]).next.is_none());
    }

    #[test]
    fn foreign_cursors_are_refused() {
        let nul = Cursor(vec!["a\0b".to_owned()]).encode();
        for bad in ["%%", "e30", &nul, &"a".repeat(600)] {
            assert!(Cursor::decode(bad).is_err(), "{bad}");
        }
        assert!(PageRequest { limit: Some(0), after: None }.limit().is_err());
        assert!(PageRequest { limit: Some(101), after: None }.limit().is_err());
    }
}
