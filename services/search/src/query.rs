//! From a query string to a question, and from counts to facets.

use contracts::search::{Facet, FacetValue, SearchQuery, SearchSort};
use kernel::{Cursor, Error, PageRequest, Result};

use crate::{
    index::{Counts, PRICE_BANDS, Question},
    model::Names,
};

/// Words of a query beyond which nobody gets better results.
const WORDS_MAX: usize = 12;
/// How far one can page.
pub const OFFSET_MAX: usize = 10_000;
/// Values shown of a facet.
const VALUES_MAX: usize = 30;
/// Attribute facets that can be chosen at once.
const ATTRIBUTES_MAX: usize = 16;

/// Reads `q=…&vendor=a&vendor=b&attr.colour=Sand` strictly: what is not known is refused by name.
pub fn parse(text: &str) -> Result<SearchQuery> {
    let mut query = SearchQuery::default();
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        let number = || {
            value
                .parse::<i64>()
                .ok()
                .filter(|n| *n >= 0)
                .ok_or_else(|| Error::invalid(key.as_ref(), "This is not a whole number."))
        };
        if value.contains('\0') {
            return Err(Error::invalid(key.as_ref(), "The NUL character is not allowed in texts."));
        }
        match key.as_ref() {
            "q" if value.chars().count() > 200 => {
                return Err(Error::invalid("q", "Search for at most 200 characters."));
            }
            "q" => query.q = value.into_owned(),
            "category" => query.category = Some(value.into_owned()).filter(|v| !v.is_empty()),
            "vendor" if query.vendor.len() < 50 => query.vendor.push(value.into_owned()),
            "price_min" if !value.is_empty() => query.price_min = Some(number()?),
            "price_max" if !value.is_empty() => query.price_max = Some(number()?),
            "price_min" | "price_max" => {}
            "rating" => match number()? {
                stars @ 1..=5 => query.rating = Some(stars as u32),
                _ => return Err(Error::invalid("rating", "Ask for 1 to 5 stars.")),
            },
            "in_stock" => match value.as_ref() {
                "true" | "1" | "on" => query.in_stock = true,
                "false" | "0" | "" => query.in_stock = false,
                _ => return Err(Error::invalid("in_stock", "Say true or false.")),
            },
            "sort" => query.sort = Some(sort(&value)?),
            "limit" => query.limit = Some(u32::try_from(number()?).unwrap_or(u32::MAX)),
            "after" => query.after = Some(value.into_owned()).filter(|v| !v.is_empty()),
            other if other.starts_with("attr.") && other.len() <= 60 && query.attributes.len() < ATTRIBUTES_MAX => {
                query.attributes.entry(other.to_owned()).or_default().push(value.into_owned());
            }
            other => return Err(Error::invalid(other, "The search has no such parameter.")),
        }
    }
    Ok(query)
}

fn sort(text: &str) -> Result<SearchSort> {
    Ok(match text {
        "relevance" => SearchSort::Relevance,
        "price_asc" => SearchSort::PriceAsc,
        "price_desc" => SearchSort::PriceDesc,
        "newest" => SearchSort::Newest,
        "rating" => SearchSort::Rating,
        _ => return Err(Error::invalid("sort", "Sort by relevance, price_asc, price_desc, newest or rating.")),
    })
}

/// The question behind a query.
pub fn question(query: &SearchQuery) -> Result<Question> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    let offset = page.cursor()?.map_or(Ok(0), |cursor: Cursor| cursor.number(0))?;
    let offset = usize::try_from(offset)
        .ok()
        .filter(|n| *n <= OFFSET_MAX)
        .ok_or_else(|| Error::invalid("after", "Nobody pages that far. Narrow the search."))?;
    Ok(Question {
        words: words(&query.q),
        category: query.category.clone(),
        vendors: query.vendor.clone(),
        price: (query.price_min, query.price_max),
        rating_x100: query.rating.map(|stars| i64::from(stars) * 100),
        in_stock: query.in_stock,
        attributes: query
            .attributes
            .iter()
            .map(|(key, values)| (key.trim_start_matches("attr.").to_owned(), values.clone()))
            .collect(),
        sort: query.sort.unwrap_or_default(),
        offset,
        limit: page.limit()? as usize,
    })
}

