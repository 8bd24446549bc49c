//! Cookies: read from a request, collected while it is answered.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderMap, HeaderValue, header};

/// Names of our cookies. The prefix makes a browser refuse them unless they come over https, for
/// this host alone.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    /// The session.
    pub session: &'static str,
    /// Binds forms to a browser that has no session.
    pub form: &'static str,
    /// Light or dark; not secret, and no session is opened for it.
    pub theme: &'static str,
    /// In which language what is sold is read; not secret either.
    pub language: &'static str,
    /// In which currency prices are read; not secret either.
    pub currency: &'static str,
}

impl Names {
    /// For a site that is reached by https, or not.
    pub fn of(https: bool) -> Self {
        let (session, form) = if https { ("__Host-souk", "__Host-souk-form") } else { ("souk", "souk-form") };
        Self { session, form, theme: "theme", language: "language", currency: "souk_currency" }
    }
}

/// The value of the cookie `name`.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// Cookies that go out with the answer.
#[derive(Debug, Clone, Default)]
pub struct SetCookies(Arc<Mutex<Vec<(String, HeaderValue)>>>);

impl SetCookies {
    /// Sets a cookie for `life`, or removes it. The last word on a name counts.
    pub fn set(&self, name: &str, value: Option<&str>, life: Duration, https: bool) {
        let seconds = if value.is_some() { life.as_secs() } else { 0 };
        let secure = if https { "; Secure" } else { "" };
        let line =
            format!("{name}={}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", value.unwrap_or_default());
        let Ok(line) = HeaderValue::from_str(&line) else { return };
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.retain(|(known, _)| known != name);
        lines.push((name.to_owned(), line));
    }

    /// Puts them on an answer.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        for (_, line) in self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            headers.append(header::SET_COOKIE, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; souk=abc; souk-form=d"));
        headers.append(header::COOKIE, HeaderValue::from_static("theme=dark"));
        assert_eq!(read(&headers, "souk"), Some("abc"));
        assert_eq!(read(&headers, "theme"), Some("dark"));
        assert_eq!(read(&headers, "ouk"), None);
    }

    #[test]
    fn the_last_word_on_a_name_counts() {
        let (set, mut headers) = (SetCookies::default(), HeaderMap::new());
        set.set("souk", Some("a"), Duration::from_secs(60), true);
        set.set("souk", Some("b"), Duration::from_secs(60), true);
        set.set("theme", None, Duration::from_secs(60), false);
        set.apply(&mut headers);
        let lines: Vec<_> = headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(
            lines,
            [
                "souk=b; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure",
                "theme=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
            ]
        );
    }
}
