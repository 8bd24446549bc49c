//! Whether a document is meant by a query, and how much.

use serde_json::{Map, Value};

use super::{Done, documents::Index, unknown};

/// The score of a document that matches.
pub fn score(index: &Index, query: &Value, document: &Value) -> Done<Option<f64>> {
    let (kind, body) = single(query)?;
    match kind {
        "bool" => score_bool(index, body, document),
        "dis_max" => {
            only(body, &["queries"])?;
            let mut best: Option<f64> = None;
            for query in body["queries"].as_array().into_iter().flatten() {
                best = [best, score(index, query, document)?].into_iter().flatten().reduce(f64::max);
            }
            Ok(best)
        }
        "term" => {
            let (field, wanted) = single(body)?;
            Ok(index.values(field, document)?.contains(&wanted).then_some(1.0))
        }
        "terms" => {
            let (field, wanted) = single(body)?;
            let wanted = wanted.as_array().ok_or_else(|| unknown("terms are a list"))?;
            Ok(index.values(field, document)?.iter().any(|value| wanted.contains(value)).then_some(1.0))
        }
        "range" => {
            let (field, bounds) = single(body)?;
            for value in index.values(field, document)? {
                if is_within(Some(value), bounds)? {
                    return Ok(Some(1.0));
                }
            }
            Ok(None)
        }
        "multi_match" => score_multi_match(index, body, document),
        "match" => {
            let (field, body) = single(body)?;
            only(body, &["query", "operator", "fuzziness", "boost", "_name"])?;
            let fuzziness = body.get("fuzziness").map_or(Some(0), Value::as_u64);
            let fuzziness = fuzziness.ok_or_else(|| unknown("fuzziness is a number here"))?;
            let typed = index.typed(field, text(&body["query"])?)?;
            let words = index.words(field, document)?;
            let has = |typed: &String| words.iter().any(|word| is_near(typed, word, fuzziness as usize));
            let matches = match body["operator"] == "and" {
                true => !typed.is_empty() && typed.iter().all(has),
                false => typed.iter().any(has),
            };
            let boost = body.get("boost").map_or(Some(1.0), Value::as_f64);
            Ok(matches.then_some(boost.ok_or_else(|| unknown("boost is a number here"))?))
        }
        _ => Err(unknown(format!("no such query: {kind}"))),
    }
}

/// The key and value of an object with one key.
pub fn single(value: &Value) -> Done<(&str, &Value)> {
    let mut members = value.as_object().into_iter().flatten();
    match (members.next(), members.next()) {
        (Some((key, value)), None) => Ok((key, value)),
        _ => Err(unknown(format!("one key is wanted: {value}"))),
    }
}

/// Refuses other keys than these.
pub fn only(value: &Value, keys: &[&str]) -> Done<()> {
    let empty = Map::new();
    let unexpected = value.as_object().unwrap_or(&empty).keys().find(|key| !keys.contains(&key.as_str()));
    unexpected.map_or(Ok(()), |key| Err(unknown(format!("unknown key [{key}]"))))
}

pub fn text(value: &Value) -> Done<&str> {
    value.as_str().ok_or_else(|| unknown(format!("a text is wanted: {value}")))
}

fn score_bool(index: &Index, body: &Value, document: &Value) -> Done<Option<f64>> {
    only(body, &["filter", "must", "should", "minimum_should_match", "boost"])?;
    let mut sum = 0.0;
    let clauses = |occur: &str| body[occur].as_array().into_iter().flatten();
    for clause in clauses("filter") {
        if score(index, clause, document)?.is_none() {
            return Ok(None);
        }
    }
    for clause in clauses("must") {
        let Some(score) = score(index, clause, document)? else { return Ok(None) };
        sum += score;
    }
    let mut matching = 0;
    for clause in clauses("should") {
        if let Some(score) = score(index, clause, document)? {
            sum += score;
            matching += 1;
        }
    }
    let wanted = body.get("minimum_should_match").map_or(Some(0), Value::as_u64);
    let wanted = wanted.ok_or_else(|| unknown("minimum_should_match is a number here"))?;
    let boost = body.get("boost").map_or(Some(1.0), Value::as_f64);
    let boost = boost.ok_or_else(|| unknown("boost is a number here"))?;
    Ok((matching >= wanted).then_some(sum * boost))
}

fn is_within(value: Option<&Value>, bounds: &Value) -> Done<bool> {
    only(bounds, &["gte", "lte"])?;
    if let Some(value) = value.and_then(Value::as_str) {
        let bound = |key: &str| bounds.get(key).and_then(Value::as_str);
        return Ok(bound("gte").is_none_or(|low| value >= low) && bound("lte").is_none_or(|high| value <= high));
    }
    let bound = |key: &str| bounds.get(key).and_then(Value::as_i64);
    let Some(value) = value.and_then(Value::as_i64) else { return Ok(false) };
    Ok(bound("gte").is_none_or(|low| value >= low) && bound("lte").is_none_or(|high| value <= high))
}

fn score_multi_match(index: &Index, body: &Value, document: &Value) -> Done<Option<f64>> {
    only(body, &["query", "type", "fields"])?;
    if body["type"] != "most_fields" {
        return Err(unknown("only most_fields is played"));
    }
    let mut sum = 0.0;
    for field in body["fields"].as_array().into_iter().flatten() {
        let field = text(field)?;
        let (field, boost) = field.split_once('^').unwrap_or((field, "1"));
        let boost: f64 = boost.parse().map_err(unknown)?;
        let typed = index.typed(field, text(&body["query"])?)?;
        let words = index.words(field, document)?;
        sum += boost * words.iter().filter(|word| typed.contains(word)).count() as f64;
    }
    Ok((sum > 0.0).then_some(sum))
}

/// Whether so many edits make one word of the other; swapped neighbours are one edit.
pub fn is_near(one: &str, other: &str, edits: usize) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    near(&one, &other, edits)
}

fn near(one: &[char], other: &[char], edits: usize) -> bool {
    match (one, other) {
        ([], rest) | (rest, []) => rest.len() <= edits,
        ([a, one_rest @ ..], [b, other_rest @ ..]) => {
            if a == b && near(one_rest, other_rest, edits) {
                return true;
            }
            let is_swapped = one_rest.first() == Some(b) && other_rest.first() == Some(a);
            edits > 0
                && (near(one_rest, other, edits - 1)
                    || near(one, other_rest, edits - 1)
                    || near(one_rest, other_rest, edits - 1)
                    || is_swapped && near(&one_rest[1..], &other_rest[1..], edits - 1))
        }
    }
}
