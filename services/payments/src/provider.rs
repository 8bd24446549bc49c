//! The port to payment providers. To add one: implement [`PaymentProvider`], add a line where the
//! service is built.
//!
//! The one thing to know about providers: **no answer is not a no**. A call that ends without an
//! answer may have taken the money. It is [`ProviderError::NoAnswer`], and what became of it is
//! found out by asking, never by assuming.

pub mod bank_transfer;
pub mod by_hand;
pub mod cash_on_delivery;
pub mod direct;
pub mod midtrans;
mod outgoing;
pub mod payouts;
pub mod paypal;
pub mod sandbox;
mod signature;
pub mod stripe;
pub mod xendit;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::{
    disputes::{DisputeStatus, Evidence},
    payments::MethodView,
};
use futures::future::BoxFuture;
use http::HeaderMap;
use kernel::{Country, Currency, Error, Kind, Money, OrderId, RefundId, Result, Timestamp, VendorId};
use serde::Deserialize;

use crate::model::payouts::Recovery;
use direct::{DirectPart, DirectRefund};
use payouts::PayoutProvider;

/// Why a provider did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderError {
    /// Nobody knows whether it was done.
    NoAnswer(String),
    /// It says no, and nothing was done.
    Refused {
        /// Its code: `card_declined`.
        reason: String,
    },
    /// It knows no such thing.
    NotFound,
}

impl From<ProviderError> for Error {
    fn from(error: ProviderError) -> Self {
        let detail = "The payment provider does not answer. Try again.";
        match error {
            ProviderError::NoAnswer(cause) => {
                Self::new(Kind::Unavailable, "provider_no_answer", detail).caused_by(cause)
            }
            ProviderError::Refused { reason } => {
                Self::conflict("provider_refused", format!("The payment provider refused ({reason})."))
            }
            ProviderError::NotFound => {
                Self::conflict("provider_not_found", "The payment provider knows no such payment.")
            }
        }
    }
}

/// What a call to a provider comes to.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, ProviderError>>;
/// What the check of an event comes to.
pub type Verified<'a> = BoxFuture<'a, Result<Option<ProviderEvent>>>;

/// Opens a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPayment {
    /// The same for the same step of the same order, so that it is done once.
    pub key: String,
    /// Order; comes back as [`ProviderPayment::reference`].
    pub order_id: OrderId,
    /// Which of the provider's ways to pay the buyer has chosen.
    pub method: String,
    /// To pay.
    pub amount: Money,
    /// What the buyer reads.
    pub description: String,
    /// Where the buyer comes back to.
    pub return_url: String,
    /// A single-use token that stands for a card.
    pub token: Option<String>,
    /// What vendors get of it themselves; see [`PaymentProvider::pays_directly`].
    pub direct: Vec<DirectPart>,
}

/// Where a payment stands at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderStatus {
    /// The buyer has to act on this page.
    RequiresAction {
        /// Its address.
        url: String,
    },
    /// The provider is working on it.
    Processing,
    /// The courier collects the money when handing the order over.
    Promised,
    /// The buyer has agreed; the money is still to be taken.
    Authorised,
    /// The money is there.
    Succeeded,
    /// It will not come.
    Failed {
        /// Why.
        reason: String,
    },
}

/// A payment as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderPayment {
    /// The provider's id.
    pub id: String,
    /// What we called it: the order.
    pub reference: String,
    /// To pay.
    pub amount: Money,
    /// Taken from the buyer.
    pub captured: Money,
    /// What the provider keeps of that, in the same currency; none as long as it does not say, or charges it otherwise.
    pub fee: Option<Money>,
    /// True if real money moves.
    pub livemode: bool,
    /// True if the money goes to another account than ours, as far as the provider says to which.
    pub is_elsewhere: bool,
    /// What vendors get of it themselves.
    pub direct: Vec<DirectPart>,
    /// Where it stands.
    pub status: ProviderStatus,
}

/// Gives money back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundCommand {
    /// The same for the same refund, so that it is done once.
    pub key: String,
    /// The provider's id of the payment.
    pub payment_ref: String,
    /// Our refund; comes back in [`ProviderRefund::refund_id`].
    pub refund_id: RefundId,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Out of which vendor's part, if that has got the money itself.
    pub direct: Option<DirectRefund>,
}

/// Where a refund stands at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundState {
    /// On its way.
    Pending,
    /// Arrived.
    Succeeded,
    /// Came back.
    Failed,
}

/// A refund as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRefund {
    /// The provider's id.
    pub id: String,
    /// Our refund, if it was we who asked.
    pub refund_id: Option<RefundId>,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
}

