//! Returns: what they are made of, how they are shown, how they move on.

mod lists;
mod moves;
mod policy;
mod views;

pub use lists::{all, of_vendor};
pub use moves::{
    Asked, Holder, Payable, Sellable, add_photo, all_of_free_part_is_back, claim, count_of_part, insert, lock,
    lock_by_refund, lock_for_request, note, payable, save, sellable,
};
pub use policy::{days_of, market_days, policy_of, set_days_of, set_market_days};
pub use views::{label_file, of_order, returnable, view, view_of_vendor};

use contracts::orders::{ExchangeState, ReturnStatus};
use db::Row;
use kernel::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

use crate::model::returns::status_of;

fn status(row: &Row) -> Result<ReturnStatus> {
    let text = row.get::<String>("status")?;
    status_of(&text).ok_or_else(|| super::unknown("status of a return", &text))
}

fn exchange_state(row: &Row) -> Result<Option<ExchangeState>> {
    let text: Option<String> = row.get("exchange")?;
    text.map(|text| serde_json::from_value(serde_json::Value::String(text))).transpose().map_err(Error::from)
}

/// A value by the word the API writes it as.
fn named<T: DeserializeOwned>(row: &Row, column: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(row.get(column)?)).map_err(Error::from)
}

/// The word the API writes a value as.
fn word(value: &impl Serialize) -> Result<String> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(Error::internal(format!("{other} is no word"))),
    }
}
