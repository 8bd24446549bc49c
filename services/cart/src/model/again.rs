//! What of an order goes into a cart once more, and why the rest does not. Pure.

use std::collections::BTreeMap;

use contracts::{
    cart::{NotReordered, WhyNotReordered},
    orders::OrderView,
};
use kernel::{Currency, VariantId};

use super::{Item, LINES_MAX, QUANTITY_MAX};

/// Something that was ordered and shall be once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub variant_id: VariantId,
    pub title: String,
    pub options: Vec<String>,
    pub quantity: i64,
    /// Price of one now; what it was sold for is over.
    pub price_minor: i64,
}

impl Wanted {
    pub fn missing(&self, reason: WhyNotReordered) -> NotReordered {
        let Self { variant_id, title, options, .. } = self;
        NotReordered { variant_id: *variant_id, title: title.clone(), options: options.clone(), reason }
    }
}

/// What can be had of an order, with the currency it is sold in, and what cannot.
#[derive(Debug, Default)]
pub(crate) struct Again {
    pub currency: Option<Currency>,
    pub wanted: Vec<Wanted>,
    pub missing: Vec<NotReordered>,
}

impl Again {
    /// By what is known of the variants now. All of a cart is sold in one currency: that of the first which can be had.
    pub fn of(order: &OrderView, items: &BTreeMap<VariantId, Item>) -> Self {
        let mut again = Self::default();
        for line in order.vendor_orders.iter().flat_map(|part| &part.lines) {
            let mut wanted = Wanted {
                variant_id: line.variant_id,
                title: line.title.clone(),
                options: line.options.clone(),
                quantity: line.quantity,
                price_minor: 0,
            };
            let reason = match items.get(&line.variant_id).filter(|item| item.on_sale) {
                None => WhyNotReordered::NotOnSale,
                Some(item) if !item.stock.available() => WhyNotReordered::SoldOut,
                Some(item) => {
                    let price = item.price();
                    if *again.currency.get_or_insert(price.currency) == price.currency {
                        wanted.price_minor = price.amount_minor;
                        again.wanted.push(wanted);
                        continue;
                    }
                    WhyNotReordered::OtherCurrency
                }
            };
            again.missing.push(wanted.missing(reason));
        }
        again
    }
}

/// A line as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Put {
    pub variant_id: VariantId,
    pub quantity: i64,
    pub price_minor: i64,
}

/// What fits into a cart that holds `held`, by variant: how many, none of what is kept for later.
pub(crate) fn fit(held: &BTreeMap<VariantId, i64>, wanted: &[Wanted]) -> (Vec<Put>, Vec<NotReordered>) {
    let (mut lines, mut put, mut missing) = (held.clone(), Vec::<Put>::new(), Vec::new());
    for wish in wanted {
        let known = lines.get(&wish.variant_id).copied();
        let quantity = known.unwrap_or_default() + wish.quantity;
        if quantity > QUANTITY_MAX {
            missing.push(wish.missing(WhyNotReordered::TooMany));
        } else if known.is_none() && i64::try_from(lines.len()).unwrap_or(i64::MAX) >= LINES_MAX {
            missing.push(wish.missing(WhyNotReordered::CartFull));
        } else {
            lines.insert(wish.variant_id, quantity);
            match put.iter_mut().find(|put| put.variant_id == wish.variant_id) {
                Some(twice) => twice.quantity = quantity,
                None => put.push(Put { variant_id: wish.variant_id, quantity, price_minor: wish.price_minor }),
            }
        }
    }
    (put, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(name: &str, quantity: i64) -> Wanted {
        let variant_id = VariantId::derived("test", &[name]);
        Wanted { variant_id, title: name.to_owned(), options: vec![], quantity, price_minor: 5 }
    }

    #[test]
    fn what_fits_is_put_in_and_the_rest_is_told() {
        let id = |name: &str| VariantId::derived("test", &[name]);
        let mut held: BTreeMap<VariantId, i64> = (0..98).map(|n| (id(&n.to_string()), 1)).collect();
        held.insert(id("mug"), QUANTITY_MAX - 2);
        let all = [
            wanted("mug", 2),
            wanted("0", 3),
            wanted("lamp", 1),
            wanted("bowl", 1),
            wanted("mug", 1),
            wanted("lamp", 4),
        ];
        let (put, missing) = fit(&held, &all);
        let put: Vec<_> = put.iter().map(|put| (put.variant_id, put.quantity, put.price_minor)).collect();
        assert_eq!(put, [(id("mug"), QUANTITY_MAX, 5), (id("0"), 4, 5), (id("lamp"), 5, 5)]);
        let missing: Vec<_> = missing.iter().map(|missing| (missing.variant_id, missing.reason)).collect();
        assert_eq!(missing, [(id("bowl"), WhyNotReordered::CartFull), (id("mug"), WhyNotReordered::TooMany)]);
    }
}
