//! What may be looked for where nothing was found.

use std::{cmp::Reverse, collections::BTreeMap};

use contracts::search::{FewerWords, Instead, NearCategory};
use futures::future::try_join_all;
use kernel::Result;

use crate::{
    Search,
    index::{Counts, Question},
    query::Beginning,
};

/// Words that are tried one by one.
const WORDS_MAX: usize = 6;
/// Categories that are named.
const CATEGORIES_MAX: usize = 6;

/// For a question that found nothing.
pub async fn instead(app: &Search, question: &Question) -> Result<Instead> {
    let words = &question.words;
    let about = |words: &[String]| Question {
        words: words.to_vec(),
        synonyms: question.synonyms.clone(),
        ..Question::default()
    };
    let mut instead = Instead::default();
    if question.is_narrowed() {
        instead.without_choices = app.index.ask(&about(words)).await?.total;
        if instead.without_choices > 0 {
            return Ok(instead);
        }
    }
    let meant = app.index.nearest(words).await?.filter(|near| near != words).unwrap_or_default();
    instead.did_you_mean = Some(meant.join(" ")).filter(|meant| !meant.is_empty());
    let alone: Vec<Question> = words.iter().take(WORDS_MAX).map(|word| about(std::slice::from_ref(word))).collect();
    let found = try_join_all(alone.iter().map(|question| app.index.ask(question))).await?;
    let mut categories: BTreeMap<String, u64> = BTreeMap::new();
    for (word, found) in words.iter().zip(found).filter(|(_, found)| found.total > 0 && found.corrected.is_none()) {
        if words.len() > 1 {
            instead.fewer_words.push(FewerWords { words: word.clone(), total: found.total });
        }
        add_most_frequent(&mut categories, found.counts);
    }
    // What fewer products have says more.
    instead.fewer_words.sort_by_key(|fewer| fewer.total);
    instead.categories = near(app, words.iter().chain(&meant), &categories, question.language);
    Ok(instead)
}

fn add_most_frequent(categories: &mut BTreeMap<String, u64>, counts: Counts) {
    for (slug, count) in counts.categories {
        *categories.entry(slug).or_default() += count;
    }
}

/// Categories called like one of the words, then those of what has one of them.
fn near<'a>(
    app: &Search,
    words: impl Iterator<Item = &'a String>,
    found_in: &BTreeMap<String, u64>,
    language: Option<&str>,
) -> Vec<NearCategory> {
    let names = app.names.load();
    let names = names.categories_in(language);
    let mut near: Vec<NearCategory> = Vec::new();
    let mut add = |slug: &str, name: String| {
        if near.len() < CATEGORIES_MAX && near.iter().all(|known| known.slug != slug) {
            near.push(NearCategory { slug: slug.to_owned(), name });
        }
    };
    for word in words {
        let beginning = Beginning::forgiving(std::slice::from_ref(word));
        names.beginning(&beginning).for_each(|(slug, name)| add(slug, name.to_owned()));
    }
    let mut most: Vec<_> = found_in.iter().collect();
    most.sort_by_key(|(slug, count)| (Reverse(**count), (*slug).clone()));
    for (slug, _) in most {
        if let Some(name) = names.called(slug) {
            add(slug, name);
        }
    }
    near
}
