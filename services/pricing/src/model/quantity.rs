//! Prices for quantities: from so many pieces on, each costs less.

use contracts::prices::{ProductPricesInput, QuantityPrice, QuantityPriceInput};
use kernel::{Currency, Error, FieldError, Money, Result};

/// What was set, in the currency it was set in.
pub(crate) fn prices(input: &[QuantityPriceInput], currency: Currency) -> Vec<QuantityPrice> {
    input.iter().map(|set| QuantityPrice { from: set.from, price: Money::new(set.price_minor, currency) }).collect()
}

/// The price for a quantity, if there is one that is less than the list price: that may have been lowered since.
pub(crate) fn at(prices: &[QuantityPrice], list_price: Money, quantity: i64) -> Option<&QuantityPrice> {
    let reached = prices.iter().rev().find(|step| step.from <= quantity)?;
    let less = reached.price.currency == list_price.currency && reached.price.amount_minor < list_price.amount_minor;
    Some(reached).filter(|_| less)
}

/// What the validation rules of the document cannot say. `list_prices` are those of the named variants.
pub(crate) fn check(input: &ProductPricesInput, list_prices: &[Option<Money>]) -> Result<()> {
    let mut wrong = Vec::new();
    for (i, (variant, list_price)) in input.variants.iter().zip(list_prices).enumerate() {
        let mut refuse = |field: String, reason: String| {
            wrong.push(FieldError { field: format!("variants[{i}].{field}"), reason });
        };
        let Some(list_price) = list_price else {
            refuse("variant_id".to_owned(), "The product has no such variant.".to_owned());
            continue;
        };
        if input.variants[..i].iter().any(|before| before.variant_id == variant.variant_id) {
            refuse("variant_id".to_owned(), "This variant is named twice.".to_owned());
        }
        let (mut from, mut most) = (1, *list_price);
        for (j, step) in variant.quantity_prices.iter().enumerate() {
            if step.from <= from {
                refuse(format!("quantity_prices[{j}].from"), format!("Must be more than {from}."));
            }
            if step.price_minor >= most.amount_minor {
                let reason = format!("Each must cost less than {}, the price of fewer.", super::shown(most));
                refuse(format!("quantity_prices[{j}].price_minor"), reason);
            }
            (from, most) = (step.from, Money::new(step.price_minor, most.currency));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::invalid_fields(wrong)) }
}
