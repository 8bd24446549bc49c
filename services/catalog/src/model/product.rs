//! A product and its variants: what an update makes of them, what buyers see of them.

use contracts::{
    catalog::{
        AttributeValue, BundlePart, Picture, ProductOption, ProductSale, ProductStatus, ProductTexts, Rating,
        Translations,
    },
    inventory::StockLevel,
    prices::QuantityPrice,
    vendors::VendorStatus,
};
use kernel::{CategoryId, Currency, FieldError, Ids, MediaId, ProductId, Slug, Timestamp, VariantId, VendorId};
use pictures::Kept;
use serde::{Deserialize, Serialize};

use super::{
    draft::{Draft, VariantDraft},
    sale::SaleDraft,
};

/// A picture with what it takes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPicture {
    #[serde(flatten)]
    pub picture: Picture,
    /// Bytes of all sizes.
    pub bytes: i64,
}

impl From<Kept> for StoredPicture {
    fn from(kept: Kept) -> Self {
        Self { picture: kept.picture, bytes: kept.bytes }
    }
}

/// What the catalogue keeps of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vendor {
    pub id: VendorId,
    pub slug: Slug,
    pub name: String,
    pub status: VendorStatus,
}

/// A product without its variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// Number in the lists of products on sale; 0 until it is stored.
    pub num: i64,
    pub id: ProductId,
    pub vendor_id: VendorId,
    pub slug: Slug,
    pub handle: String,
    pub title: String,
    pub summary: String,
    pub description_html: String,
    pub description_text: String,
    pub category_id: CategoryId,
    pub currency: Currency,
    pub attributes: Vec<AttributeValue>,
    pub options: Vec<ProductOption>,
    pub tags: Vec<String>,
    pub pictures: Vec<StoredPicture>,
    pub status: ProductStatus,
    pub blocked: bool,
    pub published_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub version: i64,
    pub rating: Rating,
    pub brand: String,
    pub seo_title: String,
    pub seo_description: String,
    /// When it goes on sale by itself; only while it is scheduled.
    pub publish_at: Option<Timestamp>,
    /// When it goes off sale by itself.
    pub unpublish_at: Option<Timestamp>,
    /// Products of the same store that go with it.
    pub related: Vec<ProductId>,
    /// Its texts in further languages.
    pub translations: Translations<ProductTexts>,
    /// What its vendor's files say of a time in which it costs less; what became of it is for `pricing` to know.
    pub sale: Option<ProductSale>,
}

/// What pricing says of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    pub price_minor: i64,
    pub list_minor: i64,
    pub name: Option<String>,
    pub quantity_prices: Vec<QuantityPrice>,
    /// Of a reduced price: the lowest of the 30 days before.
    pub lowest_minor: Option<i64>,
}

/// A variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variant {
    pub id: VariantId,
    pub position: i64,
    pub sku: String,
    pub options: Vec<String>,
    pub price_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub weight_g: i64,
    pub barcode: Option<String>,
    /// Which of the product's pictures shows it.
    pub picture_id: Option<MediaId>,
    pub active: bool,
    pub offer: Option<Offer>,
    /// See [`level_of`].
    pub stock_left: i64,
    /// What it is made of, if it is a bundle.
    pub parts: Vec<BundlePart>,
    /// True if it has files: then it is downloaded and not sent.
    pub digital: bool,
}

impl Variant {
    /// True if it is made of others.
    pub fn is_bundle(&self) -> bool {
        !self.parts.is_empty()
    }
    /// Price to pay, price to show struck, and why. An offer counts only while it was made for the
    /// list price there is now: after a change of price the next offer is on its way.
    pub fn price(&self) -> (i64, Option<i64>, Option<&str>) {
        match self.counting_offer() {
            Some(offer) if offer.price_minor < offer.list_minor => {
                (offer.price_minor, Some(offer.list_minor), offer.name.as_deref())
            }
            _ => (self.price_minor, self.compare_at_minor, None),
        }
    }
    fn counting_offer(&self) -> Option<&Offer> {
        self.offer.as_ref().filter(|offer| offer.list_minor == self.price_minor)
    }
    /// What each costs from a quantity on.
    pub fn quantity_prices(&self) -> &[QuantityPrice] {
        self.counting_offer().map_or(&[], |offer| &offer.quantity_prices)
    }
    /// The lowest price before this one was reduced, if it is.
    pub fn lowest_minor(&self) -> Option<i64> {
        let struck = self.price().1.is_some();
        self.counting_offer().and_then(|offer| offer.lowest_minor).filter(|_| struck)
    }
}

/// A product with all of its variants, those that are no longer offered included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub product: Product,
    pub variants: Vec<Variant>,
}

