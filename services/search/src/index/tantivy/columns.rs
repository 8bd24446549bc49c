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

/// The columns of one segment. Whatever is read of a product lies together: what takes time is to reach it.
pub struct Columns {
    /// By document, and one more, where the values of the last one end.
    rows: Vec<Row>,
    /// What the products have: categories, vendors, attributes of the first, then of the next.
    values: Vec<u32>,
    pub categories: Facet,
    pub vendors: Facet,
    pub attributes: Facet,
}

/// A product.
#[derive(Clone, Copy, Default)]
pub struct Row {
    pub price: i64,
    pub published: i64,
    pub sold: u32,
    /// Hundredths of stars.
    pub rating: i16,
    pub in_stock: bool,
    /// Where its values begin, and how many of them are categories, and vendors.
    start: u32,
    categories: u16,
    vendors: u16,
}

/// What a product has, by the places of the values in their facets.
pub struct Values<'a> {
    pub categories: &'a [u32],
    pub vendors: &'a [u32],
    pub attributes: &'a [u32],
}

impl Columns {
    fn of(segment: &SegmentReader) -> ::tantivy::Result<Self> {
        let fast = segment.fast_fields();
        let (price, published, sold) = (fast.i64(PRICE)?, fast.i64(PUBLISHED)?, fast.i64(SOLD)?);
        let (rating, stock) = (fast.i64(RATING)?, fast.i64(STOCK)?);
        let (categories, vendors, attributes) =
            (column(segment, CATEGORY)?, column(segment, VENDOR)?, column(segment, ATTRIBUTE)?);
        let mut rows = Vec::with_capacity(segment.max_doc() as usize + 1);
        let mut values: Vec<u32> = Vec::new();
        for doc in 0..segment.max_doc() {
            let start = values.len();
            let mut add = |column: &StrColumn| {
                let before = values.len();
                values.extend(column.ords().values_for_doc(doc).map(|ord| ord as u32));
                (values.len() - before) as u16
            };
            let (categories, vendors) = (add(&categories), add(&vendors));
            add(&attributes);
            rows.push(Row {
                price: price.first(doc).unwrap_or(0),
                published: published.first(doc).unwrap_or(0),
                sold: sold.first(doc).map_or(0, |pieces| u32::try_from(pieces).unwrap_or(u32::MAX)),
                rating: rating.first(doc).and_then(|hundredths| i16::try_from(hundredths).ok()).unwrap_or(0),
                in_stock: stock.first(doc) == Some(1),
                start: start as u32,
                categories,
                vendors,
            });
        }
        rows.push(Row { start: values.len() as u32, ..Row::default() });
        Ok(Self {
            rows,
            values,
            categories: Facet::of(&categories)?,
            vendors: Facet::of(&vendors)?,
            attributes: Facet::of(&attributes)?,
        })
    }

    /// A product and what it has.
    #[inline]
    pub fn read(&self, doc: DocId) -> (Row, Values<'_>) {
        let (row, next) = (self.rows[doc as usize], self.rows[doc as usize + 1]);
        let values = &self.values[row.start as usize..next.start as usize];
        let (categories, others) = values.split_at(usize::from(row.categories));
        let (vendors, attributes) = others.split_at(usize::from(row.vendors));
        (row, Values { categories, vendors, attributes })
    }
}

fn column(segment: &SegmentReader, field: &str) -> ::tantivy::Result<StrColumn> {
    let empty = || StrColumn::wrap(BytesColumn::empty(segment.max_doc()));
    Ok(segment.fast_fields().str(field)?.unwrap_or_else(empty))
}

/// All values of a facet, in order.
pub struct Facet(pub Vec<String>);

impl Facet {
    fn of(column: &StrColumn) -> ::tantivy::Result<Self> {
        let mut texts = Vec::with_capacity(column.num_terms());
        for ord in 0..column.num_terms() as u64 {
            let mut text = String::new();
            column.ord_to_str(ord, &mut text)?;
            texts.push(text);
        }
        Ok(Self(texts))
    }

    /// The place of a value.
    pub fn ord(&self, text: &str) -> Option<u32> {
        self.0.binary_search_by(|t| t.as_str().cmp(text)).ok().map(|n| n as u32)
    }

    /// The places of the values `key=…`, which lie side by side.
    pub fn ords_of_key(&self, key: &str) -> Range<u32> {
        let start = self.0.partition_point(|t| t.as_str() < format!("{key}=").as_str());
        let is_of_key = |t: &&String| t.strip_prefix(key).is_some_and(|rest| rest.starts_with('='));
        let length = self.0[start..].iter().take_while(is_of_key).count();
        start as u32..(start + length) as u32
    }
}
