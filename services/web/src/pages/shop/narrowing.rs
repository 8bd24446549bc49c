//! What narrows a list of products: from the address to the search, and back into facets and chips.

use std::borrow::Cow;

use contracts::{
    catalog::ProductCard,
    search::{self, SearchPage, SearchQuery, SearchSort},
};
use kernel::Money;

use super::{listing::sort_of, paging};
use crate::{
    currency::Purse,
    fmt::Fmt,
    forms::{Fields, amount},
    ui::{Chips, Facet, FacetKind, FacetValue, Facets, Link},
};

/// Numbers that are offered one by one.
const FEW_NUMBERS: usize = 6;
/// Categories offered to narrow a search.
const CATEGORIES: usize = 8;

/// How a list is narrowed, as its address says.
#[derive(Debug, Clone)]
pub struct Narrowing {
    /// Address of the list without its query.
    pub path: String,
    /// What the address says of the page.
    pub place: Fields,
    /// The category of the path, which cannot be taken away.
    category: Option<String>,
    /// Name and value of everything that narrows, in the order of the address.
    pairs: Vec<(String, String)>,
    words: String,
    sort: String,
    /// In what prices are shown and typed; the search knows them in the main currency.
    purse: Purse,
}

/// Names in the address that narrow a list.
fn narrows(name: &str) -> bool {
    matches!(name, "category" | "vendor" | "price_min" | "price_max" | "rating" | "in_stock")
        || name.starts_with("attr.")
        || bound_of(name).is_some()
}

/// The key of a bound of numbers, and the word that stands before the number.
fn bound_of(name: &str) -> Option<(&str, &'static str)> {
    let key = name.strip_prefix("num.")?;
    key.strip_suffix("_min").map(|key| (key, "from")).or_else(|| key.strip_suffix("_max").map(|key| (key, "up to")))
}

/// A number as the search reads it: `9,5` is typed for `9.5` as well.
fn number(typed: &str) -> Option<String> {
    let plain = typed.replace(',', ".");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(whole, 12) && is_number(fraction, 3)).then_some(plain)
}

impl Narrowing {
    /// Of the list at `path`, with what the address `asked` for.
    pub fn of(path: String, asked: &Fields, category: Option<&str>, purse: &Purse) -> Self {
        let pairs = asked.pairs().filter(|(name, value)| {
            narrows(name) && !value.trim().is_empty() && (category.is_none() || *name != "category")
        });
        let mut unique: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let pair = (name.to_owned(), value.trim().to_owned());
            if !unique.contains(&pair) && unique.len() < 60 {
                unique.push(pair);
            }
        }
        Self {
            path,
            place: asked.clone(),
            category: category.map(str::to_owned),
            pairs: unique,
            words: asked.get("q").trim().chars().take(200).collect(),
            sort: asked.get("sort").to_owned(),
            purse: purse.clone(),
        }
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    fn every(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    fn price(&self, name: &str) -> Option<Money> {
        amount(self.first(name)?, self.purse.currency)
    }
    fn stars(&self) -> Option<u32> {
        self.every("rating").filter_map(|stars| stars.parse().ok()).filter(|stars| (1..=5).contains(stars)).min()
    }

    /// What the search is asked for.
    pub fn query(&self, limit: u32) -> SearchQuery {
        let mut attributes = std::collections::BTreeMap::<String, Vec<String>>::new();
        for (name, value) in &self.pairs {
            let chosen = match bound_of(name) {
                Some(_) => number(value),
                None => name.starts_with("attr.").then(|| value.clone()),
            };
            if let Some(chosen) = chosen {
                attributes.entry(name.clone()).or_default().push(chosen);
            }
        }
        let (price_min, price_max) = self.purse.bounds(self.price("price_min"), self.price("price_max"));
        SearchQuery {
            q: self.words.clone(),
            category: self.category.clone().or_else(|| self.first("category").map(str::to_owned)),
            vendor: self.every("vendor").map(str::to_owned).collect(),
            price_min: price_min.map(|money| money.amount_minor),
            price_max: price_max.map(|money| money.amount_minor),
            rating: self.stars(),
            in_stock: self.first("in_stock").is_some(),
            sort: Some(self.sort()),
            limit: Some(limit),
            after: self.place.some("after"),
            attributes,
        }
    }
    /// The order.
    pub fn sort(&self) -> SearchSort {
        sort_of(&self.sort, self.has_words())
    }
    /// True if words are searched.
    pub fn has_words(&self) -> bool {
        !self.words.is_empty()
    }
    /// True if anything but words narrows the list.
    pub fn is_narrowed(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// What was found, with the prices that are shown.
    pub fn shown<'a>(&self, found: &'a SearchPage) -> Cow<'a, [ProductCard]> {
        self.purse.shown(&found.items)
    }

    // The address, with and without.

