//! Words: the nearest known word, beginnings.

use ::tantivy::{
    Searcher, Term,
    query::{BooleanQuery, FuzzyTermQuery, Occur, Query},
    schema::Field,
};
use kernel::Result;

use super::{Engine, broken, fields::Fields};
use crate::{
    index::{Stems, forgiven, forgiven_in_beginning},
    query::Wanted,
};

/// The words to look for instead, if some of those typed are in no product: the nearest known word
/// takes the place of an unknown one, a word with nothing near is left out. `None` if all are known. What has synonyms
/// is known: they lead somewhere.
pub(super) fn correct(
    engine: &Engine,
    searcher: &Searcher,
    wanted: &[Wanted],
    most_edits: fn(&str) -> u8,
) -> Result<Option<Vec<String>>> {
    let Engine { fields, stems, .. } = engine;
    let mut words = Vec::with_capacity(wanted.len());
    let mut changed = false;
    for Wanted { typed, also } in wanted {
        for word in typed {
            if !also.is_empty() || is_known(searcher, fields, stems, word)? {
                words.push(word.clone());
                continue;
            }
            changed = true;
            if let Some(near) = nearest(searcher, fields.words, word, most_edits(word))? {
                words.push(near);
            }
        }
    }
    Ok(changed.then_some(words))
}

fn is_known(searcher: &Searcher, fields: &Fields, stems: &Stems, word: &str) -> Result<bool> {
    for stem in stems.stems(word) {
        for field in [fields.title, fields.keywords, fields.body] {
            if searcher.doc_freq(&Term::from_field_text(field, &stem)).map_err(broken)? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The known word with the fewest edits; of several the one in most products.
fn nearest(searcher: &Searcher, field: Field, word: &str, most_edits: u8) -> Result<Option<String>> {
    for distance in 1..=most_edits {
        let query = FuzzyTermQuery::new(Term::from_field_text(field, word), distance, true);
        let mut best: Option<(u32, String)> = None;
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(broken)?;
            let automaton = query.automaton().map_err(broken)?;
            let mut near = inverted.terms().search(automaton).into_stream().map_err(broken)?;
            while near.advance() {
                let frequency = near.value().doc_freq;
                if best.as_ref().is_none_or(|(most, _)| frequency > *most)
                    && let Ok(text) = std::str::from_utf8(near.key())
                {
                    best = Some((frequency, text.to_owned()));
                }
            }
        }
        if let Some((_, text)) = best {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// All words whole but the last, which is a beginning.
pub fn beginning(fields: &Fields, typed: &[String], is_forgiving: bool) -> Option<Box<dyn Query>> {
    let (last, whole) = typed.split_last()?;
    let edits = |edits: u8| if is_forgiving { edits } else { 0 };
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for word in whole {
        let term = Term::from_field_text(fields.words, word);
        clauses.push((Occur::Must, Box::new(FuzzyTermQuery::new(term, edits(forgiven(word)), true))));
    }
    let term = Term::from_field_text(fields.words, last);
    let last = FuzzyTermQuery::new_prefix(term, edits(forgiven_in_beginning(last)), true);
    clauses.push((Occur::Must, Box::new(last)));
    Some(Box::new(BooleanQuery::new(clauses)))
}
