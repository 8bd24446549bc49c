//! What is indexed of a product, and how its facets are called.

mod names;
mod tally;

use std::collections::BTreeMap;

use contracts::{
    catalog::{AttributeValue, ProductCard, ProductSnapshot, ProductStatus, Rating, VendorRef},
    inventory::StockLevel,
    pricing::Offer,
};
use kernel::{Money, ProductId, Slug, VariantId, VendorId};
use serde::{Deserialize, Serialize};

pub use self::{
    names::{Directory, Names},
    tally::{Counted, Tally},
};

/// A product as its row holds it.
pub struct Document {
    pub product_id: ProductId,
    pub product: ProductSnapshot,
    pub offers: Vec<Offer>,
    pub levels: BTreeMap<VariantId, StockLevel>,
    pub rating: Rating,
    /// Items of it that were paid for lately.
    pub sold: i64,
    pub vendor: Option<Vendor>,
    pub seq: i64,
}

/// A store, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    pub id: VendorId,
    pub slug: Slug,
    pub name: String,
    pub open: bool,
}

/// A product as the index holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub card: ProductCard,
    /// Titles in further languages of the shop, by their codes.
    pub titles: BTreeMap<String, String>,
    /// Title, tags, names of categories and vendor, values of attributes, summary, description.
    pub texts: Texts,
    /// Slugs, from the top of the tree.
    pub categories: Vec<String>,
    /// `key=value` of the attributes, the brand and the tags.
    pub attributes: Vec<String>,
    pub published_at: i64,
    /// Items that were paid for lately.
    pub sold: i64,
}

/// A card as an index keeps it: with the titles that it has in further languages.
#[derive(Debug, Serialize)]
pub struct Kept<'a> {
    #[serde(flatten)]
    card: &'a ProductCard,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    titles: &'a BTreeMap<String, String>,
}

/// What of a kept card is read only where another language is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Titles {
    #[serde(default)]
    titles: BTreeMap<String, String>,
}

impl Titles {
    /// Gives a card its title in another language, if it has one.
    pub fn say(mut self, card: &mut ProductCard, language: &str) {
        if let Some(title) = self.titles.remove(language) {
            card.title = title;
            card.translated = true;
        }
    }
}

impl Entry {
    /// What an index keeps to show it.
    pub fn kept(&self) -> Kept<'_> {
        Kept { card: &self.card, titles: &self.titles }
    }
}

/// What is searched, most telling first: in all languages of the shop, for whoever looks for something may call it by
/// any of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    pub title: String,
    pub keywords: String,
    pub body: String,
}

impl Document {
    /// What buyers can find of it; none if they must not see it.
    pub fn entry(&self) -> Option<Entry> {
        let vendor = self.vendor.as_ref().filter(|vendor| vendor.open)?;
        if self.product.status != ProductStatus::Published {
            return None;
        }
        let card = self.card(vendor)?;
        let product = &self.product;
        let joined = |words: Vec<&str>| words.join(" \n ");
        let names = product.categories.iter().map(|c| c.name.as_str());
        let values = product.attributes.iter().map(|a| a.value.as_str());
        let keywords = product.tags.iter().map(String::as_str).chain(names).chain([vendor.name.as_str()]).chain(values);
        let translations = product.translations.values();
        let translated_names = translations.clone().flat_map(|texts| texts.categories.values().map(String::as_str));
        let keywords = keywords.chain([product.brand.as_str()]).chain(translated_names).filter(|word| !word.is_empty());
        let titles = translations.clone().map(|texts| texts.title.as_str()).filter(|title| !title.is_empty());
        let bodies = translations.flat_map(|texts| [texts.summary.as_str(), texts.description_text.as_str()]);
        let bodies = bodies.filter(|text| !text.is_empty());
        let own = [product.summary.as_str(), product.description_text.as_str()];
        let facts = product.attributes.iter().filter(|fact| is_facet(product, fact)).map(facet_value);
        let brand = (!product.brand.is_empty()).then(|| format!("{BRAND}={}", product.brand));
        // However stores write a tag, it is one.
        let tags = product.tags.iter().map(|tag| format!("{TAG}={}", tag.to_lowercase()));
        Some(Entry {
            texts: Texts {
                title: joined(std::iter::once(product.title.as_str()).chain(titles).collect()),
                keywords: joined(keywords.collect()),
                body: joined(own.into_iter().chain(bodies).collect()),
            },
            categories: product.categories.iter().map(|c| c.slug.to_string()).collect(),
            attributes: facts.chain(brand).chain(tags).chain(self.option_values()).collect(),
            published_at: product.published_at.map_or(0, kernel::Timestamp::micros),
            sold: self.sold,
            titles: self.titles(),
            card,
        })
    }

