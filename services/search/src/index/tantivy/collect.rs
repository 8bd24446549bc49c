//! Hits and facet counts in one pass over what the words match.
//!
//! Each facet is a test. A product that passes all of them is a hit and counts for every facet; one
//! that fails exactly one counts for that one only, so a facet's counts say what choosing another of
//! its values would bring.

use std::collections::BTreeMap;

use ::tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector, TopNComputer, sort_key::NaturalComparator},
    columnar::{Column, StrColumn},
};
use contracts::search::SearchSort;

use super::dictionaries::{Dictionaries, Texts};
use super::fields::{ATTRIBUTE, CATEGORY, PRICE, PUBLISHED, RATING, SOLD, STOCK, VENDOR};
use crate::index::{Choice, Counts, PRICE_BANDS, Question, price_band};

/// Collects hits and counts for a question.
pub struct Facets<'a> {
    pub question: &'a Question,
    pub sort: SearchSort,
    pub dictionaries: &'a Dictionaries,
}

/// Sort key and time of publication: the greater comes first.
type Key = (i64, i64);

/// What was collected.
#[derive(Default)]
pub struct Collected {
    pub total: u64,
    /// The first so many, in no order.
    hits: Vec<(Key, DocAddress)>,
    pub counts: Counts,
}

impl Collected {
    /// The hits from `offset` on in their order.
    pub fn page(mut self, offset: usize, limit: usize) -> Vec<DocAddress> {
        self.hits.sort_unstable_by(|(a, here), (b, there)| b.cmp(a).then_with(|| here.cmp(there)));
        self.hits.into_iter().skip(offset).take(limit).map(|(_, address)| address).collect()
    }
}

/// Which facet a count belongs to, by bit.
const IN_CATEGORY: u32 = 1;
const IN_VENDOR: u32 = 2;
const IN_PRICE: u32 = 4;
const IN_RATING: u32 = 8;
const IN_STOCK: u32 = 16;
/// The chosen attribute keys take the bits from here on.
const IN_ATTRIBUTE: u32 = 32;

impl Collector for Facets<'_> {
    type Fruit = Collected;
    type Child = Segment;

    fn for_segment(&self, ord: SegmentOrdinal, segment: &SegmentReader) -> ::tantivy::Result<Segment> {
        let fast = segment.fast_fields();
        let empty = || StrColumn::wrap(::tantivy::columnar::BytesColumn::empty(segment.max_doc()));
        let values = |field: &'static str| -> ::tantivy::Result<Values> {
            let column = fast.str(field)?.unwrap_or_else(empty);
            let texts = self.dictionaries.of(segment.segment_id(), field, &column)?;
            Ok(Values { counts: vec![0; texts.len()], column, texts })
        };
        let (attributes, categories, vendors) = (values(ATTRIBUTE)?, values(CATEGORY)?, values(VENDOR)?);
        let q = self.question;
        let chosen = q.attributes.iter().map(|choice| attributes.chosen(choice));
        Ok(Segment {
            ord,
            sort: self.sort,
            category: q.category.as_ref().map(|slug| categories.ord(slug)),
            vendors_wanted: (!q.vendors.is_empty())
                .then(|| q.vendors.iter().filter_map(|slug| vendors.ord(slug)).collect()),
            price_range: q.price,
            rating_wanted: q.rating_x100,
            stock_wanted: q.in_stock,
            chosen: chosen.collect(),
            price: fast.i64(PRICE)?,
            rating: fast.i64(RATING)?,
            stock: fast.i64(STOCK)?,
            published: fast.i64(PUBLISHED)?,
            sold: fast.i64(SOLD)?,
            prices: [0; PRICE_BANDS.len()],
            ratings: [0; 4],
            seen_prices: None,
            total: 0,
            hits: TopNComputer::new_with_comparator(q.offset + q.limit, NaturalComparator),
            attributes,
            categories,
            vendors,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == SearchSort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<Collected>) -> ::tantivy::Result<Collected> {
        let mut all = Collected::default();
        let (mut categories, mut vendors, mut attributes, mut prices) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        fn add<K: Ord>(sums: &mut BTreeMap<K, u64>, counts: Vec<(K, u64)>) {
            for (key, count) in counts {
                *sums.entry(key).or_insert(0) += count;
            }
        }
        for fruit in fruits {
            all.total += fruit.total;
            all.hits.extend(fruit.hits);
            all.counts.price_range = wider(all.counts.price_range, fruit.counts.price_range);
            add(&mut categories, fruit.counts.categories);
            add(&mut vendors, fruit.counts.vendors);
            add(&mut attributes, fruit.counts.attributes);
            add(&mut prices, fruit.counts.prices);
            for (sum, count) in all.counts.ratings.iter_mut().zip(fruit.counts.ratings) {
                *sum += count;
            }
        }
        all.counts.categories = categories.into_iter().collect();
        all.counts.vendors = vendors.into_iter().collect();
        all.counts.attributes = attributes.into_iter().collect();
        all.counts.prices = prices.into_iter().collect();
        Ok(all)
    }
}

