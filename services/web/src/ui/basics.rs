//! Small parts: prices, times, ratings, badges, pictures, notices, empty states.

use askama::Template;
use kernel::Money;

use super::{Link, Tone, component};
use crate::fmt::Fmt;

/// A moment: relative while recent, the exact time on hover.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = r#"<time datetime="{{ iso }}" title="{{ exact }}"{% if recent %} data-relative{% endif %}>{{ text }}</time>"#,
    ext = "html"
)]
pub struct When {
    /// RFC 3339.
    pub iso: String,
    /// For the tooltip.
    pub exact: String,
    /// For the page.
    pub text: String,
    /// True within a week: the browser keeps it up to date.
    pub recent: bool,
}

/// A price, with the price before a reduction.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/price.html")]
pub struct Price {
    /// The price to pay.
    pub now: String,
    /// The same for machines: `42.90`.
    pub value: String,
    /// The price before, struck through.
    pub was: Option<String>,
    /// True if variants differ and this is the lowest.
    pub from: bool,
    /// True for the large price of a product page.
    pub big: bool,
}

impl Price {
    /// A plain price.
    pub fn of(fmt: &Fmt, money: Money) -> Self {
        Self { now: fmt.money(money), value: money.decimal(), was: None, from: false, big: false }
    }
    /// With the price before; nothing is struck if it was not higher.
    #[must_use]
    pub fn was(mut self, fmt: &Fmt, before: Money, now: Money) -> Self {
        self.was =
            (before.currency == now.currency && before.amount_minor > now.amount_minor).then(|| fmt.money(before));
        self
    }
    /// Marks it as the lowest of several.
    #[must_use]
    pub fn from(mut self) -> Self {
        self.from = true;
        self
    }
    /// As large as on a product page.
    #[must_use]
    pub fn big(mut self) -> Self {
        self.big = true;
        self
    }
}

/// Stars with their number and how many gave them.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/rating.html")]
pub struct Rating {
    /// `4.6`.
    pub average: String,
    /// Filled part of the five stars in hundredths.
    pub percent: i64,
    /// `128`, or nothing to show stars alone.
    pub count: Option<String>,
    /// `reviews`.
    pub noun: &'static str,
    /// Where the reviews are.
    pub href: Option<String>,
    /// How much room it takes.
    pub size: RatingSize,
}

/// How much room stars take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RatingSize {
    /// One star and the number: on a card.
    Short,
    /// Five stars.
    #[default]
    Normal,
    /// Five stars beside a headline.
    Large,
}

impl RatingSize {
    fn class(self) -> &'static str {
        match self {
            Self::Short => " short",
            Self::Normal => "",
            Self::Large => " large",
        }
    }
}

