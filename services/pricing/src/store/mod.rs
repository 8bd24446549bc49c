//! SQL and nothing else.

pub(crate) mod copies;
pub(crate) mod currencies;
pub(crate) mod discounts;
pub(crate) mod groups;
pub(crate) mod history;
pub(crate) mod offers;
pub(crate) mod price_lists;
pub(crate) mod promotions;
pub(crate) mod quantity;
pub(crate) mod quote;
pub(crate) mod redemptions;
pub(crate) mod sales;
pub(crate) mod taxes;

use std::fmt::Write as _;

use db::{Tx, Value, params};
use kernel::{Result, Timestamp, VendorId};

/// Most values one statement names in a list.
pub(crate) const LIST_MAX: usize = 100;

/// How many of something that has a period have not ended. `of` is its table and whose they are: `$1` is the vendor,
/// empty for the platform. Call with the vendor locked.
pub(crate) async fn open_count(tx: &mut Tx, of: &str, vendor: Option<VendorId>, now: Timestamp) -> Result<i64> {
    let sql = format!("SELECT count(*) FROM {of} AND COALESCE(ends_at, 9223372036854775807) > $2");
    let vendor = vendor.map_or_else(String::new, |vendor| vendor.to_string());
    tx.one(&sql, params![vendor, now]).await?.at(0)
}

/// Binds `values` and returns their placeholders: `$3, $4`. The last is repeated up to the next power
/// of two, so that few different statements have to be prepared. There must be at least one.
fn in_list<'a, T>(params: &mut Vec<Value>, values: &'a [T]) -> String
where
    Value: From<&'a T>,
{
    let mut text = String::new();
    for i in 0..values.len().next_power_of_two() {
        params.push(Value::from(&values[i.min(values.len() - 1)]));
        let comma = if i == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(text, "{comma}${}", params.len());
    }
    text
}
