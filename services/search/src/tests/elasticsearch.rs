//! What only an engine outside has to be able to do.

use std::path::PathBuf;

use kernel::{Kind, Secret};
use serde_json::json;

use super::{
    engines::{change, engine, entry, found},
    fake::Fake,
    outside, product_id,
};
use crate::index::{Change, Choice, Elasticsearch, SearchIndex, Settings};

async fn filled(fake: &Fake, titles: &[&str]) -> Elasticsearch {
    let index = engine(&outside(&fake.url)).await.unwrap();
    bring_in(&index, titles, 1).await.unwrap();
    fake.bulks();
    index
}

/// Brings products in, the first with this number.
async fn bring_in(index: &dyn SearchIndex, titles: &[&str], seq: i64) -> kernel::Result<()> {
    let last = seq + titles.len() as i64 - 1;
    let changes = (seq..).zip(titles).map(|(seq, title)| change(title, seq, Some(entry(title, 1_000, seq))));
    index.last_seq().await?;
    index.apply(changes.collect(), last).await?;
    index.caught_up().await.map(drop)
}

#[tokio::test]
async fn writes_wait_for_a_busy_server() {
    let fake = Fake::start();
    let index = filled(&fake, &[]).await;
    fake.fail("_bulk", 429, 2);
    fake.fail("_bulk", 503, 1);
    bring_in(&index, &["Mug", "Bowl"], 1).await.unwrap();
    assert_eq!(fake.bulks(), [2, 2, 2, 2, 1], "three times in vain, then the products, then their number");
    assert_eq!(found(&index, &[]).await, ["Bowl", "Mug"]);

    fake.fail("_bulk", 503, 6);
    assert_eq!(bring_in(&index, &["Plate"], 3).await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(index.last_seq().await.unwrap(), 2, "what is not in does not count as being in");
    bring_in(&index, &["Plate"], 3).await.unwrap();
    assert_eq!((index.last_seq().await.unwrap(), found(&index, &["plate"]).await.len()), (3, 1));
}

#[tokio::test]
async fn only_lines_that_failed_are_repeated() {
    let fake = Fake::start();
    let index = filled(&fake, &[]).await;
    fake.fail_line(product_id("Bowl").to_string(), 429, 2);
    fake.fail_line(product_id("Plate").to_string(), 503, 1);
    bring_in(&index, &["Mug", "Bowl", "Plate"], 1).await.unwrap();
    assert_eq!(fake.bulks(), [3, 2, 1, 1]);
    assert_eq!(found(&index, &[]).await, ["Plate", "Bowl", "Mug"]);
}

#[tokio::test]
async fn a_product_that_is_refused_is_hidden_and_keeps_no_other_out() {
    let fake = Fake::start();
    let index = filled(&fake, &["Mug", "Bowl"]).await;
    fake.fail_line(product_id("Mug").to_string(), 400, 1);
    bring_in(&index, &["Mug", "Plate"], 3).await.unwrap();
    assert_eq!(fake.bulks(), [2, 1, 1]);
    assert_eq!(found(&index, &[]).await, ["Plate", "Bowl"], "not as it was before");
    assert_eq!(index.last_seq().await.unwrap(), 4);
    bring_in(&index, &["Mug"], 5).await.unwrap();
    assert_eq!(found(&index, &["mug"]).await, ["Mug"], "its next change brings it back");

    fake.fail_line(product_id("Mug").to_string(), 400, 2);
    assert_eq!(bring_in(&index, &["Mug"], 6).await.unwrap_err().kind(), Kind::Internal);
    fake.fail_line(product_id("Mug").to_string(), 403, 1);
    assert_eq!(bring_in(&index, &["Mug"], 6).await.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(index.last_seq().await.unwrap(), 5);
}

#[tokio::test]
async fn an_older_change_never_overwrites_a_newer_one() {
    let fake = Fake::start();
    let (one, other) = (filled(&fake, &[]).await, filled(&fake, &[]).await);
    bring_in(&one, &["Mug", "Bowl"], 8).await.unwrap();
    let late = vec![change("Mug", 2, Some(entry("Mug", 1, 1))), change("Bowl", 9, Some(entry("Bowl", 1, 1)))];
    other.last_seq().await.unwrap();
    other.apply(late, 2).await.unwrap();
    other.caught_up().await.unwrap();
    assert_eq!(other.last_seq().await.unwrap(), 9, "the number does not go back either");
    let prices: Vec<i64> =
        other.suggest(&["m".to_owned()], false, 5, None).await.unwrap().iter().map(|c| c.price.amount_minor).collect();
    assert_eq!(prices, [1_000]);

    one.apply(vec![change("Mug", 12, None)], 12).await.unwrap();
    other.apply(vec![change("Mug", 11, Some(entry("Mug", 1, 1)))], 11).await.unwrap();
    one.caught_up().await.unwrap();
    assert_eq!(found(&one, &["mug"]).await, Vec::<String>::new(), "what is gone stays gone");
}

#[tokio::test]
async fn much_goes_in_pieces() {
    let fake = Fake::start();
    let index = filled(&fake, &[]).await;
    let titles: Vec<String> = (0..1_201).map(|n| format!("Thing {n}")).collect();
    bring_in(&index, &titles.iter().map(String::as_str).collect::<Vec<_>>(), 1).await.unwrap();
    assert_eq!(fake.bulks(), [500, 500, 201, 1]);
    let long = "word ".repeat(400_000);
    let large = |n: i64| {
        let mut entry = entry(&format!("Large {n}"), 1, n);
        entry.texts.body.clone_from(&long);
        change(&format!("Large {n}"), n, Some(entry))
    };
    index.apply((2_000..2_005).map(large).collect(), 2_004).await.unwrap();
    assert_eq!(fake.bulks(), [2, 2, 1, 1]);
}

#[tokio::test]
async fn an_index_of_another_shape_answers_until_the_next_one_is_filled() {
    let fake = Fake::start();
    let old_program = filled(&fake, &["Mug"]).await;
    fake.state().indexes.get_mut("souk-products-1").unwrap().mappings["_meta"]["shape"] = json!(0);

    let error = old_program.last_seq().await.unwrap_err();
    assert!(error.source_text().unwrap().contains("another version"), "a running process replaces nothing: {error}");
    let index = engine(&outside(&fake.url)).await.unwrap();
    index.ready().unwrap();
    assert_eq!(index.last_seq().await.unwrap(), 0);
    index.apply(vec![change("Bowl", 1, Some(entry("Bowl", 1, 1)))], 1).await.unwrap();
    assert_eq!(found(&index, &[]).await, ["Mug"], "the old one answers");
    // The process dies. Another one goes on where it was.
    let index = engine(&outside(&fake.url)).await.unwrap();
    assert_eq!(index.last_seq().await.unwrap(), 1);
    assert!(index.caught_up().await.unwrap());
    assert_eq!(found(&index, &[]).await, ["Bowl"]);
    let aliases = vec!["souk-products".to_owned(), "souk-writing-2".to_owned()];
    assert_eq!(fake.indexes(), [("souk-products-2".to_owned(), aliases)], "the old one is gone");
    assert!(!(index.last_seq().await.is_err() || index.caught_up().await.unwrap()), "and nothing changes any more");
}

#[tokio::test]
async fn a_write_to_an_index_that_is_gone_does_not_make_it_anew() {
    let fake = Fake::start();
    let (slow, other) = (filled(&fake, &["Mug"]).await, filled(&fake, &["Mug"]).await);
    slow.last_seq().await.unwrap();
    other.start_over().await.unwrap();
    other.caught_up().await.unwrap();
    let error = slow.apply(vec![change("Bowl", 2, Some(entry("Bowl", 1, 1)))], 2).await.unwrap_err();
    assert_eq!((error.kind(), fake.indexes().len()), (Kind::Unavailable, 1));
    bring_in(&slow, &["Bowl"], 2).await.unwrap();
    assert_eq!(found(&other, &[]).await, ["Bowl"], "the next time it writes where others do");
}

#[tokio::test]
async fn two_who_make_an_index_make_one() {
    let fake = Fake::start();
    let settings = outside(&fake.url);
    let (one, other) = tokio::join!(engine(&settings), engine(&settings));
    let (one, other) = (one.unwrap(), other.unwrap());
    let (a, b) = tokio::join!(bring_in(&one, &["Mug"], 1), bring_in(&other, &["Mug"], 1));
    a.and(b).unwrap();
    assert_eq!((fake.indexes().len(), found(&one, &[]).await), (1, vec!["Mug".to_owned()]));
}

#[tokio::test]
async fn another_node_is_asked_if_one_does_not_answer() {
    let (fake, dead) = (Fake::start(), Fake::start());
    dead.state().is_down = true;
    let settings = Settings { urls: vec![dead.url.clone(), fake.url.clone()], ..outside("") };
    let index = engine(&settings).await.unwrap();
    bring_in(&index, &["Mug"], 1).await.unwrap();
    assert_eq!(found(&index, &["mug"]).await, ["Mug"]);
    assert_eq!(dead.state().asked.len(), 1, "once it did not answer it is left alone");
}

#[tokio::test]
async fn what_cannot_be_right_is_named_at_the_start() {
    let fake = Fake::start();
    let good = outside(&fake.url);
    let of = |change: fn(&mut Settings)| {
        let mut settings = good.clone();
        change(&mut settings);
        settings
    };
    let secret = || Secret::new("hush");
    let cases = [
        ("search.urls", of(|s| s.urls.clear())),
        ("search.urls", of(|s| s.urls = vec!["localhost:9200".to_owned()])),
        ("search.urls", of(|s| s.urls = vec!["http://souk:hush@localhost:9200".to_owned()])),
        ("search.urls", of(|s| s.urls = vec!["http://localhost:9200/?pretty".to_owned()])),
        ("search.username", of(|s| s.username = "souk".to_owned())),
        ("search.username", Settings { password: secret(), ..good.clone() }),
        (
            "search.api_key",
            Settings { password: secret(), api_key: secret(), username: "souk".to_owned(), ..good.clone() },
        ),
        ("search.prefix", of(|s| s.prefix = "Souk".to_owned())),
        ("search.prefix", of(|s| s.prefix = "_souk".to_owned())),
        ("search.prefix", of(|s| s.prefix.clear())),
        ("search.shards", of(|s| s.shards = 0)),
        ("search.timeout_ms", of(|s| s.timeout_ms = 0)),
        ("search.ca_file", of(|s| s.ca_file = PathBuf::from("/nowhere/ca.pem"))),
    ];
    for (field, settings) in cases {
        let error = engine(&settings).await.err().unwrap();
        assert_eq!(error.fields().first().map(|f| f.field.as_str()), Some(field), "{error}");
        assert!(!error.to_string().contains("hush"), "{error}");
    }
    assert!(fake.state().asked.is_empty(), "nobody was asked");

    fake.state().authorization = Some("Basic c291azpodXNo");
    let named = async |settings: Settings| engine(&settings).await.err().map(|e| e.fields()[0].field.clone());
    let user = Settings { username: "souk".to_owned(), password: secret(), ..good.clone() };
    assert_eq!(named(good.clone()).await.as_deref(), Some("search.username"));
    assert_eq!(
        named(Settings { password: Secret::new("other"), ..user.clone() }).await.as_deref(),
        Some("search.username")
    );
    assert_eq!(named(Settings { api_key: secret(), ..good.clone() }).await.as_deref(), Some("search.api_key"));
    assert_eq!(named(user.clone()).await, None);
    fake.fail("/souk-products-*", 403, 1);
    assert_eq!(named(user).await.as_deref(), Some("search.username"), "known, and not allowed");
    fake.state().authorization = Some("ApiKey hush");
    assert_eq!(named(Settings { api_key: secret(), ..good.clone() }).await, None);

    let stranger = axum::Router::new().fallback(async || "hello");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, stranger).await });
    assert_eq!(named(outside(&url)).await.as_deref(), Some("search.urls"));
}