/// A dispute as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDispute {
    /// The provider's id.
    pub id: String,
    /// What [`PaymentProvider::fetch`] takes for the payment.
    pub payment_ref: String,
    /// What is disputed.
    pub amount: Money,
    /// Whose part, if a vendor has got the money itself.
    pub of_vendor: Option<VendorId>,
    /// Why: `fraudulent`, `product_not_received` …
    pub reason: String,
    /// Where it stands.
    pub status: DisputeStatus,
    /// Until when evidence is taken.
    pub evidence_due: Option<Timestamp>,
    /// Whether the amount was taken out of our balance. A question of the buyer's bank does not do that yet.
    pub is_withdrawn: bool,
    /// What is taken for it, in the payment's currency; zero where that is charged otherwise.
    pub fee: Money,
    /// True if real money moves.
    pub livemode: bool,
}

/// How a dispute is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerCommand {
    /// The same for the same answer, so that it is given once.
    pub key: String,
    /// The provider's id of the dispute.
    pub dispute_ref: String,
    /// The evidence; none: it is given up.
    pub evidence: Option<Evidence>,
}

/// A payment with what has become of its money, as far as the provider tells it by the payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aftermath {
    /// The payment.
    pub payment: ProviderPayment,
    /// What went back, whoever has sent it.
    pub refunds: Vec<ProviderRefund>,
    /// What is disputed of it, or was.
    pub disputes: Vec<ProviderDispute>,
    /// What a dispute would be called, of a payment that says itself that nothing of it is disputed, or not any more.
    pub undisputed: Option<String>,
}

impl Aftermath {
    /// Nothing has become of it.
    pub fn none(payment: ProviderPayment) -> Self {
        Self { payment, refunds: Vec::new(), disputes: Vec::new(), undisputed: None }
    }
}

/// A verified event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's id of the event.
    pub id: String,
    /// The provider's name for what happened.
    pub kind: String,
    /// The provider's id of the payment; of the account, if it is about one.
    pub payment_ref: String,
    /// The provider's id of the refund, if it is about one.
    pub refund_ref: Option<String>,
    /// The provider's id of the dispute, if it is about one.
    pub dispute_ref: Option<String>,
    /// The provider's id of a vendor's account, if it is about one.
    pub account_ref: Option<String>,
}

impl ProviderEvent {
    /// An event about a payment.
    pub fn new(id: impl Into<String>, kind: impl Into<String>, payment_ref: impl Into<String>) -> Self {
        let (id, kind, payment_ref) = (id.into(), kind.into(), payment_ref.into());
        Self { id, kind, payment_ref, refund_ref: None, dispute_ref: None, account_ref: None }
    }
    /// An event about a vendor's account.
    pub fn of_account(id: impl Into<String>, kind: impl Into<String>, account_ref: impl Into<String>) -> Self {
        let account_ref = account_ref.into();
        Self { account_ref: Some(account_ref.clone()), ..Self::new(id, kind, account_ref) }
    }
}

/// A payment in the provider's own journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalItem {
    /// Where the journal continues behind it.
    pub position: String,
    /// The provider's id of the payment.
    pub payment_ref: String,
    /// What we called it.
    pub reference: String,
    /// True if the journal names a part of the payment that came to us, and not the payment as we know it.
    pub is_part: bool,
    /// Taken from the buyer.
    pub captured: Money,
    /// What the provider keeps of that, as in [`ProviderPayment::fee`].
    pub fee: Option<Money>,
    /// Opened at.
    pub created_at: Timestamp,
}

/// In which order a journal tells of payments, and so whether it has to be gone through again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalOrder {
    /// As they were paid: what was passed is known.
    Paid,
    /// As they were opened: what was not paid when it was passed may be paid later.
    Opened,
    /// The same; and without a position it begins with the latest, not with the first.
    OpenedLately,
}

