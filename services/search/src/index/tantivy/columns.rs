//! What facets and orders read of each product, unpacked once per segment: a segment never changes, and every question
//! reads it of all products that its words match.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

use ::tantivy::{
    DocId, Searcher, SegmentReader,
    columnar::{BytesColumn, StrColumn},
    index::SegmentId,
};

use super::fields::{ATTRIBUTE, CATEGORY, PRICE, PUBLISHED, RATING, SOLD, STOCK, VENDOR};

/// The columns of the segments that are asked.
#[derive(Default)]
pub struct Unpacked(Mutex<BTreeMap<SegmentId, Arc<Columns>>>);

impl Unpacked {
    /// The columns of a segment.
    pub fn of(&self, segment: &SegmentReader) -> ::tantivy::Result<Arc<Columns>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(columns) = known.get(&segment.segment_id()) {
            return Ok(columns.clone());
        }
        let columns = Arc::new(Columns::of(segment)?);
        known.insert(segment.segment_id(), columns.clone());
        Ok(columns)
    }

    /// Has the columns of these segments ready for the next question, and no others.
    pub fn follow(&self, searcher: &Searcher) -> ::tantivy::Result<()> {
        searcher.segment_readers().iter().try_for_each(|segment| self.of(segment).map(drop))?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|segment, _| searcher.generation().segments().contains_key(segment));
        Ok(())
    }
}

/// The columns of one segment.
pub struct Columns {
    /// By document.
    pub numbers: Vec<Numbers>,
    pub categories: Facet,
    pub vendors: Facet,
    pub attributes: Facet,
}

/// The numbers of a product.
#[derive(Clone, Copy)]
pub struct Numbers {
    pub price: i64,
    pub published: i64,
    pub sold: i64,
    /// Hundredths of stars.
    pub rating: i32,
    pub in_stock: bool,
}

impl Columns {
    fn of(segment: &SegmentReader) -> ::tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let (price, published, sold) = (fast.i64(PRICE)?, fast.i64(PUBLISHED)?, fast.i64(SOLD)?);
        let (rating, stock) = (fast.i64(RATING)?, fast.i64(STOCK)?);
        let numbers = |doc: DocId| Numbers {
            price: price.first(doc).unwrap_or(0),
            published: published.first(doc).unwrap_or(0),
            sold: sold.first(doc).unwrap_or(0),
            rating: rating.first(doc).and_then(|hundredths| i32::try_from(hundredths).ok()).unwrap_or(0),
            in_stock: stock.first(doc) == Some(1),
        };
        Ok(Self {
            numbers: (0..segment.max_doc()).map(numbers).collect(),
            categories: Facet::of(segment, CATEGORY)?,
            vendors: Facet::of(segment, VENDOR)?,
            attributes: Facet::of(segment, ATTRIBUTE)?,
        })
    }
}

/// The values of a facet, and which of them each product has.
pub struct Facet {
    /// All values, in order.
    pub texts: Vec<String>,
    /// Where the values of each document begin, and where those of the last one end.
    starts: Vec<u32>,
    ords: Vec<u32>,
}

impl Facet {
    fn of(segment: &SegmentReader, field: &str) -> ::tantivy::Result<Self> {
        let empty = || StrColumn::wrap(BytesColumn::empty(segment.max_doc()));
        let column = segment.fast_fields().str(field)?.unwrap_or_else(empty);
        let mut texts = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() as u64 {
            let mut text = String::new();
            column.ord_to_str(ord, &mut text)?;
            texts.push(text);
        }
        let mut this = Self { texts, starts: vec![0], ords: Vec::new() };
        for doc in 0..segment.max_doc() {
            this.ords.extend(column.ords().values_for_doc(doc).map(|ord| ord as u32));
            this.starts.push(this.ords.len() as u32);
        }
        Ok(this)
    }

    /// The values of a document, by their place among all.
    pub fn values(&self, doc: DocId) -> &[u32] {
        let doc = doc as usize;
        &self.ords[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }

    /// The place of a value.
    pub fn ord(&self, text: &str) -> Option<u32> {
        self.texts.binary_search_by(|t| t.as_str().cmp(text)).ok().map(|n| n as u32)
    }

    /// The places of the values `key=…`, which lie side by side.
    pub fn ords_of_key(&self, key: &str) -> Range<u32> {
        let start = self.texts.partition_point(|t| t.as_str() < format!("{key}=").as_str());
        let length = self.texts[start..]
            .iter()
            .take_while(|t| t.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')))
            .count();
        start as u32..(start + length) as u32
    }
}
