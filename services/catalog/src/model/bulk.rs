//! What a change of many products makes of one.

use contracts::catalog::{
    BulkEdit, BulkOutcome, BulkPrice, BulkPriceChanged, BulkProduct, BulkStatusChanged, PriceChange, ProductInput,
    ProductStatus,
};
use kernel::{Error, FieldError, Money, ProductId, Result};

use super::Stored;

/// The highest price, in minor units.
const PRICE_MAX: i64 = 100_000_000;

/// Refuses what changes nothing, or cannot be meant.
pub(crate) fn check_bulk(edit: &BulkEdit) -> Result<()> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, reason: &str| {
        errors.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    };
    if edit.price.is_none() && edit.status.is_none() {
        wrong("price", "Say what to change: the prices or the status.");
    }
    if edit.status == Some(ProductStatus::Scheduled) {
        wrong("status", "Say when it goes on sale on the page of each product.");
    }
    if let Some(price) = &edit.price {
        if matches!(price.change, PriceChange::PercentBp(0) | PriceChange::Amount(0)) && price.rounding.is_none() {
            wrong("price.change", "Say by how much prices change.");
        }
        if price.rounding.is_some_and(|rounding| !rounding.is_possible() || rounding.step_minor > PRICE_MAX) {
            wrong("price.rounding", "The ending has to be smaller than the step.");
        }
        let is_amount = price.rounding.is_some() || !matches!(price.change, PriceChange::PercentBp(_));
        if is_amount && price.currency.is_none() {
            wrong("price.currency", "Say in which currency the amounts are.");
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// A price after a change.
fn changed(before: Money, wanted: &BulkPrice) -> Result<Money> {
    let refused = |reason: String| Err(Error::invalid("price", reason));
    if let Some(other) = wanted.currency.filter(|currency| *currency != before.currency) {
        return refused(format!("Its prices are in {}, not in {other}.", before.currency));
    }
    let exact = match wanted.change {
        PriceChange::Set(minor) => Money::new(minor, before.currency),
        PriceChange::PercentBp(part) => before.basis_points(10_000 + part)?,
        PriceChange::Amount(minor) => before.plus(Money::new(minor, before.currency))?,
    };
    if exact.is_negative() {
        return refused(format!("{before} cannot become {exact}."));
    }
    let after = match wanted.rounding {
        Some(rounding) => rounding.price(exact)?,
        None => exact,
    };
    if after.amount_minor > PRICE_MAX {
        return refused(format!("{after} is more than a price can be."));
    }
    Ok(after)
}

/// Makes the change in what a product is.
pub(crate) fn apply_bulk(input: &mut ProductInput, edit: &BulkEdit) -> Result<()> {
    if let Some(wanted) = &edit.price {
        for variant in &mut input.variants {
            variant.price_minor = changed(Money::new(variant.price_minor, input.currency), wanted)?.amount_minor;
        }
    }
    if let Some(status) = edit.status {
        input.status = status;
    }
    Ok(())
}

/// A product that stays as it is.
pub(crate) fn bulk_refused(id: ProductId, title: &str, error: &Error) -> BulkProduct {
    let reasons: Vec<&str> = error.fields().iter().map(|field| field.reason.as_str()).collect();
    let reason = if reasons.is_empty() { error.detail().to_owned() } else { reasons.join(" ") };
    BulkProduct {
        id,
        title: title.to_owned(),
        outcome: BulkOutcome::Refused,
        reason: Some(reason),
        status: None,
        prices: Vec::new(),
    }
}

/// What is different about a product that was saved.
pub(crate) fn bulk_saved(before: &Stored, after: &Stored, outcome: BulkOutcome) -> BulkProduct {
    let (was, is) = (&before.product, &after.product);
    let price = |minor| Money::new(minor, is.currency);
    let prices = after.offered().filter_map(|variant| {
        let known = before.variants.iter().find(|known| known.id == variant.id)?;
        (known.price_minor != variant.price_minor).then(|| BulkPriceChanged {
            sku: variant.sku.clone(),
            before: price(known.price_minor),
            after: price(variant.price_minor),
        })
    });
    BulkProduct {
        id: is.id,
        title: is.title.clone(),
        outcome,
        reason: None,
        status: (was.status != is.status).then_some(BulkStatusChanged { before: was.status, after: is.status }),
        prices: prices.collect(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Rounding, RoundingMode};

    use super::*;

    fn after(before: i64, change: PriceChange, rounding: Option<Rounding>) -> Option<i64> {
        let wanted = BulkPrice { change, rounding, currency: Some(Currency::EUR) };
        changed(Money::new(before, Currency::EUR), &wanted).ok().map(|money| money.amount_minor)
    }

    #[test]
    fn prices_change_by_parts_and_amounts_and_are_rounded() {
        let nines = Some(Rounding { mode: RoundingMode::Nearest, step_minor: 100, ending_minor: Some(99) });
        let tens = Some(Rounding { mode: RoundingMode::Up, step_minor: 1_000, ending_minor: None });
        assert_eq!(after(1_000, PriceChange::Set(500), None), Some(500));
        assert_eq!(after(1_999, PriceChange::PercentBp(1_000), None), Some(2_199), "half away from zero");
        assert_eq!(after(1_999, PriceChange::PercentBp(1_000), nines), Some(2_199));
        assert_eq!(after(1_840, PriceChange::PercentBp(-1_000), nines), Some(1_699));
        assert_eq!(after(1_840, PriceChange::Amount(-240), tens), Some(2_000));
        assert_eq!(after(20, PriceChange::PercentBp(-5_000), nines), Some(99), "never less than the least there is");
        assert_eq!(after(20, PriceChange::PercentBp(-10_000), nines), Some(0), "nothing stays nothing");
        assert_eq!(after(500, PriceChange::Amount(-501), None), None);
        assert_eq!(after(PRICE_MAX, PriceChange::Amount(1), None), None);
        let dollars = BulkPrice { change: PriceChange::Set(1), rounding: None, currency: Some(Currency::USD) };
        assert!(changed(Money::new(500, Currency::EUR), &dollars).is_err());
    }
}
