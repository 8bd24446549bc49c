//! Stripe. The buyer pays on Stripe's own page (a Checkout session), so no card ever comes near Souk; a client that
//! has tokenised a card with Stripe itself may send the token instead, and 3-D Secure then happens on Stripe's page.
//!
//! A payment's id is that of the session (`cs_…`), or of the payment intent (`pi_…`) where there is no session.

mod connect;
mod events;
mod objects;
mod settings;

use bytes::Bytes;
use contracts::{client::segment, payments::MethodView};
use futures::{StreamExt, TryStreamExt, stream};
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use kernel::{Money, OrderId, RefundId, Result, Secret, Timestamp};
use runtime::Env;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Aftermath, Answer, AnswerCommand, JournalItem, JournalOrder, OpenPayment, PaymentProvider, ProviderDispute,
    ProviderError, ProviderPayment, ProviderRefund, ProviderStatus, RefundCommand, Verified, outgoing::Outgoing,
    payouts::PayoutProvider, signature,
};
use objects::{CHECKOUT, Dispute, Intent, Page, Refund, Session, Trouble};

pub use objects::amount_out;

pub use settings::StripeSettings;

/// The version of the API that is spoken, whatever the account's is.
const VERSION: &str = "2024-06-20";
/// Header with the signature of an event.
const SIGNATURE: &str = "stripe-signature";
/// Objects of a list read at once.
const PAGE: usize = 100;
/// Pages read in search of a payment, before it is given up for now.
const PAGES_MAX: usize = 50;
/// How far Stripe's clock and ours may differ.
const CLOCKS_DIFFER_S: i64 = 300;
/// For so long after an order was placed its payment may be opened.
const OPENED_WITHIN_S: i64 = 24 * 3600;
/// Sessions of the journal asked for at a time.
const AT_ONCE: usize = 4;

