//! A visit: who looks at a page, with what session, and what the page around its content shows.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
    response::Response,
};
use contracts::{
    cart::{CART_TOKEN_HEADER, CartClient},
    catalog::{CatalogClient, CategoryView},
    orders::{ORDER_TOKEN_HEADER, OrdersClient},
    search::SearchClient,
};
use kernel::{Currency, Error, Identity, OrderId, Principal, Result, Secret, VendorId, VendorRole, VendorScope};
use serde::de::DeserializeOwned;

use crate::{
    app::{App, MARKET},
    cookies::{self, SetCookies},
    csrf::{self, Site},
    currency::Purse,
    fmt::{Fmt, Locale},
    htmx::Hx,
    language,
    render::Refusal,
    session::{COOKIE_LIFE, Data, Message, Session, is_token},
    ui::{Link, NavItem, Shell, Theme, Toast, Tongue},
};

/// How long a form may lie open in a browser that has no session.
const FORM_LIFE: Duration = Duration::from_secs(24 * 3600);
/// How long a choice of light or dark, of a language or of a currency, lasts.
const PREFERENCE_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// One request for a page, and whoever makes it. The first extractor of every page's handler.
pub struct Visit {
    /// What the pages share.
    pub app: App,
    /// Whether htmx asks, and for what.
    pub hx: Hx,
    /// Writes money and times for this reader.
    pub fmt: Fmt,
    /// Path and query asked for.
    pub path: String,
    /// Light or dark.
    pub theme: Theme,
    /// Language in which what is sold is read, if it is not the main one.
    pub language: Option<&'static str>,
    /// Language of papers and mails that come of this visit.
    pub written: &'static str,
    /// The currency in which prices are shown.
    pub purse: Purse,
    method: Method,
    site: Site,
    user_agent: String,
    host: String,
    form_cookie: Option<String>,
    /// Whether this browser remembers a language.
    has_language: bool,
    session: Option<Session>,
    set: SetCookies,
}

impl Visit {
    /// The visit behind a request, without its session.
    pub(crate) fn without_session(
        app: &App,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        set: SetCookies,
    ) -> Self {
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (asked, main) = (language::asked(app, path, headers), app.languages.main());
        let language = Some(asked.code).filter(|code| *code != main);
        if asked.is_new {
            set.set(app.cookies.language, Some(asked.code), PREFERENCE_LIFE, app.https);
        }
        let fmt = Fmt::new(Locale::of(text(header::ACCEPT_LANGUAGE.as_str())), app.clock.now());
        let form_cookie = cookies::read(headers, app.cookies.form).filter(|c| is_token(c)).map(str::to_owned);
        Self {
            hx: Hx::of(headers),
            fmt: if app.languages.are_several() { fmt.telling_apart(main, language) } else { fmt },
            path: path.to_owned(),
            theme: Theme::of(cookies::read(headers, app.cookies.theme).unwrap_or_default()),
            language,
            written: language::written(asked, headers),
            purse: Purse::of_one(app.currency),
            method: method.clone(),
            site: Site::of(headers, &app.public_url),
            user_agent: text(header::USER_AGENT.as_str()).chars().take(300).collect(),
            host: text(header::HOST.as_str()).to_owned(),
            form_cookie,
            has_language: cookies::read(headers, app.cookies.language).is_some(),
            session: None,
            set,
            app: app.clone(),
        }
    }

    /// The visit behind a request.
    pub(crate) async fn of(
        app: &App,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
        set: SetCookies,
    ) -> Result<Self> {
        let mut visit = Self::without_session(app, method, path, headers, set);
        visit.purse = Purse::of(app, headers).await;
        if let Some(cookie) = cookies::read(headers, app.cookies.session) {
            visit.session = app.sessions.open(cookie).await?;
        }
        Ok(visit)
    }

    // Who.

