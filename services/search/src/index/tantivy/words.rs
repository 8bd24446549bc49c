//! Words: their tokens, the nearest known word, beginnings.

use ::tantivy::{
    Index, Searcher, Term,
    query::{BooleanQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};
use kernel::Result;

use super::{
    broken,
    fields::{Fields, STEMMED, WHOLE},
};
use crate::index::{forgiven, forgiven_in_beginning};

/// Tokens of a text under an analyzer.
pub fn tokens(index: &Index, analyzer: &str, text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    if let Some(mut analyzer) = index.tokenizers().get(analyzer) {
        analyzer.token_stream(text).process(&mut |token| tokens.push(token.text.clone()));
    }
    tokens
}

/// The words to look for instead, if some of those typed are in no product: the nearest known word
/// takes the place of an unknown one, a word with nothing near is left out. `None` if all are known.
pub fn correct(index: &Index, searcher: &Searcher, fields: &Fields, typed: &[String]) -> Result<Option<Vec<String>>> {
    let mut words = Vec::with_capacity(typed.len());
    let mut changed = false;
    for word in typed {
        if is_known(index, searcher, fields, word)? {
            words.push(word.clone());
            continue;
        }
        changed = true;
        if let Some(near) = nearest(searcher, fields.words, word)? {
            words.push(near);
        }
    }
    Ok(changed.then_some(words))
}

fn is_known(index: &Index, searcher: &Searcher, fields: &Fields, word: &str) -> Result<bool> {
    for stem in tokens(index, STEMMED, word) {
        for field in [fields.title, fields.keywords, fields.body] {
            if searcher.doc_freq(&Term::from_field_text(field, &stem)).map_err(broken)? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The known word with the fewest edits; of several the one in most products.
fn nearest(searcher: &Searcher, field: Field, word: &str) -> Result<Option<String>> {
    for distance in 1..=forgiven(word) {
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

/// All words whole but the last, which is a beginning; one edit is forgiven in a longer beginning.
pub fn prefix_query(index: &Index, fields: &Fields, typed: &[String]) -> Option<Box<dyn Query>> {
    let words = tokens(index, WHOLE, &typed.join(" "));
    let (last, whole) = words.split_last()?;
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for word in whole {
        let term = Term::from_field_text(fields.words, word);
        clauses.push((Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
    }
    let term = Term::from_field_text(fields.words, last);
    clauses.push((Occur::Must, Box::new(FuzzyTermQuery::new_prefix(term, forgiven_in_beginning(last), true))));
    Some(Box::new(BooleanQuery::new(clauses)))
}
