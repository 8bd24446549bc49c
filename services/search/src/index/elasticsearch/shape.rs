//! The shape of an index: analyzers, fields, and a product as its document.

use serde_json::{Value, json};

use super::{
    super::{Change, Settings, language::code_of},
    question::number,
};
use crate::{
    index::Language,
    model::{Entry, thousandths},
    query::OFFSET_MAX,
};

/// Grows with every change of the template or of what a document holds: an index of another number is made anew.
/// Until that is filled, questions go to the one before: a field they name has to be there for one number longer.
pub const SHAPE: u64 = 3;

/// Id of the document that holds the number of the last change. No product's: those are UUIDs.
pub const LAST_CHANGE: &str = "last-change";

/// Letters of a beginning that count.
const BEGINNING_MAX: u32 = 20;
/// Longest word that is searched.
const WORD_MAX: u32 = 60;

/// The template by which the server makes an index whose name fits `pattern`.
pub fn template(settings: &Settings, pattern: &str) -> Value {
    json!({
        "index_patterns": [pattern],
        "priority": 200,
        "version": SHAPE,
        "template": {
            "settings": {
                "number_of_shards": settings.shards,
                "number_of_replicas": settings.replicas,
                // One may page as far as the question allows, and see a last page there.
                "max_result_window": OFFSET_MAX + 100,
                "analysis": analysis(&settings.languages),
            },
            "mappings": {
                "dynamic": "strict",
                "_meta": {"shape": SHAPE, "languages": code_of(&settings.languages)},
                "properties": properties(),
            },
        },
    })
}

/// Words are cut and folded exactly as those of a query are.
fn analysis(languages: &[Language]) -> Value {
    let stemmer = |language: &Language| format!("souk_stem_{}", language.code());
    let mut filters = json!({
        "souk_short": {"type": "length", "max": WORD_MAX},
        "souk_beginnings": {"type": "edge_ngram", "min_gram": 1, "max_gram": BEGINNING_MAX},
        "souk_beginning": {"type": "truncate", "length": BEGINNING_MAX},
    });
    for language in languages {
        filters[stemmer(language)] = json!({"type": "stemmer", "language": language.stemmer_outside()});
    }
    let mut stemmed = vec!["lowercase", "asciifolding", "souk_short"];
    if !languages.is_empty() {
        // Where languages differ a word has several stems at its place, and each of them once.
        let stemmers: Vec<String> = languages.iter().map(stemmer).collect();
        filters["souk_stems"] = json!({"type": "multiplexer", "filters": stemmers, "preserve_original": false});
        stemmed.push("souk_stems");
    }
    json!({
        "tokenizer": {
            "souk_words": {"type": "pattern", "pattern": "[^\\p{IsAlphabetic}\\p{N}]+"},
        },
        "filter": filters,
        "analyzer": {
            "souk_stemmed": analyzer(&stemmed),
            "souk_whole": analyzer(&["lowercase", "asciifolding", "souk_short"]),
            "souk_beginnings": analyzer(&["lowercase", "asciifolding", "souk_short", "souk_beginnings"]),
            "souk_beginning": analyzer(&["lowercase", "asciifolding", "souk_short", "souk_beginning"]),
        },
    })
}

fn analyzer(filters: &[&str]) -> Value {
    json!({"type": "custom", "tokenizer": "souk_words", "filter": filters})
}

fn properties() -> Value {
    // Where a word stands in a text is never asked.
    let text = |analyzer: &str| json!({"type": "text", "analyzer": analyzer, "index_options": "freqs"});
    let words = json!({
        "type": "text",
        "analyzer": "souk_whole",
        "index_options": "freqs",
        "fields": {
            "beginning": {
                "type": "text",
                "analyzer": "souk_beginnings",
                "search_analyzer": "souk_beginning",
                "index_options": "docs",
            },
        },
    });
    json!({
        "visible": {"type": "boolean"},
        "product_id": {"type": "keyword"},
        "seq": {"type": "long", "index": false, "doc_values": false},
        "title": text("souk_stemmed"),
        "keywords": text("souk_stemmed"),
        "body": text("souk_stemmed"),
        "words": words,
        "categories": {"type": "keyword"},
        "vendor": {"type": "keyword"},
        "attributes": {"type": "keyword", "ignore_above": 1_000},
        // What is a number of them, so that bounds can be asked for: `key=00…`. Its fields would be too many.
        "numbers": {"type": "keyword"},
        "price": {"type": "long"},
        "rating": {"type": "integer"},
        "sold": {"type": "long"},
        "in_stock": {"type": "boolean"},
        "published": {"type": "date", "format": "epoch_millis"},
        // As buyers see it: kept, neither read nor searched.
        "card": {"type": "object", "enabled": false},
    })
}

/// A document on its way into an index.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub id: String,
    /// Of two with the same id the one with the higher version stays.
    pub version: i64,
    pub document: Value,
}

impl Line {
    /// A product as it is after a change.
    pub fn of(change: &Change) -> Self {
        let id = change.product_id.to_string();
        let document = match &change.entry {
            Some(entry) => product(&id, change.seq, entry),
            None => hidden(&id, change.seq),
        };
        Self { id, version: change.seq, document }
    }

    /// Says that everything up to `seq` is there. It never goes back: an older number has a lower version.
    pub fn last_change(seq: i64) -> Self {
        let document = json!({"visible": false, "seq": seq});
        Self { id: LAST_CHANGE.to_owned(), version: seq, document }
    }

    /// The same product, to be found by nobody.
    pub fn hidden(&self) -> Self {
        Self { document: hidden(&self.id, self.version), ..self.clone() }
    }
}

/// What stays of a product that must not be found. It is not deleted: of what is deleted the server forgets the
/// version after a minute, and an older change that comes late would bring it back.
fn hidden(id: &str, seq: i64) -> Value {
    json!({"visible": false, "product_id": id, "seq": seq})
}

fn product(id: &str, seq: i64, entry: &Entry) -> Value {
    let card = &entry.card;
    let numbers = entry.attributes.iter().filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        Some(number(key, thousandths(value)?))
    });
    json!({
        "visible": true,
        "product_id": id,
        "seq": seq,
        "title": entry.texts.title,
        "keywords": entry.texts.keywords,
        "body": entry.texts.body,
        "words": [entry.texts.title, entry.texts.keywords],
        "categories": entry.categories,
        "vendor": card.vendor.slug,
        "attributes": entry.attributes,
        "numbers": numbers.collect::<Vec<_>>(),
        "price": card.price.amount_minor,
        "rating": card.rating.average_x100,
        "sold": entry.sold,
        "in_stock": card.stock.available(),
        "published": entry.published_at / 1_000,
        "card": entry.kept(),
    })
}