/// From the lower of the lowest to the higher of the highest.
fn wider(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((low, high)), Some((lower, higher))) => Some((low.min(lower), high.max(higher))),
        (one, other) => one.or(other),
    }
}

/// A facet's column in one segment, with a count per value.
struct Values {
    column: StrColumn,
    counts: Vec<u64>,
    texts: Texts,
}

/// What is chosen of the values of a key.
struct Chosen {
    key: std::ops::Range<u64>,
    /// For each of the key's values whether it is.
    wanted: Vec<bool>,
}

impl Chosen {
    fn has(&self, ord: u64) -> bool {
        self.key.contains(&ord) && self.wanted[(ord - self.key.start) as usize]
    }
}

impl Values {
    fn chosen(&self, choice: &Choice) -> Chosen {
        let key = self.ords_of_key(&choice.key);
        let texts = &self.texts[key.start as usize..key.end as usize];
        let wanted = texts.iter().map(|text| choice.has(&text[choice.key.len() + 1..])).collect();
        Chosen { key, wanted }
    }
    fn ord(&self, text: &str) -> Option<u64> {
        self.texts.binary_search_by(|t| t.as_str().cmp(text)).ok().map(|n| n as u64)
    }
    /// Values `key=…` lie side by side.
    fn ords_of_key(&self, key: &str) -> std::ops::Range<u64> {
        let start = self.texts.partition_point(|t| t.as_str() < format!("{key}=").as_str());
        let length = self.texts[start..]
            .iter()
            .take_while(|t| t.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')))
            .count();
        start as u64..(start + length) as u64
    }
    fn of(&self, doc: DocId) -> impl Iterator<Item = u64> + '_ {
        self.column.ords().values_for_doc(doc)
    }
    fn count(&mut self, doc: DocId, wanted: impl Fn(u64) -> bool) {
        for ord in self.column.ords().values_for_doc(doc) {
            if wanted(ord) {
                self.counts[ord as usize] += 1;
            }
        }
    }
    fn into_counts(self) -> Vec<(String, u64)> {
        let counted = self.texts.iter().zip(self.counts).filter(|(_, count)| *count > 0);
        counted.map(|(text, count)| (text.clone(), count)).collect()
    }
}

/// Collects within one segment.
pub struct Segment {
    ord: SegmentOrdinal,
    sort: SearchSort,
    /// Chosen category; `Some(None)` if this segment has no product of it.
    category: Option<Option<u64>>,
    vendors_wanted: Option<Vec<u64>>,
    price_range: (Option<i64>, Option<i64>),
    rating_wanted: Option<i64>,
    stock_wanted: bool,
    /// Per chosen attribute.
    chosen: Vec<Chosen>,
    attributes: Values,
    categories: Values,
    vendors: Values,
    price: Column<i64>,
    rating: Column<i64>,
    stock: Column<i64>,
    published: Column<i64>,
    sold: Column<i64>,
    prices: [u64; PRICE_BANDS.len()],
    ratings: [u64; 4],
    seen_prices: Option<(i64, i64)>,
    total: u64,
    hits: TopNComputer<Key, DocId, NaturalComparator>,
}

