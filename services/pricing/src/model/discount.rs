//! Discounts: when they apply, to what, and which one wins.

use std::collections::BTreeSet;

use contracts::pricing::{DiscountInput, DiscountView};
use kernel::{DiscountId, Error, Money, ProductId, Result, Timestamp, VendorId};

/// Most discounts of one vendor that have not ended: a quote looks at all of them.
pub(crate) const OPEN_DISCOUNTS_MAX: i64 = 200;

/// What a discount applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Everything its vendor sells.
    WholeStore,
    /// These products.
    Products(BTreeSet<ProductId>),
}

impl Reach {
    /// As the vendor writes it: no products mean all of them.
    pub fn of(product_ids: &[ProductId]) -> Self {
        if product_ids.is_empty() { Self::WholeStore } else { Self::Products(product_ids.iter().copied().collect()) }
    }

    fn covers(&self, product: ProductId) -> bool {
        match self {
            Self::WholeStore => true,
            Self::Products(products) => products.contains(&product),
        }
    }

    /// What either of the two applies to.
    pub fn union(self, other: Self) -> Self {
        match (self, other) {
            (Self::Products(mut these), Self::Products(those)) => {
                these.extend(those);
                Self::Products(these)
            }
            _ => Self::WholeStore,
        }
    }
}

/// A discount of one vendor.
#[derive(Debug, Clone)]
pub(crate) struct Discount {
    pub id: DiscountId,
    pub vendor_id: VendorId,
    pub name: String,
    pub percent_bp: i64,
    pub reach: Reach,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub version: i64,
    pub created_at: Timestamp,
}

impl Discount {
    /// A new one.
    pub fn new(id: DiscountId, vendor_id: VendorId, input: &DiscountInput, now: Timestamp) -> Self {
        Self {
            id,
            vendor_id,
            name: input.name.trim().to_owned(),
            percent_bp: input.percent_bp,
            reach: Reach::of(&input.product_ids),
            starts_at: input.starts_at,
            ends_at: input.ends_at,
            version: 1,
            created_at: now,
        }
    }

    /// The same discount, changed.
    pub fn changed(&self, input: &DiscountInput) -> Self {
        Self {
            version: self.version + 1,
            created_at: self.created_at,
            ..Self::new(self.id, self.vendor_id, input, self.created_at)
        }
    }

    /// True within its period; the end is exclusive.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.starts_at <= now && self.ends_at.is_none_or(|end| now < end)
    }

    /// True once its period is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }

    /// What it takes off one unit, rounded half away from zero.
    pub fn off(&self, list_price: Money) -> Result<Money> {
        list_price.basis_points(self.percent_bp)
    }

    /// As its vendor sees it.
    pub fn view(&self, now: Timestamp) -> DiscountView {
        let product_ids = match &self.reach {
            Reach::WholeStore => Vec::new(),
            Reach::Products(products) => products.iter().copied().collect(),
        };
        DiscountView {
            id: self.id,
            input: DiscountInput {
                name: self.name.clone(),
                percent_bp: self.percent_bp,
                product_ids,
                starts_at: self.starts_at,
                ends_at: self.ends_at,
            },
            active: self.is_active(now),
            version: self.version,
        }
    }
}

/// The discount that takes most off a product of a vendor; of equal ones the oldest (by id).
pub(crate) fn best(
    discounts: &[Discount],
    vendor_id: VendorId,
    product_id: ProductId,
    list_price: Money,
    now: Timestamp,
) -> Result<Option<(&Discount, Money)>> {
    let mut best: Option<(&Discount, Money)> = None;
    for discount in discounts {
        if discount.vendor_id != vendor_id || !discount.is_active(now) || !discount.reach.covers(product_id) {
            continue;
        }
        let off = discount.off(list_price)?;
        let better = best.is_none_or(|(other, most)| {
            off.amount_minor > most.amount_minor || (off == most && discount.id < other.id)
        });
        if better {
            best = Some((discount, off));
        }
    }
    // A discount that rounds to nothing changes no price and is not worth a word.
    Ok(best.filter(|(_, off)| !off.is_zero()))
}

/// What the validation rules of the document cannot say.
pub(crate) fn check(input: &DiscountInput) -> Result<()> {
    if input.name.trim().is_empty() {
        return Err(Error::invalid("name", "Give the discount a name that buyers will see."));
    }
    if input.ends_at.is_some_and(|end| end <= input.starts_at) {
        return Err(Error::invalid("ends_at", "The end must be later than the start."));
    }
    Ok(())
}