/// A payment provider.
pub trait PaymentProvider: Send + Sync {
    /// Name in tables and addresses.
    fn name(&self) -> &'static str;
    /// Ways to pay it offers.
    fn methods(&self) -> Vec<MethodView>;
    /// Whether real money moves; a payment in the other mode is never believed.
    fn livemode(&self) -> bool;
    /// Whether it has to be asked how an open payment stands. Not where the answer can change by our doing alone.
    fn is_asked(&self) -> bool {
        true
    }
    /// How long a courier has for handing over what it collects, until somebody has to look; none where nobody collects.
    fn collect_within(&self) -> Option<Duration> {
        None
    }
    /// Opens a payment.
    fn open(&self, payment: OpenPayment) -> Answer<'_, ProviderPayment>;
    /// A payment by the provider's id.
    fn fetch<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, ProviderPayment>;
    /// All payments that were opened for an order, none of them before `since`, oldest first.
    fn find_by_reference(&self, order_id: OrderId, since: Timestamp) -> Answer<'_, Vec<ProviderPayment>>;
    /// Takes the money of a payment that the buyer has agreed to. Refused if there is nothing (more) to take.
    fn capture<'a>(&'a self, payment_ref: &'a str, amount: Money, key: String) -> Answer<'a, ProviderPayment>;
    /// Calls a payment off that nobody has paid. Refused if it is too late.
    fn cancel<'a>(&'a self, payment_ref: &'a str, key: String) -> Answer<'a, ProviderPayment>;
    /// Gives money back.
    fn refund(&self, command: RefundCommand) -> Answer<'_, ProviderRefund>;
    /// A refund by the provider's id.
    fn fetch_refund<'a>(&'a self, refund_ref: &'a str) -> Answer<'a, ProviderRefund>;
    /// A refund of a payment by our own id, if the provider has ever heard of it.
    fn find_refund<'a>(&'a self, payment_ref: &'a str, refund_id: RefundId) -> Answer<'a, Option<ProviderRefund>>;
    /// A dispute by the provider's id. Some providers tell of none.
    fn fetch_dispute<'a>(&'a self, _dispute_ref: &'a str) -> Answer<'a, ProviderDispute> {
        Box::pin(async { Err(ProviderError::NotFound) })
    }
    /// Answers a dispute. Refused if it is too late, or if the evidence will not do.
    fn answer_dispute(&self, _command: AnswerCommand) -> Answer<'_, ProviderDispute> {
        Box::pin(async { Err(ProviderError::NotFound) })
    }
    /// Checks signature and age of an event on the bytes as they came. None if it is the provider's, but about
    /// nothing that concerns us.
    ///
    /// # Errors
    /// Malformed, if it is not from the provider, too old, or of another account or mode.
    fn verify_webhook<'a>(&'a self, headers: &'a HeaderMap, body: &'a [u8], now: Timestamp) -> Verified<'a>;
    /// The provider's own journal behind a position, oldest first; empty at the end, or if it has none.
    fn journal<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Vec<JournalItem>>;
    /// In which order its journal is.
    fn journal_order(&self) -> JournalOrder {
        JournalOrder::Paid
    }
    /// Whether [`Self::look_back`] tells more than [`Self::fetch`] does.
    fn looks_back(&self) -> bool {
        false
    }
    /// A payment by the provider's id, with what has become of it.
    fn look_back<'a>(&'a self, payment_ref: &'a str) -> Answer<'a, Aftermath> {
        Box::pin(async move { self.fetch(payment_ref).await.map(Aftermath::none) })
    }
    /// Whether vendors with an account there can get their parts of a payment themselves, and of how many in one.
    fn pays_directly(&self) -> Option<usize> {
        None
    }
    /// The same provider as one that pays vendors, if it does and is set up to.
    fn payouts(&self) -> Option<&dyn PayoutProvider> {
        None
    }
}

/// Where a way to pay is offered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Offer {
    /// To these countries; none: to all.
    pub countries: Vec<Country>,
    /// In these currencies; none: in all.
    pub currencies: Vec<Currency>,
}

/// Refuses offers of a way to pay that nobody has, or in a currency in which it cannot be had, and two ways of one name.
pub fn check_offers(views: &[MethodView], offers: &BTreeMap<String, Offer>) -> Result<()> {
    for (n, view) in views.iter().enumerate() {
        let MethodView { method, currencies, .. } = view;
        if views[..n].iter().any(|other| other.method == *method) {
            let reason = format!("Two payment providers offer “{method}”: turn it off at one of them.");
            return Err(Error::invalid("payments", reason));
        }
        let cannot = |c: &&Currency| !currencies.is_empty() && !currencies.contains(c);
        if let Some(currency) = offers.get(method).and_then(|offer| offer.currencies.iter().find(cannot)) {
            let reason = format!("“{method}” cannot be had in {currency}.");
            return Err(Error::invalid(format!("payments.methods.{method}"), reason));
        }
    }
    if let Some(unknown) = offers.keys().find(|method| !views.iter().any(|view| view.method == **method)) {
        let reason = format!("No payment provider that is set up offers “{unknown}”.");
        return Err(Error::invalid(format!("payments.methods.{unknown}"), reason));
    }
    Ok(())
}