#[tokio::test]
async fn hostile_words_and_values_are_only_texts() {
    let fake = Fake::start();
    let index = engine(&outside(&fake.url)).await.unwrap();
    let mut odd = entry("Odd", 1, 1);
    odd.attributes = vec!["a.b*=x".to_owned(), "a.b*=y=z".to_owned(), "axb=no".to_owned()];
    let change = Change { entry: Some(odd), ..change("Odd", 1, None) };
    index.last_seq().await.unwrap();
    index.apply(vec![change], 1).await.unwrap();
    index.caught_up().await.unwrap();
    let question = crate::index::Question {
        attributes: vec![Choice { key: "a.b*".to_owned(), values: vec!["x".to_owned()], ..Choice::default() }],
        limit: 10,
        ..crate::index::Question::default()
    };
    let found = index.ask(&question).await.unwrap();
    let counted: Vec<&str> = found.counts.attributes.iter().map(|(pair, _)| pair.as_str()).collect();
    assert_eq!((found.total, counted), (1, vec!["a.b*=x", "a.b*=y=z", "axb=no"]));
    // As far as anybody may page.
    let last = crate::index::Question { offset: crate::query::OFFSET_MAX, limit: 100, ..question };
    assert!(index.ask(&last).await.unwrap().hits.is_empty());
}
