//! What every engine does with changes, below the service.

use std::sync::Arc;

use contracts::{
    catalog::{ProductCard, Rating, VendorRef},
    inventory::StockLevel,
};
use kernel::{ProductId, Slug};
use runtime::HyperOut;

use super::{eur, fake::Fake, outside, product_id, vendor};
use crate::{
    index::{Change, Elasticsearch, Language, Question, SearchIndex, Settings, Tantivy},
    model::{Entry, Texts},
};

/// A product on sale since so many seconds.
pub fn entry(title: &str, price_minor: i64, published_s: i64) -> Entry {
    let potter = VendorRef { id: vendor("Potter"), slug: Slug::from_title("Potter", "x"), name: "Potter".to_owned() };
    Entry {
        texts: Texts { title: title.to_owned(), keywords: "Home \n Potter".to_owned(), body: String::new() },
        categories: vec!["home".to_owned()],
        attributes: vec!["colour=Blue".to_owned()],
        published_at: published_s * 1_000_000,
        sold: 0,
        titles: std::collections::BTreeMap::new(),
        card: ProductCard {
            id: product_id(title),
            slug: Slug::from_title(title, "x"),
            title: title.to_owned(),
            vendor: potter,
            price: eur(price_minor),
            price_varies: false,
            compare_at: None,
            lowest_price: None,
            picture: None,
            rating: Rating::default(),
            stock: StockLevel::Low(3),
            single_variant_id: None,
            translated: false,
        },
    }
}

pub fn change(title: &str, seq: i64, entry: Option<Entry>) -> Change {
    Change { product_id: ProductId::derived("product", &[title]), seq, entry }
}

/// The engine outside, without a service.
pub async fn engine(settings: &Settings) -> kernel::Result<Elasticsearch> {
    Elasticsearch::open(settings, Arc::new(HyperOut::new().unwrap())).await
}

/// Titles of a question's hits.
pub async fn found(index: &dyn SearchIndex, words: &[&str]) -> Vec<String> {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let question = Question { words, limit: 10, ..Question::default() };
    index.ask(&question).await.unwrap().hits.into_iter().map(|card| card.title).collect()
}

async fn holds_what_it_was_given(index: &dyn SearchIndex) {
    assert_eq!(index.last_seq().await.unwrap(), 0);
    index.caught_up().await.unwrap();
    assert!(found(index, &[]).await.is_empty());

    let mug = entry("Blue mug", 1_800, 1);
    let changes = vec![change("Blue mug", 3, Some(mug.clone())), change("Bowl", 4, Some(entry("Bowl", 900, 2)))];
    assert_eq!(index.last_seq().await.unwrap(), 0);
    index.apply(changes, 4).await.unwrap();
    index.caught_up().await.unwrap();
    assert_eq!(index.last_seq().await.unwrap(), 4);
    assert_eq!(found(index, &[]).await, ["Bowl", "Blue mug"], "the newest first");
    let question = Question { words: vec!["mug".to_owned()], limit: 1, ..Question::default() };
    let hits = index.ask(&question).await.unwrap().hits;
    assert_eq!(hits, std::slice::from_ref(&mug.card), "the card comes back as it went");

    let cheaper = Entry { card: ProductCard { price: eur(900), ..mug.card.clone() }, ..mug };
    index.apply(vec![change("Blue mug", 5, Some(cheaper.clone())), change("Bowl", 6, None)], 6).await.unwrap();
    index.caught_up().await.unwrap();
    assert_eq!(index.last_seq().await.unwrap(), 6);
    assert_eq!(index.ask(&question).await.unwrap().hits, [cheaper.card]);
    assert_eq!(found(index, &["bowl"]).await, Vec::<String>::new());
    assert_eq!(index.suggest(&["bo".to_owned()], false, 5, None).await.unwrap(), []);
    assert_eq!(index.suggest(&["bl".to_owned()], false, 5, None).await.unwrap().len(), 1);
    assert_eq!(index.suggest(&["bl".to_owned()], false, 0, None).await.unwrap(), []);

    // A batch may end where nothing counts as done yet.
    index.apply(Vec::new(), 6).await.unwrap();
    index.start_over().await.unwrap();
    index.apply(vec![change("Bowl", 2, Some(entry("Bowl", 900, 2)))], 2).await.unwrap();
    index.caught_up().await.unwrap();
    assert_eq!(index.last_seq().await.unwrap(), 2, "older than before: these are other rows");
    assert_eq!(found(index, &[]).await, ["Bowl"]);
}

#[tokio::test]
async fn the_embedded_one() {
    holds_what_it_was_given(&Tantivy::open(std::path::Path::new(""), &[Language::En]).unwrap()).await;
    let folder = tempfile::tempdir().unwrap();
    holds_what_it_was_given(&Tantivy::open(folder.path(), &[Language::En]).unwrap()).await;
    let again = Tantivy::open(folder.path(), &[Language::En]).unwrap();
    assert_eq!((again.last_seq().await.unwrap(), found(&again, &[]).await), (2, vec!["Bowl".to_owned()]));
}

#[tokio::test]
async fn the_one_outside() {
    let fake = Fake::start();
    holds_what_it_was_given(&engine(&outside(&fake.url)).await.unwrap()).await;
    let again = engine(&outside(&fake.url)).await.unwrap();
    assert_eq!((again.last_seq().await.unwrap(), found(&again, &[]).await), (2, vec!["Bowl".to_owned()]));
    let aliases = vec!["souk-products".to_owned(), "souk-writing-2".to_owned()];
    assert_eq!(fake.indexes(), [("souk-products-2".to_owned(), aliases)]);
}
