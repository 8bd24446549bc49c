//! Hits and facet counts in one pass over what the words match.
//!
//! Each facet is a test. A product that passes all of them is a hit and counts for every facet; one
//! that fails exactly one counts for that one only, so a facet's counts say what choosing another of
//! its values would bring.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use ::tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector, TopNComputer, sort_key::NaturalComparator},
};
use contracts::search::SearchSort;

use super::{
    columns::{Columns, Facet, Row, Unpacked, Values},
    score::{Scorers, Weights},
};
use crate::index::{Choice, Counts, PRICE_BANDS, Question, price_band};

/// Collects hits and counts for a question.
pub struct Facets<'a> {
    pub question: &'a Question,
    pub sort: SearchSort,
    pub columns: &'a Unpacked,
    /// What makes the order by relevance; nothing for other orders.
    pub weights: &'a Weights,
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
        let columns = self.columns.of(segment)?;
        let (categories, vendors, attributes) = (&columns.categories, &columns.vendors, &columns.attributes);
        let q = self.question;
        Ok(Segment {
            ord,
            sort: self.sort,
            scorers: self.weights.within(segment)?,
            category: q.category.as_ref().map(|slug| categories.ord(slug)),
            vendors_wanted: (!q.vendors.is_empty())
                .then(|| q.vendors.iter().filter_map(|slug| vendors.ord(slug)).collect()),
            price_range: q.price,
            rating_wanted: q.rating_x100,
            stock_wanted: q.in_stock,
            chosen: q.attributes.iter().map(|choice| Chosen::of(attributes, choice)).collect(),
            in_categories: vec![0; categories.0.len()],
            in_vendors: vec![0; vendors.0.len()],
            in_attributes: vec![0; attributes.0.len()],
            prices: [0; PRICE_BANDS.len()],
            ratings: [0; 4],
            seen_prices: None,
            total: 0,
            hits: TopNComputer::new_with_comparator(q.offset + q.limit, NaturalComparator),
            columns,
        })
    }

    /// The engine's own scores would be made of all that has the words.
    fn requires_scoring(&self) -> bool {
        false
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

/// What is chosen of the values of a key.
struct Chosen {
    key: Range<u32>,
    /// For each of the key's values whether it is.
    wanted: Vec<bool>,
}

impl Chosen {
    fn of(attributes: &Facet, choice: &Choice) -> Self {
        let key = attributes.ords_of_key(&choice.key);
        let texts = &attributes.0[key.start as usize..key.end as usize];
        let wanted = texts.iter().map(|text| choice.has(&text[choice.key.len() + 1..])).collect();
        Self { key, wanted }
    }
    fn has(&self, ord: u32) -> bool {
        self.key.contains(&ord) && self.wanted[(ord - self.key.start) as usize]
    }
}

fn count(counts: &mut [u64], ords: &[u32]) {
    for ord in ords {
        counts[*ord as usize] += 1;
    }
}

/// The values that were counted, with how often.
fn counted(facet: &Facet, counts: Vec<u64>) -> Vec<(String, u64)> {
    let counted = facet.0.iter().zip(counts).filter(|(_, count)| *count > 0);
    counted.map(|(text, count)| (text.clone(), count)).collect()
}

/// Collects within one segment.
pub struct Segment {
    ord: SegmentOrdinal,
    sort: SearchSort,
    scorers: Scorers,
    columns: Arc<Columns>,
    /// Chosen category; `Some(None)` if this segment has no product of it.
    category: Option<Option<u32>>,
    vendors_wanted: Option<Vec<u32>>,
    price_range: (Option<i64>, Option<i64>),
    rating_wanted: Option<i64>,
    stock_wanted: bool,
    /// Per chosen attribute.
    chosen: Vec<Chosen>,
    in_categories: Vec<u64>,
    in_vendors: Vec<u64>,
    in_attributes: Vec<u64>,
    prices: [u64; PRICE_BANDS.len()],
    ratings: [u64; 4],
    seen_prices: Option<(i64, i64)>,
    total: u64,
    hits: TopNComputer<Key, DocId, NaturalComparator>,
}

impl Segment {
    /// The bit of the facet whose test the product fails, 0 if it passes all; none if it fails several: then it counts for
    /// nothing. What is quick to test comes first.
    fn failed(&self, row: Row, has: &Values<'_>) -> Option<u32> {
        let mut failed = 0;
        let mut test = |facet: u32, passes: bool| {
            if !passes {
                failed |= facet;
            }
            (failed.count_ones() < 2).then_some(())
        };
        let (least, most) = self.price_range;
        let price = row.price;
        test(IN_PRICE, least.is_none_or(|least| price >= least) && most.is_none_or(|most| price <= most))?;
        test(IN_RATING, self.rating_wanted.is_none_or(|wanted| i64::from(row.rating) >= wanted))?;
        test(IN_STOCK, !self.stock_wanted || row.in_stock)?;
        if let Some(wanted) = &self.vendors_wanted {
            test(IN_VENDOR, has.vendors.iter().any(|ord| wanted.contains(ord)))?;
        }
        if let Some(category) = self.category {
            test(IN_CATEGORY, category.is_some_and(|wanted| has.categories.contains(&wanted)))?;
        }
        for (n, chosen) in self.chosen.iter().enumerate() {
            test(IN_ATTRIBUTE << n, has.attributes.iter().any(|ord| chosen.has(*ord)))?;
        }
        Some(failed)
    }
}

impl SegmentCollector for Segment {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, _: Score) {
        let (row, has) = self.columns.read(doc);
        let Some(failed) = self.failed(row, &has) else { return };
        let counts_for = |facet: u32| failed == 0 || failed == facet;
        if counts_for(IN_CATEGORY) {
            count(&mut self.in_categories, has.categories);
        }
        if counts_for(IN_VENDOR) {
            count(&mut self.in_vendors, has.vendors);
        }
        if counts_for(IN_PRICE) {
            self.prices[price_band(row.price)] += 1;
            self.seen_prices = wider(self.seen_prices, Some((row.price, row.price)));
        }
        if counts_for(IN_RATING) {
            for (stars, count) in (1..).zip(&mut self.ratings) {
                *count += u64::from(row.rating >= stars * 100);
            }
        }
        if failed == 0 {
            count(&mut self.in_attributes, has.attributes);
            self.total += 1;
            let key = match self.sort {
                // Scores are positive, so their bits are ordered as they are.
                SearchSort::Relevance => i64::from(self.scorers.score(doc).to_bits()),
                SearchSort::PriceAsc => -row.price,
                SearchSort::PriceDesc => row.price,
                SearchSort::Rating => i64::from(row.rating),
                SearchSort::Sales => i64::from(row.sold),
                SearchSort::Newest => row.published,
            };
            self.hits.push((key, row.published), doc);
        } else if failed >= IN_ATTRIBUTE {
            let chosen = &self.chosen[(failed / IN_ATTRIBUTE).trailing_zeros() as usize];
            for ord in has.attributes.iter().filter(|ord| chosen.key.contains(ord)) {
                self.in_attributes[*ord as usize] += 1;
            }
        }
    }

    fn harvest(self) -> Collected {
        let prices = PRICE_BANDS.into_iter().zip(self.prices).filter(|(_, count)| *count > 0).collect();
        let counts = Counts {
            categories: counted(&self.columns.categories, self.in_categories),
            vendors: counted(&self.columns.vendors, self.in_vendors),
            attributes: counted(&self.columns.attributes, self.in_attributes),
            prices,
            price_range: self.seen_prices,
            ratings: self.ratings,
        };
        let hits = self.hits.into_vec().into_iter();
        let hits = hits.map(|hit| (hit.sort_key, DocAddress::new(self.ord, hit.doc))).collect();
        Collected { total: self.total, hits, counts }
    }
}