    /// On whose behalf services are called.
    pub fn who(&self) -> Identity {
        self.principal().map_or(Identity::Anonymous, |principal| Identity::User(principal.clone()))
    }
    /// Who has logged in.
    pub fn principal(&self) -> Option<&Arc<Principal>> {
        self.session.as_ref()?.principal()
    }
    /// Who has logged in; everybody else is sent to the log-in and comes back afterwards.
    pub fn account(&self) -> Result<Arc<Principal>> {
        self.principal().cloned().ok_or_else(|| Error::unauthenticated("Log in to see this page."))
    }
    /// The vendor, if this person works there with at least `role`. For everybody else the page does
    /// not exist. Asks for new tokens first, in case the membership is new.
    pub async fn vendor(&mut self, vendor_id: VendorId, role: VendorRole) -> Result<VendorScope> {
        self.account()?;
        self.renew_if(|p| p.vendor_scope(vendor_id, role).is_none()).await?;
        self.account()?.vendor_scope(vendor_id, role).ok_or_else(|| Error::not_found("page"))
    }
    /// Makes sure that this person runs the platform. For everybody else the page does not exist.
    pub async fn admin(&mut self) -> Result<Arc<Principal>> {
        self.account()?;
        self.renew_if(|p| !p.is_admin()).await?;
        let principal = self.account()?;
        if principal.is_admin() { Ok(principal) } else { Err(Error::not_found("page")) }
    }
    async fn renew_if(&mut self, lacking: impl Fn(&Principal) -> bool) -> Result<()> {
        let Some(session) = &mut self.session else { return Ok(()) };
        self.app.sessions.check_ended(session).await?;
        if session.principal().is_some_and(|p| lacking(p)) {
            self.app.sessions.renew_if_older(session).await?;
        }
        Ok(())
    }
    /// How the browser names itself, for the list of log-ins.
    pub fn user_agent(&self) -> &str {
        &self.user_agent
    }

    /// True if `url` leads to the site as this visitor reaches it.
    pub fn is_here(&self, url: &str) -> bool {
        let authority = url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        authority.map_or_else(|| url.starts_with('/') && !url.starts_with("//"), |authority| authority == self.host)
    }

    // Session.

    /// What the session holds; nothing, if there is none.
    pub fn data(&self) -> Data {
        self.session.as_ref().map(|s| s.data().clone()).unwrap_or_default()
    }
    /// True if there is a session.
    pub fn has_session(&self) -> bool {
        self.session.is_some()
    }
    /// Changes what the session holds; opens one if there is none.
    pub async fn change(&mut self, change: impl Fn(&mut Data) + Send + Sync) -> Result<()> {
        if let Some(session) = &mut self.session {
            return self.app.sessions.change(session, change).await;
        }
        let mut data = Data::default();
        change(&mut data);
        self.replace_session(data).await
    }
    /// A new session that holds `data`, with a new id; the one before is gone.
    pub async fn replace_session(&mut self, data: Data) -> Result<()> {
        let old = self.session.take();
        let session = self.app.sessions.create(data).await?;
        self.set_cookie(self.app.cookies.session, Some(session.cookie()), COOKIE_LIFE);
        self.session = Some(session);
        if let Some(old) = old {
            self.app.sessions.end(&old).await?;
        }
        Ok(())
    }
    /// Ends the session; nothing of it is kept.
    pub async fn end_session(&mut self) -> Result<()> {
        if let Some(old) = self.session.take() {
            self.app.sessions.end(&old).await?;
        }
        self.set_cookie(self.app.cookies.session, None, COOKIE_LIFE);
        Ok(())
    }
    /// Asks for new tokens now, because what they say has changed: a role, a name, a confirmed address.
    pub async fn renew_tokens(&mut self) -> Result<()> {
        match &mut self.session {
            Some(session) => self.app.sessions.renew_now(session).await,
            None => Ok(()),
        }
    }
    /// Leaves a message for the next page.
    pub async fn say(&mut self, message: Message) -> Result<()> {
        self.change(|data| data.say(message.clone())).await
    }
    /// Sends the browser to `to`, by 303 or as htmx wants it.
    pub fn go(&self, to: &str) -> Response {
        self.hx.redirect(to)
    }
    /// Remembers light or dark.
    pub fn keep_theme(&self, theme: Theme) {
        self.set_cookie(self.app.cookies.theme, Some(theme.name()), PREFERENCE_LIFE);
    }
    /// Remembers in which currency prices are read.
    pub fn keep_currency(&self, currency: Currency) {
        self.set_cookie(self.app.cookies.currency, Some(currency.code()), PREFERENCE_LIFE);
    }
    fn set_cookie(&self, name: &str, value: Option<&str>, life: Duration) {
        self.set.set(name, value, life, self.app.https);
    }