impl Segment {
    /// The bit of the facet whose test the product fails, 0 if it passes all; none if it fails several: then it counts for
    /// nothing. What is quick to test comes first.
    fn failed(&self, doc: DocId, price: i64, rating: i64) -> Option<u32> {
        let mut failed = 0;
        let mut test = |facet: u32, passes: bool| {
            if !passes {
                failed |= facet;
            }
            (failed.count_ones() < 2).then_some(())
        };
        let (least, most) = self.price_range;
        test(IN_PRICE, least.is_none_or(|least| price >= least) && most.is_none_or(|most| price <= most))?;
        test(IN_RATING, self.rating_wanted.is_none_or(|wanted| rating >= wanted))?;
        test(IN_STOCK, !self.stock_wanted || self.stock.first(doc) == Some(1))?;
        if let Some(wanted) = &self.vendors_wanted {
            test(IN_VENDOR, self.vendors.of(doc).any(|ord| wanted.contains(&ord)))?;
        }
        if let Some(category) = self.category {
            test(IN_CATEGORY, category.is_some_and(|wanted| self.categories.of(doc).any(|ord| ord == wanted)))?;
        }
        for (n, chosen) in self.chosen.iter().enumerate() {
            test(IN_ATTRIBUTE << n, self.attributes.of(doc).any(|ord| chosen.has(ord)))?;
        }
        Some(failed)
    }

    fn sort_key(&self, doc: DocId, score: Score, price: i64, rating: i64) -> i64 {
        match self.sort {
            // Scores are positive, so their bits are ordered as they are.
            SearchSort::Relevance => i64::from(score.to_bits()),
            SearchSort::PriceAsc => -price,
            SearchSort::PriceDesc => price,
            SearchSort::Rating => rating,
            SearchSort::Sales => self.sold.first(doc).unwrap_or(0),
            SearchSort::Newest => self.published.first(doc).unwrap_or(0),
        }
    }
}

impl SegmentCollector for Segment {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        let price = self.price.first(doc).unwrap_or(0);
        let rating = self.rating.first(doc).unwrap_or(0);
        let Some(failed) = self.failed(doc, price, rating) else { return };
        let counts_for = |facet: u32| failed == 0 || failed == facet;
        if counts_for(IN_CATEGORY) {
            self.categories.count(doc, |_| true);
        }
        if counts_for(IN_VENDOR) {
            self.vendors.count(doc, |_| true);
        }
        if counts_for(IN_PRICE) {
            self.prices[price_band(price)] += 1;
            self.seen_prices = wider(self.seen_prices, Some((price, price)));
        }
        if counts_for(IN_RATING) {
            for (stars, count) in (1_i64..).zip(&mut self.ratings) {
                *count += u64::from(rating >= stars * 100);
            }
        }
        if failed == 0 {
            self.attributes.count(doc, |_| true);
            let key = self.sort_key(doc, score, price, rating);
            self.total += 1;
            self.hits.push((key, self.published.first(doc).unwrap_or(0)), doc);
        } else if failed >= IN_ATTRIBUTE {
            let chosen = &self.chosen[(failed / IN_ATTRIBUTE).trailing_zeros() as usize];
            self.attributes.count(doc, |ord| chosen.key.contains(&ord));
        }
    }

    fn harvest(self) -> Collected {
        let prices = PRICE_BANDS.into_iter().zip(self.prices).filter(|(_, count)| *count > 0).collect();
        let counts = Counts {
            categories: self.categories.into_counts(),
            vendors: self.vendors.into_counts(),
            attributes: self.attributes.into_counts(),
            prices,
            price_range: self.seen_prices,
            ratings: self.ratings,
        };
        let hits = self.hits.into_vec().into_iter();
        let hits = hits.map(|hit| (hit.sort_key, DocAddress::new(self.ord, hit.doc))).collect();
        Collected { total: self.total, hits, counts }
    }
}
