//! The order of suggestions: a beginning fits all of them alike, so what else is known of them decides.

use ::tantivy::{
    DocAddress, DocId, Score, SegmentReader,
    collector::{Collector, TopDocs},
};

use super::fields::{PUBLISHED, SOLD};

/// What sold most, then the newest; at least one is wanted.
pub fn best(limit: usize) -> impl Collector<Fruit = Vec<((i64, i64), DocAddress)>> {
    TopDocs::with_limit(limit).tweak_score(|segment: &SegmentReader| {
        let columns = [SOLD, PUBLISHED].map(|field| segment.fast_fields().i64(field).ok());
        move |doc: DocId, _: Score| {
            let [sold, published] = &columns;
            let value = |column: &Option<::tantivy::columnar::Column<i64>>| column.as_ref().and_then(|c| c.first(doc));
            (value(sold).unwrap_or(0), value(published).unwrap_or(0))
        }
    })
}