    fn words_pair(&self) -> Option<(String, String)> {
        self.has_words().then(|| ("q".to_owned(), self.words.clone()))
    }
    fn sort_pair(&self) -> Option<(String, String)> {
        (!self.sort.is_empty()).then(|| ("sort".to_owned(), self.sort.clone()))
    }
    /// Everything the address says but the page.
    pub fn all(&self) -> Vec<(String, String)> {
        self.words_pair().into_iter().chain(self.pairs.iter().cloned()).chain(self.sort_pair()).collect()
    }
    /// Without the order.
    pub fn without_sort(&self) -> Vec<(String, String)> {
        self.words_pair().into_iter().chain(self.pairs.iter().cloned()).collect()
    }
    fn without(&self, names: &[&str], value: Option<&str>) -> String {
        let goes =
            |(name, v): &(String, String)| names.contains(&name.as_str()) && value.is_none_or(|value| value == v);
        let kept: Vec<_> = self.all().into_iter().filter(|pair| !goes(pair)).collect();
        paging::href(&self.path, &kept, None)
    }
    /// The list with nothing but its words and order.
    pub fn cleared(&self) -> String {
        let kept: Vec<_> = self.words_pair().into_iter().chain(self.sort_pair()).collect();
        paging::href(&self.path, &kept, None)
    }

    // What the page shows of it.

    /// What is chosen, each with the list without it.
    pub fn chips(&self, fmt: &Fmt, found: &SearchPage) -> Chips {
        let mut chips = Vec::new();
        let (min, max) = (self.price("price_min"), self.price("price_max"));
        let price = match (min, max) {
            (Some(min), Some(max)) => Some(format!("{} to {}", fmt.money(min), fmt.money(max))),
            (Some(min), None) => Some(format!("From {}", fmt.money(min))),
            (None, Some(max)) => Some(format!("Up to {}", fmt.money(max))),
            (None, None) => None,
        };
        chips.extend(price.map(|text| Link::new(text, self.without(&["price_min", "price_max"], None))));
        chips.extend(self.stars().map(|n| Link::new(stars(n), self.without(&["rating"], None))));
        let others =
            self.pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "price_min" | "price_max" | "rating"));
        for (name, value) in others {
            chips.push(Link::new(label(found, name, value), self.without(&[name], Some(value))));
        }
        Chips { chips, clear: self.cleared(), target: Some("#results") }
    }

    /// Categories of what was found, to narrow a search by; none if one is chosen.
    pub fn categories(&self, fmt: &Fmt, found: &SearchPage) -> Vec<Link> {
        if self.first("category").is_some() {
            return Vec::new();
        }
        let facet = found.facets.iter().find(|facet| facet.key == "category");
        let values = facet.into_iter().flat_map(|facet| &facet.values).filter(|value| value.count > 0);
        values
            .take(CATEGORIES)
            .map(|value| {
                let mut kept = self.all();
                kept.push(("category".to_owned(), value.value.clone()));
                let count = fmt.count(i64::try_from(value.count).unwrap_or(i64::MAX));
                Link::new(format!("{} ({count})", value.label), paging::href(&self.path, &kept, None))
            })
            .collect()
    }

    /// What the list can be narrowed by.
    pub fn facets(&self, fmt: &Fmt, found: &SearchPage, oob: bool) -> Facets {
        let mut facets = vec![self.price_facet(found)];
        facets.extend(
            found.facets.iter().filter(|f| !matches!(f.key.as_str(), "category" | "price")).map(|f| self.facet(fmt, f)),
        );
        let in_stock = FacetValue {
            value: "yes".to_owned(),
            text: "In stock only".to_owned(),
            chosen: self.first("in_stock").is_some(),
            ..FacetValue::default()
        };
        facets.push(Facet::values("in_stock", "Availability", vec![in_stock]));
        let total = i64::try_from(found.total).unwrap_or(i64::MAX);
        let category = self.first("category").map(|category| ("category".to_owned(), category.to_owned()));
        Facets {
            action: self.path.clone(),
            kept: self.words_pair().into_iter().chain(category).chain(self.sort_pair()).collect(),
            facets,
            button: format!("Show {}", fmt.counted(total, "product", "products")),
            clear: self.is_narrowed().then(|| self.cleared()),
            oob,
        }
    }

    /// From and to, as typed in fields that begin with `name`.
    fn range(&self, name: &str, title: &str, (low, high): (String, String), unit: String) -> Facet {
        let typed = |end: &str| self.first(&format!("{name}_{end}")).unwrap_or_default().to_owned();
        let kind = FacetKind::Range { min: typed("min"), max: typed("max"), low, high, unit };
        Facet { name: name.to_owned(), title: title.to_owned(), open: true, kind }
    }

    fn price_facet(&self, found: &SearchPage) -> Facet {
        let range = found.facets.iter().find(|facet| facet.key == "price").and_then(|facet| facet.range.as_ref());
        let shown = |minor: i64| self.purse.price(Money::new(minor, self.purse.main())).decimal();
        let major = |minor: &String| minor.parse().map_or_else(|_| String::new(), shown);
        let ends = range.map_or_else(Default::default, |range| (major(&range.low), major(&range.high)));
        self.range("price", "Price", ends, self.purse.currency.symbol().to_owned())
    }

    /// Numbers are chosen between two of them, unless they are few.
    fn number_facet(&self, facet: &search::Facet) -> Option<Facet> {
        let range = facet.range.as_ref()?;
        let is_chosen = range.from.is_some() || range.to.is_some();
        let few = facet.values.len() <= FEW_NUMBERS;
        let ends = (range.low.clone(), range.high.clone());
        (is_chosen || !few)
            .then(|| self.range(&range.parameter, &facet.label, ends, range.unit.clone().unwrap_or_default()))
    }

    fn facet(&self, fmt: &Fmt, facet: &search::Facet) -> Facet {
        if let Some(numbers) = self.number_facet(facet) {
            return numbers;
        }
        let value = |value: &search::FacetValue| FacetValue {
            value: value.value.clone(),
            text: if facet.key == "rating" {
                value.value.parse().map_or_else(|_| value.label.clone(), stars)
            } else {
                value.label.clone()
            },
            count: fmt.count(i64::try_from(value.count).unwrap_or(i64::MAX)),
            chosen: self.every(&facet.key).any(|chosen| chosen == value.value),
            barren: value.count == 0,
        };
        let title = if facet.key == "vendor" { "Maker" } else { &facet.label };
        let mut shown = Facet::values(&facet.key, title, facet.values.iter().map(value).collect());
        shown.open = matches!(facet.key.as_str(), "vendor" | "rating") || self.first(&facet.key).is_some();
        shown
    }
}