impl Rating {
    /// An average in hundredths of a star (`460` is 4.6) over `count` reviews.
    pub fn of(fmt: &Fmt, hundredths: i64, count: i64) -> Self {
        let hundredths = hundredths.clamp(0, 500);
        let tenths = (hundredths + 5) / 10;
        Self {
            average: format!("{}.{}", tenths / 10, tenths % 10),
            percent: hundredths / 5,
            count: Some(fmt.count(count)),
            noun: if count == 1 { "review" } else { "reviews" },
            href: None,
            size: RatingSize::Normal,
        }
    }
    /// The stars of one review.
    pub fn stars(stars: i64) -> Self {
        let stars = stars.clamp(0, 5);
        Self {
            average: stars.to_string(),
            percent: stars * 20,
            count: None,
            noun: "",
            href: None,
            size: RatingSize::Normal,
        }
    }
    /// With a link to the reviews.
    #[must_use]
    pub fn linked(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
    /// Larger stars.
    #[must_use]
    pub fn large(mut self) -> Self {
        self.size = RatingSize::Large;
        self
    }
    /// One star only.
    #[must_use]
    pub fn short(mut self) -> Self {
        self.size = RatingSize::Short;
        self
    }
}

/// A word in a coloured pill: the state of an order, a reduction.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(source = r#"<span class="badge {{ tone.class() }}">{{ text }}</span>"#, ext = "html")]
pub struct Badge {
    /// The word.
    pub text: String,
    /// Its colour.
    pub tone: Tone,
}

impl Badge {
    /// `text` in `tone`.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A picture with what the browser needs to fetch the right size without a jump.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/picture.html")]
pub struct Picture {
    /// Address of the middle size.
    pub src: String,
    /// `… 320w, … 640w`; empty for one size.
    pub srcset: String,
    /// How wide it is shown, e.g. `(min-width: 60rem) 20rem, 50vw`.
    pub sizes: &'static str,
    /// What it shows; empty for decoration.
    pub alt: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// True for the one picture above the fold; the others wait until they are near.
    pub eager: bool,
}

impl Picture {
    /// A picture of one size.
    pub fn new(src: impl Into<String>, alt: impl Into<String>, width: u32, height: u32) -> Self {
        Self { src: src.into(), alt: alt.into(), width, height, ..Self::default() }
    }
    /// With further sizes.
    #[must_use]
    pub fn sized(mut self, srcset: impl Into<String>, sizes: &'static str) -> Self {
        self.srcset = srcset.into();
        self.sizes = sizes;
        self
    }
    /// Fetched at once.
    #[must_use]
    pub fn eager(mut self) -> Self {
        self.eager = true;
        self
    }
    /// Beside a text that says the same.
    #[must_use]
    pub fn decorative(mut self) -> Self {
        self.alt.clear();
        self
    }
}

/// A box in the page that says something that must not be missed.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/notice.html")]
pub struct Notice {
    /// Its colour and icon.
    pub tone: Tone,
    /// First words, bold; may be empty.
    pub title: String,
    /// The rest.
    pub text: String,
    /// What to do about it.
    pub action: Option<Link>,
}

impl Notice {
    /// A notice without an action.
    pub fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: text.into(), action: None }
    }
    /// With what to do about it.
    #[must_use]
    pub fn action(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some(Link::new(text, href));
        self
    }
}

/// Why there is nothing here, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// Name of an icon in the sprite.
    pub icon: &'static str,
    /// What is not there.
    pub title: String,
    /// Why.
    pub text: String,
    /// The next step.
    pub action: Option<Link>,
    /// Another way to the same end.
    pub other: Option<Link>,
}

impl Empty {
    /// An empty state without a next step.
    pub fn new(icon: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { icon, title: title.into(), text: text.into(), action: None, other: None }
    }
    /// With the next step.
    #[must_use]
    pub fn action(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some(Link::new(text, href));
        self
    }
    /// With another way to the same end.
    #[must_use]
    pub fn or(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.other = Some(Link::new(text, href));
        self
    }
}

/// The way from the entrance to this page. The last part is this page and has no link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/crumbs.html")]
pub struct Crumbs {
    /// The pages above.
    pub above: Vec<Link>,
    /// This page.
    pub here: String,
}

impl Crumbs {
    /// `above` are `(text, href)` from the entrance on.
    pub fn new(above: &[(&str, &str)], here: impl Into<String>) -> Self {
        Self { above: above.iter().map(|(text, href)| Link::new(*text, *href)).collect(), here: here.into() }
    }
}

/// One of several views of the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Name and address.
    pub link: Link,
    /// How many are behind it.
    pub count: Option<String>,
    /// True for the one shown.
    pub current: bool,
}

/// Links to views of the same thing.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/tabs.html")]
pub struct Tabs {
    /// What they are views of, for a screen reader.
    pub label: String,
    /// The views.
    pub tabs: Vec<Tab>,
}

/// Where one is in a task of several steps.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    /// Names of the steps.
    pub steps: Vec<String>,
    /// Which one is being done, from 0; all are done at `steps.len()`.
    pub current: usize,
}

/// A vendor's or person's picture, or the first letters of the name in an arch.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "components/avatar.html")]
pub struct Avatar {
    /// One or two letters.
    pub letters: String,
    /// The picture, if there is one.
    pub src: Option<String>,
}

impl Avatar {
    /// Letters of `name`, or the picture at `src`.
    pub fn of(name: &str, src: Option<String>) -> Self {
        let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        Self { letters: letters.take(2).flat_map(char::to_uppercase).collect(), src }
    }
}

/// Names with their values: specifications, the particulars of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "components/specs.html")]
pub struct Specs {
    /// Said to a screen reader, e.g. `Specifications`.
    pub caption: String,
    /// Name and value.
    pub rows: Vec<(String, String)>,
}

component!(When, Price, Rating, Badge, Picture, Notice, Empty, Crumbs, Tabs, Steps, Avatar, Specs);