/// The words of a text, in lower case.
pub fn words(text: &str) -> Vec<String> {
    let folded = deunicode::deunicode(text).to_lowercase();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(WORDS_MAX).map(str::to_owned).collect()
}

/// Cursor of the page that begins at `offset`.
pub fn cursor(offset: usize) -> Option<String> {
    (offset <= OFFSET_MAX).then(|| Cursor(vec![offset.to_string()]).encode())
}

/// Facets with labels, most frequent values first; chosen values are always there.
pub fn facets(counts: Counts, query: &SearchQuery, names: &Names) -> Vec<Facet> {
    let mut facets = vec![
        facet(
            "category",
            "Category",
            counts.categories,
            |v| query.category.as_deref() == Some(v),
            |v| names.categories.get(v).cloned(),
        ),
        facet(
            "vendor",
            "Shop",
            counts.vendors,
            |v| query.vendor.iter().any(|c| c == v),
            |v| names.vendors.get(v).cloned(),
        ),
        prices(&counts.prices, query),
        ratings(counts.ratings, query),
    ];
    let mut by_key: Vec<(String, Vec<(String, u64)>)> = Vec::new();
    for (pair, count) in counts.attributes {
        let Some((key, value)) = pair.split_once('=') else { continue };
        match by_key.last_mut().filter(|(last, _)| last == key) {
            Some((_, values)) => values.push((value.to_owned(), count)),
            None => by_key.push((key.to_owned(), vec![(value.to_owned(), count)])),
        }
    }
    for (key, values) in by_key {
        let parameter = format!("attr.{key}");
        let chosen = query.attributes.get(&parameter);
        let label = names.attributes.get(&key).cloned().unwrap_or_else(|| key.clone());
        facets.push(facet(&parameter, &label, values, |v| chosen.is_some_and(|c| c.iter().any(|x| x == v)), |_| None));
    }
    facets.retain(|facet| !facet.values.is_empty());
    facets
}

fn facet(
    key: &str,
    label: &str,
    counts: Vec<(String, u64)>,
    selected: impl Fn(&str) -> bool,
    name: impl Fn(&str) -> Option<String>,
) -> Facet {
    let mut values: Vec<FacetValue> = counts
        .into_iter()
        .map(|(value, count)| FacetValue {
            label: name(&value).unwrap_or_else(|| value.clone()),
            selected: selected(&value),
            value,
            count,
        })
        .collect();
    values.sort_by(|a, b| (b.selected, b.count).cmp(&(a.selected, a.count)).then_with(|| a.label.cmp(&b.label)));
    values.truncate(VALUES_MAX);
    Facet { key: key.to_owned(), label: label.to_owned(), values }
}

fn prices(counts: &[(i64, u64)], query: &SearchQuery) -> Facet {
    let values = counts.iter().map(|(low, count)| {
        let high = PRICE_BANDS.iter().find(|bound| *bound > low).map(|bound| bound - 1);
        let major = |minor: i64| (minor / 100).to_string();
        let label = match high {
            Some(high) => format!("{} to {}", major(*low), major(high + 1)),
            None => format!("{} and more", major(*low)),
        };
        let value = format!("{low}-{}", high.map_or_else(String::new, |h| h.to_string()));
        FacetValue { value, label, count: *count, selected: query.price_min == Some(*low) && query.price_max == high }
    });
    Facet { key: "price".to_owned(), label: "Price".to_owned(), values: values.collect() }
}

fn ratings(counts: [u64; 4], query: &SearchQuery) -> Facet {
    let values =
        [1_u32, 2, 3, 4].into_iter().zip(counts).rev().filter(|(_, count)| *count > 0).map(|(stars, count)| {
            FacetValue {
                value: stars.to_string(),
                label: format!("{stars} and up"),
                count,
                selected: query.rating == Some(stars),
            }
        });
    Facet { key: "rating".to_owned(), label: "Rating".to_owned(), values: values.collect() }
}
