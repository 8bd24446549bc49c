//! Reduced prices of WooCommerce's export that have dates.

use kernel::Timestamp;

use super::{
    complaint,
    foreign::{Names, is_more},
    sheet::{OnSale, Row, Sheet},
    woo::{SALE, SALE_ENDS, SALE_STARTS},
};

/// True if a file can say from when until when something costs less.
pub(super) fn tells_sales(names: &Names) -> bool {
    names.first(SALE).is_some() && [SALE_STARTS, SALE_ENDS].iter().any(|column| names.first(column).is_some())
}

/// Reads a reduced price with dates. Its days count from midnight to midnight, in UTC, and the last one belongs to it: the
/// time of day that some exports write is left out by WooCommerce's own import, too.
pub(super) fn read_sale(names: &Names, row: &Row, (regular, price): (&str, &str), sheet: &mut Sheet) {
    let mut refuse = |column: &[&str], reason: &str| {
        let column = names.first(column).unwrap_or_default();
        sheet.errors.push(complaint(row.number, column, reason));
    };
    if !is_more(price, "-1") {
        return refuse(SALE, "Use an amount such as 14.90.");
    }
    let mut day = |column: &[&str]| {
        let text = names.text(row, column);
        let date = text.split([' ', 'T']).next().unwrap_or_default();
        let day = format!("{date}T00:00:00Z").parse::<Timestamp>().ok().map(Timestamp::day);
        if day.is_none() && !text.is_empty() {
            refuse(column, "Use a day such as 2026-11-20.");
        }
        day
    };
    let (first, last) = (day(SALE_STARTS), day(SALE_ENDS));
    if first.zip(last).is_some_and(|(first, last)| last < first) {
        refuse(SALE_ENDS, "The last day is before the first.");
    }
    if let Some(sales) = sheet.sales.as_mut().filter(|_| is_more(regular, price)) {
        let (starts_at, ends_at) = (first.map(Timestamp::of_day), last.map(|last| Timestamp::of_day(last + 1)));
        sales.push(OnSale { row: row.number, price: price.to_owned(), starts_at, ends_at });
        sheet.call("sale_price", names.first(SALE).unwrap_or_default());
    }
}
