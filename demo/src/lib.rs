//! The content of the demo marketplace: shops, products, people, reviews, and the pictures that are drawn for them.
//!
//! Pure content: nothing here talks to a service, a clock or a network. [`market`] returns everything, the same every
//! time; whoever seeds a marketplace walks over it.

mod attributes;
mod bundles;
mod categories;
mod draw;
mod people;
mod picture;
mod printables;
mod products;
mod reviews;
mod seed;
#[cfg(test)]
mod tests;
mod things;
mod vendors;

pub use bundles::Bundle;
pub use picture::{Picture, PictureError};
pub use printables::Printable;
pub use reviews::{reply_for, review_for};

/// Everything there is in the demo.
#[derive(Clone, Debug)]
pub struct Market {
    /// The category tree, parents before children.
    pub categories: Vec<Category>,
    /// The shops.
    pub vendors: Vec<Vendor>,
    /// What they sell.
    pub products: Vec<Product>,
    /// What of that they sell together.
    pub bundles: &'static [Bundle],
    /// Pictures that are downloaded.
    pub printables: &'static [Printable],
    /// Who buys.
    pub people: Vec<Person>,
}

/// A category of the tree of two levels.
#[derive(Clone, Debug)]
pub struct Category {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The slug of the category above; none at the top.
    pub parent: Option<&'static str>,
    /// One or two sentences for its page.
    pub description: &'static str,
    /// Its picture.
    pub picture: Picture,
    /// What is stated of each product in it; empty at the top.
    pub attributes: Vec<AttributeDef>,
}

/// A fact that is stated of each product of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeDef {
    /// Its key, as used in [`Product::attributes`].
    pub key: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What its values look like.
    pub kind: AttributeKind,
}

/// What the values of an attribute look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Anything.
    Text,
    /// A whole or decimal number in this unit.
    Number {
        /// The unit, as written after the number.
        unit: &'static str,
    },
    /// One of these.
    Choice(Vec<&'static str>),
    /// "yes" or "no".
    YesNo,
}

/// A shop.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// One line.
    pub tagline: &'static str,
    /// Its story, in paragraphs.
    pub story: Vec<&'static str>,
    /// ISO 3166 code of its country.
    pub country: &'static str,
    /// Its city.
    pub city: &'static str,
    /// Who runs it.
    pub owner_name: &'static str,
    /// How they log in.
    pub owner_email: &'static str,
    /// What a buyer may rely on.
    pub policies: Vec<Policy>,
    /// The marketplace's share, in hundredths of a percent.
    pub commission_bp: u32,
    /// 1600 × 500.
    pub banner: Picture,
    /// 400 × 400.
    pub logo: Picture,
    /// How it ships.
    pub shipping_methods: Vec<ShippingMethod>,
}

/// A promise of a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What it is about.
    pub title: &'static str,
    /// The promise.
    pub text: &'static str,
}

/// A way to ship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShippingMethod {
    /// Its name.
    pub name: &'static str,
    /// The price in euro cents.
    pub price_minor: i64,
    /// From this order value it costs nothing.
    pub free_over_minor: Option<i64>,
    /// The soonest it arrives, in working days.
    pub days_min: u32,
    /// The latest it arrives, in working days.
    pub days_max: u32,
}

/// A product.
#[derive(Clone, Debug)]
pub struct Product {
    /// The slug of the shop that sells it.
    pub vendor: &'static str,
    /// The slug of the category it is in, always a child.
    pub category: &'static str,
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub title: &'static str,
    /// One or two sentences.
    pub summary: &'static str,
    /// HTML of `p`, `ul`, `li` and `strong` only.
    pub description: String,
    /// Values of the category's attributes, by key.
    pub attributes: Vec<(&'static str, &'static str)>,
    /// What a buyer chooses, in order; empty for most simple things.
    pub options: Vec<ProductOption>,
    /// What can be bought: one per combination of options, at least one.
    pub variants: Vec<Variant>,
    /// Words to find it by.
    pub tags: Vec<&'static str>,
    /// Two or three pictures, the best first.
    pub pictures: Vec<Picture>,
    /// A running discount.
    pub discount: Option<Discount>,
    /// How much it is bought, 1 to 100.
    pub popularity: u8,
}

/// A choice a product offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductOption {
    /// Its name: "Colour", "Size".
    pub name: &'static str,
    /// Its values, in the order shown.
    pub values: Vec<&'static str>,
}

/// One thing that can be put into a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Unique over the market.
    pub sku: String,
    /// A value per option, in the options' order.
    pub options: Vec<&'static str>,
    /// The price in euro cents.
    pub price_minor: i64,
    /// What it used to cost, when it was more.
    pub compare_at_minor: Option<i64>,
    /// With its packaging.
    pub weight_g: u32,
    /// How many are on the shelf; a few are sold out.
    pub stock: u32,
}

/// A discount on every variant of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Percent off.
    pub percent: u8,
    /// Why, in a few words.
    pub label: &'static str,
}

/// A buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// First and last name.
    pub name: &'static str,
    /// How they log in.
    pub email: String,
    /// Street and number.
    pub street: &'static str,
    /// Postcode.
    pub postcode: &'static str,
    /// City.
    pub city: &'static str,
    /// ISO 3166 code of the country.
    pub country: &'static str,
}

/// The whole demo marketplace, the same every time.
pub fn market() -> Market {
    Market {
        categories: categories::all(),
        vendors: vendors::all(),
        products: products::all(),
        bundles: bundles::ALL,
        printables: printables::ALL,
        people: people::all(),
    }
}
