//! How much the words that were typed say for a product. Which products have them is known before, from an index without
//! places and frequencies; only those that pass all choices are weighed.

use ::tantivy::{
    DocId, Score, Searcher, SegmentReader, Term,
    query::{EnableScoring, Query, Scorer, TermQuery, Weight},
    schema::IndexRecordOption,
};
use contracts::search::TextField;

use super::{Engine, query::field_of};
use crate::{
    index::{WEIGHT_SYNONYM, weight},
    query::Wanted,
};

/// One way to say a thing: all of its words, each in any of its places.
struct Way<T>(Vec<Vec<T>>);

/// Each thing that is wanted, in all ways to say it.
type Ways<T> = Vec<Vec<Way<T>>>;

/// What the words say in the whole index.
#[derive(Default)]
pub struct Weights(Ways<(Box<dyn Weight>, Score)>);

/// What they say in one segment.
pub struct Scorers(Ways<Box<dyn Scorer>>);

fn each<T, U>(ways: &Ways<T>, change: impl Fn(&T) -> ::tantivy::Result<U>) -> ::tantivy::Result<Ways<U>> {
    let word = |places: &Vec<T>| places.iter().map(&change).collect::<::tantivy::Result<Vec<U>>>();
    let way = |Way(words): &Way<T>| words.iter().map(word).collect::<::tantivy::Result<_>>().map(Way);
    ways.iter().map(|thing| thing.iter().map(way).collect()).collect()
}

impl Weights {
    /// Of what is wanted.
    pub(super) fn of(engine: &Engine, searcher: &Searcher, wanted: &[Wanted]) -> ::tantivy::Result<Self> {
        let place = |stem: &str, place: TextField, factor: Score| -> ::tantivy::Result<(Box<dyn Weight>, Score)> {
            let term = Term::from_field_text(field_of(&engine.fields, place), stem);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            Ok((query.weight(EnableScoring::enabled_from_searcher(searcher))?, f32::from(weight(place)) * factor))
        };
        let word = |word: &String, factor: Score| -> ::tantivy::Result<Vec<_>> {
            let stems = engine.stems.stems(word);
            let places = TextField::ALL.into_iter().flat_map(|field| stems.iter().map(move |stem| (stem, field)));
            places.map(|(stem, field)| place(stem, field, factor)).collect()
        };
        let way = |words: &Vec<String>, factor: Score| -> ::tantivy::Result<Way<_>> {
            Ok(Way(words.iter().map(|typed| word(typed, factor)).collect::<::tantivy::Result<_>>()?))
        };
        let thing = |Wanted { typed, also }: &Wanted| -> ::tantivy::Result<Vec<_>> {
            let others = also.iter().map(|words| way(words, WEIGHT_SYNONYM));
            std::iter::once(way(typed, 1.0)).chain(others).collect()
        };
        Ok(Self(wanted.iter().map(thing).collect::<::tantivy::Result<_>>()?))
    }

    /// For the documents of a segment.
    pub fn within(&self, segment: &SegmentReader) -> ::tantivy::Result<Scorers> {
        each(&self.0, |(weight, boost)| weight.scorer(segment, *boost)).map(Scorers)
    }
}

impl Scorers {
    /// The score of a document, which comes after those that were asked for before. A thing counts in the way that says
    /// most.
    pub fn score(&mut self, doc: DocId) -> Score {
        let thing = |ways: &mut Vec<Way<_>>| ways.iter_mut().map(|way| way.score(doc)).fold(0.0, Score::max);
        self.0.iter_mut().map(thing).sum()
    }
}

impl Way<Box<dyn Scorer>> {
    /// Nothing unless all of its words are there.
    fn score(&mut self, doc: DocId) -> Score {
        let mut sum = 0.0;
        for places in &mut self.0 {
            let word: Score = places.iter_mut().map(|place| score_at(place.as_mut(), doc)).sum();
            if word <= 0.0 {
                return 0.0;
            }
            sum += word;
        }
        sum
    }
}

fn score_at(place: &mut dyn Scorer, doc: DocId) -> Score {
    if place.doc() < doc {
        place.seek(doc);
    }
    if place.doc() == doc { place.score() } else { 0.0 }
}
