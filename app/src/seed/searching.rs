//! What people search for, and the words that the market has learnt from it.

use contracts::{
    analytics::PeriodQuery,
    search::{SearchClient, SearchQuery, SynonymGroup, SynonymsInput},
};
use kernel::{Identity, Result};

use super::{Seeding, people::People};

/// Words that mean the same to buyers, and such that go one way.
const SYNONYMS: [(&[&str], &[&str]); 6] = [
    (&["mug", "cup", "beaker"], &[]),
    (&["sofa throw", "blanket"], &[]),
    (&["cushion", "pillow"], &[]),
    (&["crockery", "tableware"], &["plate", "bowl", "mug"]),
    (&["notepad", "notebook"], &[]),
    (&["torch"], &["lantern", "lamp"]),
];
/// What is there, and what is not: how often at most on a day.
const SEARCHED: [&str; 5] = ["mug", "wool blanket", "lamp", "oak", "soap"];
const MISSED: [(&str, i64); 4] =
    [("hammock", 4), ("espresso machine", 3), ("bath salts", 2), ("left-handed scissors", 1)];

/// Teaches the search its synonyms.
pub(super) async fn synonyms(seeding: &Seeding, people: &People) -> Result<()> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let groups = SYNONYMS.into_iter().map(|(words, means)| SynonymGroup { words: texts(words), means: texts(means) });
    let search: SearchClient = seeding.souk.system.client();
    search.set_synonyms(&people.admin, &SynonymsInput { groups: groups.collect() }).await.map(drop)
}

/// A day's searches. They follow from the day alone, so that nothing else in the demo depends on them.
pub(super) async fn of_day(seeding: &Seeding, people: &People, day: i64) -> Result<()> {
    let search: SearchClient = seeding.souk.system.client();
    let ask = async |words: &str| {
        let query = SearchQuery { q: words.to_owned(), limit: Some(1), ..SearchQuery::default() };
        search.search(&Identity::Anonymous, &query).await.map(drop)
    };
    for (n, words) in (1..).zip(SEARCHED) {
        for _ in 0..(day * n).rem_euclid(5) + 1 {
            ask(words).await?;
        }
    }
    for (n, (words, most)) in (1..).zip(MISSED) {
        for _ in 0..(day * n).rem_euclid(most + 1) {
            ask(words).await?;
        }
    }
    // What was counted is written under its day when it is read.
    search.missed(&people.admin, &PeriodQuery { days: Some(1) }).await.map(drop)
}