    /// Remembers the language of an account, unless this browser remembers one already.
    pub fn keep_language_of(&self, locale: &str) {
        let Some(code) = self.app.languages.find(locale).filter(|_| !self.has_language) else { return };
        if code != self.app.languages.main() {
            self.set_cookie(self.app.cookies.language, Some(code), PREFERENCE_LIFE);
        }
    }

    // Clients that carry in which language to answer.

    /// The catalogue's client.
    pub fn catalog(&self) -> CatalogClient {
        match self.language {
            Some(code) => self.app.catalog.with_header("accept-language", code),
            None => self.app.catalog.clone(),
        }
    }
    /// The search's client.
    pub fn search(&self) -> SearchClient {
        match self.language {
            Some(code) => self.app.search.with_header("accept-language", code),
            None => self.app.search.clone(),
        }
    }
    /// The category tree, at most a few seconds old.
    pub async fn categories(&self) -> Result<Arc<Vec<CategoryView>>> {
        self.app.categories_in(self.language).await
    }

    // Clients that carry what the session holds.

    /// The cart's client, opening the guest's cart if there is one.
    pub fn cart(&self) -> CartClient {
        match self.session.as_ref().and_then(|s| s.data().cart.as_ref()) {
            Some(token) => self.app.cart.with_header(CART_TOKEN_HEADER, token.expose()),
            None => self.app.cart.clone(),
        }
    }
    /// True if there may be a cart: a guest's, or that of whoever has logged in.
    pub fn has_cart(&self) -> bool {
        self.session.as_ref().is_some_and(|s| s.principal().is_some() || s.data().cart.is_some())
    }
    /// What opens an order that was placed in this browser.
    pub fn order_token(&self, id: OrderId) -> Option<Secret> {
        self.session.as_ref().and_then(|s| s.data().order_token(id)).cloned()
    }
    /// The orders' client, opening a guest's order if it was placed in this browser.
    pub fn orders(&self, id: OrderId) -> OrdersClient {
        match self.session.as_ref().and_then(|s| s.data().order_token(id)) {
            Some(token) => self.app.orders.with_header(ORDER_TOKEN_HEADER, token.expose()),
            None => self.app.orders.clone(),
        }
    }

    /// The orders' client for placing one, once per key, in the language in which the visitor is written to.
    pub fn placing(&self, key: &str) -> OrdersClient {
        self.app.orders.with_header("accept-language", self.written).with_header("idempotency-key", key)
    }

    // Forms.

    /// The token of this visitor's forms; empty as long as there is no cookie to bind it to.
    pub fn csrf(&self) -> String {
        let cookie = self.session.as_ref().map(Session::cookie).or(self.form_cookie.as_deref());
        cookie.map(|cookie| self.app.sessions.form_token(cookie)).unwrap_or_default()
    }
    /// Sees to it that the forms of this page carry a token, also for a visitor without a session.
    /// For pages whose forms matter to somebody without a session: log-in, registration, checkout.
    pub fn bind_forms(&mut self) {
        if self.session.is_none() && self.form_cookie.is_none() {
            let cookie = self.app.random.token();
            self.set_cookie(self.app.cookies.form, Some(&cookie), FORM_LIFE);
            self.form_cookie = Some(cookie);
        }
    }
    /// Checks the token that came with a form.
    ///
    /// # Errors
    /// `form_expired`, unless the token is this visitor's or (with `harmless`: forms that nobody is
    /// hurt by, such as adding to the cart) the browser vouches that the form is ours.
    pub fn check_form(&self, token: &str, harmless: bool) -> Result<()> {
        let cookies = self.session.as_ref().map(Session::cookie).into_iter().chain(self.form_cookie.as_deref());
        let known = cookies.into_iter().any(|cookie| csrf::same(&self.app.sessions.form_token(cookie), token));
        let vouched = self.site == Site::Ours || self.site == Site::Unsaid && self.session.is_none();
        if self.site != Site::Foreign && (known || harmless && vouched) { Ok(()) } else { Err(csrf::refused()) }
    }

