//! From a question to a request, and from the answer to hits and counts.
//!
//! The words choose; what is chosen of facets narrows only the hits (`post_filter`). Each facet counts under the
//! choices of the others, so its counts say what choosing another of its values would bring.

use contracts::{
    catalog::ProductCard,
    search::{SearchSort, TextField},
};
use kernel::{Error, ProductId, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    index::{
        Counts, Found, PRICE_BANDS, Question, TextPlace, WEIGHT_SYNONYM, Weighed, forgiven, forgiven_in_beginning,
        weight,
    },
    model::{TAG, Titles},
    query::Wanted,
};

/// Values counted of a facet, the most frequent ones; of attributes that is all keys together but that of tags, of which
/// there may be so many that no fact would be among them.
const VALUES_MAX: u32 = 1_000;
/// Stars that are counted: so many and more.
const STARS: [i64; 4] = [1, 2, 3, 4];

/// A facet of which something can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facet {
    Category,
    Vendor,
    Price,
    Rating,
    /// By its place in the question.
    Attribute(usize),
}

/// The request for a question: products with at least so many of the things that are wanted.
pub fn request(question: &Question, wanted: &[Wanted], at_least: usize) -> Value {
    let choices = choices(question);
    // Nothing is counted of what cannot be had if that is not wanted.
    let mut filter = vec![json!({"term": {"visible": true}})];
    if question.in_stock {
        filter.push(json!({"term": {"in_stock": true}}));
    }
    let mut query = json!({ "filter": filter });
    if !wanted.is_empty() {
        query["should"] = wanted.iter().map(of_thing).collect();
        query["minimum_should_match"] = json!(at_least);
    }
    json!({
        "query": {"bool": query},
        "post_filter": all_but(&choices, None),
        "aggs": counting(question, &choices),
        "sort": order(question.sort, wanted.is_empty()),
        "from": question.offset,
        "size": question.limit,
        "_source": ["card"],
        "track_total_hits": true,
    })
}

/// A request for no product: what is added to it counts.
pub fn nothing() -> Value {
    json!({"query": {"term": {"visible": true}}, "aggs": {}, "size": 0, "track_total_hits": false})
}

/// One thing: as it was typed, or what means the same.
fn of_thing(Wanted { typed, also }: &Wanted) -> Value {
    if also.is_empty() {
        return of_all(typed, 1.0);
    }
    let others = also.iter().map(|way| of_all(way, WEIGHT_SYNONYM));
    json!({"dis_max": {"queries": std::iter::once(of_all(typed, 1.0)).chain(others).collect::<Vec<_>>()}})
}

/// All of these words.
fn of_all(words: &[String], boost: f32) -> Value {
    match words {
        [word] if boost == 1.0 => word_query(word),
        words => {
            json!({"bool": {"must": words.iter().map(|word| word_query(word)).collect::<Vec<_>>(), "boost": boost}})
        }
    }
}

fn name_of(field: TextField) -> &'static str {
    match field {
        TextField::Title => "title",
        TextField::Keywords => "keywords",
        TextField::Text => "body",
    }
}

/// The request for what each word in its place adds to a product's score.
pub fn weighing(product_id: ProductId, places: &[TextPlace]) -> Value {
    let in_place = |(n, place): (usize, &TextPlace)| {
        let boost = f32::from(weight(place.field));
        json!({"match": {name_of(place.field): {"query": place.word, "boost": boost, "_name": n.to_string()}}})
    };
    let counted = |place: &TextPlace| json!({"filter": {"match": {name_of(place.field): {"query": place.word}}}});
    let counted: Map<String, Value> =
        places.iter().enumerate().map(|(n, place)| (n.to_string(), counted(place))).collect();
    json!({
        "query": {"bool": {
            "filter": [{"term": {"visible": true}}, {"term": {"product_id": product_id.to_string()}}],
            "should": places.iter().enumerate().map(in_place).collect::<Vec<_>>(),
            "minimum_should_match": 0,
        }},
        "include_named_queries_score": true,
        "aggs": {"all": {"global": {}, "aggs": {"visible": {"filter": {"term": {"visible": true}}, "aggs": counted}}}},
        "size": 1,
        "_source": false,
        "track_total_hits": false,
    })
}

/// What was weighed; none if the product is not found.
pub fn weighed(places: usize, answer: &Value) -> Option<Vec<Weighed>> {
    let hit = answer["hits"]["hits"].as_array().and_then(|hits| hits.first())?;
    let (matched, counted) = (&hit["matched_queries"], &answer["aggregations"]["all"]["visible"]);
    let weighed = |n: usize| Weighed {
        score: matched[n.to_string()].as_f64().unwrap_or(0.0) as f32,
        products: counted[n.to_string()]["doc_count"].as_u64().unwrap_or(0),
    };
    Some((0..places).map(weighed).collect())
}

