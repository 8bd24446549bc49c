//! The values of facets, read once per segment: a segment never changes, and many questions meet the same ones.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use ::tantivy::{Searcher, columnar::StrColumn, index::SegmentId};

/// The values of a column, in order.
pub type Texts = Arc<[String]>;

/// Values by segment and field.
#[derive(Default)]
pub struct Dictionaries(Mutex<BTreeMap<(SegmentId, &'static str), Texts>>);

impl Dictionaries {
    /// The values of a segment's column.
    pub fn of(&self, segment: SegmentId, field: &'static str, column: &StrColumn) -> ::tantivy::Result<Texts> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(texts) = known.get(&(segment, field)) {
            return Ok(texts.clone());
        }
        let mut texts = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() as u64 {
            let mut text = String::new();
            column.ord_to_str(ord, &mut text)?;
            texts.push(text);
        }
        let texts: Texts = texts.into();
        known.insert((segment, field), texts.clone());
        Ok(texts)
    }

    /// Keeps only what is of segments that are still asked.
    pub fn forget_others(&self, searcher: &Searcher) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(segment, _), _| searcher.generation().segments().contains_key(segment));
    }
}
