//! Why a product stands where it stands: the parts of its score, in plain words.

use std::sync::Arc;

use contracts::search::{ExplainQuery, Explanation, ScorePart, TextField};
use kernel::{Error, Result};

use super::in_use;
use crate::{
    Search,
    index::{Question, TextPlace, WEIGHT_SYNONYM, Weighed},
    query::{self, Synonyms, Wanted},
    store,
};

/// Hits among which the product's place is looked for.
const PLACES: usize = 100;
/// Places of words that are weighed; a question of more is explained by its first ones.
const WEIGHED_MAX: usize = 300;

/// Why a product is found by some words, and before or behind others.
pub async fn explain(app: &Search, query: &ExplainQuery) -> Result<Explanation> {
    let document = store::one_document(&app.db, query.product_id).await?.ok_or_else(|| Error::not_found("product"))?;
    let synonyms = in_use(app).await?.synonyms.clone();
    let words = query::words(&query.q);
    if words.is_empty() {
        return Err(Error::invalid("q", "Type the words whose findings are to be explained."));
    }
    let found = app.index.ask(&question(&words, &synonyms)).await?;
    let place = found.hits.iter().position(|hit| hit.id == query.product_id);
    let searched = found.corrected.clone().unwrap_or(words);
    let wanted = synonyms.wanted(&searched);
    let places = places_of(&wanted);
    let weighed = app.index.weigh(query.product_id, &places).await?;
    let is_hidden = weighed.is_none() || document.entry().is_none();
    let mut scale = Scale { weighed: weighed.unwrap_or_default().into_iter(), ..Scale::default() };
    wanted.iter().for_each(|wanted| scale.add(wanted));
    Ok(Explanation {
        title: document.product.title.clone(),
        slug: document.product.slug.to_string(),
        searched: searched.join(" "),
        is_corrected: found.corrected.is_some(),
        is_hidden,
        place: place.map(|n| n as u64 + 1),
        total: found.total,
        score_x1000: thousandths_of(scale.score),
        parts: scale.parts,
        missing: scale.missing,
        sold: document.sold,
        published_at: document.product.published_at,
    })
}

fn question(words: &[String], synonyms: &Arc<Synonyms>) -> Question {
    Question { words: words.to_vec(), synonyms: synonyms.clone(), limit: PLACES, ..Question::default() }
}

/// The ways a thing may be said, as typed first.
fn ways(wanted: &Wanted) -> impl Iterator<Item = &Vec<String>> {
    std::iter::once(&wanted.typed).chain(&wanted.also)
}

/// All places where a word may stand, in the order in which [`Scale`] reads them.
fn places_of(wanted: &[Wanted]) -> Vec<TextPlace> {
    let words = wanted.iter().flat_map(ways).flatten();
    let places = words.flat_map(|word| TextField::ALL.map(|field| TextPlace { word: word.clone(), field }));
    places.take(WEIGHED_MAX).collect()
}

fn thousandths_of(score: f32) -> i64 {
    (f64::from(score) * 1_000.0).round() as i64
}

/// Adds up what was weighed.
#[derive(Default)]
struct Scale {
    weighed: std::vec::IntoIter<Weighed>,
    score: f32,
    parts: Vec<ScorePart>,
    missing: Vec<String>,
}

impl Scale {
    /// A thing counts in the way that says most, if all words of that are there.
    fn add(&mut self, wanted: &Wanted) {
        let typed = wanted.typed.join(" ");
        let mut best: Option<(f32, Vec<ScorePart>)> = None;
        for (n, way) in ways(wanted).enumerate() {
            let factor = if n == 0 { 1.0 } else { WEIGHT_SYNONYM };
            let synonym_of = (n > 0).then(|| typed.clone());
            let Some((score, parts)) = self.weigh(way, factor, synonym_of.as_ref()) else { continue };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, parts));
            }
        }
        match best {
            Some((score, parts)) => {
                self.score += score;
                self.parts.extend(parts);
            }
            None => self.missing.push(typed),
        }
    }

    fn weigh(&mut self, way: &[String], factor: f32, synonym_of: Option<&String>) -> Option<(f32, Vec<ScorePart>)> {
        let (mut sum, mut parts, mut has_all) = (0.0, Vec::new(), true);
        for word in way {
            let mut is_there = false;
            for (field, weighed) in TextField::ALL.into_iter().zip(self.weighed.by_ref()) {
                let score = weighed.score * factor;
                if score <= 0.0 {
                    continue;
                }
                is_there = true;
                sum += score;
                let text = said(word, field, weighed.products, synonym_of);
                let (word, synonym_of) = (word.clone(), synonym_of.cloned());
                let score_x1000 = thousandths_of(score);
                parts.push(ScorePart { word, field, synonym_of, products: weighed.products, score_x1000, text });
            }
            has_all &= is_there;
        }
        has_all.then_some((sum, parts))
    }
}

/// A part of the score as a sentence.
fn said(word: &str, field: TextField, products: u64, synonym_of: Option<&String>) -> String {
    let (place, weight) = match field {
        TextField::Title => ("title", ", where it counts four times"),
        TextField::Keywords => ("tags, category, store or attributes", ", where it counts twice"),
        TextField::Text => ("description", ""),
    };
    let rarity = match products {
        0 | 1 => "No other product has it there".to_owned(),
        n => format!("{n} products have it there"),
    };
    let meaning = synonym_of.map_or_else(String::new, |typed| {
        format!(" It means the same as “{typed}”, which was typed, and counts three quarters of that.")
    });
    format!("“{word}” stands in the {place}{weight}. {rarity}; the fewer, the more it says.{meaning}")
}
