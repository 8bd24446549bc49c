//! Invoices and refunds, and what happens to them.

use kernel::{Currency, Money, Timestamp};
use serde_json::{Number, Value, json};

use super::State;
use crate::buyer::{SLOW, Way};

/// An invoice.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub(super) id: String,
    /// What the merchant calls it.
    pub external_id: String,
    /// To pay.
    pub amount: Money,
    /// What the buyer has paid, where that is not the amount.
    pub paid: Option<Money>,
    pub(super) status: &'static str,
    pub(super) description: String,
    pub(super) success_url: String,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) paid_at: Option<Timestamp>,
    pub(super) due: Option<Timestamp>,
    pub(super) way: Option<Way>,
    /// The next answer about it comes too late.
    pub(super) is_silent: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Refund {
    pub id: String,
    pub invoice: String,
    pub amount: Money,
    pub reference: Option<String>,
    pub reason: String,
    pub status: &'static str,
    pub due: Option<Timestamp>,
    pub created: Timestamp,
    pub updated: Timestamp,
}

/// Something that is to be told.
pub(super) enum News {
    Invoice(String),
    Refund(String),
}

/// An amount as Xendit takes it: of rupiah what is behind the point is cut off. None if it is none.
pub(super) fn amount(value: &Value, currency: &str) -> Option<Money> {
    let currency = Currency::parse(currency).ok()?;
    let text = value.as_number()?.to_string();
    let text = if currency.code() == "IDR" { text.split('.').next()? } else { text.trim_end_matches(".0") };
    Money::parse_decimal(text, currency).ok().filter(|money| money.amount_minor > 0)
}

