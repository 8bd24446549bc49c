//! Answers: pages, parts of pages, refusals in the shop's look, and the headers that go with them.

use std::fmt::{Display, Write};

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Error, Kind, Result};

use crate::{
    app::App,
    cookies::SetCookies,
    csrf::{self, Site},
    forms::Fields,
    htmx::{self, Hx},
    ui::{Link, Shell, Toast, Tone},
    visit::Visit,
};

/// What a page's handler returns.
pub type Shown = std::result::Result<Response, Refusal>;

/// What a page may load, and from where: nothing but our own, and no inline code.
const CSP: &str = "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
/// A page of a visitor without a session is the same for everybody, for a little while.
const CACHE_PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=10");
/// A page of somebody's own, which the back button may show again.
const CACHE_PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
/// A page that leaves no trace.
const CACHE_NEVER: HeaderValue = HeaderValue::from_static("no-store");
/// Code of the refusal of a method.
pub(crate) const WRONG_METHOD: &str = "method_not_allowed";
/// What a page depends on besides its address.
const VARY: HeaderValue = HeaderValue::from_static("Cookie, Accept-Language, HX-Request, HX-Request-Type");

/// A page of the storefront. Visitors without a session may be answered from a cache.
pub fn public(visit: &Visit, page: &impl Template) -> Shown {
    let response = answer(StatusCode::OK, page)?;
    Ok(cached(response, if visit.has_session() { CACHE_PRIVATE } else { CACHE_PUBLIC }))
}

/// A page that is somebody's own, or shows what must not be kept: never stored anywhere.
pub fn page(page: &impl Template) -> Shown {
    page_with(StatusCode::OK, page)
}

/// The same with another status: a form that was refused.
pub fn page_with(status: StatusCode, page: &impl Template) -> Shown {
    Ok(cached(answer(status, page)?, CACHE_NEVER))
}

/// Parts of a page, for htmx: the target's new content first, then what goes elsewhere by `hx-swap-oob`.
pub fn parts(parts: &[&dyn Display]) -> Shown {
    let mut html = String::new();
    for part in parts {
        write!(html, "{part}").map_err(Error::internal)?;
    }
    Ok(cached(htmx::html(StatusCode::OK, html), CACHE_NEVER))
}

fn answer(status: StatusCode, page: &impl Template) -> Result<Response> {
    Ok(htmx::html(status, page.render().map_err(Error::internal)?))
}

fn cached(mut response: Response, cache: HeaderValue) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response.headers_mut().insert(header::VARY, VARY);
    response
}

/// A page that could not be shown. [`around`] turns it into what the visitor sees.
#[derive(Debug, Clone)]
pub struct Refusal(pub Error);

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = souk_http::answer::status_of(self.0.kind()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What is kept of a request, for the page that says what went wrong.
struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
}

/// Middleware around all pages: refuses changes that come from other sites, shows what went wrong,
/// sets cookies and the headers that protect a page.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let set = SetCookies::default();
    request.extensions_mut().insert(set.clone());
    let asked = Asked {
        method: request.method().clone(),
        path: path_and_query(request.uri()),
        headers: request.headers().clone(),
    };
    let foreign = csrf::changes(&asked.method)
        && !csrf::is_by_link(request.uri().path())
        && Site::of(&asked.headers, &app.public_url) == Site::Foreign;
    let mut response = if foreign { Refusal(csrf::refused()).into_response() } else { next.run(request).await };
    if let Some(Refusal(error)) = response.extensions_mut().remove() {
        log(&error, &asked.path);
        response = refuse(&app, &asked, &error, &set).await;
    }
    let headers = response.headers_mut();
    set.apply(headers);
    let mut default = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    default(header::CONTENT_SECURITY_POLICY, CSP);
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    response
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

fn log(error: &Error, path: &str) {
    let path = path.split('?').next().unwrap_or_default();
    match error.kind() {
        Kind::Internal => tracing::error!(path, code = error.code(), cause = error.source_text(), "page failed"),
        Kind::Unavailable => {
            tracing::warn!(path, code = error.code(), cause = error.source_text(), "page not to be had")
        }
        _ => tracing::debug!(path, code = error.code(), cause = error.source_text(), "page refused"),
    }
}

