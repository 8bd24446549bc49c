//! One error for the whole system: a *kind* that decides how it is answered, a stable
//! machine-readable code, and a sentence for a person.
//!
//! Services have small enums of their own that convert into this one; `souk-http` alone
//! turns it into `application/problem+json`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Seconds after which what does not answer is worth another try.
const SOON_S: u64 = 1;

/// Result with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How an error is answered. Add a variant only when a caller would act differently on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The request cannot be read: broken JSON, wrong type, unknown field. 400
    Malformed,
    /// Well-formed but not acceptable; `fields` says what to mend. 422
    Invalid,
    /// Nobody is logged in, or the token does not count. 401
    Unauthenticated,
    /// Somebody is logged in who may not do this. 403
    Forbidden,
    /// There is no such thing, or it belongs to somebody else. 404
    NotFound,
    /// The state of the thing does not allow it now. 409
    Conflict,
    /// What it speaks of is not known here yet, but will be: nothing is wrong, it comes again. 409
    Early,
    /// It was here, and will not be again at this address. 410
    Gone,
    /// The caller's `If-Match` or quote hash is not the current one. 412
    Stale,
    /// Too large. 413
    TooLarge,
    /// Wrong `Content-Type`. 415
    UnsupportedMedia,
    /// The part that is asked for lies behind the end. 416
    OutOfRange,
    /// Too many requests. 429
    RateLimited,
    /// Something we need does not answer; try again. 503
    Unavailable,
    /// Our mistake. 500; the detail stays in the log.
    Internal,
}

/// What is wrong with one field of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FieldError {
    /// Path of the field, e.g. `lines[0].quantity`.
    pub field: String,
    /// What to mend, as a sentence.
    pub reason: String,
}

/// The error of every fallible operation in Souk.
#[derive(Clone)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: Kind,
    code: String,
    detail: String,
    fields: Vec<FieldError>,
    extra: Option<serde_json::Value>,
    source: Option<String>,
    retry_after_s: Option<u64>,
}

impl Error {
    /// An error of `kind` with a stable `code` (snake_case) and a sentence for a person.
    pub fn new(kind: Kind, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                code: code.into(),
                detail: detail.into(),
                fields: Vec::new(),
                extra: None,
                source: None,
                retry_after_s: None,
            }),
        }
    }

    /// 404 for a named thing: `Error::not_found("order")`.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, "not_found", format!("There is no such {what}."))
    }

    /// 409 with a code and the reason.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, detail)
    }

    /// 409: what this speaks of is on its way here. An event's handler and a job say so where the order of
    /// arrival is nobody's mistake; they are tried again as after any error, but nobody is alarmed before they are given up.
    pub fn early(detail: impl Into<String>) -> Self {
        Self::new(Kind::Early, "not_yet", detail)
    }

    /// 422 for one field.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::invalid_fields(vec![FieldError { field: field.into(), reason: reason.into() }])
    }

    /// 422 for several fields at once.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let mut error = Self::new(Kind::Invalid, "invalid_input", "Some fields need to be corrected.");
        error.inner.fields = fields;
        error
    }

    /// 400: the request cannot be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, "malformed_request", detail)
    }

    /// 401.
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unauthenticated, "unauthenticated", detail)
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, "forbidden", detail)
    }

    /// 503: a dependency does not answer.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, "unavailable", detail)
    }

    /// 500: the cause is logged, never shown.
    pub fn internal(cause: impl fmt::Display) -> Self {
        let mut error = Self::new(Kind::Internal, "internal", "Something went wrong on our side.");
        error.inner.source = Some(cause.to_string());
        error
    }

    /// Attach the technical cause; it goes to the log and nowhere else.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.inner.source = Some(cause.to_string());
        self
    }

    /// Attach machine-readable members that are sent to the caller (e.g. the new quote).
    #[must_use]
    pub fn with_extra(mut self, extra: serde_json::Value) -> Self {
        self.inner.extra = Some(extra);
        self
    }

    /// Attach what is wrong per field.
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.inner.fields = fields;
        self
    }

    /// Say when trying again makes sense.
    #[must_use]
    pub fn retry_after_s(mut self, seconds: u64) -> Self {
        self.inner.retry_after_s = Some(seconds);
        self
    }

    /// How it is answered.
    pub fn kind(&self) -> Kind {
        self.inner.kind
    }
    /// Stable machine-readable code.
    pub fn code(&self) -> &str {
        &self.inner.code
    }
    /// Sentence for a person.
    pub fn detail(&self) -> &str {
        &self.inner.detail
    }
    /// What is wrong per field; empty unless the kind is [`Kind::Invalid`] or [`Kind::Malformed`].
    pub fn fields(&self) -> &[FieldError] {
        &self.inner.fields
    }
    /// Extra members of the problem document.
    pub fn extra(&self) -> Option<&serde_json::Value> {
        self.inner.extra.as_ref()
    }
    /// Technical cause, for the log.
    pub fn source_text(&self) -> Option<&str> {
        self.inner.source.as_deref()
    }
    /// Seconds until a retry makes sense. What does not answer just now may soon, unless something else was said.
    pub fn retry_after(&self) -> Option<u64> {
        self.inner.retry_after_s.or_else(|| self.is(Kind::Unavailable).then_some(SOON_S))
    }
    /// True if `kind` is this one.
    pub fn is(&self, kind: Kind) -> bool {
        self.inner.kind == kind
    }
    /// True if the same call may succeed later without being changed.
    pub fn is_transient(&self) -> bool {
        matches!(self.kind(), Kind::Unavailable | Kind::RateLimited | Kind::Internal)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.code, self.inner.detail)?;
        for e in &self.inner.fields {
            write!(f, " [{}: {}]", e.field, e.reason)?;
        }
        if let Some(source) = &self.inner.source {
            write!(f, " (cause: {source})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}, {self})", self.inner.kind)
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    /// A stored or exchanged document that does not parse is our mistake, not the caller's;
    /// request bodies go through the extractor in `souk-http`, which answers 400 instead.
    fn from(e: serde_json::Error) -> Self {
        Self::internal(format!("json: {e}"))
    }
}