/// As a number of whole units.
pub(super) fn number(money: Money) -> Value {
    let text = money.decimal();
    let text = text.strip_suffix(".00").unwrap_or(&text);
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

impl Invoice {
    pub(super) fn is_paid(&self) -> bool {
        matches!(self.status, "PAID" | "SETTLED")
    }

    pub(super) fn json(&self, base_url: &str) -> Value {
        let mut all = json!({
            "id": self.id, "external_id": self.external_id, "user_id": super::BUSINESS,
            "status": self.status, "merchant_name": "Market", "merchant_profile_picture_url": "https://xnd.example/logo.png",
            "amount": number(self.amount), "currency": self.amount.currency, "description": self.description,
            "expiry_date": self.expires.to_string(), "invoice_url": format!("{base_url}/web/{}", self.id),
            "available_banks": [], "available_retail_outlets": [], "available_ewallets": [], "available_qr_codes": [],
            "available_direct_debits": [], "available_paylaters": [], "should_exclude_credit_card": false,
            "should_send_email": false, "success_redirect_url": self.success_url,
            "failure_redirect_url": self.success_url, "created": self.created.to_string(),
            "updated": self.updated.to_string(),
        });
        if self.is_paid() {
            all["paid_amount"] = number(self.paid.unwrap_or(self.amount));
            all["paid_at"] = json!(self.paid_at.map(|at| at.to_string()));
            all["payment_method"] = json!("CREDIT_CARD");
        }
        all
    }

    /// As a webhook has it: flat, and shorter.
    pub(super) fn news(&self) -> Value {
        let mut all = json!({
            "id": self.id, "external_id": self.external_id, "user_id": super::BUSINESS, "is_high": false,
            "status": self.status, "merchant_name": "Market", "amount": number(self.amount),
            "currency": self.amount.currency, "description": self.description, "created": self.created.to_string(),
            "updated": self.updated.to_string(),
        });
        if self.is_paid() {
            all["paid_amount"] = number(self.paid.unwrap_or(self.amount));
            all["paid_at"] = json!(self.paid_at.map(|at| at.to_string()));
            all["payment_method"] = json!("CREDIT_CARD");
        }
        all
    }
}

impl Refund {
    pub fn json(&self) -> Value {
        json!({
            "id": self.id, "payment_id": format!("py-{}", self.invoice), "invoice_id": self.invoice,
            "amount": number(self.amount), "currency": self.amount.currency, "channel_code": "VISA",
            "payment_method_type": "CARD", "country": "PH", "status": self.status, "reason": self.reason,
            "reference_id": self.reference, "failure_code": (self.status == "FAILED").then_some("REFUND_FAILED"),
            "refund_fee_amount": null, "created": self.created.to_string(), "updated": self.updated.to_string(),
            "metadata": null,
        })
    }

    pub fn news(&self) -> Value {
        let event = if self.status == "FAILED" { "refund.failed" } else { "refund.succeeded" };
        json!({"event": event, "business_id": "6094fa76c2fd53701b8e079c", "created": self.updated.to_string(), "data": self.json()})
    }
}

impl State {
    /// The buyer pays. False if there is nothing (more) to pay.
    pub(super) fn pay(&mut self, id: &str, way: Way, now: Timestamp) -> Option<Vec<News>> {
        let invoice =
            self.invoices.get_mut(id).filter(|i| i.status == "PENDING" && i.due.is_none() && i.expires > now)?;
        invoice.way = Some(way);
        match way {
            Way::Declined => return Some(Vec::new()),
            Way::Slow => {
                invoice.due = Some(now.plus(SLOW));
                return Some(Vec::new());
            }
            Way::Silent => invoice.is_silent = true,
            _ => {}
        }
        Some(vec![self.receive(id, now)])
    }

    fn receive(&mut self, id: &str, now: Timestamp) -> News {
        if let Some(invoice) = self.invoices.get_mut(id) {
            (invoice.status, invoice.due, invoice.paid_at, invoice.updated) = ("PAID", None, Some(now), now);
            self.journal.push((id.to_owned(), invoice.paid.unwrap_or(invoice.amount).amount_minor));
        }
        News::Invoice(id.to_owned())
    }

    /// What has gone back of an invoice, or is on its way.
    pub(super) fn gone(&self, invoice: &str) -> i64 {
        let of = self.refunds.values().filter(|refund| refund.invoice == invoice && refund.status != "FAILED");
        of.map(|refund| refund.amount.amount_minor).sum()
    }

    pub(super) fn give_back(&mut self, refund: Refund) -> Option<News> {
        let way = self.invoices.get(&refund.invoice).and_then(|invoice| invoice.way);
        let slow = matches!(way, Some(Way::SlowRefund | Way::FailingRefund));
        let id = refund.id.clone();
        let due = slow.then(|| refund.created.plus(SLOW));
        let status = if slow { "PENDING" } else { "SUCCEEDED" };
        if !slow {
            self.journal.push((refund.invoice.clone(), -refund.amount.amount_minor));
        }
        self.refunds.insert(id.clone(), Refund { due, status, ..refund });
        (!slow).then_some(News::Refund(id))
    }

    /// Timers: what they have changed.
    pub(super) fn tick(&mut self, now: Timestamp) -> Vec<News> {
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let slow: Vec<String> = self.invoices.values().filter(|i| is_due(i.due)).map(|i| i.id.clone()).collect();
        let mut news: Vec<News> = slow.iter().map(|id| self.receive(id, now)).collect();
        for invoice in
            self.invoices.values_mut().filter(|i| i.status == "PENDING" && i.due.is_none() && i.expires <= now)
        {
            (invoice.status, invoice.updated) = ("EXPIRED", now);
            news.push(News::Invoice(invoice.id.clone()));
        }
        for refund in self.refunds.values_mut().filter(|refund| is_due(refund.due)) {
            let fails = self.invoices.get(&refund.invoice).and_then(|i| i.way) == Some(Way::FailingRefund);
            (refund.due, refund.updated) = (None, now);
            refund.status = if fails { "FAILED" } else { "SUCCEEDED" };
            if !fails {
                self.journal.push((refund.invoice.clone(), -refund.amount.amount_minor));
            }
            news.push(News::Refund(refund.id.clone()));
        }
        news
    }
}
