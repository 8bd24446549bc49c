//! A product.

use askama::Template;

use crate::ui::{
    Avatar, Crumbs, Gallery, Histogram, Html, Link, Notice, Pager, Pills, Price, ProductCard, Rating, Review, Shell,
    Specs, Stepper, component,
};

/// A line with an icon: delivery, returns.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Icon in the sprite.
    pub icon: &'static str,
    /// In short.
    pub title: String,
    /// In full.
    pub note: String,
}

/// Whether a variant is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// Enough.
    In,
    /// Few left.
    Low,
    /// None left: it cannot be added.
    Out,
}

impl Stock {
    fn class(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Low => "low",
            Self::Out => "out",
        }
    }
    fn icon(self) -> &'static str {
        match self {
            Self::In => "check",
            Self::Low => "clock",
            Self::Out => "x",
        }
    }
    fn is_out(self) -> bool {
        self == Self::Out
    }
}

/// Price, choice, stock and the button: the fragment `#buy`, swapped when a variant is chosen.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/buy.html")]
pub struct Buy {
    /// The product's page; choosing a variant asks it again.
    pub action: String,
    /// Id of the variant that the button adds.
    pub variant: String,
    /// Hidden token.
    pub csrf: String,
    /// What it costs.
    pub price: Price,
    /// `Including VAT, plus delivery from 4.90 €`.
    pub included: String,
    /// The options with their values.
    pub options: Vec<Pills>,
    /// Whether it is there.
    pub stock: Stock,
    /// `In stock`, `Only 3 left`, `Sold out`.
    pub stock_text: String,
    /// How many.
    pub quantity: Stepper,
    /// Delivery and returns.
    pub promises: Vec<Promise>,
    /// What went wrong on the last try to add.
    pub notice: Option<Notice>,
}

component!(Buy);

/// The page of a product.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/product.html")]
pub struct Product {
    /// Head and foot.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Its name.
    pub title: String,
    /// Its pictures.
    pub gallery: Gallery,
    /// Its stars, with a link to the reviews.
    pub rating: Option<Rating>,
    /// Price to button.
    pub buy: Buy,
    /// Who sells it.
    pub vendor: Link,
    /// The vendor's sign.
    pub vendor_avatar: Avatar,
    /// Where the vendor is.
    pub vendor_line: String,
    /// The vendor's stars.
    pub vendor_rating: Option<Rating>,
    /// What it is.
    pub description: Html,
    /// Its particulars.
    pub specs: Specs,
    /// Stars by number, if it was reviewed.
    pub histogram: Option<Histogram>,
    /// What buyers say.
    pub reviews: Vec<Review>,
    /// More of that.
    pub review_pages: Pager,
    /// Others from this vendor.
    pub others: Vec<ProductCard>,
}
