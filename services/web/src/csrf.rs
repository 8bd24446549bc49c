//! Forms are taken only from our own pages: the browser says where a request comes from, and every
//! form carries a token that only our pages know.

use axum::http::{HeaderMap, Method, header};
use kernel::{Error, Kind};
use subtle::ConstantTimeEq;

/// The hidden field that carries the token.
pub const FIELD: &str = "csrf";

/// Where a request comes from, as far as the browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// One of our pages, or the address bar.
    Ours,
    /// Somebody else's page.
    Foreign,
    /// A client that does not say.
    Unsaid,
}

impl Site {
    /// Of a request with these headers to the site at `public_url`.
    pub fn of(headers: &HeaderMap, public_url: &str) -> Self {
        let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("unreadable"));
        match text("sec-fetch-site") {
            Some("same-origin" | "none") => return Self::Ours,
            Some(_) => return Self::Foreign,
            None => {}
        }
        let Some(origin) = text(header::ORIGIN.as_str()) else { return Self::Unsaid };
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        let here = text(header::HOST.as_str());
        if origin == public_url || authority.is_some() && authority == here { Self::Ours } else { Self::Foreign }
    }
}

/// True for methods that change something.
pub fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// True for what a link alone may do, whoever opens it: webmail sends its one click (RFC 8058) from pages of its own.
pub fn is_by_link(path: &str) -> bool {
    matches!(path, "/notices/stop/one-click" | "/cart/letters/stop/one-click")
}

/// True if both are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// The refusal of a form that did not come from our page.
pub fn refused() -> Error {
    Error::new(
        Kind::Forbidden,
        "form_expired",
        "This form is no longer valid, or did not come from this site. Go back, load the page again and repeat.",
    )
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn site(pairs: &[(&'static str, &'static str)]) -> Site {
        let pairs = pairs.iter().map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)));
        Site::of(&pairs.collect(), "https://souk.example")
    }

    #[test]
    fn the_browser_says_where_a_request_comes_from() {
        assert_eq!(site(&[]), Site::Unsaid);
        assert_eq!(site(&[("sec-fetch-site", "same-origin")]), Site::Ours);
        assert_eq!(site(&[("sec-fetch-site", "none")]), Site::Ours);
        for foreign in ["same-site", "cross-site", "nonsense"] {
            assert_eq!(site(&[("sec-fetch-site", foreign), ("origin", "https://souk.example")]), Site::Foreign);
        }
        assert_eq!(site(&[("origin", "https://souk.example")]), Site::Ours);
        assert_eq!(site(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]), Site::Ours);
        assert_eq!(site(&[("origin", "https://evil.example"), ("host", "souk.example")]), Site::Foreign);
        assert_eq!(site(&[("origin", "null"), ("host", "souk.example")]), Site::Foreign);
    }

    #[test]
    fn tokens_are_compared_whole() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
