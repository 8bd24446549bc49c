//! From counts to facets.

use contracts::search::{Facet, FacetRange, FacetValue, SearchQuery};
use kernel::Currency;

use crate::{
    index::{Counts, PRICE_BANDS},
    model::{Names, TAG, decimal, thousandths},
};

/// Values shown of a facet.
const VALUES_MAX: usize = 30;

/// Facets with labels, those of categories in another language if one is asked for, those of prices in `currency`; most frequent
/// values first; chosen values are always there.
pub fn facets(
    counts: Counts,
    query: &SearchQuery,
    names: &Names,
    language: Option<&str>,
    currency: Currency,
) -> Vec<Facet> {
    let prices = prices(&counts, query, currency);
    let mut facets = vec![
        facet(
            "category",
            "Category",
            counts.categories,
            |v| query.category.as_deref() == Some(v),
            |v| names.categories_in(language).called(v),
        ),
        facet("vendor", "Shop", counts.vendors, |v| query.vendor.iter().any(|c| c == v), |v| names.vendors.called(v)),
        prices,
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
        facets.push(of_attribute(&key, values, query, names));
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
    Facet { key: key.to_owned(), label: label.to_owned(), values, range: None }
}

/// What a value is called otherwise than it is written.
fn called(value: &str) -> Option<String> {
    match value {
        "yes" => Some("Yes".to_owned()),
        "no" => Some("No".to_owned()),
        _ => None,
    }
}

/// Values of an attribute; if all are numbers, from the lowest to the highest, and between which one may choose.
fn of_attribute(key: &str, values: Vec<(String, u64)>, query: &SearchQuery, names: &Names) -> Facet {
    // Tags are words, even if all of them are years.
    let numbers: Option<Vec<i64>> =
        values.iter().map(|(value, _)| thousandths(value)).collect::<Option<_>>().filter(|_| key != TAG);
    let parameter = format!("attr.{key}");
    let chosen = query.attributes.get(&parameter);
    let label = if key == TAG { "Tags" } else { names.attributes.get(key).map_or(key, String::as_str) };
    let is_chosen = |value: &str| chosen.is_some_and(|chosen| chosen.iter().any(|known| known == value));
    let mut facet = facet(&parameter, label, values, is_chosen, called);
    let Some(numbers) = numbers else { return facet };
    facet.values.sort_by_key(|value| thousandths(&value.value));
    let (parameter, unit) = (format!("num.{key}"), names.units.get(key).cloned());
    let bound = |end: &str| {
        query
            .attributes
            .get(&format!("{parameter}_{end}"))
            .and_then(|bounds| bounds.last())
            .filter(|b| !b.is_empty())
            .cloned()
    };
    let (from, to) = (bound("min"), bound("max"));
    if let (Some(low), Some(high)) = (numbers.iter().min(), numbers.iter().max()) {
        let (low, high) = (decimal(*low), decimal(*high));
        facet.range = Some(FacetRange { parameter, low, high, unit, from, to });
    }
    facet
}

fn prices(counts: &Counts, query: &SearchQuery, currency: Currency) -> Facet {
    let unit = 10_i64.pow(currency.decimals());
    let values = counts.prices.iter().map(|(low, count)| {
        let high = PRICE_BANDS.iter().find(|bound| *bound > low).map(|bound| bound - 1);
        let major = |minor: i64| (minor / unit).to_string();
        let label = match high {
            Some(high) => format!("{} to {}", major(*low), major(high + 1)),
            None => format!("{} and more", major(*low)),
        };
        let value = format!("{low}-{}", high.map_or_else(String::new, |h| h.to_string()));
        FacetValue { value, label, count: *count, selected: query.price_min == Some(*low) && query.price_max == high }
    });
    let text = |minor: Option<i64>| minor.map(|minor| minor.to_string());
    let range = counts.price_range.map(|(low, high)| FacetRange {
        parameter: "price".to_owned(),
        low: low.to_string(),
        high: high.to_string(),
        unit: None,
        from: text(query.price_min),
        to: text(query.price_max),
    });
    Facet { key: "price".to_owned(), label: "Price".to_owned(), values: values.collect(), range }
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
    Facet { key: "rating".to_owned(), label: "Rating".to_owned(), values: values.collect(), range: None }
}