/// Parameters of a call.
type Form = Vec<(&'static str, String)>;

/// Stripe as a provider.
pub struct Stripe {
    settings: StripeSettings,
    outgoing: Outgoing,
}

impl Stripe {
    /// With these settings.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn new(settings: StripeSettings, env: &Env) -> Result<Self> {
        settings.check()?;
        let outgoing =
            Outgoing::new("stripe", &settings.base_url, settings.timeout_ms, env).heeding("stripe-should-retry");
        Ok(Self { settings, outgoing })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        form: &[(&'static str, String)],
    ) -> Result<Response<Bytes>, ProviderError> {
        let form = serde_urlencoded::to_string(form).map_err(|e| refused(format!("form: {e}")))?;
        let mut request = Request::builder()
            .method(&method)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.settings.secret_key.expose()))
            .header("stripe-version", VERSION);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if !self.settings.account.is_empty() {
            request = request.header("stripe-account", &self.settings.account);
        }
        if method == Method::GET {
            let question = if form.is_empty() { path.to_owned() } else { format!("{path}?{form}") };
            return self.outgoing.send(&question, request, Bytes::new()).await;
        }
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.outgoing.send(path, request, Bytes::from(form)).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, form: Form) -> Result<T, ProviderError> {
        read(&self.send(Method::GET, path, None, &form).await?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, key: &str, form: Form) -> Result<T, ProviderError> {
        read(&self.send(Method::POST, path, Some(key), &form).await?)
    }

    async fn session(&self, id: &str) -> Result<Session, ProviderError> {
        let form = vec![expanded("payment_intent"), expanded("payment_intent.latest_charge.balance_transaction")];
        self.get(&format!("/v1/checkout/sessions/{}", segment(&id)), form).await
    }

    async fn intent(&self, id: &str) -> Result<Intent, ProviderError> {
        let form = vec![expanded("latest_charge.balance_transaction")];
        self.get(&format!("/v1/payment_intents/{}", segment(&id)), form).await
    }

    /// The session that has brought a payment intent about.
    async fn session_of(&self, intent: &str) -> Result<Session, ProviderError> {
        let form = vec![
            ("payment_intent", intent.to_owned()),
            expanded("data.payment_intent"),
            expanded("data.payment_intent.latest_charge.balance_transaction"),
        ];
        let page: Page<Session> = self.get("/v1/checkout/sessions", form).await?;
        page.data.into_iter().next().ok_or(ProviderError::NotFound)
    }

    /// Id of the payment intent of a payment. Until the buyer has done something there is none.
    async fn intent_id(&self, payment_ref: &str) -> Result<String, ProviderError> {
        if !is_session(payment_ref) {
            return Ok(payment_ref.to_owned());
        }
        let session = self.session(payment_ref).await?;
        session.payment_intent.map(|intent| intent.id().to_owned()).ok_or_else(|| refused("not_paid"))
    }

    /// Opens Stripe's own page.
    async fn open_session(&self, payment: &OpenPayment) -> Result<ProviderPayment, ProviderError> {
        let order = payment.order_id.to_string();
        let mut form = vec![
            ("mode", "payment".to_owned()),
            ("client_reference_id", order.clone()),
            ("metadata[souk_order]", order.clone()),
            ("line_items[0][quantity]", "1".to_owned()),
            ("line_items[0][price_data][currency]", code(payment.amount)),
            ("line_items[0][price_data][unit_amount]", amount_out(payment.amount)?),
            ("line_items[0][price_data][product_data][name]", payment.description.clone()),
            ("payment_intent_data[metadata][souk_order]", order),
            ("payment_intent_data[metadata][souk_via]", CHECKOUT.to_owned()),
            ("payment_intent_data[description]", payment.description.clone()),
            ("success_url", payment.return_url.clone()),
            ("cancel_url", payment.return_url.clone()),
            expanded("payment_intent"),
        ];
        if payment.method != "automatic" {
            form.push(("payment_method_types[0]", payment.method.clone()));
        }
        if self.settings.capture_later {
            form.push(("payment_intent_data[capture_method]", "manual".to_owned()));
        }
        self.post::<Session>("/v1/checkout/sessions", &payment.key, form).await?.payment()
    }

    /// Charges a card that the client has tokenised with Stripe. A card that is refused leaves a payment behind.
    async fn open_intent(&self, payment: &OpenPayment, token: &str) -> Result<ProviderPayment, ProviderError> {
        let mut form = vec![
            ("amount", amount_out(payment.amount)?),
            ("currency", code(payment.amount)),
            ("confirm", "true".to_owned()),
            ("payment_method", token.to_owned()),
            ("description", payment.description.clone()),
            ("metadata[souk_order]", payment.order_id.to_string()),
            ("return_url", payment.return_url.clone()),
        ];
        form.push(match payment.method.as_str() {
            "automatic" => ("automatic_payment_methods[enabled]", "true".to_owned()),
            method => ("payment_method_types[0]", method.to_owned()),
        });
        if self.settings.capture_later {
            form.push(("capture_method", "manual".to_owned()));
        }
        let response = self.send(Method::POST, "/v1/payment_intents", Some(&payment.key), &form).await?;
        let declined = trouble(&response).filter(|_| response.status() == StatusCode::PAYMENT_REQUIRED);
        match declined.and_then(|trouble| Some((trouble.reason(), trouble.payment_intent?))) {
            Some((reason, intent)) => {
                Ok(ProviderPayment { status: ProviderStatus::Failed { reason }, ..intent.payment()? })
            }
            None => read::<Intent>(&response)?.payment(),
        }
    }

    /// Everything in a list that was made for an order, oldest first.
    async fn made_for<T: DeserializeOwned>(
        &self,
        path: &str,
        since: Timestamp,
        expand: Option<(&'static str, String)>,
        id: fn(&T) -> &str,
        belongs: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, ProviderError> {
        let mut found: Vec<T> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut form = vec![
                ("limit", PAGE.to_string()),
                ("created[gte]", (since.seconds() - CLOCKS_DIFFER_S).to_string()),
                ("created[lte]", (since.seconds() + OPENED_WITHIN_S + CLOCKS_DIFFER_S).to_string()),
            ];
            form.extend(expand.clone());
            form.extend(after.take().map(|id| ("starting_after", id)));
            let page: Page<T> = self.get(path, form).await?;
            after = page.data.last().map(|last| id(last).to_owned());
            found.extend(page.data.into_iter().filter(&belongs));
            if !page.has_more {
                found.reverse();
                return Ok(found);
            }
        }
        Err(ProviderError::NoAnswer("more payments than can be looked through".to_owned()))
    }

    async fn cancel_intent(&self, id: &str, key: &str) -> Result<Intent, ProviderError> {
        self.post(&format!("/v1/payment_intents/{}/cancel", segment(&id)), key, Form::new()).await
    }

    /// Closes the page; once the buyer has agreed there it is the payment that is called off.
    async fn cancel_session(&self, id: &str, key: &str) -> Result<ProviderPayment, ProviderError> {
        let path = format!("/v1/checkout/sessions/{}/expire", segment(&id));
        match self.post::<Session>(&path, key, vec![expanded("payment_intent")]).await {
            Ok(session) => session.payment(),
            Err(refusal @ ProviderError::Refused { .. }) => {
                let session = self.session(id).await?;
                let Some(intent) = session.payment_intent.filter(|_| session.status.as_deref() == Some("complete"))
                else {
                    return Err(refusal);
                };
                self.cancel_intent(intent.id(), &format!("{key}:intent")).await?;
                self.session(id).await?.payment()
            }
            Err(error) => Err(error),
        }
    }

    /// Under which id we know the payment of an intent.
    async fn known_as(&self, intent: &Intent) -> Result<String, ProviderError> {
        match if intent.is_of_session() { self.session_of(&intent.id).await } else { Err(ProviderError::NotFound) } {
            Ok(session) => Ok(session.id),
            Err(ProviderError::NotFound) => Ok(intent.id.clone()),
            Err(error) => Err(error),
        }
    }

    fn webhook_secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        let StripeSettings { webhook_secret, webhook_secret_previous, connect_webhook_secret, .. } = &self.settings;
        let others = [webhook_secret_previous, connect_webhook_secret].into_iter().flatten();
        std::iter::once(webhook_secret).chain(others)
    }
}

fn refused(reason: impl Into<String>) -> ProviderError {
    ProviderError::Refused { reason: reason.into() }
}

fn is_session(payment_ref: &str) -> bool {
    payment_ref.starts_with("cs_")
}

/// A currency as Stripe writes it.
fn code(money: Money) -> String {
    money.currency.code().to_ascii_lowercase()
}

/// Has Stripe send an object instead of its id.
fn expanded(field: &str) -> (&'static str, String) {
    ("expand[]", field.to_owned())
}

fn trouble(response: &Response<Bytes>) -> Option<Trouble> {
    #[derive(Deserialize)]
    struct Refusal {
        error: Trouble,
    }
    serde_json::from_slice::<Refusal>(response.body()).ok().map(|refusal| refusal.error)
}

/// What an answer means.
fn read<T: DeserializeOwned>(response: &Response<Bytes>) -> Result<T, ProviderError> {
    let status = response.status();
    if status.is_success() {
        return serde_json::from_slice(response.body())
            .map_err(|e| ProviderError::NoAnswer(format!("unreadable answer: {e}")));
    }
    let trouble = trouble(response).unwrap_or_default();
    let words = trouble.message.as_deref().unwrap_or_default();
    match status {
        StatusCode::NOT_FOUND => Err(ProviderError::NotFound),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            // Ours to mend, not the buyer's: nothing is called off for it.
            tracing::error!(%status, words, "Stripe does not accept our key: check payments.stripe.secret_key");
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        // The key was used for something else: what was done under it is not known.
        _ if trouble.r#type == "idempotency_error" => {
            tracing::error!(words, "a key was used at Stripe with other parameters");
            Err(ProviderError::NoAnswer("the key was used with other parameters".to_owned()))
        }
        StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => {
            Err(ProviderError::NoAnswer(format!("status {status}")))
        }
        status if status.is_client_error() => {
            if trouble.r#type != "card_error" {
                tracing::warn!(%status, words, "Stripe refused a request");
            }
            Err(refused(trouble.reason()))
        }
        status => Err(ProviderError::NoAnswer(format!("status {status}"))),
    }
}