/// Refuses real money beside a sandbox in which everybody can print it.
pub fn check_modes(is_live: bool, has_sandbox: bool) -> Result<()> {
    if is_live && has_sandbox {
        let reason = "Real money and the sandbox do not go together: whoever likes could pay with a test card.";
        return Err(Error::invalid("payments.sandbox.base_url", reason));
    }
    Ok(())
}

/// The providers of this installation, in the order in which their ways to pay are offered.
#[derive(Clone, Default)]
pub struct Providers {
    all: Vec<Arc<dyn PaymentProvider>>,
    offers: BTreeMap<String, Offer>,
}

impl Providers {
    /// These, everywhere.
    pub fn new(all: impl IntoIterator<Item = Arc<dyn PaymentProvider>>) -> Self {
        Self { all: all.into_iter().collect(), offers: BTreeMap::new() }
    }
    /// These, where `offers` say so.
    ///
    /// # Errors
    /// Invalid if an offer is of a way to pay that nobody has, if two have the same, or if real money would be taken
    /// beside a sandbox in which everybody can print it.
    pub fn offered(all: Vec<Arc<dyn PaymentProvider>>, offers: BTreeMap<String, Offer>) -> Result<Self> {
        let views: Vec<MethodView> = all.iter().flat_map(|p| p.methods()).collect();
        check_offers(&views, &offers)?;
        check_modes(all.iter().any(|p| p.livemode()), all.iter().any(|p| p.name() == "sandbox"))?;
        Ok(Self { all, offers })
    }
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn PaymentProvider>> {
        self.all.iter()
    }
    /// Ways to pay, with where they are offered.
    pub fn methods(&self) -> Vec<MethodView> {
        self.all.iter().flat_map(|provider| self.methods_of(&**provider)).collect()
    }
    fn methods_of(&self, provider: &dyn PaymentProvider) -> impl Iterator<Item = MethodView> {
        provider.methods().into_iter().map(|view| match self.offers.get(&view.method) {
            Some(Offer { countries, currencies }) => {
                let currencies = if currencies.is_empty() { view.currencies } else { currencies.clone() };
                MethodView { countries: countries.clone(), currencies, ..view }
            }
            None => view,
        })
    }
    /// The one with this name.
    pub fn named(&self, name: &str) -> Option<&Arc<dyn PaymentProvider>> {
        self.all.iter().find(|provider| provider.name() == name)
    }
    /// The one that has opened a payment.
    ///
    /// # Errors
    /// Internal, if it was taken out of the configuration.
    pub fn get(&self, name: &str) -> Result<&Arc<dyn PaymentProvider>> {
        self.named(name).ok_or_else(|| Error::internal(format!("the provider “{name}” is not configured any more")))
    }
    /// The one with this name, if it pays vendors.
    pub fn paying(&self, name: &str) -> Option<&dyn PayoutProvider> {
        self.named(name)?.payouts()
    }
    /// Refuses to take back through providers that cannot.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check_recovery(&self, recover: &BTreeMap<String, Recovery>) -> Result<()> {
        for (name, _) in recover.iter().filter(|(_, recovery)| **recovery == Recovery::Reversal) {
            if self.paying(name).and_then(PayoutProvider::reversals).is_none() {
                let reason = "This provider pays no vendors, or cannot take back what it has transferred: use netting.";
                return Err(Error::invalid(format!("payments.payouts.recover.{name}"), reason));
            }
        }
        Ok(())
    }
    /// True if there is one that takes back what it has transferred.
    pub fn can_reverse(&self) -> bool {
        self.payers().any(|(_, provider)| provider.reversals().is_some())
    }
    /// Those that pay vendors, with their names.
    pub fn payers(&self) -> impl Iterator<Item = (&'static str, &dyn PayoutProvider)> {
        self.all.iter().filter_map(|provider| Some((provider.name(), provider.payouts()?)))
    }
    /// The one that offers a way to pay for an order of this total to this country; `has_undelivered`: no courier brings some of it.
    pub fn offering(
        &self,
        method: &str,
        country: &Country,
        total: Money,
        has_undelivered: bool,
    ) -> Option<&Arc<dyn PaymentProvider>> {
        let fits = |view: &MethodView| view.is_offered(country, total.currency) && view.takes(total, has_undelivered);
        let offers = |provider: &&Arc<dyn PaymentProvider>| {
            self.methods_of(&***provider).any(|view| view.method == method && fits(&view))
        };
        self.all.iter().find(offers)
    }
}