/// What lists show of a product, derived from its variants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub price_minor: i64,
    pub price_max_minor: i64,
    pub compare_at_minor: Option<i64>,
    /// The lowest price before that of the cheapest variant was reduced.
    pub lowest_minor: Option<i64>,
    pub stock_left: i64,
    pub single_variant_id: Option<VariantId>,
}

impl Stored {
    /// The variants on offer, in their order.
    pub fn offered(&self) -> impl Iterator<Item = &Variant> {
        self.variants.iter().filter(|v| v.active)
    }
    /// What lists show.
    pub fn summary(&self) -> Summary {
        let shown = |v: &Variant| (v.price().0, v.price().1, v.lowest_minor());
        let mut prices: Vec<(i64, Option<i64>, Option<i64>)> = self.offered().map(shown).collect();
        prices.sort_unstable();
        let (price_minor, compare_at_minor, lowest_minor) = prices.first().copied().unwrap_or_default();
        let mut offered = self.offered();
        let single = offered.next().filter(|_| offered.next().is_none());
        Summary {
            price_minor,
            price_max_minor: prices.last().map_or(0, |(price, ..)| *price),
            compare_at_minor,
            lowest_minor,
            stock_left: stock_of(self.offered().map(|v| v.stock_left)),
            single_variant_id: single.map(|v| v.id),
        }
    }
    /// True if it is one of the product's pictures.
    pub fn has_picture(&self, id: MediaId) -> bool {
        self.product.pictures.iter().any(|stored| stored.picture.id == id)
    }
    /// Title and SKUs in lower case.
    pub fn search_text(&self) -> String {
        let skus = self.offered().map(|v| v.sku.as_str());
        std::iter::once(self.product.title.as_str()).chain(skus).collect::<Vec<_>>().join("\n").to_lowercase()
    }
}

/// Stands in a column for *none there, and yet it can be ordered*: more than can ever be left.
const BACK_ORDER: i64 = 1 << 40;

/// Level as a number for a column: −1 plenty, 0 none, [`BACK_ORDER`], else how many.
pub(crate) fn left_of(level: StockLevel) -> i64 {
    match level {
        StockLevel::InStock => -1,
        StockLevel::Low(left) => left.max(0),
        StockLevel::BackOrder => BACK_ORDER,
        StockLevel::SoldOut => 0,
    }
}

/// The level behind the number of a column.
pub(crate) fn level_of(left: i64) -> StockLevel {
    match left {
        ..=-1 => StockLevel::InStock,
        0 => StockLevel::SoldOut,
        BACK_ORDER.. => StockLevel::BackOrder,
        few => StockLevel::Low(few),
    }
}

/// What is left of a product, from what is left of its variants.
pub(crate) fn stock_of(left: impl Iterator<Item = i64>) -> i64 {
    left.fold(0, |sum: i64, left| match (sum, left) {
        (..0, _) | (_, ..0) => -1,
        // What is there goes before what has to come in.
        (sum, BACK_ORDER..) if sum > 0 => sum,
        (BACK_ORDER.., left) if left > 0 => left,
        (BACK_ORDER.., _) | (_, BACK_ORDER..) => BACK_ORDER,
        (sum, left) => sum + left,
    })
}

/// Sort key of the best rated: the average, drawn towards 3.5 stars by five imagined reviews, so that a
/// single enthusiast does not outrank a hundred. Products without a review come last.
pub(crate) fn rating_key(rating: Rating) -> i64 {
    match i64::from(rating.count) {
        0 => 0,
        count => (i64::from(rating.average_x100) * count + 350 * 5) * 1_000 / (count + 5),
    }
}

/// A status as it is written.
pub(crate) fn status_text(status: ProductStatus) -> &'static str {
    match status {
        ProductStatus::Draft => "draft",
        ProductStatus::Scheduled => "scheduled",
        ProductStatus::Published => "published",
        ProductStatus::Archived => "archived",
    }
}

/// What others are told of a change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Happened {
    Published,
    Changed,
    Withdrawn,
}

/// The state table: every change of status is allowed to the vendor (a product that an admin keeps
/// off sale cannot be published, which is checked apart), and tells others one thing.
pub(crate) fn happened(before: Option<ProductStatus>, after: ProductStatus) -> Happened {
    use ProductStatus::{Archived, Draft, Published, Scheduled};
    match (before, after) {
        (Some(Published), Published) => Happened::Changed,
        (None | Some(Draft | Scheduled | Archived), Published) => Happened::Published,
        (Some(Published), Draft | Scheduled | Archived) => Happened::Withdrawn,
        (None | Some(Draft | Scheduled | Archived), Draft | Scheduled | Archived) => Happened::Changed,
    }
}

