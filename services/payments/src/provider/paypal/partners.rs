//! Partner referrals: vendors connect their PayPal accounts to the platform on PayPal's pages, and allow it to take payments and
//! give them back in their name. As long as a vendor has not come through PayPal knows it by our name for it alone; then by the
//! merchant id of its account.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::client::segment;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, PayPal, payouts::is_merchant_id, read};
use crate::provider::{
    Answer, ProviderError,
    payouts::{Accounts, OnboardingPage, OpenAccount, ProviderAccount},
};

/// What the platform may do in the name of a vendor.
const FEATURES: [&str; 3] = ["PAYMENT", "REFUND", "PARTNER_FEE"];

/// Says in whose name a call is made. It is not signed: the call is ours, and PayPal knows what the vendor has allowed us.
pub fn assertion(client_id: &str, account: &str) -> String {
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", encode(json!({"alg": "none"})), encode(json!({"iss": client_id, "payer_id": account})))
}

/// What there is to do next.
#[derive(Debug, Deserialize)]
struct Referral {
    links: Vec<Link>,
}

#[derive(Debug, Deserialize)]
struct Link {
    href: String,
    rel: String,
}

/// Who has come through under one of our names.
#[derive(Debug, Deserialize)]
struct Known {
    merchant_id: String,
}

/// How far a vendor's account has come.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Integration {
    merchant_id: String,
    payments_receivable: bool,
    primary_email_confirmed: bool,
    oauth_integrations: Vec<Value>,
}

impl Integration {
    fn account(self) -> ProviderAccount {
        let wanted = [
            ("oauth_integration", !self.oauth_integrations.is_empty()),
            ("primary_email_confirmed", self.primary_email_confirmed),
            ("payments_receivable", self.payments_receivable),
        ];
        let due: Vec<String> =
            wanted.into_iter().filter(|(_, is_done)| !is_done).map(|(name, _)| name.to_owned()).collect();
        ProviderAccount { id: self.merchant_id, is_ready: due.is_empty(), due, problem: None }
    }
}

impl PayPal {
    fn integrations(&self) -> String {
        format!("/v1/customer/partners/{}/merchant-integrations", self.settings.merchant_id)
    }
}

impl Accounts for PayPal {
    /// There is nothing to be made: the account is the vendor's own, and comes to be known when the vendor connects it.
    fn open_account(&self, account: OpenAccount) -> Answer<'_, ProviderAccount> {
        let due = vec!["paypal_account".to_owned()];
        Box::pin(async move { Ok(ProviderAccount { id: account.key, is_ready: false, due, problem: None }) })
    }

    fn account<'a>(&'a self, account_ref: &'a str) -> Answer<'a, ProviderAccount> {
        Box::pin(async move {
            let merchant_id = if is_merchant_id(account_ref) {
                account_ref.to_owned()
            } else {
                let path = format!("{}?tracking_id={}", self.integrations(), segment(&account_ref));
                match self.get::<Known>(&path).await {
                    Ok(known) => known.merchant_id,
                    Err(ProviderError::NotFound) => {
                        let (id, due) = (account_ref.to_owned(), vec!["paypal_account".to_owned()]);
                        return Ok(ProviderAccount { id, is_ready: false, due, problem: None });
                    }
                    Err(error) => return Err(error),
                }
            };
            let path = format!("{}/{}", self.integrations(), segment(&merchant_id));
            let seen: Integration = self.get(&path).await?;
            Ok(ProviderAccount { id: merchant_id, ..seen.account() })
        })
    }

    /// Without a key: every page is good for one visit, and another one does no harm.
    fn onboarding_page(&self, page: OnboardingPage) -> Answer<'_, String> {
        Box::pin(async move {
            let details = json!({"features": FEATURES});
            let rest = json!({
                "integration_method": "PAYPAL", "integration_type": "THIRD_PARTY", "third_party_details": details,
            });
            let operation = json!({
                "operation": "API_INTEGRATION",
                "api_integration_preference": {"rest_api_integration": rest},
            });
            let body = json!({
                "tracking_id": page.account_ref, "operations": [operation], "products": ["EXPRESS_CHECKOUT"],
                "legal_consents": [{"type": "SHARE_DATA_CONSENT", "granted": true}],
                "partner_config_override": {
                    "return_url": page.return_url, "action_renewal_url": page.refresh_url,
                },
            });
            let call = Call { body: body.to_string().into(), ..Call::post("/v2/customer/partner-referrals") };
            let referral: Referral = read(&self.call(call).await?)?;
            let action = referral.links.into_iter().find(|link| link.rel == "action_url");
            action.map(|link| link.href).ok_or_else(|| ProviderError::NoAnswer("a referral without a page".to_owned()))
        })
    }
}