impl PaymentProvider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn methods(&self) -> Vec<MethodView> {
        self.settings.views()
    }

    fn livemode(&self) -> bool {
        self.settings.live
    }

    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment> {
        Box::pin(async move {
            match &payment.token {
                Some(token) => self.open_intent(&payment, token).await,
                None => self.open_session(&payment).await,
            }
        })
    }

    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            if is_session(payment_ref) {
                return self.session(payment_ref).await?.payment();
            }
            let intent = self.intent(payment_ref).await?;
            if intent.is_of_session() { self.session_of(&intent.id).await?.payment() } else { intent.payment() }
        })
    }

    fn find_by_reference(&self, order_id: OrderId, since: Timestamp) -> Answer<'_, Vec<ProviderPayment>> {
        Box::pin(async move {
            let order = order_id.to_string();
            let of_order = |session: &Session| session.client_reference_id.as_ref() == Some(&order);
            let expand = Some(expanded("data.payment_intent"));
            let path = "/v1/checkout/sessions";
            let sessions = self.made_for(path, since, expand, |session: &Session| &session.id, of_order).await?;
            let alone = |intent: &Intent| intent.order() == Some(order.as_str()) && !intent.is_of_session();
            let intents =
                self.made_for("/v1/payment_intents", since, None, |intent: &Intent| &intent.id, alone).await?;
            let payments = sessions.into_iter().map(Session::payment);
            payments.chain(intents.iter().map(Intent::payment)).collect()
        })
    }

    fn capture<'a>(&'a self, payment_ref: &'a str, amount: Money, key: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            let intent = self.intent_id(payment_ref).await?;
            let form = vec![("amount_to_capture", amount_out(amount)?)];
            let path = format!("/v1/payment_intents/{}/capture", segment(&intent));
            let taken: Intent = self.post(&path, &key, form).await?;
            if is_session(payment_ref) { self.session(payment_ref).await?.payment() } else { taken.payment() }
        })
    }

    fn cancel<'a>(&'a self, payment_ref: &'a str, key: String) -> Answer<'a, ProviderPayment> {
        Box::pin(async move {
            if is_session(payment_ref) {
                return self.cancel_session(payment_ref, &key).await;
            }
            self.cancel_intent(payment_ref, &key).await?.payment()
        })
    }

    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund> {
        Box::pin(async move {
            let form = vec![
                ("payment_intent", self.intent_id(&command.payment_ref).await?),
                ("amount", amount_out(command.amount)?),
                ("metadata[souk_refund]", command.refund_id.to_string()),
                ("metadata[souk_reason]", command.reason.chars().take(200).collect()),
            ];
            self.post::<Refund>("/v1/refunds", &command.key, form).await?.refund()
        })
    }

    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund> {
        Box::pin(async move {
            self.get::<Refund>(&format!("/v1/refunds/{}", segment(&refund_ref)), Form::new()).await?.refund()
        })
    }

    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>> {
        Box::pin(async move {
            let form = vec![("payment_intent", self.intent_id(payment_ref).await?), ("limit", PAGE.to_string())];
            let page: Page<Refund> = self.get("/v1/refunds", form).await?;
            let ours = page.data.into_iter().find(|refund| refund.ours() == Some(refund_id));
            ours.map(Refund::refund).transpose()
        })
    }

    fn fetch_dispute<'a>(&'a self, dispute_ref: &'a str) -> Answer<'a, ProviderDispute> {
        Box::pin(async move {
            let path = format!("/v1/disputes/{}", segment(&dispute_ref));
            self.get::<Dispute>(&path, Form::new()).await?.dispute()
        })
    }

    /// Stripe takes what was written to the buyer as a file alone, so words go where it takes words.
    fn answer_dispute(&self, command: AnswerCommand) -> Answer<'_, ProviderDispute> {
        Box::pin(async move {
            let path = format!("/v1/disputes/{}", segment(&command.dispute_ref));
            let Some(evidence) = command.evidence else {
                let path = format!("{path}/close");
                return self.post::<Dispute>(&path, &command.key, Form::new()).await?.dispute();
            };
            let mut form = vec![("submit", "true".to_owned()), ("evidence[product_description]", evidence.product)];
            form.extend(evidence.carrier.map(|carrier| ("evidence[shipping_carrier]", carrier)));
            form.extend(evidence.tracking_number.map(|number| ("evidence[shipping_tracking_number]", number)));
            form.extend(evidence.communication.map(|words| ("evidence[uncategorized_text]", words)));
            self.post::<Dispute>(&path, &command.key, form).await?.dispute()
        })
    }

    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Verified<'a> {
        Box::pin(async move {
            signature::check(SIGNATURE, self.webhook_secrets(), headers, body, now)?;
            events::read(body, &self.settings)
        })
    }

    fn looks_back(&self) -> bool {
        true
    }

    fn look_back<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, Aftermath> {
        Box::pin(async move {
            let payment = self.fetch(payment_ref).await?;
            if payment.captured.amount_minor == 0 {
                return Ok(Aftermath::none(payment));
            }
            let of_it = vec![("payment_intent", self.intent_id(payment_ref).await?), ("limit", PAGE.to_string())];
            let refunds: Page<Refund> = self.get("/v1/refunds", of_it.clone()).await?;
            let disputes: Page<Dispute> = self.get("/v1/disputes", of_it).await?;
            Ok(Aftermath {
                payment,
                refunds: refunds.data.into_iter().map(Refund::refund).collect::<Result<_, _>>()?,
                disputes: disputes.data.into_iter().map(Dispute::dispute).collect::<Result<_, _>>()?,
                undisputed: None,
            })
        })
    }

    fn payouts(&self) -> Option<&dyn PayoutProvider> {
        self.settings.connect.then_some(self as &dyn PayoutProvider)
    }

    fn journal_order(&self) -> JournalOrder {
        JournalOrder::OpenedLately
    }

    /// Payment intents. On the first time it begins with the last hundred.
    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>> {
        Box::pin(async move {
            let mut form = vec![("limit", PAGE.to_string()), expanded("data.latest_charge.balance_transaction")];
            form.extend(after.map(|after| ("ending_before", after.to_owned())));
            let page: Page<Intent> = self.get("/v1/payment_intents", form).await?;
            let oldest_first = page.data.into_iter().rev();
            let item = |intent: Intent| async move {
                // What holds no money is compared with nothing.
                let known_as = if intent.has_money() { self.known_as(&intent).await? } else { intent.id.clone() };
                intent.item(known_as)
            };
            stream::iter(oldest_first.map(item)).buffered(AT_ONCE).try_collect().await
        })
    }
}