/// A word in the title, the keywords or the text.
pub fn word_query(word: &str) -> Value {
    let fields = TextField::ALL.map(|field| format!("{}^{}", name_of(field), weight(field)));
    json!({"multi_match": {"query": word, "type": "most_fields", "fields": fields}})
}

/// All words whole but the last, which is a beginning.
pub fn beginning_request(words: &[String], is_forgiving: bool, limit: usize) -> Option<Value> {
    let (last, whole) = words.split_last()?;
    let near = |field: &str, word: &str, edits: u8| {
        let fuzziness = if is_forgiving { edits } else { 0 };
        json!({"match": {field: {"query": word, "operator": "and", "fuzziness": fuzziness}}})
    };
    let mut filter = vec![json!({"term": {"visible": true}})];
    filter.extend(whole.iter().map(|word| near("words", word, forgiven(word))));
    filter.push(near("words.beginning", last, forgiven_in_beginning(last)));
    Some(json!({
        "query": {"bool": {"filter": filter}},
        "sort": order(SearchSort::Sales, false),
        "size": limit,
        "_source": ["card"],
        "track_total_hits": false,
    }))
}

/// What is chosen, facet by facet.
fn choices(question: &Question) -> Vec<(Facet, Value)> {
    let mut choices = Vec::new();
    if let Some(slug) = &question.category {
        choices.push((Facet::Category, json!({"term": {"categories": slug}})));
    }
    if !question.vendors.is_empty() {
        choices.push((Facet::Vendor, json!({"terms": {"vendor": question.vendors}})));
    }
    let (min, max) = question.price;
    if min.is_some() || max.is_some() {
        let bounds = [("gte", min), ("lte", max)].into_iter().filter_map(|(key, bound)| Some((key, bound?)));
        let bounds: Map<String, Value> = bounds.map(|(key, bound)| (key.to_owned(), bound.into())).collect();
        choices.push((Facet::Price, json!({"range": {"price": bounds}})));
    }
    if let Some(at_least) = question.rating_x100 {
        choices.push((Facet::Rating, json!({"range": {"rating": {"gte": at_least}}})));
    }
    for (n, choice) in question.attributes.iter().enumerate() {
        let key = &choice.key;
        let mut holds = Vec::new();
        if !choice.values.is_empty() {
            let pairs: Vec<String> = choice.values.iter().map(|value| format!("{key}={value}")).collect();
            holds.push(json!({"terms": {"attributes": pairs}}));
        }
        if choice.is_bounded() {
            let (low, high) = choice.bounds;
            let (low, high) = (low.unwrap_or(-NUMBER_MAX), high.unwrap_or(NUMBER_MAX));
            holds.push(json!({"range": {"numbers": {"gte": number(key, low), "lte": number(key, high)}}}));
        }
        choices.push((Facet::Attribute(n), json!({"bool": {"filter": holds}})));
    }
    choices
}

/// A test of all choices but those of one facet.
fn all_but(choices: &[(Facet, Value)], facet: Option<Facet>) -> Value {
    let others = choices.iter().filter(|(of, _)| Some(*of) != facet);
    let others: Vec<&Value> = others.map(|(_, choice)| choice).collect();
    json!({"bool": {"filter": others}})
}

/// What is counted, each facet under the choices of the others.
fn counting(question: &Question, choices: &[(Facet, Value)]) -> Value {
    let count =
        |facet: Option<Facet>, counted: Value| json!({"filter": all_but(choices, facet), "aggs": {"values": counted}});
    let values = |field: &str| json!({"terms": {"field": field, "size": VALUES_MAX}});
    let of_attributes = |which: &str, key: &str| {
        let of_key = format!("{}.*", literally(&format!("{key}=")));
        json!({"terms": {"field": "attributes", "size": VALUES_MAX, which: of_key}})
    };
    let prices = PRICE_BANDS.iter().enumerate().map(|(n, low)| {
        let mut band = json!({"key": low.to_string()});
        // Whatever costs less than nothing is in the first band.
        if n > 0 {
            band["from"] = json!(low);
        }
        if let Some(next) = PRICE_BANDS.get(n + 1) {
            band["to"] = json!(next);
        }
        band
    });
    let ratings = STARS.iter().map(|stars| json!({"key": stars.to_string(), "from": stars * 100}));
    let ranges = |field: &str, ranges: Vec<Value>| json!({"range": {"field": field, "ranges": ranges}});
    let mut counting = json!({
        "categories": count(Some(Facet::Category), values("categories")),
        "vendors": count(Some(Facet::Vendor), values("vendor")),
        "attributes": count(None, of_attributes("exclude", TAG)),
        "tags": count(None, of_attributes("include", TAG)),
        "prices": count(Some(Facet::Price), ranges("price", prices.collect())),
        "price_range": count(Some(Facet::Price), json!({"stats": {"field": "price"}})),
        "ratings": count(Some(Facet::Rating), ranges("rating", ratings.collect())),
    });
    for (n, choice) in question.attributes.iter().enumerate() {
        counting[format!("attribute_{n}")] = count(Some(Facet::Attribute(n)), of_attributes("include", &choice.key));
    }
    counting
}

