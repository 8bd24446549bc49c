//! The embedded index after a writer that did not come to its commit.

use std::fs;

use contracts::{
    catalog::{ProductCard, Rating, VendorRef},
    inventory::StockLevel,
};

use super::{eur, product_id, vendor};
use crate::{
    index::{Change, Language, Question, SearchIndex, Tantivy},
    model::{Entry, Texts},
};

fn on_sale(title: &str) -> Change {
    let card = ProductCard {
        id: product_id(title),
        slug: title.to_lowercase().parse().unwrap(),
        title: title.to_owned(),
        vendor: VendorRef { id: vendor("Kiln"), slug: "kiln".parse().unwrap(), name: "Kiln".to_owned() },
        price: eur(100),
        price_varies: false,
        compare_at: None,
        lowest_price: None,
        picture: None,
        rating: Rating::default(),
        stock: StockLevel::InStock,
        single_variant_id: None,
        translated: false,
    };
    let texts = Texts { title: title.to_owned(), keywords: String::new(), body: String::new() };
    let entry = Entry {
        card,
        titles: std::collections::BTreeMap::new(),
        texts,
        categories: Vec::new(),
        attributes: Vec::new(),
        published_at: 0,
        sold: 0,
    };
    Change { product_id: product_id(title), seq: 1, entry: Some(entry) }
}

fn gone(title: &str) -> Change {
    Change { product_id: product_id(title), seq: 2, entry: None }
}

async fn titles(index: &Tantivy) -> Vec<String> {
    let found = index.ask(&Question { limit: 10, ..Question::default() }).await.unwrap();
    let mut titles: Vec<String> = found.hits.into_iter().map(|card| card.title).collect();
    titles.sort();
    titles
}

#[tokio::test]
async fn a_killed_writers_files_are_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let index = Tantivy::open(dir.path(), &[Language::En]).unwrap();
    index.apply(vec![on_sale("Mug"), on_sale("Bowl")], 1).await.unwrap();
    drop(index);
    // As if the process had been killed between writing its files and naming them in the index's table of contents.
    let contents = fs::read(dir.path().join("meta.json")).unwrap();
    Tantivy::open(dir.path(), &[Language::En]).unwrap().apply(vec![gone("Mug")], 2).await.unwrap();
    fs::write(dir.path().join("meta.json"), contents).unwrap();

    let index = Tantivy::open(dir.path(), &[Language::En]).unwrap();
    let before = vec!["Bowl".to_owned(), "Mug".to_owned()];
    assert_eq!((index.last_seq().await.unwrap(), titles(&index).await), (1, before));
    index.apply(vec![gone("Mug")], 2).await.unwrap();
    assert_eq!((index.last_seq().await.unwrap(), titles(&index).await), (2, vec!["Bowl".to_owned()]));
}
