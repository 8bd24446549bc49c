//! A search: hits in their order, counts, suggestions.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
};

use serde_json::{Map, Value, json};

use super::{
    Done,
    aggregations::aggregate,
    documents::Index,
    queries::{is_near, only, score, single, text},
    unknown,
};

const KEYS: &[&str] = &[
    "query",
    "post_filter",
    "aggs",
    "sort",
    "from",
    "size",
    "_source",
    "track_total_hits",
    "suggest",
    "include_named_queries_score",
];

pub fn search(index: &Index, body: &Value) -> Done<Value> {
    only(body, KEYS)?;
    let mut matching: Vec<(f64, &Value)> = Vec::new();
    for document in index.shown.values() {
        if let Some(score) = score(index, &body["query"], document)? {
            matching.push((score, document));
        }
    }
    let all: Vec<&Value> = index.shown.values().collect();
    let documents: Vec<&Value> = matching.iter().map(|(_, document)| *document).collect();
    let counted = aggregate(index, body.get("aggs").unwrap_or(&Value::Null), &documents, &all)?;
    let mut hits = Vec::new();
    for hit in matching {
        if body.get("post_filter").map_or(Ok(Some(1.0)), |filter| score(index, filter, hit.1))?.is_some() {
            hits.push(hit);
        }
    }
    sort(index, &mut hits, &body["sort"])?;
    let (from, size) = (body["from"].as_u64().unwrap_or(0), body["size"].as_u64().unwrap_or(10));
    let window = index.settings["max_result_window"].as_u64().unwrap_or(10_000);
    if from + size > window {
        return Err(unknown(format!("Result window is too large, from + size must be at most {window}")));
    }
    let total = hits.len();
    let page = hits.into_iter().skip(from as usize).take(size as usize);
    let mut shown = Vec::new();
    for (_, document) in page {
        let mut hit = json!({"_source": source(document, &body["_source"])});
        if body["include_named_queries_score"] == true {
            hit["matched_queries"] = named(index, &body["query"], document)?;
        }
        shown.push(hit);
    }
    let page = shown;
    let mut answer = json!({"hits": {"hits": page}, "aggregations": counted});
    if body["track_total_hits"] == true {
        answer["hits"]["total"] = json!({"value": total, "relation": "eq"});
    }
    if let Some(suggest) = body.get("suggest") {
        let mut suggested = Map::new();
        for (name, suggester) in suggest.as_object().into_iter().flatten() {
            suggested.insert(name.clone(), suggest_terms(index, suggester, &all)?);
        }
        answer["suggest"] = suggested.into();
    }
    Ok(answer)
}

fn source(document: &Value, wanted: &Value) -> Value {
    let names = wanted.as_array().into_iter().flatten().filter_map(Value::as_str);
    let kept = names.filter_map(|name| Some((name.to_owned(), document.get(name)?.clone())));
    kept.collect::<Map<_, _>>().into()
}

fn sort(index: &Index, hits: &mut [(f64, &Value)], order: &Value) -> Done<()> {
    let mut keys = Vec::new();
    for key in order.as_array().into_iter().flatten() {
        let (field, direction) = single(key)?;
        if field != "_score" {
            let field = index.field(field)?;
            if field["type"] == "text" || field["doc_values"] == false {
                return Err(unknown(format!("nothing is sorted by {key}")));
            }
        }
        let direction = text(direction.get("order").unwrap_or(direction))?;
        if !["asc", "desc"].contains(&direction) {
            return Err(unknown(format!("no such order: {key}")));
        }
        keys.push((field, direction == "desc"));
    }
    hits.sort_by(|a, b| {
        let compare = |(field, descends): &(&str, bool)| {
            let ordering = match *field {
                "_score" => a.0.total_cmp(&b.0),
                field => match (&a.1[field], &b.1[field]) {
                    (Value::Number(a), Value::Number(b)) => a.as_i64().cmp(&b.as_i64()),
                    (a, b) => a.as_str().cmp(&b.as_str()),
                },
            };
            if *descends { ordering.reverse() } else { ordering }
        };
        keys.iter().map(compare).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    });
    Ok(())
}

/// Known words near one that is missing, likest first.
fn suggest_terms(index: &Index, suggester: &Value, all: &[&Value]) -> Done<Value> {
    only(suggester, &["text", "term"])?;
    let term = &suggester["term"];
    only(term, &["field", "suggest_mode", "max_edits", "min_word_length", "prefix_length", "size"])?;
    let field = text(&term["field"])?;
    let number = |key: &str| term[key].as_u64().ok_or_else(|| unknown(format!("[{key}] is missing")));
    let (max_edits, size) = (number("max_edits")? as usize, number("size")? as usize);
    if !(1..=2).contains(&max_edits) || term["suggest_mode"] != "missing" || number("prefix_length")? != 0 {
        return Err(unknown(format!("not played: {term}")));
    }
    let mut known: BTreeMap<String, u64> = BTreeMap::new();
    for document in all {
        let words: std::collections::BTreeSet<_> = index.words(field, document)?.into_iter().collect();
        words.into_iter().for_each(|word| *known.entry(word).or_default() += 1);
    }
    let mut suggested = Vec::new();
    for typed in index.typed(field, text(&suggester["text"])?)? {
        let is_open = !known.contains_key(&typed) && typed.chars().count() as u64 >= number("min_word_length")?;
        let edits = |word: &str| (1..=max_edits).find(|edits| is_near(&typed, word, *edits));
        let near = known.iter().filter(|_| is_open).filter_map(|(word, freq)| Some((edits(word)?, word, *freq)));
        let likeness = |edits: usize, word: &str| 1.0 - edits as f64 / word.len().min(typed.len()) as f64;
        let mut options: Vec<(f64, &String, u64)> =
            near.map(|(edits, word, freq)| (likeness(edits, word), word, freq)).collect();
        options.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (Reverse(a.2), a.1).cmp(&(Reverse(b.2), b.1))));
        let options = options.into_iter().take(size);
        let options: Vec<Value> =
            options.map(|(score, word, freq)| json!({"text": word, "score": score, "freq": freq})).collect();
        suggested.push(json!({"text": typed, "options": options}));
    }
    Ok(suggested.into())
}

/// The scores of the clauses of a query that have names and match.
fn named(index: &Index, query: &Value, document: &Value) -> Done<Value> {
    let mut scores = Map::new();
    for clause in query["bool"]["should"].as_array().into_iter().flatten() {
        let (_, body) = single(single(clause)?.1)?;
        if let (Some(name), Some(score)) = (body["_name"].as_str(), score(index, clause, document)?) {
            scores.insert(name.to_owned(), json!(score));
        }
    }
    Ok(scores.into())
}
