//! Every request that is made, as a file: `tests/elasticsearch` checks them against the types of the official client.

use std::path::{Path, PathBuf};

use contracts::search::{SearchSort, SynonymGroup, TextField};
use serde_json::{Value, json};

use super::{
    indexes::Indexes,
    question,
    server::{Ask, Body},
    shape::Line,
    words,
};
use crate::{
    index::{Choice, Language, Question, Settings, Stems, TextPlace, forgiven, imaginable},
    query::Synonyms,
    tests::{
        engines::{change, entry},
        product_id,
    },
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/elasticsearch/requests")
}

/// A request as the official client takes it: what stands in the path and the query beside the body.
fn as_client_takes_it(kind: &str, ask: &Ask) -> Value {
    let mut request = match &ask.body {
        Body::Json(body) => body.clone(),
        _ => json!({}),
    };
    let path = ask.path.trim_start_matches('/');
    match kind {
        "IndicesPutIndexTemplateRequest" => request["name"] = json!(path.trim_start_matches("_index_template/")),
        "IndicesCreateRequest" => request["index"] = json!(path),
        _ => {}
    }
    request
}

fn choice(key: &str, values: &[&str], bounds: (Option<i64>, Option<i64>)) -> Choice {
    Choice { key: key.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect(), bounds }
}

fn searches() -> Vec<(&'static str, Value)> {
    let typed = ["blue", "cermic", "mug"].map(str::to_owned);
    let everything = Question {
        words: typed.to_vec(),
        category: Some("kitchen".to_owned()),
        vendors: vec!["potter".to_owned(), "weaver".to_owned()],
        price: (Some(1_000), Some(4_999)),
        rating_x100: Some(400),
        in_stock: true,
        attributes: vec![
            choice("colour", &["Blue", "White"], (None, None)),
            choice("height", &[], (Some(9_500), None)),
            choice("material", &["Ceramic"], (None, None)),
        ],
        offset: 24,
        limit: 24,
        ..Question::default()
    };
    let plain = Synonyms::default().wanted(&typed);
    let mut asked = question::request(&everything, &plain, 3);
    words::add_to(&mut asked, &plain, forgiven);
    let place = |word: &str, field| TextPlace { word: word.to_owned(), field };
    let places = [place("mug", TextField::Title), place("blue", TextField::Text)];
    let weighing = question::weighing(product_id("Blue mug"), &places);
    let mut nearest = question::nothing();
    words::add_to(&mut nearest, &plain, imaginable);
    let crockery = SynonymGroup { words: vec!["mug".to_owned(), "tea cup".to_owned()], means: Vec::new() };
    let with_synonyms = Synonyms::new(&[crockery], &Stems::of(&[Language::En])).wanted(&typed);
    let sorted = |sort| Question { sort, limit: 24, ..Question::default() };
    let request = |question: &Question| question::request(question, &[], 0);
    let mut all = vec![
        ("search_everything", asked),
        ("search_all_but_one_word", question::request(&everything, &plain, 2)),
        ("search_with_synonyms", question::request(&Question::default(), &with_synonyms, 3)),
        ("search_nearest_words", nearest),
        ("search_weighing", weighing),
        ("search_half_a_price", request(&Question { price: (None, Some(999)), ..sorted(SearchSort::Newest) })),
        ("search_by_relevance", request(&sorted(SearchSort::Relevance))),
        ("search_by_price_asc", request(&sorted(SearchSort::PriceAsc))),
        ("search_by_price_desc", request(&sorted(SearchSort::PriceDesc))),
        ("search_by_rating", request(&sorted(SearchSort::Rating))),
        ("search_by_sales", request(&sorted(SearchSort::Sales))),
    ];
    all.extend(question::beginning_request(&typed, true, 8).map(|request| ("search_beginning", request)));
    all
}

fn bulk() -> Value {
    let shown = change("Blue mug", 7, Some(entry("Blue mug", 1_800, 1)));
    let lines = [Line::of(&shown), Line::of(&change("Bowl", 8, None)), Line::last_change(8)];
    let operations = lines.iter().flat_map(|line| {
        let packed = super::write::pack(line.clone()).unwrap().bytes;
        let text = String::from_utf8(packed).unwrap();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    });
    json!({"index": "souk-writing-1", "require_alias": true, "operations": operations.collect::<Vec<_>>()})
}

/// Says how to mend it, once: with `UPDATE_REQUESTS=1` the files are written.
#[test]
fn the_files_are_what_is_sent() {
    let indexes = Indexes::new(&Settings { languages: vec![Language::En, Language::De], ..Settings::default() });
    let mut all: Vec<(String, &str, Value)> = Vec::new();
    for (kind, ask) in indexes.requests() {
        all.push((kind.to_owned(), kind, as_client_takes_it(kind, &ask)));
    }
    for (name, request) in searches() {
        all.push((name.to_owned(), "SearchRequest", request));
    }
    all.push(("bulk".to_owned(), "BulkRequest<Product>", bulk()));
    let is_update = std::env::var_os("UPDATE_REQUESTS").is_some();
    let mut names = Vec::new();
    for (name, kind, request) in all {
        let path = folder().join(format!("{name}.json"));
        let wanted = format!("{:#}\n", json!({"type": kind, "request": request}));
        if is_update {
            std::fs::write(&path, &wanted).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(there, wanted, "{} is of an older program: UPDATE_REQUESTS=1 writes it", path.display());
        names.push(format!("{name}.json"));
    }
    names.sort();
    let there = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut there: Vec<String> = there.collect();
    there.sort();
    assert_eq!(there, names, "a request that is not made any more");
}
