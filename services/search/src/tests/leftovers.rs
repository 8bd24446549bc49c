//! The embedded index after a writer that did not come to its commit.

use std::{fs, path::Path};

use contracts::{
    catalog::{ProductCard, Rating, VendorRef},
    inventory::StockLevel,
};

use super::{eur, product_id, vendor};
use crate::{
    index::{Change, Question, SearchIndex, Tantivy},
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
        picture: None,
        rating: Rating::default(),
        stock: StockLevel::InStock,
        single_variant_id: None,
    };
    let texts = Texts { title: title.to_owned(), keywords: String::new(), body: String::new() };
    let entry = Entry { card, texts, categories: Vec::new(), attributes: Vec::new(), published_at: 0 };
    Change { product_id: product_id(title), entry: Some(entry) }
}

fn gone(title: &str) -> Change {
    Change { product_id: product_id(title), entry: None }
}

fn titles(index: &Tantivy) -> Vec<String> {
    let found = index.ask(&Question { limit: 10, ..Question::default() }).unwrap();
    let mut titles: Vec<String> = found.hits.into_iter().map(|card| card.title).collect();
    titles.sort();
    titles
}

/// As if the process had been killed between writing its files and naming them in the index's table of contents.
fn die_before_the_commit(dir: &Path, work: impl FnOnce(&Tantivy)) {
    let contents = fs::read(dir.join("meta.json")).unwrap();
    work(&Tantivy::open(dir).unwrap());
    fs::write(dir.join("meta.json"), contents).unwrap();
}

#[test]
fn a_killed_writers_files_are_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let index = Tantivy::open(dir.path()).unwrap();
    index.apply(&[on_sale("Mug"), on_sale("Bowl")], 1).unwrap();
    drop(index);
    die_before_the_commit(dir.path(), |index| index.apply(&[gone("Mug")], 2).unwrap());

    let index = Tantivy::open(dir.path()).unwrap();
    assert_eq!((index.last_seq().unwrap(), titles(&index)), (1, vec!["Bowl".to_owned(), "Mug".to_owned()]));
    index.apply(&[gone("Mug")], 2).unwrap();
    assert_eq!((index.last_seq().unwrap(), titles(&index)), (2, vec!["Bowl".to_owned()]));
}