    fn titles(&self) -> BTreeMap<String, String> {
        let translated = self.product.translations.iter().filter(|(_, texts)| !texts.title.is_empty());
        translated.map(|(code, texts)| (code.clone(), texts.title.clone())).collect()
    }

    /// Options can be narrowed by as well: whoever wants size L wants nothing else.
    fn option_values(&self) -> impl Iterator<Item = String> + '_ {
        self.product.option_names.iter().enumerate().flat_map(|(n, name)| {
            let key = option_key(name);
            let values = self.product.variants.iter().filter_map(move |v| v.options.get(n));
            let distinct: std::collections::BTreeSet<&String> = values.collect();
            distinct.into_iter().map(move |value| format!("{key}={value}")).collect::<Vec<_>>()
        })
    }

    fn card(&self, vendor: &Vendor) -> Option<ProductCard> {
        let product = &self.product;
        let price_of =
            |id: VariantId, list: Money| self.offers.iter().find(|o| o.variant_id == id).map_or(list, |o| o.price);
        let cheapest = product.variants.iter().min_by_key(|v| price_of(v.id, v.price).amount_minor)?;
        let price = price_of(cheapest.id, cheapest.price);
        let struck =
            if price.amount_minor < cheapest.price.amount_minor { Some(cheapest.price) } else { cheapest.compare_at };
        let struck = struck.filter(|s| s.amount_minor > price.amount_minor);
        let lowest = self.offers.iter().find(|o| o.variant_id == cheapest.id).and_then(|o| o.lowest_price);
        let dearest = product.variants.iter().map(|v| price_of(v.id, v.price).amount_minor).max()?;
        Some(ProductCard {
            id: self.product_id,
            slug: product.slug.clone(),
            title: product.title.clone(),
            vendor: VendorRef { id: vendor.id, slug: vendor.slug.clone(), name: vendor.name.clone() },
            price,
            price_varies: dearest != price.amount_minor,
            compare_at: struck,
            lowest_price: lowest.filter(|_| struck.is_some()),
            picture: product.picture.clone(),
            rating: self.rating,
            stock: self.stock(),
            single_variant_id: if let [only] = product.variants.as_slice() { Some(only.id) } else { None },
            translated: false,
        })
    }

    /// The best level of any variant.
    fn stock(&self) -> StockLevel {
        let levels = self.product.variants.iter().filter_map(|v| self.levels.get(&v.id).copied());
        levels.fold(StockLevel::SoldOut, |best, level| match (best, level) {
            (StockLevel::InStock, _) | (_, StockLevel::InStock) => StockLevel::InStock,
            (StockLevel::Low(a), StockLevel::Low(b)) => StockLevel::Low(a.saturating_add(b)),
            (StockLevel::Low(a), _) | (_, StockLevel::Low(a)) => StockLevel::Low(a),
            (StockLevel::BackOrder, _) | (_, StockLevel::BackOrder) => StockLevel::BackOrder,
            (StockLevel::SoldOut, StockLevel::SoldOut) => StockLevel::SoldOut,
        })
    }
}

/// Key of the facet of brands.
pub const BRAND: &str = "brand";
/// Key of the facet of tags.
pub const TAG: &str = "tag";

/// Whether one can narrow by a fact: its category may say no, and the brand is told once.
fn is_facet(product: &ProductSnapshot, fact: &AttributeValue) -> bool {
    let is_told = fact.key == BRAND && !product.brand.is_empty();
    !is_told && !product.unfiltered.contains(&fact.key)
}

/// `key=value`, as the index and the query's `attr.key=value` know it.
pub fn facet_value(attribute: &AttributeValue) -> String {
    format!("{}={}", attribute.key, attribute.value)
}

/// A decimal number such as `12` or `9.5` in thousandths, if a text is one.
pub fn thousandths(text: &str) -> Option<i64> {
    const WHOLE_MAX: usize = 12;
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole, WHOLE_MAX) || !is_number(fraction, 3) {
        return None;
    }
    format!("{whole}{fraction:0<3}").parse::<i64>().ok().map(|n| sign * n)
}

/// Thousandths as they are read: `9.5`.
pub fn decimal(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, fraction) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    let text = format!("{sign}{whole}.{fraction:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `Size` as the key of a facet: `size`.
pub fn option_key(name: &str) -> String {
    Slug::from_title(name, "option").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        for (text, number) in [("12", 12_000), ("9.5", 9_500), ("-0.125", -125), ("0", 0), ("007", 7_000)] {
            assert_eq!(thousandths(text), Some(number), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e3", "1,5", "12 cm", "1.2345", "1234567890123", "--1", "+1"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
        for (number, text) in [(12_000, "12"), (9_500, "9.5"), (-125, "-0.125"), (0, "0"), (100_000, "100")] {
            assert_eq!(decimal(number), text);
        }
    }
}