/// What a visitor sees instead of the page.
async fn refuse(app: &App, asked: &Asked, error: &Error, set: &SetCookies) -> Response {
    let hx = Hx::of(&asked.headers);
    if error.is(Kind::Unauthenticated) {
        return hx.redirect(&format!("/login?{}", query(&[("next", &back_to(asked))])));
    }
    let status = if error.code() == WRONG_METHOD {
        StatusCode::METHOD_NOT_ALLOWED
    } else {
        souk_http::answer::status_of(error.kind())
    };
    if hx.wants_part() {
        return toast(status, error);
    }
    let visit = Visit::of(app, &asked.method, &asked.path, &asked.headers, set.clone()).await;
    let shell = match visit {
        Ok(mut visit) => visit.shell(headline(error.kind())).await,
        Err(_) => Visit::without_session(app, &asked.method, &asked.path, &asked.headers, set.clone()).bare_shell(),
    };
    let page = ErrorPage::new(shell, status, error);
    let html = page.render().unwrap_or_else(|_| error.detail().to_owned());
    let mut response = cached(htmx::html(status, html), CACHE_NEVER);
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Where to go after logging in: the page asked for, or the one whose form was sent.
fn back_to(asked: &Asked) -> String {
    if !csrf::changes(&asked.method) && !Hx::of(&asked.headers).wants_part() {
        return asked.path.clone();
    }
    let referer = asked.headers.get(header::REFERER).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<Uri>().ok());
    referer.map_or_else(|| "/account".to_owned(), |uri| path_and_query(&uri))
}

/// A refused part of a page changes nothing of it; a toast says why.
fn toast(status: StatusCode, error: &Error) -> Response {
    let mut response = cached(htmx::html(status, Toast::new(Tone::Danger, error.detail()).to_string()), CACHE_NEVER);
    let headers = response.headers_mut();
    headers.insert("hx-retarget", HeaderValue::from_static("#toasts"));
    headers.insert("hx-reswap", HeaderValue::from_static("beforeend"));
    response
}

/// The answer where something has a new address for good: what was asked there is asked again.
pub fn moved(path: &str, asked: &Fields) -> Response {
    let pairs: Vec<(&str, &str)> = asked.pairs().collect();
    let to = if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", query(&pairs)) };
    Redirect::permanent(&to).into_response()
}

/// A query string without the question mark.
pub fn query(pairs: &[(&str, &str)]) -> String {
    serde_html_form::to_string(pairs).unwrap_or_default()
}

/// A page that says what went wrong and where to go from here.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/error.html")]
struct ErrorPage {
    shell: Shell,
    status: u16,
    title: &'static str,
    text: String,
    reasons: Vec<String>,
    actions: Vec<Link>,
}

impl ErrorPage {
    fn new(mut shell: Shell, status: StatusCode, error: &Error) -> Self {
        shell.private = true;
        let actions = match error.kind() {
            Kind::NotFound => vec![Link::new("Search the shop", "/search"), Link::new("To the entrance", "/")],
            Kind::Internal | Kind::Unavailable => vec![Link::new("Try again", shell.path.clone())],
            _ => vec![Link::new("To the entrance", "/")],
        };
        let text = match error.kind() {
            Kind::NotFound => {
                "What was here may have sold out, moved or closed. The search may still find it.".to_owned()
            }
            _ => error.detail().to_owned(),
        };
        let reasons = error.fields().iter().map(|field| field.reason.clone()).collect();
        Self { status: status.as_u16(), title: headline(error.kind()), text, reasons, actions, shell }
    }
}

fn headline(kind: Kind) -> &'static str {
    match kind {
        Kind::NotFound => "There is nothing at this address",
        Kind::Gone => "This is not here any more",
        Kind::Forbidden => "That is not allowed",
        Kind::RateLimited => "Too many requests",
        Kind::Unavailable => "A part of the shop does not answer",
        Kind::Internal => "Something went wrong on our side",
        Kind::TooLarge => "That is too large",
        Kind::Conflict | Kind::Early | Kind::Stale => "Something changed in the meantime",
        Kind::Malformed | Kind::Invalid | Kind::UnsupportedMedia | Kind::OutOfRange | Kind::Unauthenticated => {
            "That could not be read"
        }
    }
}