/// What becomes of a product by itself at `now`: whoever was late for a whole time on sale leaves it out.
pub(crate) fn due(product: &Product, now: Timestamp) -> Option<ProductStatus> {
    let is_due = |moment: Option<Timestamp>| moment.is_some_and(|at| at <= now);
    match product.status {
        ProductStatus::Scheduled | ProductStatus::Published if is_due(product.unpublish_at) => {
            Some(ProductStatus::Draft)
        }
        ProductStatus::Scheduled if is_due(product.publish_at) && !product.blocked => Some(ProductStatus::Published),
        _ => None,
    }
}

/// What a draft makes of a product.
#[derive(Debug)]
pub(crate) struct Merged {
    /// The product with all of its variants.
    pub stored: Stored,
    /// Variants that are new, with the stock they begin with.
    pub new: Vec<(VariantId, Option<i64>)>,
}

/// Lays a draft over a product that was there, or over nothing. Variants are recognised by their id,
/// else by their SKU; those the draft does not name are no longer offered. `slug` and `handle` of a
/// new product are set by the caller.
pub(crate) fn merge(
    before: Option<&Stored>,
    draft: &Draft,
    vendor_id: VendorId,
    ids: &Ids,
    now: Timestamp,
) -> Result<Merged, Vec<FieldError>> {
    let (variants, new) = merge_variants(before.map_or(&[], |b| &b.variants), &draft.variants, ids)?;
    let known = before.map(|b| &b.product);
    let on_sale = draft.status == ProductStatus::Published;
    let product = Product {
        num: known.map_or(0, |p| p.num),
        id: known.map_or_else(|| ProductId::new(ids), |p| p.id),
        vendor_id,
        slug: known.map_or_else(|| Slug::from_title(&draft.title, "product"), |p| p.slug.clone()),
        handle: known.map_or_else(String::new, |p| p.handle.clone()),
        title: draft.title.clone(),
        summary: draft.summary.clone(),
        description_html: draft.description.html.clone(),
        description_text: draft.description.text.clone(),
        category_id: draft.category_id,
        currency: draft.currency,
        attributes: draft.attributes.clone(),
        options: draft.options.clone(),
        tags: draft.tags.clone(),
        pictures: known.map_or_else(|| draft.pictures.clone(), |p| p.pictures.clone()),
        status: draft.status,
        blocked: known.is_some_and(|p| p.blocked),
        published_at: known.and_then(|p| p.published_at).or(on_sale.then_some(now)),
        created_at: known.map_or(now, |p| p.created_at),
        updated_at: known.map_or(now, |p| p.updated_at),
        version: known.map_or(1, |p| p.version),
        rating: known.map_or_else(Rating::default, |p| p.rating),
        brand: draft.brand.clone(),
        seo_title: draft.seo_title.clone(),
        seo_description: draft.seo_description.clone(),
        publish_at: draft.publish_at,
        unpublish_at: draft.unpublish_at,
        related: draft.related.clone(),
        translations: draft.translations.clone(),
        sale: match draft.sale {
            SaleDraft::AsBefore => known.and_then(|p| p.sale),
            SaleDraft::Is(sale) => sale,
        },
    };
    Ok(Merged { stored: Stored { product, variants }, new })
}

type NewVariants = Vec<(VariantId, Option<i64>)>;

