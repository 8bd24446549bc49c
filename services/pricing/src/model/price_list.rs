//! Price lists: what a variant costs those who are in a group.

use contracts::price_lists::{PriceListInput, PriceListView};
use kernel::{Error, FieldError, Money, PriceListId, Result, Timestamp, VendorId};

/// Most price lists of one vendor that have not ended.
pub(crate) const OPEN_LISTS_MAX: i64 = 100;

/// A price list of one vendor.
#[derive(Debug, Clone)]
pub(crate) struct PriceList {
    pub id: PriceListId,
    pub vendor_id: VendorId,
    pub input: PriceListInput,
    pub version: i64,
    pub created_at: Timestamp,
}

impl PriceList {
    /// True once its period is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.input.ends_at.is_some_and(|end| end <= now)
    }

    /// As its vendor sees it.
    pub fn view(self, now: Timestamp) -> PriceListView {
        let active = self.input.starts_at <= now && self.input.ends_at.is_none_or(|end| now < end);
        PriceListView { id: self.id, input: self.input, active, version: self.version }
    }
}

/// What a variant costs the customer by a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupPrice {
    pub list_id: PriceListId,
    pub name: String,
    /// In the currency of the list.
    pub own: Money,
    /// In that of the quote.
    pub price: Money,
}

/// The lowest of a variant's prices by lists, if it is less than what everybody pays; of equal ones the oldest list's.
pub(crate) fn best(prices: &[GroupPrice], otherwise: Money) -> Option<&GroupPrice> {
    let less = prices.iter().filter(|listed| listed.price.amount_minor < otherwise.amount_minor);
    less.min_by_key(|listed| (listed.price.amount_minor, listed.list_id))
}

/// What the validation rules of the document cannot say.
pub(crate) fn check(mut input: PriceListInput) -> Result<PriceListInput> {
    let mut wrong = Vec::new();
    let mut refuse = |field: String, reason: &str| wrong.push(FieldError { field, reason: reason.to_owned() });
    input.name = input.name.trim().to_owned();
    if input.name.is_empty() {
        refuse("name".to_owned(), "Give the list a name that its customers will see.");
    }
    if input.ends_at.is_some_and(|end| end <= input.starts_at) {
        refuse("ends_at".to_owned(), "The end must be later than the start.");
    }
    for (i, listed) in input.prices.iter().enumerate() {
        if input.prices[..i].iter().any(|before| before.sku == listed.sku) {
            refuse(format!("prices[{i}].sku"), "This SKU is named twice.");
        }
    }
    if wrong.is_empty() { Ok(input) } else { Err(Error::invalid_fields(wrong)) }
}
