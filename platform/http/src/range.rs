//! Parts of files: what somebody asks for who goes on with a download that broke off (RFC 9110, 14).

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, Method, header, request::Parts},
};
use kernel::{Error, Kind, Result};
use schemars::SchemaGenerator;
use serde_json::json;

use crate::{
    answer::Failure,
    describe::{Describe, Inputs},
};

/// A part of a file, by its first and its last byte, both counted from 0 and both in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// First byte.
    pub first: u64,
    /// Last byte.
    pub last: u64,
}

impl Part {
    /// How many bytes it has.
    pub fn bytes(self) -> u64 {
        self.last - self.first + 1
    }
    /// `Content-Range` of a file of `bytes`.
    ///
    /// # Errors
    /// None in fact: numbers can stand in a header.
    pub fn content_range(self, bytes: u64) -> Result<HeaderValue> {
        HeaderValue::try_from(format!("bytes {}-{}/{bytes}", self.first, self.last)).map_err(Error::internal)
    }
}

/// `Range` and `If-Range`, as far as they mean something: one part, in bytes, of a `GET`.
#[derive(Debug, Clone, Default)]
pub struct AskedPart {
    range: Option<String>,
    if_range: Option<HeaderValue>,
}

impl<S: Send + Sync> FromRequestParts<S> for AskedPart {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        if parts.method != Method::GET {
            return Ok(Self::default());
        }
        let text = |name: HeaderName| parts.headers.get(name).and_then(|value| Some(value.to_str().ok()?.to_owned()));
        Ok(Self { range: text(header::RANGE), if_range: parts.headers.get(header::IF_RANGE).cloned() })
    }
}

impl Describe for AskedPart {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        let mut add = |name: &str, description: &str| {
            inputs.parameters.push(json!({
                "name": name, "in": "header", "required": false, "description": description,
                "schema": {"type": "string", "maxLength": 100, "pattern": "^[!-~]+$"},
            }));
        };
        add(
            "Range",
            "One part, in bytes: `bytes=500-999`, `bytes=500-` or `bytes=-500`. Anything else is passed over.",
        );
        add("If-Range", "`ETag` of what one has a part of: if it is another by now, the answer is the whole.");
    }
}

impl AskedPart {
    /// The part that is asked for of a file of `bytes` that is known by `etag`. None means the whole: nothing was asked
    /// for, or nothing that we understand, or a part of another content.
    ///
    /// # Errors
    /// Out of range if all of it lies behind the end.
    pub fn of(&self, bytes: u64, etag: &HeaderValue) -> Result<Option<Part>> {
        let is_same = self.if_range.as_ref().is_none_or(|known| known == etag);
        let Some((first, last)) = self.range.as_deref().filter(|_| is_same).and_then(ends) else { return Ok(None) };
        let part = match (first, last) {
            (Some(first), last) => Part { first, last: last.unwrap_or(u64::MAX).min(bytes.saturating_sub(1)) },
            (None, length) => {
                // `bytes=-0` asks for nothing, which lies behind the end.
                let first = bytes.saturating_sub(length.unwrap_or_default());
                Part { first, last: bytes.saturating_sub(1) }
            }
        };
        if part.first >= bytes {
            let text = format!("There are {bytes} bytes, and what you ask for lies behind them.");
            return Err(Error::new(Kind::OutOfRange, "range_not_satisfiable", text));
        }
        Ok(Some(part))
    }
}

/// First and last byte of `bytes=500-999`, where one of them may be missing.
fn ends(range: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, ends) = range.trim().split_once('=')?;
    let (first, last) = ends.trim().split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !unit.eq_ignore_ascii_case("bytes") || !is_number(first) || !is_number(last) {
        return None;
    }
    // What is too large for us lies behind the end of any file.
    let end = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap_or(u64::MAX));
    match (end(first), end(last)) {
        (None, None) => None,
        (Some(first), Some(last)) if last < first => None,
        ends => Some(ends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str, if_range: Option<&'static str>) -> Result<Option<(u64, u64)>> {
        let asked = AskedPart { range: Some(range.to_owned()), if_range: if_range.map(HeaderValue::from_static) };
        Ok(asked.of(10, &HeaderValue::from_static("\"a\""))?.map(|part| (part.first, part.last)))
    }

    #[test]
    fn parts_are_cut_to_what_there_is() {
        for (range, first, last) in [
            ("bytes=0-", 0, 9),
            ("bytes=0-0", 0, 0),
            ("Bytes=3-4", 3, 4),
            ("bytes=9-", 9, 9),
            ("bytes=4-99999999999999999999999", 4, 9),
            ("bytes=-1", 9, 9),
            ("bytes=-10", 0, 9),
            ("bytes=-11", 0, 9),
        ] {
            assert_eq!(asked(range, None).unwrap(), Some((first, last)), "{range}");
        }
        let part = Part { first: 3, last: 4 };
        assert_eq!((part.bytes(), part.content_range(10).unwrap()), (2, HeaderValue::from_static("bytes 3-4/10")));
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        for range in
            ["", "bytes", "bytes=", "bytes=-", "bytes=4-3", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b", "bytes=+1-2"]
        {
            assert_eq!(asked(range, None).unwrap(), None, "{range}");
        }
        assert_eq!(AskedPart::default().of(10, &HeaderValue::from_static("\"a\"")).unwrap(), None);
    }

    #[test]
    fn what_lies_behind_the_end_is_refused() {
        for range in ["bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999-"] {
            let refused = asked(range, None).unwrap_err();
            assert_eq!((refused.kind(), refused.code()), (Kind::OutOfRange, "range_not_satisfiable"), "{range}");
        }
    }

    #[test]
    fn parts_of_another_content_are_not_given() {
        assert_eq!(asked("bytes=3-4", Some("\"a\"")).unwrap(), Some((3, 4)));
        for other in ["\"b\"", "W/\"a\"", "a", "Sat, 28 Nov 2026 10:00:00 GMT"] {
            assert_eq!(asked("bytes=3-4", Some(other)).unwrap(), None, "{other}");
            assert_eq!(asked("bytes=10-", Some(other)).unwrap(), None, "{other}");
        }
    }
}
