//! What htmx tells a handler and what a handler may tell htmx. The same handler answers the
//! whole page to a browser and the changed part of it to htmx.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};

/// Who asks: a browser that wants a page, or htmx that wants a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hx {
    request: bool,
    partial: bool,
}

impl Hx {
    /// Reads the request's headers. A page restored from history is a whole page.
    pub fn of(headers: &HeaderMap) -> Self {
        let is = |name: &str, value: &str| headers.get(name).is_some_and(|v| v.as_bytes() == value.as_bytes());
        let request = is("hx-request", "true") && !headers.contains_key("hx-history-restore-request");
        Self { request, partial: request && is("hx-request-type", "partial") }
    }

    /// True if only the part that changes is wanted.
    pub fn wants_part(self) -> bool {
        self.partial
    }

    /// After a form was accepted: the browser goes to `to` by 303, htmx by its own header,
    /// for `fetch` would follow a 303 and put the whole page into a corner of this one.
    pub fn redirect(self, to: &str) -> Response {
        let Ok(to) = HeaderValue::from_str(to) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        if self.request {
            ([(HeaderName::from_static("hx-redirect"), to)], StatusCode::OK).into_response()
        } else {
            ([(header::LOCATION, to)], StatusCode::SEE_OTHER).into_response()
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Hx {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// Answers `html`, saying to caches that a part and a page of one address are two things.
pub fn html(status: StatusCode, html: String) -> Response {
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::VARY, HeaderValue::from_static("HX-Request, HX-Request-Type")),
    ];
    (status, head, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> Hx {
        Hx::of(&pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v))).collect())
    }

    #[test]
    fn only_a_targeted_swap_wants_a_part() {
        assert!(!asked(&[]).wants_part());
        assert!(!asked(&[("hx-request", "true"), ("hx-request-type", "full")]).wants_part());
        assert!(asked(&[("hx-request", "true"), ("hx-request-type", "partial")]).wants_part());
        let back = [("hx-request", "true"), ("hx-request-type", "partial"), ("hx-history-restore-request", "true")];
        assert!(!asked(&back).wants_part());
    }

    #[test]
    fn redirects_suit_whoever_asked() {
        let plain = asked(&[]).redirect("/cart");
        assert_eq!(
            (plain.status(), &plain.headers()["location"]),
            (StatusCode::SEE_OTHER, &HeaderValue::from_static("/cart"))
        );
        let hx = asked(&[("hx-request", "true")]).redirect("/cart");
        assert_eq!((hx.status(), &hx.headers()["hx-redirect"]), (StatusCode::OK, &HeaderValue::from_static("/cart")));
        assert_eq!(asked(&[]).redirect("/a\r\nSet-Cookie: x").status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
