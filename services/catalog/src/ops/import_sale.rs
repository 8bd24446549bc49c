//! From the reduced prices of a file to a sale of the product, if it can be one.

use std::time::Duration;

use contracts::catalog::{ImportError, ProductSale};
use kernel::{Money, Timestamp};

use crate::{
    csv::{OnSale, Sheet},
    model::{Draft, SaleDraft, near_part, part_off},
};

const DAY: Duration = Duration::from_secs(86_400);

/// Says in a draft from when until when the product costs less, if its file says something of that; notes what is
/// taken otherwise than it stands there.
pub(super) fn set_sale(
    sheet: &Sheet,
    before: Option<ProductSale>,
    draft: &mut Draft,
    now: Timestamp,
    notes: &mut Vec<ImportError>,
) {
    let Some(told) = &sheet.sales else { return };
    let Some(first) = told.first() else {
        draft.sale = SaleDraft::Is(None);
        return;
    };
    let (sale, note) = match sale_of((first, told.as_slice()), before, draft, now) {
        Ok((sale, note)) => (Some(sale), note),
        Err(reason) => (None, Some(not_taken(first, reason))),
    };
    draft.sale = SaleDraft::Is(sale);
    let note = note.map(|reason| ImportError { row: first.row, column: "sale_price".to_owned(), reason });
    notes.extend(sheet.told(note.into_iter().collect()));
}

fn not_taken(first: &OnSale, reason: &str) -> String {
    let from = first.starts_at.map_or_else(|| "now".to_owned(), Timestamp::date);
    let until = first.ends_at.map_or_else(|| "further notice".to_owned(), |end| end.minus(DAY).date());
    let price = &first.price;
    format!("The price of {price} from {from} until {until} is not taken over; the regular one is. {reason}")
}

/// The sale, with what is to be said of it, or why it is none.
fn sale_of(
    (first, told): (&OnSale, &[OnSale]),
    before: Option<ProductSale>,
    draft: &Draft,
    now: Timestamp,
) -> Result<(ProductSale, Option<String>), &'static str> {
    if told.len() != draft.variants.len() {
        return Err("Not all of its variants are reduced, and a discount is for the whole product.");
    }
    if told.iter().any(|sale| (sale.starts_at, sale.ends_at) != (first.starts_at, first.ends_at)) {
        return Err("Its variants are reduced at different times. Make a discount for one of them.");
    }
    let mut prices = Vec::with_capacity(told.len());
    for (variant, sale) in draft.variants.iter().zip(told) {
        let price =
            Money::parse_decimal(&sale.price, draft.currency).map_err(|_| "It is no amount in its currency.")?;
        prices.push((variant.price_minor, variant.price_minor - price.amount_minor));
    }
    let different = "A discount takes one part off all variants, from 0.01 to 95 %. Make one that suits them.";
    let exact = part_off(&prices);
    let percent_bp = exact.or_else(|| near_part(&prices)).ok_or(different)?;
    let note = exact.is_none().then(|| {
        let price = draft.variants.first().map_or(0, |variant| variant.price_minor);
        let price = Money::new(price, draft.currency);
        let reduced = price.basis_points(percent_bp).and_then(|off| price.minus(off)).unwrap_or(price);
        let wanted = &first.price;
        format!("A discount is a part of the price, in hundredths of a percent: {reduced} instead of {wanted}.")
    });
    // What began without a date began when it was read first.
    let same = before.filter(|known| known.percent_bp == percent_bp && known.ends_at == first.ends_at);
    let began = || same.map_or_else(|| Timestamp::of_day(now.day()), |known| known.starts_at);
    let starts_at = first.starts_at.unwrap_or_else(began);
    Ok((ProductSale { percent_bp, starts_at, ends_at: first.ends_at }, note))
}
