//! Words: whether some product has them, and which one is meant instead.

use serde_json::{Map, Value, json};

use super::question::word_query;
use crate::query::Wanted;

/// Letters of the shortest word that another may stand for.
const WORD_MIN: u32 = 3;
/// Known words that the server names for an unknown one.
const NEAR_MAX: u32 = 10;

/// The words of which it has to be known whether some product has them: what has synonyms leads somewhere anyway.
fn in_question(wanted: &[Wanted]) -> impl Iterator<Item = &String> {
    wanted.iter().filter(|wanted| wanted.also.is_empty()).flat_map(|wanted| &wanted.typed)
}

/// Adds to a request that the server says which of the words are in any product, and what is near those that are not.
pub fn add_to(request: &mut Value, wanted: &[Wanted], most_edits: fn(&str) -> u8) {
    let words = || in_question(wanted).enumerate();
    let known: Map<String, Value> = words().map(|(n, word)| (name(n), json!({"filter": word_query(word)}))).collect();
    request["aggs"]["known"] = json!({"global": {}, "aggs": known});
    let longer = words().filter(|(_, word)| most_edits(word) > 0);
    let near: Map<String, Value> = longer.map(|(n, word)| (name(n), suggester(word, most_edits(word)))).collect();
    if !near.is_empty() {
        request["suggest"] = Value::Object(near);
    }
}

fn name(n: usize) -> String {
    format!("word_{n}")
}

fn suggester(word: &str, most_edits: u8) -> Value {
    json!({
        "text": word,
        "term": {
            "field": "words",
            "suggest_mode": "missing",
            "max_edits": most_edits,
            "min_word_length": WORD_MIN,
            "prefix_length": 0,
            "size": NEAR_MAX,
        },
    })
}

/// The words to look for instead, if some of those typed are in no product: the nearest known word takes the place of
/// an unknown one, a word with nothing near is left out. `None` if all are known.
pub fn correct(wanted: &[Wanted], answer: &Value) -> Option<Vec<String>> {
    let mut names = (0..).map(name);
    let mut words = Vec::with_capacity(wanted.len());
    let mut changed = false;
    for Wanted { typed, also } in wanted {
        if !also.is_empty() {
            words.extend(typed.iter().cloned());
            continue;
        }
        for (word, name) in typed.iter().zip(names.by_ref()) {
            if answer["aggregations"]["known"][&name]["doc_count"].as_u64().unwrap_or_default() > 0 {
                words.push(word.clone());
                continue;
            }
            changed = true;
            words.extend(nearest(word, &answer["suggest"][&name]));
        }
    }
    changed.then_some(words)
}

/// The known word with the fewest edits; of several the one in most products. The server orders by likeness, which
/// also goes by length.
fn nearest(word: &str, suggested: &Value) -> Option<String> {
    let options =
        suggested.as_array().into_iter().flatten().flat_map(|s| s["options"].as_array().into_iter().flatten());
    let options = options.filter_map(|option| Some((option["text"].as_str()?, option["freq"].as_u64()?)));
    let best = options.min_by_key(|(text, freq)| (edits(word, text), std::cmp::Reverse(*freq), (*text).to_owned()));
    best.map(|(text, _)| text.to_owned())
}

/// Letters to add, remove, replace, or to swap with their neighbours, to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Synonyms;

    #[test]
    fn edits_are_counted() {
        let pairs = [("mug", "mug", 0), ("hedphones", "headphones", 1), ("mgu", "mug", 1), ("abc", "", 3), ("", "", 0)];
        for (one, other, wanted) in pairs {
            assert_eq!((edits(one, other), edits(other, one)), (wanted, wanted), "{one} {other}");
        }
        assert_eq!(edits("ceramic", "keramik"), 2);
    }

    #[test]
    fn fewest_edits_come_before_most_products() {
        let options = json!([{"options": [
            {"text": "bowls", "freq": 90, "score": 0.8},
            {"text": "bowl", "freq": 2, "score": 0.75},
            {"text": "bawl", "freq": 7, "score": 0.75},
        ]}]);
        assert_eq!(nearest("bowk", &options).as_deref(), Some("bowl"));
        assert_eq!(nearest("baul", &options).as_deref(), Some("bawl"));
        assert_eq!(nearest("bowk", &json!([{"options": []}])), None);
        let answer = json!({
            "aggregations": {"known": {"word_0": {"doc_count": 3}, "word_1": {"doc_count": 0}, "word_2": {"doc_count": 0}}},
            "suggest": {"word_1": options},
        });
        let typed = Synonyms::default().wanted(&["blue", "bowk", "xyz"].map(str::to_owned));
        assert_eq!(correct(&typed, &answer), Some(vec!["blue".to_owned(), "bowl".to_owned()]));
        assert_eq!(correct(&typed[..1], &answer), None);
    }
}