fn merge_variants(
    before: &[Variant],
    drafts: &[VariantDraft],
    ids: &Ids,
) -> Result<(Vec<Variant>, NewVariants), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut left: Vec<&Variant> = before.iter().collect();
    let named: Vec<Option<VariantId>> = drafts.iter().map(|d| d.id).collect();
    let mut take = |wanted: &dyn Fn(&Variant) -> bool| left.iter().position(|v| wanted(v)).map(|at| left.remove(at));
    let (mut merged, mut new) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (position, draft) in (0_i64..).zip(drafts) {
        let known = match draft.id {
            Some(id) => take(&|v| v.id == id),
            None => take(&|v| v.sku == draft.sku && !named.contains(&Some(v.id))),
        };
        if draft.id.is_some() && known.is_none() {
            let field = format!("variants[{position}].id");
            errors.push(FieldError { field, reason: "This is no variant of this product.".to_owned() });
        }
        let id = known.map_or_else(|| VariantId::new(ids), |v| v.id);
        if known.is_none() {
            new.push((id, draft.initial_stock));
        }
        merged.push(Variant {
            id,
            position,
            sku: draft.sku.clone(),
            options: draft.options.clone(),
            price_minor: draft.price_minor,
            compare_at_minor: draft.compare_at_minor,
            weight_g: draft.weight_g,
            barcode: draft.barcode.clone(),
            picture_id: draft.picture_id,
            active: true,
            offer: known.and_then(|v| v.offer.clone()),
            stock_left: known.map_or(0, |v| v.stock_left),
            parts: draft.parts.clone().unwrap_or_else(|| known.map_or_else(Vec::new, |v| v.parts.clone())),
            digital: known.is_some_and(|v| v.digital),
        });
    }
    // What is no longer offered is no bundle any more.
    merged.extend(left.into_iter().map(|v| Variant { active: false, parts: Vec::new(), ..v.clone() }));
    if errors.is_empty() { Ok((merged, new)) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(name: &str, price_minor: i64, stock_left: i64) -> Variant {
        Variant {
            id: VariantId::derived("test", &[name]),
            position: 0,
            sku: name.to_owned(),
            options: vec![],
            price_minor,
            compare_at_minor: None,
            weight_g: 0,
            barcode: None,
            picture_id: None,
            active: true,
            offer: None,
            stock_left,
            parts: vec![],
            digital: false,
        }
    }

    #[test]
    fn an_offer_counts_for_the_price_it_was_made_for() {
        let mut mug = variant("mug", 1000, 0);
        mug.compare_at_minor = Some(1200);
        assert_eq!(mug.price(), (1000, Some(1200), None));
        mug.offer = Some(Offer {
            price_minor: 800,
            list_minor: 1000,
            name: Some("Summer".to_owned()),
            quantity_prices: vec![],
            lowest_minor: None,
        });
        assert_eq!(mug.price(), (800, Some(1000), Some("Summer")));
        mug.price_minor = 900;
        assert_eq!(mug.price(), (900, Some(1200), None));
        mug.offer =
            Some(Offer { price_minor: 900, list_minor: 900, name: None, quantity_prices: vec![], lowest_minor: None });
        assert_eq!(mug.price(), (900, Some(1200), None));
    }

    #[test]
    fn levels_add_up() {
        assert_eq!(stock_of([0, 3, 2].into_iter()), 5);
        assert_eq!(stock_of([0, -1, 2].into_iter()), -1);
        assert_eq!(stock_of([].into_iter()), 0);
        assert_eq!(stock_of([0, BACK_ORDER, 2, BACK_ORDER, 3].into_iter()), 5);
        assert_eq!(stock_of([BACK_ORDER, 2].into_iter()), 2);
        assert_eq!(stock_of([BACK_ORDER, 0, BACK_ORDER].into_iter()), BACK_ORDER);
        assert_eq!(stock_of([BACK_ORDER, -1].into_iter()), -1);
        for level in [StockLevel::InStock, StockLevel::Low(4), StockLevel::BackOrder, StockLevel::SoldOut] {
            assert_eq!(level_of(left_of(level)), level);
        }
    }

    #[test]
    fn one_enthusiast_does_not_outrank_a_hundred() {
        let key = |average_x100, count| rating_key(Rating { average_x100, count });
        assert!(key(480, 100) > key(500, 1));
        assert!(key(500, 1) > key(300, 50));
        assert!(key(100, 1) > key(0, 0));
        assert_eq!(key(0, 0), 0);
    }

    #[test]
    fn variants_are_recognised_by_id_then_by_sku() {
        let clock = std::sync::Arc::new(kernel::ManualClock::new(Timestamp(1)));
        let ids = Ids::new(clock, std::sync::Arc::new(kernel::SeededRandom::new(1)));
        let before = [variant("a", 1, 1), variant("b", 1, 2), variant("c", 1, 3)];
        let draft = |id: Option<&str>, sku: &str| VariantDraft {
            id: id.map(|name| VariantId::derived("test", &[name])),
            sku: sku.to_owned(),
            options: vec![],
            price_minor: 5,
            compare_at_minor: None,
            weight_g: 0,
            barcode: None,
            picture_id: None,
            initial_stock: Some(7),
            parts: None,
        };
        // The SKU of `a` goes to a new variant, because `a` is named and renamed.
        let (merged, new) =
            merge_variants(&before, &[draft(None, "a"), draft(Some("a"), "x"), draft(None, "b")], &ids).unwrap();
        let seen: Vec<_> = merged.iter().map(|v| (v.sku.as_str(), v.stock_left, v.active)).collect();
        assert_eq!(seen, [("a", 0, true), ("x", 1, true), ("b", 2, true), ("c", 3, false)]);
        assert_eq!(new, [(merged[0].id, Some(7))]);
        let errors = merge_variants(&before, &[draft(Some("zz"), "q")], &ids).unwrap_err();
        assert_eq!(errors[0].field, "variants[0].id");
    }
}
