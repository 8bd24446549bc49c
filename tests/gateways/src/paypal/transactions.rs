//! The list of transactions of the merchant's own account, in which each comes to stand some time later.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    FakePayPal, MERCHANT,
    api::{Answer, refused},
};

/// Transactions on a page, few enough to need several.
const PAGE: usize = 2;
/// The longest time that may be asked for at once.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 3600);

impl FakePayPal {
    /// From now on transactions are listed so much later.
    pub fn list_later(&self, lag: Duration) {
        self.state().lag = lag;
    }

    /// Somebody has paid so much (`5.00`) at the merchant's own desk, as this.
    pub fn pay_at_the_desk(&self, id: &str, value: &str, custom: &str) {
        let now = self.now();
        self.state().desk.push((now, id.to_owned(), value.to_owned(), custom.to_owned()));
    }

    pub(super) fn list_transactions(&self, query: &str) -> Answer {
        let text = |name: &str| {
            let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.unwrap_or_default().replace("%3A", ":").replace("%2B", "+")
        };
        let times = (text("start_date").parse::<Timestamp>(), text("end_date").parse::<Timestamp>());
        let (Ok(from), Ok(until)) = times else { return refused(400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE") };
        if until < from || from.plus(LONGEST) < until {
            return refused(400, "INVALID_REQUEST", "Date range is greater than 31 days");
        }
        let (state, now) = (self.state(), self.now());
        let mut all: Vec<(Timestamp, Value)> = Vec::new();
        let mut note = |at: Timestamp, id: &str, currency: &str, value: &str, custom: &str| {
            if (from..=until).contains(&at) && at.plus(state.lag) <= now {
                all.push((
                    at,
                    json!({"transaction_info": {
                        "transaction_id": id, "transaction_event_code": "T0006", "transaction_status": "S",
                        "transaction_initiation_date": at.to_string().replace('Z', "+0000"), "custom_field": custom,
                        "transaction_amount": {"currency_code": currency, "value": value},
                    }}),
                ));
            }
        };
        for order in state.orders.values() {
            let ours = order.units.iter().filter(|unit| unit.payee == MERCHANT);
            for (unit, capture) in ours.filter_map(|unit| Some((unit, unit.capture.as_ref()?))) {
                if capture.status == "COMPLETED" {
                    note(capture.at, &capture.id, &order.currency, &unit.value, &unit.custom_id);
                }
            }
        }
        for (at, id, value, custom) in &state.desk {
            note(*at, id, "EUR", value, custom);
        }
        // Newest first, as nobody has promised otherwise.
        all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let page = text("page").parse::<usize>().unwrap_or(1).max(1);
        let shown: Vec<&Value> = all.iter().map(|(_, json)| json).skip((page - 1) * PAGE).take(PAGE).collect();
        let body = json!({"transaction_details": shown, "page": page, "total_pages": all.len().div_ceil(PAGE)});
        (200, body, false)
    }
}