    // The page around the content.

    /// Head and foot of a page called `title`. Takes the messages that wait.
    pub async fn shell(&mut self, title: impl Into<String>) -> Shell {
        let toasts = self.take_messages().await;
        let (categories, cart_count) = futures::join!(self.nav(), self.cart_count());
        let data = self.session.as_ref().map(Session::data);
        Shell {
            title: title.into(),
            toasts,
            categories,
            cart_count,
            customer: data
                .and_then(|d| d.person.as_ref())
                .filter(|_| self.principal().is_some())
                .map(|p| p.name.clone()),
            portal: self.portal(),
            ..self.bare_shell()
        }
    }
    /// Head and foot without anything that has to be asked for.
    pub(crate) fn bare_shell(&self) -> Shell {
        Shell {
            market: MARKET.to_owned(),
            lang: "en".to_owned(),
            theme: self.theme,
            csrf: self.csrf(),
            languages: self.languages(),
            currencies: self.purse.coins(),
            path: self.here().to_owned(),
            ..Shell::default()
        }
    }
    fn here(&self) -> &str {
        if self.method == Method::GET { &self.path } else { "/" }
    }
    fn languages(&self) -> Vec<Tongue> {
        let shop = &self.app.languages;
        language::choices(shop, self.here(), self.language.unwrap_or(shop.main()))
    }
    async fn take_messages(&mut self) -> Vec<Toast> {
        let Some(session) = self.session.as_mut().filter(|s| !s.data().messages.is_empty()) else { return Vec::new() };
        let messages = session.data().messages.clone();
        if let Err(error) = self.app.sessions.change(session, |data| data.messages.clear()).await {
            tracing::warn!(%error, "messages could not be cleared");
        }
        messages.into_iter().map(Toast::from).collect()
    }
    async fn nav(&self) -> Vec<NavItem> {
        let categories = match self.categories().await {
            Ok(categories) => categories,
            Err(error) => {
                tracing::warn!(%error, "the page's head goes without categories");
                return Vec::new();
            }
        };
        let top = categories.iter().filter(|category| category.parent_id.is_none());
        let here = self.path.split('?').next().unwrap_or_default();
        top.map(|category| {
            let href = format!("/c/{}", category.slug);
            let lang = self.fmt.language(category.translated.iter().any(|text| text == "name"));
            NavItem { lang, ..NavItem::new("", &category.name, &href).current(here == href) }
        })
        .collect()
    }
    async fn cart_count(&self) -> i64 {
        if !self.has_cart() {
            return 0;
        }
        match self.cart().current(&self.who()).await {
            Ok(cart) => cart.items,
            Err(error) => {
                tracing::debug!(%error, "the page's head goes without the cart");
                0
            }
        }
    }
    /// Where this person works, if anywhere: the administration, or the first of its stores.
    pub fn portal(&self) -> Option<Link> {
        let principal = self.principal()?;
        if principal.is_admin() {
            return Some(Link::new("Admin", "/admin"));
        }
        let membership = principal.vendors.first()?;
        Some(Link::new("Vendor portal", format!("/vendor/{}", membership.vendor_id)))
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let set = parts.extensions.get::<SetCookies>().cloned().unwrap_or_default();
        let path = path_of(parts);
        Ok(Self::of(app, &parts.method, &path, &parts.headers, set).await?)
    }
}

/// Path and query as asked for.
pub(crate) fn path_of(parts: &Parts) -> String {
    parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// Parameters of the path. What does not parse does not exist.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Refusal;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        match <axum::extract::Path<T> as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::not_found("page").into()),
        }
    }
}

/// A query string as it came; a page takes from it what it understands.
pub struct Query(pub crate::forms::Fields);

impl FromRequestParts<App> for Query {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self(crate::forms::Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}
