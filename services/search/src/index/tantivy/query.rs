//! What is wanted, as a query of the engine.

use ::tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, BoostQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use contracts::search::TextField;

use super::{Engine, fields::Fields};
use crate::{index::weight, query::Wanted};

/// Where a word is looked for in a place.
pub(super) fn field_of(fields: &Fields, place: TextField) -> Field {
    match place {
        TextField::Title => fields.title,
        TextField::Keywords => fields.keywords,
        TextField::Text => fields.body,
    }
}

/// A word in one place, as much as it says there.
pub(super) fn in_place(engine: &Engine, word: &str, place: TextField) -> Vec<(Occur, Box<dyn Query>)> {
    let field = field_of(&engine.fields, place);
    let stems = engine.stems.stems(word).into_iter();
    let query = |stem: String| -> (Occur, Box<dyn Query>) {
        let term = TermQuery::new(Term::from_field_text(field, &stem), IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(term), f32::from(weight(place)))))
    };
    stems.map(query).collect()
}

/// At least so many of the things that are wanted; everything if nothing is. Scores are not in it.
pub(super) fn matching(engine: &Engine, wanted: &[Wanted], at_least: usize) -> Box<dyn Query> {
    if wanted.is_empty() {
        return Box::new(AllQuery);
    }
    // Where all are needed the engine goes from one product that has the rarest to the next.
    let (occur, at_least) = if at_least == wanted.len() { (Occur::Must, 0) } else { (Occur::Should, at_least) };
    let clauses = wanted.iter().map(|wanted| (occur, of_thing(engine, wanted))).collect();
    Box::new(BooleanQuery::with_minimum_required_clauses(clauses, at_least))
}

/// One thing: as it was typed, or what means the same.
fn of_thing(engine: &Engine, Wanted { typed, also }: &Wanted) -> Box<dyn Query> {
    any_of(std::iter::once(typed).chain(also).map(|way| of_all(engine, way)).collect())
}

/// All of these words.
fn of_all(engine: &Engine, words: &[String]) -> Box<dyn Query> {
    match words {
        [word] => of_word(engine, word),
        words => Box::new(BooleanQuery::intersection(words.iter().map(|word| of_word(engine, word)).collect())),
    }
}

/// A word, wherever it stands.
fn of_word(engine: &Engine, word: &str) -> Box<dyn Query> {
    let query = |stem: String| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(engine.fields.anywhere, &stem), IndexRecordOption::Basic))
    };
    any_of(engine.stems.stems(word).into_iter().map(query).collect())
}

fn any_of(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.pop() {
        Some(only) if queries.is_empty() => only,
        last => Box::new(BooleanQuery::union(queries.into_iter().chain(last).collect())),
    }
}
