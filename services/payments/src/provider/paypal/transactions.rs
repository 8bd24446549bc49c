//! PayPal's list of transactions (Transaction Search): its journal. It has a transaction up to three hours after it was made, so
//! its last days are gone through again; and it names captures, not the orders that they are of.

use std::time::Duration;

use contracts::client::segment;
use kernel::Timestamp;
use serde::Deserialize;

use super::{CAPTURE, PayPal, objects::Amount};
use crate::provider::{JournalItem, ProviderError};

/// The longest time that is asked for at once, and with which it begins.
const WINDOW: Duration = Duration::from_secs(30 * 24 * 3600);
/// The shortest.
const LEAST: Duration = Duration::from_secs(60);
/// What PayPal says if it would have to list more than ten thousand.
const TOO_MANY: &str = "resultset_too_large";
/// Transactions on a page.
const PAGE: u32 = 500;
/// A payment that came through the API.
const PAID: &str = "T0006";

#[derive(Debug, Deserialize)]
struct List {
    #[serde(default)]
    transaction_details: Vec<Details>,
    #[serde(default)]
    total_pages: u32,
}

#[derive(Debug, Deserialize)]
struct Details {
    transaction_info: Transaction,
}

#[derive(Debug, Deserialize)]
struct Transaction {
    transaction_id: String,
    #[serde(default)]
    transaction_event_code: String,
    #[serde(default)]
    transaction_status: String,
    transaction_initiation_date: Timestamp,
    transaction_amount: Amount,
    fee_amount: Option<Amount>,
    #[serde(default)]
    custom_field: String,
}

impl Transaction {
    /// True if it is money that has come. What went back later had come.
    fn is_paid(&self) -> bool {
        self.transaction_event_code == PAID && matches!(self.transaction_status.as_str(), "S" | "V")
    }

    fn place(&self) -> (Timestamp, &str) {
        (self.transaction_initiation_date, &self.transaction_id)
    }

    fn item(self) -> Result<JournalItem, ProviderError> {
        let captured = self.transaction_amount.money()?;
        // What is kept is taken off, so it is below zero here.
        let fee = self.fee_amount.as_ref().and_then(|fee| fee.money().ok()?.negated().ok());
        Ok(JournalItem {
            position: format!("{}|{}", self.transaction_initiation_date, self.transaction_id),
            payment_ref: format!("{CAPTURE}{}", self.transaction_id),
            reference: self.custom_field,
            is_part: true,
            captured,
            fee: fee.filter(|fee| fee.amount_minor > 0),
            created_at: self.transaction_initiation_date,
        })
    }
}

/// A place in the journal: the time and the id of what was read last.
fn place_of(text: &str) -> Option<(Timestamp, &str)> {
    let (at, id) = text.split_once('|')?;
    Some((at.parse().ok()?, id))
}

impl PayPal {
    /// What has come behind a place, oldest first: as much of it as PayPal lists at once.
    pub(super) async fn paid_after(&self, after: Option<&str>) -> Result<Vec<JournalItem>, ProviderError> {
        let now = self.clock.now();
        let behind = after.and_then(place_of);
        let (mut from, mut window) = (behind.map_or(now.minus(WINDOW), |(at, _)| at), WINDOW);
        while from < now {
            let until = from.plus(window).min(now);
            let mut all = match self.transactions(from, until).await {
                Err(ProviderError::Refused { reason }) if reason == TOO_MANY && window > LEAST => {
                    window /= 2;
                    continue;
                }
                all => all?,
            };
            all.retain(|one| one.is_paid() && behind.is_none_or(|behind| one.place() > behind));
            all.sort_by(|one, other| one.place().cmp(&other.place()));
            if !all.is_empty() {
                return all.into_iter().map(Transaction::item).collect();
            }
            from = until;
        }
        Ok(Vec::new())
    }

    async fn transactions(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Transaction>, ProviderError> {
        let (from, until) = (from.to_string(), until.to_string());
        let mut all = Vec::new();
        for page in 1.. {
            let path = format!(
                "/v1/reporting/transactions?start_date={}&end_date={}&fields=transaction_info&page_size={PAGE}&page={page}",
                segment(&from),
                segment(&until)
            );
            let list: List = self.get(&path).await?;
            all.extend(list.transaction_details.into_iter().map(|details| details.transaction_info));
            if page >= list.total_pages {
                break;
            }
        }
        Ok(all)
    }
}
