//! Counts of documents.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    Done,
    documents::Index,
    queries::{only, score, text},
    unknown,
};

/// What `aggs` asks for, over `documents`; `all` are those of the whole index.
pub fn aggregate(index: &Index, aggs: &Value, documents: &[&Value], all: &[&Value]) -> Done<Value> {
    let mut answers = Map::new();
    for (name, agg) in aggs.as_object().into_iter().flatten() {
        answers.insert(name.clone(), one(index, agg, documents, all)?);
    }
    Ok(answers.into())
}

fn one(index: &Index, agg: &Value, documents: &[&Value], all: &[&Value]) -> Done<Value> {
    only(agg, &["filter", "global", "terms", "range", "stats", "aggs"])?;
    if let Some(query) = agg.get("filter") {
        let mut passing = Vec::new();
        for document in documents {
            if score(index, query, document)?.is_some() {
                passing.push(*document);
            }
        }
        return with_inner(index, agg, &passing, all);
    }
    if agg.get("global").is_some() {
        return with_inner(index, agg, all, all);
    }
    if let Some(terms) = agg.get("terms") {
        return count_terms(index, terms, documents);
    }
    if let Some(stats) = agg.get("stats") {
        return smallest_and_largest(index, stats, documents);
    }
    match agg.get("range") {
        Some(range) => count_ranges(index, range, documents),
        None => Err(unknown(format!("no such aggregation: {agg}"))),
    }
}

fn with_inner(index: &Index, agg: &Value, documents: &[&Value], all: &[&Value]) -> Done<Value> {
    let mut answer = aggregate(index, agg.get("aggs").unwrap_or(&Value::Null), documents, all)?;
    answer["doc_count"] = json!(documents.len());
    Ok(answer)
}

fn count_terms(index: &Index, terms: &Value, documents: &[&Value]) -> Done<Value> {
    only(terms, &["field", "size", "include", "exclude"])?;
    let field = text(&terms["field"])?;
    if index.field(field)?["type"] != "keyword" {
        return Err(unknown(format!("{field} is no keyword")));
    }
    let begins = |which: &str| terms.get(which).map(|pattern| literal(text(pattern)?)).transpose();
    let (begin, never) = (begins("include")?, begins("exclude")?);
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for document in documents {
        for value in index.values(field, document)? {
            let value = text(value)?;
            let is_left_out = never.as_ref().is_some_and(|never| value.starts_with(never.as_str()));
            if !is_left_out && begin.as_ref().is_none_or(|begin| value.starts_with(begin.as_str())) {
                *counts.entry(value).or_default() += 1;
            }
        }
    }
    let mut buckets: Vec<(&str, u64)> = counts.into_iter().collect();
    buckets.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let size = terms["size"].as_u64().unwrap_or(10) as usize;
    let buckets = buckets.into_iter().take(size).map(|(key, count)| json!({"key": key, "doc_count": count}));
    Ok(json!({"buckets": buckets.collect::<Vec<_>>()}))
}

/// The text that a pattern of the form `literal.*` begins with.
fn literal(pattern: &str) -> Done<String> {
    let escaped = pattern.strip_suffix(".*").ok_or_else(|| unknown(format!("not played: {pattern}")))?;
    let (mut literal, mut characters) = (String::new(), escaped.chars());
    while let Some(c) = characters.next() {
        match c {
            '\\' => literal.extend(characters.next()),
            c if c.is_alphanumeric() => literal.push(c),
            _ => return Err(unknown(format!("not escaped: {pattern}"))),
        }
    }
    Ok(literal)
}

fn count_ranges(index: &Index, range: &Value, documents: &[&Value]) -> Done<Value> {
    only(range, &["field", "ranges"])?;
    let field = text(&range["field"])?;
    let mut values = Vec::new();
    for document in documents {
        values.extend(index.values(field, document)?.into_iter().filter_map(Value::as_i64));
    }
    let mut buckets = Vec::new();
    for range in range["ranges"].as_array().into_iter().flatten() {
        only(range, &["key", "from", "to"])?;
        let (from, to) = (range["from"].as_i64().unwrap_or(i64::MIN), range["to"].as_i64().unwrap_or(i64::MAX));
        let count = values.iter().filter(|value| (from..to).contains(value)).count();
        buckets.push(json!({"key": text(&range["key"])?, "doc_count": count}));
    }
    Ok(json!({"buckets": buckets}))
}

fn smallest_and_largest(index: &Index, stats: &Value, documents: &[&Value]) -> Done<Value> {
    only(stats, &["field"])?;
    let mut numbers = Vec::new();
    for document in documents {
        numbers.extend(index.values(text(&stats["field"])?, document)?.into_iter().filter_map(Value::as_f64));
    }
    let (min, max) = (numbers.iter().copied().reduce(f64::min), numbers.iter().copied().reduce(f64::max));
    Ok(json!({"count": numbers.len(), "min": min, "max": max}))
}