fn stars(n: u32) -> String {
    match n {
        5 => "5 stars".to_owned(),
        1 => "1 star and more".to_owned(),
        n => format!("{n} stars and more"),
    }
}

/// What the reader calls a chosen value.
fn label(found: &SearchPage, name: &str, value: &str) -> String {
    if name == "in_stock" {
        return "In stock".to_owned();
    }
    if let Some((key, from)) = bound_of(name) {
        let facet = found.facets.iter().find(|facet| facet.key.strip_prefix("attr.") == Some(key));
        let title = facet.map_or(key, |facet| facet.label.as_str());
        let unit = facet.and_then(|facet| facet.range.as_ref()?.unit.as_ref());
        return format!("{title} {from} {value}{}", unit.map_or_else(String::new, |unit| format!(" {unit}")));
    }
    let values = found.facets.iter().filter(|facet| facet.key == name).flat_map(|facet| &facet.values);
    values.clone().find(|known| known.value == value).map_or_else(|| value.to_owned(), |known| known.label.clone())
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn narrowing(query: &str) -> Narrowing {
        Narrowing::of("/search".to_owned(), &Fields::parse(query.as_bytes()), None, &Purse::of_one(Currency::EUR))
    }

    #[test]
    fn the_address_becomes_a_search() {
        let asked = narrowing(
            "q=+mug+&category=cups&vendor=a&vendor=b&vendor=a&price_min=10&price_max=19%2C50&rating=4&rating=3&in_stock=yes\
             &attr.colour=Sand&attr.colour=Moss&sort=price-up&after=c1&utm_source=x&attr.empty=",
        );
        let query = asked.query(24);
        assert_eq!(
            (query.q.as_str(), query.category.as_deref(), query.vendor.as_slice()),
            ("mug", Some("cups"), &["a".to_owned(), "b".to_owned()][..])
        );
        assert_eq!(
            (query.price_min, query.price_max, query.rating, query.in_stock),
            (Some(1_000), Some(1_950), Some(3), true)
        );
        assert_eq!((query.sort, query.after.as_deref()), (Some(SearchSort::PriceAsc), Some("c1")));
        assert_eq!(query.attributes["attr.colour"], ["Sand", "Moss"]);
        assert_eq!(query.attributes.len(), 1);
        let query = narrowing("num.height_min=9,5&num.height_max=abc&num.height_max=12&num.height=3").query(24);
        let bounds: Vec<_> =
            query.attributes.iter().map(|(name, values)| (name.as_str(), values[0].as_str())).collect();
        assert_eq!(bounds, [("num.height_max", "12"), ("num.height_min", "9.5")]);
    }

    #[test]
    fn what_nobody_understands_is_left_out() {
        let query = narrowing("price_min=abc&price_max=-5&rating=9&sort=evil&limit=100000").query(24);
        assert_eq!((query.price_min, query.price_max, query.rating, query.limit), (None, None, None, Some(24)));
        assert_eq!(query.sort, Some(SearchSort::Newest));
    }

    #[test]
    fn each_choice_can_be_taken_away() {
        let asked = narrowing("q=mug&vendor=a&vendor=b&attr.colour=Sand&sort=rating&after=c1&n=24");
        assert_eq!(asked.without(&["vendor"], Some("a")), "/search?q=mug&vendor=b&attr.colour=Sand&sort=rating");
        assert_eq!(asked.cleared(), "/search?q=mug&sort=rating");
        let of_category = Narrowing::of(
            "/c/cups".to_owned(),
            &Fields::parse(b"category=other&vendor=a"),
            Some("cups"),
            &Purse::of_one(Currency::EUR),
        );
        assert_eq!(of_category.query(24).category.as_deref(), Some("cups"));
        assert_eq!(of_category.cleared(), "/c/cups");
    }
}
