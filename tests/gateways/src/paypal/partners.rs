//! Sellers who have connected their accounts, and what each account has.

use std::collections::BTreeMap;

use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    FakePayPal, MERCHANT,
    api::{Answer, missing, refused},
    orders::{Refund, Unit, minor},
};

/// A seller.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    tracking: String,
    is_confirmed: bool,
    is_consented: bool,
}

/// What accounts have got, less what they have given.
#[derive(Debug, Default)]
pub(super) struct Accounts(BTreeMap<String, i64>);

impl Accounts {
    pub fn add(&mut self, account: &str, minor: i64) {
        *self.0.entry(account.to_owned()).or_default() += minor;
    }
    /// A part is taken: the platform keeps its fee.
    pub fn take(&mut self, unit: &Unit) {
        self.add(&unit.payee, minor(&unit.value) - minor(&unit.fee));
        self.add(MERCHANT, minor(&unit.fee));
    }
    /// A refund is made, of which the platform gives some.
    pub fn give(&mut self, payee: &str, refund: &Refund) {
        self.add(payee, minor(&refund.fee) - minor(&refund.value));
        self.add(MERCHANT, -minor(&refund.fee));
    }
}

/// In whose name a call is made.
pub(super) fn acts_for(headers: &HeaderMap) -> Option<String> {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let assertion = headers.get("paypal-auth-assertion")?.to_str().ok()?;
    let claims = URL_SAFE_NO_PAD.decode(assertion.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims["payer_id"].as_str()?.to_owned())
}

impl FakePayPal {
    /// What an account has, in hundredths.
    pub fn balance(&self, account: &str) -> i64 {
        self.state().accounts.0.get(account).copied().unwrap_or(0)
    }

    /// A seller has come through the page that was made under this name of ours, and has this account.
    pub fn connect(&self, tracking: &str, account: &str) {
        let seller = Seller { tracking: tracking.to_owned(), is_confirmed: true, is_consented: true };
        self.state().sellers.insert(account.to_owned(), seller);
        let resource = json!({"merchant_id": account, "tracking_id": tracking, "partner_client_id": "app-1"});
        self.tell("MERCHANT.ONBOARDING.COMPLETED", "merchant-onboarding", resource, "");
    }

    /// A seller takes back what it has allowed, or has not confirmed its address.
    pub fn change_seller(&self, account: &str, is_consented: bool, is_confirmed: bool, tells: bool) {
        if let Some(seller) = self.state().sellers.get_mut(account) {
            (seller.is_consented, seller.is_confirmed) = (is_consented, is_confirmed);
        }
        if tells {
            let resource = json!({"merchant_id": account});
            self.tell("MERCHANT.PARTNER-CONSENT.REVOKED", "partner-consent", resource, "");
        }
    }

    /// From now on nothing may be given back in the name of this seller.
    pub fn forbid_refunds(&self, account: &str) {
        self.state().forbidden.push(account.to_owned());
    }

    /// Somebody has had an order's parts of one account go to another.
    pub fn redirect(&self, order: &str, from: &str, to: &str) {
        for unit in self.state().orders.get_mut(order).into_iter().flat_map(|order| &mut order.units) {
            if unit.payee == from {
                to.clone_into(&mut unit.payee);
            }
        }
    }

    /// Why these parts cannot be paid as they are asked for.
    pub(super) fn objection(&self, units: &[Unit]) -> Option<&'static str> {
        let state = self.state();
        let can = |unit: &Unit| {
            unit.payee == MERCHANT || state.sellers.get(&unit.payee).is_some_and(|seller| seller.is_consented)
        };
        if !units.iter().all(can) {
            return Some("PAYEE_ACCOUNT_RESTRICTED");
        }
        units.iter().any(|unit| minor(&unit.fee) > minor(&unit.value)).then_some("PLATFORM_FEE_EXCEEDED")
    }

    pub(super) fn refer(&self, body: &Value) -> Answer {
        let tracking = body["tracking_id"].as_str().unwrap_or_default().to_owned();
        let features =
            &body["operations"][0]["api_integration_preference"]["rest_api_integration"]["third_party_details"];
        if tracking.is_empty() || !features["features"].is_array() || body["legal_consents"][0]["granted"] != true {
            return refused(400, "INVALID_REQUEST", "MISSING_REQUIRED_PARAMETER");
        }
        let back = body["partner_config_override"]["return_url"].as_str().unwrap_or_default().to_owned();
        self.state().referrals.insert(tracking.clone(), back);
        let base = &self.inner.config.base_url;
        let links = json!([
            {"rel": "self", "method": "GET", "href": format!("{base}/v2/customer/partner-referrals/{tracking}")},
            {"rel": "action_url", "method": "GET", "href": format!("{base}/bizsignup/partner/entry?referralToken={tracking}")},
        ]);
        (201, json!({"links": links}), false)
    }

    /// Who has come through under this name.
    pub(super) fn find_seller(&self, query: &str) -> Answer {
        let Some(tracking) = query.strip_prefix("tracking_id=") else { return missing() };
        let tracking = tracking.replace("%3A", ":");
        let state = self.state();
        let known = state.sellers.iter().find(|(_, seller)| seller.tracking == tracking);
        known
            .map_or_else(missing, |(account, _)| (200, json!({"merchant_id": account, "tracking_id": tracking}), false))
    }

    pub(super) fn show_seller(&self, account: &str) -> Answer {
        let state = self.state();
        let Some(seller) = state.sellers.get(account) else { return missing() };
        let consent = json!([{"integration_type": "OAUTH_THIRD_PARTY", "oauth_third_party": [{"scopes": ["x"]}]}]);
        let json = json!({
            "merchant_id": account, "tracking_id": seller.tracking, "payments_receivable": true,
            "primary_email_confirmed": seller.is_confirmed,
            "oauth_integrations": if seller.is_consented { consent } else { json!([]) },
        });
        (200, json, false)
    }
}
