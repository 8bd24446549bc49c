//! From a query string to a question, and from counts to facets.

use std::{collections::BTreeMap, sync::Arc};

use contracts::search::{SearchQuery, SearchSort};
use kernel::{Cursor, Error, PageRequest, Result};

mod beginning;
mod facets;
mod synonyms;

pub use self::{
    beginning::Beginning,
    facets::facets,
    synonyms::{Synonyms, Wanted},
};
use crate::{
    index::{self, Choice, Question},
    model::thousandths,
};

/// Characters of a query.
pub const TYPED_MAX: usize = 200;
/// Words of a query beyond which nobody gets better results.
const WORDS_MAX: usize = 12;
/// How far one can page.
pub const OFFSET_MAX: usize = 10_000;
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
            "q" if value.chars().count() > TYPED_MAX => {
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
            // Read before: it says how the answer is told, and not what is looked for.
            "lang" => {}
            other if is_choice(other) && query.attributes.len() < ATTRIBUTES_MAX => {
                if other.starts_with("num.") && !value.is_empty() && thousandths(&value).is_none() {
                    return Err(Error::invalid(other, "This is not a number such as 12 or 9.5."));
                }
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
        "sales" => SearchSort::Sales,
        _ => return Err(Error::invalid("sort", "Sort by relevance, price_asc, price_desc, newest, rating or sales.")),
    })
}

/// The question behind a query.
pub fn question(query: &SearchQuery, synonyms: Arc<Synonyms>) -> Result<Question> {
    let page = PageRequest { limit: query.limit, after: query.after.clone() };
    let offset = page.cursor()?.map_or(Ok(0), |cursor: Cursor| cursor.number(0))?;
    let offset = usize::try_from(offset)
        .ok()
        .filter(|n| *n <= OFFSET_MAX)
        .ok_or_else(|| Error::invalid("after", "Nobody pages that far. Narrow the search."))?;
    Ok(Question {
        words: words(&query.q),
        synonyms,
        category: query.category.clone(),
        vendors: query.vendor.clone(),
        price: (query.price_min, query.price_max),
        rating_x100: query.rating.map(|stars| i64::from(stars) * 100),
        in_stock: query.in_stock,
        attributes: choices(query),
        sort: query.sort.unwrap_or_default(),
        offset,
        limit: page.limit()? as usize,
        language: None,
    })
}

/// `attr.<key>`, `num.<key>_min` or `num.<key>_max`.
fn is_choice(name: &str) -> bool {
    name.len() <= 64 && (name.starts_with("attr.") || bound_of(name).is_some())
}

/// The key of a bound, and whether it is the lower one.
fn bound_of(name: &str) -> Option<(&str, bool)> {
    let name = name.strip_prefix("num.")?;
    name.strip_suffix("_min").map(|key| (key, true)).or_else(|| name.strip_suffix("_max").map(|key| (key, false)))
}

/// What is chosen of each attribute. Of several bounds of a kind the last counts.
fn choices(query: &SearchQuery) -> Vec<Choice> {
    let mut choices: BTreeMap<&str, Choice> = BTreeMap::new();
    for (name, values) in &query.attributes {
        if let Some(key) = name.strip_prefix("attr.") {
            choices.entry(key).or_default().values.clone_from(values);
        } else if let (Some((key, is_lower)), Some(bound)) =
            (bound_of(name), values.last().and_then(|v| thousandths(v)))
        {
            let bounds = &mut choices.entry(key).or_default().bounds;
            *(if is_lower { &mut bounds.0 } else { &mut bounds.1 }) = Some(bound);
        }
    }
    choices.into_iter().map(|(key, choice)| Choice { key: key.to_owned(), ..choice }).collect()
}

/// The words of a text that count, in lower case and without accents.
pub fn words(text: &str) -> Vec<String> {
    let mut words = index::words(text);
    words.truncate(WORDS_MAX);
    words
}

/// Cursor of the page that begins at `offset`.
pub fn cursor(offset: usize) -> Option<String> {
    (offset <= OFFSET_MAX).then(|| Cursor(vec![offset.to_string()]).encode())
}
