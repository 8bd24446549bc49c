//! A browser without scripts: it keeps cookies, remembers the forms of the last page, says where its
//! requests come from.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::{Router, body::Body};
use tower::ServiceExt;

/// The browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    /// Its cookies.
    pub cookies: BTreeMap<String, String>,
    /// Token of the forms on the last page that had one.
    pub csrf: String,
    headers: Vec<(&'static str, String)>,
}

/// A page, or whatever came back.
#[derive(Debug, Clone)]
pub struct Page {
    what: String,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// HTML.
    pub html: String,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            csrf: String::new(),
            headers: vec![("sec-fetch-site", "same-origin".to_owned())],
        }
    }
    /// The same browser with one header more, or another value of it.
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut with = self.clone();
        with.headers.retain(|(known, _)| *known != name);
        with.headers.push((name, value.to_owned()));
        with
    }
    /// The same browser, asked by htmx for a part.
    pub fn htmx(&self) -> Self {
        self.with("hx-request", "true").with("hx-request-type", "partial")
    }
    /// The same browser, not saying where its requests come from.
    pub fn silent(&self) -> Self {
        let mut silent = self.clone();
        silent.headers.retain(|(name, _)| *name != "sec-fetch-site");
        silent
    }
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, String::new(), "").await
    }
    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let fields: Vec<(&str, &str)> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post_raw(path, &fields).await
    }
    /// Sends a form as it is.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_html_form::to_string(fields).unwrap();
        self.send(Method::POST, path, body, "application/x-www-form-urlencoded").await
    }
    /// Sends a form with files, each with its field and name; the token of the last page comes first.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let field = |(name, value): (&str, &str)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = |(name, file, content): &(&str, &str, &str)| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: \
                 image/png\r\n\r\n{content}\r\n"
            )
        };
        let fields = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).map(field);
        let body: String = fields.chain(files.iter().map(file)).chain(["--b--\r\n".to_owned()]).collect();
        self.send(Method::POST, path, body, "multipart/form-data; boundary=b").await
    }
    /// Sends anything.
    pub async fn send(&mut self, method: Method, path: &str, body: String, content_type: &str) -> Page {
        let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, "souk.test");
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let html = String::from_utf8(axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        let page = Page { what: format!("{method} {path}"), status: parts.status, headers: parts.headers, html };
        if let Some(csrf) = page.hidden("csrf") {
            self.csrf = csrf;
        }
        page
    }
}

impl Page {
    /// Fails unless the status is this one; shows the page if so.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.what, self.text());
        self
    }
    /// Fails unless it leads to `to`.
    #[track_caller]
    pub fn leads_to(self, to: &str) -> Self {
        let page = self.expect(303);
        assert_eq!(page.header("location"), Some(to), "{}", page.what);
        page
    }
    /// Fails unless the page says all of these, in HTML.
    #[track_caller]
    pub fn says(self, all: &[&str]) -> Self {
        for part in all {
            assert!(self.html.contains(part), "{}: no {part:?} in {}", self.what, self.html);
        }
        self
    }
    /// Fails if the page says any of these.
    #[track_caller]
    pub fn never_says(self, any: &[&str]) -> Self {
        for part in any {
            assert!(!self.html.contains(part), "{}: {part:?} in {}", self.what, self.html);
        }
        self
    }
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
    /// Value of the first hidden field called `name`.
    pub fn hidden(&self, name: &str) -> Option<String> {
        self.every_hidden(name).into_iter().next()
    }
    /// Values of all hidden fields called `name`.
    pub fn every_hidden(&self, name: &str) -> Vec<String> {
        let mark = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let values = self.html.split(&mark).skip(1).filter_map(|rest| rest.split('"').next());
        values.map(|value| value.replace("&#38;", "&").replace("&#34;", "\"")).collect()
    }
    /// All fields of the form posting to `action`: inputs with their values, checked ones only, chosen
    /// options, texts. As a browser would send them.
    pub fn form(&self, action: &str) -> Vec<(String, String)> {
        let start = self
            .html
            .find(&format!("action=\"{action}\""))
            .unwrap_or_else(|| panic!("{}: no form to {action}", self.what));
        let form = &self.html[start..];
        let form = &form[..form.find("</form>").unwrap()];
        let mut fields = Vec::new();
        for tag in form.split('<').skip(1) {
            let attribute = |name: &str| {
                let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
                Some(rest.split('"').next().unwrap_or_default().replace("&#38;", "&"))
            };
            let Some(name) = attribute("name") else {
                if let (true, Some(value)) =
                    (tag.starts_with("option") && tag.contains(" selected"), attribute("value"))
                    && let Some(last) = fields.last_mut()
                {
                    let (_, chosen): &mut (String, String) = last;
                    *chosen = value;
                }
                continue;
            };
            let kind = attribute("type").unwrap_or_default();
            let sent = match kind.as_str() {
                "radio" | "checkbox" => tag.contains(" checked"),
                "submit" | "file" => false,
                _ => !tag.starts_with("button"),
            };
            if sent {
                fields.push((name, attribute("value").unwrap_or_default()));
            }
        }
        fields
    }
    /// The words alone, for messages of tests.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in self.html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