/// Beyond all thousandths that a value can be.
const NUMBER_MAX: i64 = 10_i64.pow(15);

/// A number of an attribute as a keyword: of two of the same key the greater number is the greater keyword.
pub fn number(key: &str, thousandths: i64) -> String {
    format!("{key}={:017}", thousandths.clamp(-NUMBER_MAX, NUMBER_MAX) + 10 * NUMBER_MAX)
}

/// A text as a regular expression of Lucene, where more characters mean something than elsewhere.
fn literally(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if !c.is_alphanumeric() {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Without words nothing is more relevant than something else: the newest comes first. Ids keep pages apart.
fn order(sort: SearchSort, is_without_words: bool) -> Value {
    let newest = json!({"published": "desc"});
    let first = match sort {
        SearchSort::Relevance if is_without_words => None,
        SearchSort::Relevance => Some(json!({"_score": {"order": "desc"}})),
        SearchSort::PriceAsc => Some(json!({"price": "asc"})),
        SearchSort::PriceDesc => Some(json!({"price": "desc"})),
        SearchSort::Rating => Some(json!({"rating": "desc"})),
        SearchSort::Sales => Some(json!({"sold": "desc"})),
        SearchSort::Newest => None,
    };
    first.into_iter().chain([newest, json!({"product_id": "asc"})]).collect()
}

/// The products of an answer, with titles in another language if one is asked for.
pub fn hits(answer: &Value, language: Option<&str>) -> Result<Vec<ProductCard>> {
    let card = |hit: &Value| -> Result<ProductCard> {
        let kept = &hit["_source"]["card"];
        let mut card = ProductCard::deserialize(kept)?;
        if let Some(language) = language {
            Titles::deserialize(kept)?.say(&mut card, language);
        }
        Ok(card)
    };
    answer["hits"]["hits"].as_array().into_iter().flatten().map(card).collect()
}

/// What an answer found.
pub fn found(question: &Question, answer: &Value) -> Result<Found> {
    let total = answer["hits"]["total"]["value"].as_u64();
    Ok(Found {
        total: total.ok_or_else(|| Error::internal("Elasticsearch did not count its hits"))?,
        hits: hits(answer, question.language)?,
        counts: counts(question, &answer["aggregations"])?,
        corrected: None,
        is_partial: false,
    })
}

fn counts(question: &Question, counted: &Value) -> Result<Counts> {
    let of = |name: &str| buckets(&counted[name]["values"]);
    let key_of = |pair: &str| pair.split_once('=').map(|(key, _)| key.to_owned());
    let mut attributes = of("attributes")?;
    attributes.extend(of("tags")?);
    attributes.retain(|(pair, _)| !question.attributes.iter().any(|choice| key_of(pair).as_ref() == Some(&choice.key)));
    for n in 0..question.attributes.len() {
        attributes.extend(of(&format!("attribute_{n}"))?);
    }
    // Whoever makes facets of them expects the values of a key side by side.
    attributes.sort();
    let by_number = |name: &str| -> Result<Vec<(i64, u64)>> {
        let numbered = of(name)?.into_iter().map(|(key, count)| Ok((key.parse().map_err(Error::internal)?, count)));
        numbered.collect()
    };
    let mut prices = by_number("prices")?;
    prices.retain(|(_, count)| *count > 0);
    prices.sort_unstable();
    let mut ratings = [0; 4];
    for (stars, count) in by_number("ratings")? {
        if let Some(place) = STARS.iter().position(|known| *known == stars) {
            ratings[place] = count;
        }
    }
    // Minor units are far from where such a number stops being exact.
    let bound = |name: &str| counted["price_range"]["values"][name].as_f64().map(|minor| minor as i64);
    let price_range = bound("min").zip(bound("max"));
    Ok(Counts { categories: of("categories")?, vendors: of("vendors")?, attributes, prices, price_range, ratings })
}

fn buckets(counted: &Value) -> Result<Vec<(String, u64)>> {
    let buckets = counted["buckets"].as_array().ok_or_else(|| Error::internal("Elasticsearch left out a count"))?;
    let bucket = |bucket: &Value| Some((bucket["key"].as_str()?.to_owned(), bucket["doc_count"].as_u64()?));
    let all = buckets.iter().map(|b| bucket(b).ok_or_else(|| Error::internal(format!("a strange count: {b}"))));
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_as_texts() {
        let numbers = [-NUMBER_MAX, -12_500, -1, 0, 900, 1_000, 12_500, NUMBER_MAX].map(|n| number("height", n));
        assert!(numbers.is_sorted(), "{numbers:?}");
        assert_eq!(numbers[4], "height=10000000000000900");
    }

    #[test]
    fn keys_are_taken_literally() {
        assert_eq!(literally("size=a.b*"), "size\\=a\\.b\\*");
        assert_eq!(literally("größe="), "größe\\=");
    }
}
