//! Cash on delivery. There is no gateway: the order is sent without money, the courier collects it at the door, and an
//! admin says when the courier has handed it over. A payment is promised as soon as it is opened.

use std::{collections::BTreeMap, time::Duration};

use contracts::payments::MethodView;
use http::HeaderMap;
use kernel::{Currency, Error, Money, OrderId, RefundId, Result, Timestamp};
use runtime::Env;
use serde::Deserialize;

use super::{
    Answer, JournalItem, OpenPayment, PaymentProvider, ProviderError, ProviderPayment, ProviderRefund, RefundCommand,
    Verified, by_hand::ByHand,
};

/// Name of the provider, and of its only way to pay.
pub const NAME: &str = "cash_on_delivery";

/// Up to which order couriers collect the money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CashOnDeliverySettings {
    /// The dearest order per currency, in minor units; in a currency that is not named, and without any, it is not offered.
    pub limits_minor: BTreeMap<String, i64>,
    /// What it costs to pay this way, per currency, in minor units; in a currency that is not named nothing.
    pub fee_minor: BTreeMap<String, i64>,
    /// Days after which money that has not come is put before somebody's eyes.
    pub outstanding_days: u32,
}

impl Default for CashOnDeliverySettings {
    fn default() -> Self {
        Self { limits_minor: BTreeMap::new(), fee_minor: BTreeMap::new(), outstanding_days: 14 }
    }
}

impl CashOnDeliverySettings {
    /// True if cash on delivery is to be offered.
    pub fn is_set(&self) -> bool {
        !self.limits_minor.is_empty()
    }

    /// The limits, read.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<Vec<Money>> {
        let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.cash_on_delivery.{name}"), reason));
        let mut limits = Vec::with_capacity(self.limits_minor.len());
        for (code, minor) in &self.limits_minor {
            let Ok(currency) = Currency::parse(code) else {
                return wrong("limits_minor", "Name a currency by its three letters, such as EUR.");
            };
            if *minor < 1 {
                return wrong("limits_minor", "A limit is at least one minor unit.");
            }
            limits.push(Money::new(*minor, currency));
        }
        if self.fee_minor.keys().any(|code| !self.limits_minor.contains_key(code)) {
            return wrong("fee_minor", "Name currencies that have a limit: in others it is not offered.");
        }
        if self.fee_minor.values().any(|minor| !(0..=1_000_000).contains(minor)) {
            return wrong("fee_minor", "A fee is 0 or more minor units, at most 1,000,000.");
        }
        if !(1..=365).contains(&self.outstanding_days) {
            return wrong("outstanding_days", "Wait for 1 to 365 days.");
        }
        Ok(limits)
    }

    /// What it costs, where it costs anything.
    pub fn fees(&self) -> Vec<Money> {
        let fee = |(code, minor): (&String, &i64)| Some(Money::new(*minor, Currency::parse(code).ok()?));
        self.fee_minor.iter().filter_map(fee).filter(|fee| !fee.is_zero()).collect()
    }
}

/// How it is called.
pub const LABEL: &str = "Cash on delivery";

/// What buyers may choose, up to these limits, for these fees.
pub fn views(limits: &[Money], fees: &[Money]) -> Vec<MethodView> {
    let hint = "You pay the courier who brings it. Have the exact amount ready if you can.";
    let currencies = limits.iter().map(|limit| limit.currency).collect();
    let (limits, fees) = (limits.to_vec(), fees.to_vec());
    vec![MethodView { currencies, limits, fees, on_delivery: true, ..MethodView::new(NAME, LABEL, hint) }]
}

/// Cash on delivery as a provider.
pub struct CashOnDelivery {
    limits: Vec<Money>,
    fees: Vec<Money>,
    collect_within: Duration,
    by_hand: ByHand,
}

impl CashOnDelivery {
    /// Up to these limits.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: &CashOnDeliverySettings, env: &Env) -> Result<Self> {
        let limits = settings.check()?;
        let collect_within = Duration::from_secs(u64::from(settings.outstanding_days) * 24 * 3600);
        Ok(Self { limits, fees: settings.fees(), collect_within, by_hand: ByHand::new(env) })
    }
}

impl PaymentProvider for CashOnDelivery {
    fn name(&self) -> &'static str {
        NAME
    }

    fn methods(&self) -> Vec<MethodView> {
        views(&self.limits, &self.fees)
    }

    /// There is but one mode, as with transfers.
    fn livemode(&self) -> bool {
        false
    }

    /// An admin's word is taken in together with what it changes; parcels are under way for days.
    fn is_asked(&self) -> bool {
        false
    }

    fn collect_within(&self) -> Option<Duration> {
        Some(self.collect_within)
    }

    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move { self.by_hand.open("cod", &payment, String::new()).await })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(self.by_hand.find(payment_ref))
    }

    fn find_by_reference(&self, order_id: OrderId, _: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(self.by_hand.find_all(order_id))
    }

    fn capture<'a>(&'a self, _: &'a str, _: Money, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async { Err(ProviderError::Refused { reason: "nothing_to_take".to_owned() }) })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, _: String) -> Answer<'a, ProviderPayment> {
        Box::pin(self.by_hand.cancel(payment_ref))
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(self.by_hand.refund(command))
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(self.by_hand.fetch_refund(refund_ref))
    }

    fn find_refund<'a>(&'a self, _: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(self.by_hand.find_refund(refund_id))
    }

    /// Nobody sends events, and what was paid in cash cannot be disputed.
    fn verify_webhook<'a>(&'a self, _: &'a HeaderMap, _: &'a [u8], _: Timestamp) -> Verified<'a> {
        Box::pin(async { Err(Error::not_found("provider")) })
    }

    /// The journal is the courier's.
    fn journal<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}
