//! What stands around a page: the shop's head and foot, the portal's rail.

use askama::Template;

use super::{Link, Toast, component};

/// The visitor's choice of light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// From the value of the cookie or of the form.
    pub fn of(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
    /// For the cookie, the form and the attribute.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A place in the head's row of categories or in the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    /// Name and address.
    pub link: Link,
    /// Icon in the sprite; the shop's categories have none.
    pub icon: &'static str,
    /// How many wait there.
    pub count: Option<String>,
    /// True if this page is it or in it.
    pub current: bool,
    /// Language of its name, if that is another than the page's.
    pub lang: Option<&'static str>,
}

/// A language in which what is sold can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tongue {
    /// Its code.
    pub code: &'static str,
    /// What it is called, and this page in it.
    pub link: Link,
    /// True for the shop's main language.
    pub is_main: bool,
    /// True if this page is in it.
    pub is_current: bool,
}

/// A currency in which prices can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coin {
    /// Its code.
    pub code: String,
    /// True if this page is in it.
    pub is_current: bool,
}

impl NavItem {
    /// A place of the rail.
    pub fn new(icon: &'static str, text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { link: Link::new(text, href), icon, count: None, current: false, lang: None }
    }
    /// How many wait there; zero is not shown.
    #[must_use]
    pub fn count(mut self, n: i64) -> Self {
        self.count = (n > 0).then(|| n.to_string());
        self
    }
    /// Marks it as where we are, if `yes`.
    #[must_use]
    pub fn current(mut self, yes: bool) -> Self {
        self.current = yes;
        self
    }
}

/// What every page needs, shop or portal: the field `shell` of a page that extends `base.html`.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Name of the marketplace.
    pub market: String,
    /// Title of this page; the market's name is added.
    pub title: String,
    /// For search engines and links.
    pub description: String,
    /// Address of this page without what does not matter, for search engines.
    pub canonical: Option<String>,
    /// Language of the words, e.g. `en`.
    pub lang: String,
    /// Light or dark.
    pub theme: Theme,
    /// Token of every form that posts, as the hidden field `csrf`.
    pub csrf: String,
    /// Where we are, so that the theme can be changed without leaving.
    pub path: String,
    /// Messages from the page before.
    pub toasts: Vec<Toast>,
    /// First categories, in the head and the foot.
    pub categories: Vec<NavItem>,
    /// What is in the search field.
    pub query: String,
    /// Items in the cart.
    pub cart_count: i64,
    /// First name of the customer, if logged in.
    pub customer: Option<String>,
    /// Where a vendor goes to work, if the customer is one.
    pub portal: Option<Link>,
    /// True to keep search engines away.
    pub private: bool,
    /// Languages to choose from; none if there is one.
    pub languages: Vec<Tongue>,
    /// Currencies to choose from; none if there is one.
    pub currencies: Vec<Coin>,
}

impl Shell {
    /// Address of this page in the language in which it is read, for search engines.
    pub fn canonical_here(&self) -> Option<String> {
        let url = self.canonical.as_ref()?;
        let other = self.languages.iter().find(|tongue| tongue.is_current && !tongue.is_main);
        Some(other.map_or_else(|| url.clone(), |tongue| format!("{url}?lang={}", tongue.code)))
    }
    /// Addresses of this page in all languages, for search engines; what fits nobody's comes last.
    pub fn alternates(&self) -> Vec<(&'static str, String)> {
        let Some(url) = self.canonical.as_ref().filter(|_| !self.private) else { return Vec::new() };
        let address = |tongue: &Tongue| match tongue.is_main {
            true => (tongue.code, url.clone()),
            false => (tongue.code, format!("{url}?lang={}", tongue.code)),
        };
        let unnamed = (!self.languages.is_empty()).then(|| ("x-default", url.clone()));
        self.languages.iter().map(address).chain(unnamed).collect()
    }
    /// `Blue mug – Souk`.
    pub fn full_title(&self) -> String {
        match self.title.as_str() {
            "" => self.market.clone(),
            title => format!("{title} – {}", self.market),
        }
    }
}

/// A headed part of the rail.
#[derive(Debug, Clone, Default)]
pub struct RailGroup {
    /// Its head; empty for the first.
    pub title: String,
    /// Its places.
    pub items: Vec<NavItem>,
}

/// What a portal page needs besides the [`Shell`]: the field `portal` of a page that extends
/// `portal.html`.
#[derive(Debug, Clone)]
pub struct PortalFrame {
    /// `Vendor portal` or `Admin`.
    pub area: String,
    /// Home of the area.
    pub home: String,
    /// Who works here: the vendor's or the administrator's name.
    pub who: String,
    /// Sign of the vendor.
    pub avatar: super::Avatar,
    /// Where the search of this area goes.
    pub search: String,
    /// The rail.
    pub groups: Vec<RailGroup>,
    /// To the storefront, or to the vendor's own page on it.
    pub shop: Link,
    /// Where logging out posts.
    pub log_out: String,
}

/// The number on the cart in the head, behind a fragment that changed it: htmx puts it in its place.
#[derive(Debug, Clone, Copy, Template)]
#[template(
    source = r#"<span id="cart-count" hx-swap-oob="outerHTML">{% if count > 0 %}<span class="count">{{ count }}<span class="vh"> items</span></span>{% endif %}</span>"#,
    ext = "html"
)]
pub struct CartCount {
    /// Items in the cart.
    pub count: i64,
}

component!(CartCount);
