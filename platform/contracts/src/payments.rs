//! Payments, refunds, the ledger, what vendors have earned.

use garde::Validate;
use kernel::{
    Country, DisputeId, EntryId, Money, OrderId, Page, PageRequest, PaymentId, PayoutId, RefundId, Timestamp, VendorId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::books::{
    AccountBalance, EntryView, LedgerQuery, MoneyDay, MoneyReport, MoneySums, PostingView, TrialBalance,
    TrialBalanceQuery,
};
use crate::disputes::{
    DisputeQuery, DisputeView, Evidence, PaymentDisputeClosed, PaymentDisputeOpened, VendorDisputeQuery,
    VendorDisputeView,
};
use crate::invoices::{InvoiceMonth, InvoiceMonthQuery, InvoiceQuery, InvoiceView};
pub use crate::methods::{BankAccount, MethodView};
pub use crate::payment_queries::{PaymentQuery, PaymentsFileQuery};
use crate::payouts::{
    ConnectPayoutAccount, ConnectedPayoutAccount, PayoutAccountView, PayoutFailure, PayoutQuery, PayoutRouteView,
    PayoutRunRequest, PayoutRunView, PayoutTermsView, PayoutView, PayoutsOverview, SetPayoutAccount, SetPayoutTerms,
    StatementQuery, StatementView,
};
use crate::queue::{ReviewDetail, ReviewItem, ReviewQuery, ReviewRequest, Unexplained, WebhookQuery, WebhookView};
use crate::reserves::{ReserveTerms, VendorMoney};

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Known, not yet opened: stock is not held yet.
    Pending,
    /// Being opened with the provider.
    Opening,
    /// The buyer has to act on the provider's page.
    RequiresAction,
    /// The provider is working on it.
    Processing,
    /// The provider did not answer; it is being asked.
    Unknown,
    /// The courier collects it when handing the order over.
    Promised,
    /// The money is there.
    Captured,
    /// The provider said no.
    Failed,
    /// Called off before anything was captured.
    Cancelled,
    /// Captured and returned whole.
    Refunded,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentView {
    /// Id.
    pub id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Order's number.
    pub order_number: String,
    /// Provider.
    pub provider: String,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// To pay.
    pub amount: Money,
    /// What of that is paid with stored value; the provider is asked for the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered: Option<Money>,
    /// What the courier has to collect, while that is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_collect: Option<Money>,
    /// Captured.
    pub captured: Money,
    /// Returned or on its way back.
    pub refunded: Money,
    /// Bound by disputes that are open, or lost in them: it cannot be returned.
    pub disputed: Money,
    /// Why it failed.
    pub failure: Option<String>,
    /// Returns.
    pub refunds: Vec<RefundView>,
    /// Opened at.
    pub created_at: Timestamp,
}

impl PaymentView {
    /// What the provider is asked for.
    pub fn of_provider(&self) -> Money {
        without(self.amount, self.covered)
    }
}

/// Money on its way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundView {
    /// Id.
    pub id: RefundId,
    /// How much.
    pub amount: Money,
    /// What of that goes back to stored value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_credit: Option<Money>,
    /// Why.
    pub reason: String,
    /// `pending`, `succeeded`, `failed`.
    pub status: String,
    /// Asked for at.
    pub created_at: Timestamp,
}

impl RefundView {
    /// What the provider gives back.
    pub fn by_provider(&self) -> Money {
        without(self.amount, self.to_credit)
    }
}

/// What of an amount is not stored value.
fn without(amount: Money, stored: Option<Money>) -> Money {
    stored.and_then(|stored| amount.minus(stored).ok()).unwrap_or(amount)
}

/// An attempt at paying an order: one way to pay, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptView {
    /// Counts up from 1 within the payment.
    pub position: i64,
    /// Provider.
    pub provider: String,
    /// Way to pay.
    pub method: String,
    /// How it ended, or where it stands.
    pub status: PaymentStatus,
    /// What the provider was asked for.
    pub amount: Money,
    /// The provider's id.
    pub provider_ref: Option<String>,
    /// Why it ended.
    pub failure: Option<String>,
    /// When it was opened with the provider.
    pub began_at: Option<Timestamp>,
    /// When it was over: paid, refused or called off.
    pub ended_at: Option<Timestamp>,
}

/// The same for the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OrderAttempt {
    /// Way to pay.
    pub method: String,
    /// How it ended, or where it stands.
    pub status: PaymentStatus,
    /// When it was over, or else when it began.
    pub at: Option<Timestamp>,
}

/// Returns money (admins). Needs an `Idempotency-Key`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// How much, in minor units.
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub amount_minor: i64,
    /// Why.
    #[garde(length(chars, min = 1, max = 300))]
    pub reason: String,
    /// The vendor who bears it; shared by their parts of the order if left out.
    #[serde(default)]
    #[garde(skip)]
    pub vendor_id: Option<VendorId>,
}

/// What a vendor has earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EarningsView {
    /// What the platform owes the vendor now, per currency.
    pub balances: Vec<Money>,
    /// Sold in the last 30 days, with tax and shipping.
    pub sales_30d: Vec<Money>,
    /// Commission in the last 30 days.
    pub commission_30d: Vec<Money>,
    /// Returned in the last 30 days.
    pub refunds_30d: Vec<Money>,
}

/// A movement on a vendor's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VendorMovement {
    /// Journal entry.
    pub entry_id: EntryId,
    /// When.
    pub at: Timestamp,
    /// `sale`, `shipping`, `commission`, `refund`, `payout`, `label`, `label_refund` …
    pub kind: String,
    /// For a person.
    pub text: String,
    /// Order.
    pub order_id: Option<OrderId>,
    /// Payout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payout_id: Option<PayoutId>,
    /// What it changes the balance by.
    pub amount: Money,
}

/// The buyer did not pay the courier (admins).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NotCollected {
    /// What the courier says.
    #[garde(length(chars, min = 1, max = 300))]
    pub reason: String,
}

/// Money has arrived on the platform's own account, or from a courier (admins). Needs an `Idempotency-Key`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRequest {
    /// How much, in minor units.
    #[garde(range(min = 1, max = 1_000_000_000))]
    pub amount_minor: i64,
    /// As on the statement of account, or of the courier.
    #[serde(default)]
    #[garde(length(chars, max = 300))]
    pub note: Option<String>,
}

/// Pays an order another way (our own services).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ChooseMethod {
    /// A [`MethodView::method`].
    #[garde(length(chars, min = 1, max = 40))]
    pub method: String,
    /// Where the order goes.
    #[garde(skip)]
    pub country: Country,
}

/// A payment waits for the buyer on the provider's page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentActionRequired {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Where the buyer has to go.
    pub url: String,
}

/// The courier collects the money when handing the order over. Told again when there is less to collect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentPromised {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// What the order costs.
    pub amount: Money,
    /// What of that the courier has to collect: not what stored value covers, nor what was taken out since.
    pub collect: Money,
    /// When it was promised.
    pub at: Timestamp,
}

/// The money is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentCaptured {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// The payment will not come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentFailed {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// `declined`, `insufficient_funds`, `cancelled`, …
    pub reason: String,
}

/// Money went back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentRefunded {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Refund.
    pub refund_id: RefundId,
    /// This time.
    pub amount: Money,
    /// In all.
    pub refunded_total: Money,
    /// Parts borne by vendors.
    pub by_vendor: Vec<(VendorId, Money)>,
    /// When.
    pub at: Timestamp,
}

/// A refund did not arrive: the provider or the bank said no, or there was not that much left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PaymentRefundFailed {
    /// Payment.
    pub payment_id: PaymentId,
    /// Order.
    pub order_id: OrderId,
    /// Refund.
    pub refund_id: RefundId,
    /// `over_refund`, `not_captured`, `returned_by_bank`, …
    pub reason: String,
}

events! { "payment" by order_id {
    PaymentActionRequired = "payment.action_required";
    PaymentPromised = "payment.promised";
    PaymentCaptured = "payment.captured";
    PaymentFailed = "payment.failed";
    PaymentRefunded = "payment.refunded";
    PaymentRefundFailed = "payment.refund_failed";
    PaymentDisputeOpened = "payment.dispute_opened";
    PaymentDisputeClosed = "payment.dispute_closed";
} }

client! {
    /// Client of the payments service. Providers' webhooks come raw to `POST /webhooks/{provider}`.
    PaymentsClient for "payments" {
        /// Ways to pay.
        get methods() => Vec<MethodView>, "/api/v1/payment-methods";
        /// The provider's truth on an order's payment is asked for now, e.g. when the buyer returns from its page.
        post refresh(order_id: OrderId) => (), "/api/v1/orders/{order_id}/payment/refresh";
        /// Pays an order another way, as long as nobody has paid it (our own services).
        post choose(order_id: OrderId) body ChooseMethod => (), "/internal/orders/{order_id}/payment/method";
        /// Attempts at paying an order, the present one first (our own services).
        get attempts_of(order_id: OrderId) query PageRequest => Page<OrderAttempt>, "/internal/orders/{order_id}/payment/attempts";
        /// Payments (admins).
        get payments() query PaymentQuery => Page<PaymentView>, "/api/v1/admin/payments";
        /// One payment (admins).
        get payment(id: PaymentId) => PaymentView, "/api/v1/admin/payments/{id}";
        /// Attempts at a payment, the present one first (admins).
        get attempts(id: PaymentId) query PageRequest => Page<AttemptView>, "/api/v1/admin/payments/{id}/attempts";
        /// Returns money (admins; header `idempotency-key`).
        post refund(id: PaymentId) body RefundRequest => PaymentView, "/api/v1/admin/payments/{id}/refunds";
        /// Money has arrived on the platform's own account, or from a courier (admins; header `idempotency-key`).
        post receipt(id: PaymentId) body ReceiptRequest => PaymentView, "/api/v1/admin/payments/{id}/receipt";
        /// A courier could not collect the money (admins).
        post not_collected(id: PaymentId) body NotCollected => PaymentView, "/api/v1/admin/payments/{id}/not-collected";
        /// A refund was sent from the platform's own account (admins).
        post refund_sent(id: PaymentId, refund_id: RefundId) => PaymentView, "/api/v1/admin/payments/{id}/refunds/{refund_id}/sent";
        /// Money to be looked at (admins).
        get review_queue() query ReviewQuery => Page<ReviewItem>, "/api/v1/admin/payments/review";
        /// What of it is open for longer than a quarter of an hour (admins).
        get unexplained() => Unexplained, "/api/v1/admin/payments/review/unexplained";
        /// One thing to be looked at, beside what the provider says (admins).
        get review_item(id: String) => ReviewDetail, "/api/v1/admin/payments/review/{id}";
        /// Does something about it, once (admins).
        post review_action(id: String) body ReviewRequest => ReviewDetail, "/api/v1/admin/payments/review/{id}/actions";
        /// Events of providers, newest first (admins).
        get webhooks() query WebhookQuery => Page<WebhookView>, "/api/v1/admin/payments/webhooks";
        /// Takes a noted event in again (admins).
        post replay_webhook(provider: String, event: String) => WebhookView, "/api/v1/admin/payments/webhooks/{provider}/{event}/replay";
        /// Disputes, those first that have to be answered soonest (admins).
        get disputes() query DisputeQuery => Page<DisputeView>, "/api/v1/admin/disputes";
        /// One dispute (admins).
        get dispute(id: DisputeId) => DisputeView, "/api/v1/admin/disputes/{id}";
        /// Answers a dispute with evidence (admins; header `idempotency-key`).
        post submit_evidence(id: DisputeId) body Evidence => DisputeView, "/api/v1/admin/disputes/{id}/evidence";
        /// Gives a dispute up (admins).
        post accept_dispute(id: DisputeId) => DisputeView, "/api/v1/admin/disputes/{id}/accept";
        /// A vendor's parts of disputes (owners).
        get vendor_disputes(vendor_id: VendorId) query VendorDisputeQuery => Page<VendorDisputeView>, "/api/v1/vendors/{vendor_id}/disputes";
        /// Journal (admins).
        get ledger() query LedgerQuery => Page<EntryView>, "/api/v1/admin/ledger";
        /// Trial balance (admins).
        get trial_balance() query TrialBalanceQuery => TrialBalance, "/api/v1/admin/ledger/trial-balance";
        /// What a period was to the marketplace, in one currency (admins); as a file at `….csv`.
        get money_report() query StatementQuery => MoneyReport, "/api/v1/admin/reports/money";
        /// What a vendor has earned (owners).
        get earnings(vendor_id: VendorId) => EarningsView, "/api/v1/vendors/{vendor_id}/earnings";
        /// Movements on a vendor's account, newest first (owners).
        get movements(vendor_id: VendorId) query PageRequest => Page<VendorMovement>, "/api/v1/vendors/{vendor_id}/earnings/movements";
        /// A vendor's balances, terms, account and what comes next (owners).
        get payouts_overview(vendor_id: VendorId) => PayoutsOverview, "/api/v1/vendors/{vendor_id}/payouts/overview";
        /// A vendor's payouts, newest first (owners).
        get vendor_payouts(vendor_id: VendorId) query PayoutQuery => Page<PayoutView>, "/api/v1/vendors/{vendor_id}/payouts";
        /// Sets when and from which amount on a vendor is paid (owners).
        put set_payout_terms(vendor_id: VendorId) body SetPayoutTerms => PayoutTermsView, "/api/v1/vendors/{vendor_id}/payout-terms";
        /// Sets the account that a vendor is paid to (owners; takes the password again).
        put set_payout_account(vendor_id: VendorId) body SetPayoutAccount => PayoutAccountView, "/api/v1/vendors/{vendor_id}/payout-account";
        /// Has a vendor paid through a provider (owners; takes the password again).
        post connect_payout_account(vendor_id: VendorId, provider: &str) body ConnectPayoutAccount => ConnectedPayoutAccount, "/api/v1/vendors/{vendor_id}/payout-account/{provider}";
        /// Asks a provider how far a vendor's account has come (owners).
        post refresh_payout_account(vendor_id: VendorId, provider: &str) => PayoutRouteView, "/api/v1/vendors/{vendor_id}/payout-account/{provider}/refresh";
        /// A vendor's statement (owners); as a file at `…/statement.csv` and `….pdf`.
        get statement(vendor_id: VendorId) query StatementQuery => StatementView, "/api/v1/vendors/{vendor_id}/statement";
        /// The same for whoever runs the platform (admins); as a file at `…/statement.csv` and `….pdf`.
        get statement_of(vendor_id: VendorId) query StatementQuery => StatementView, "/api/v1/admin/vendors/{vendor_id}/statement";
        /// What a vendor has, and what is held back of its sales (admins).
        get vendor_money(vendor_id: VendorId) => VendorMoney, "/api/v1/admin/vendors/{vendor_id}/money";
        /// Sets what is held back of a vendor's sales from now on (admins).
        put set_reserve(vendor_id: VendorId) body ReserveTerms => VendorMoney, "/api/v1/admin/vendors/{vendor_id}/reserve";
        /// A vendor's commission invoices, newest first (owners); each as PDF at `…/invoices/{number}/invoice.pdf`.
        get vendor_invoices(vendor_id: VendorId) query InvoiceQuery => Page<InvoiceView>, "/api/v1/vendors/{vendor_id}/invoices";
        /// One of them (owners).
        get vendor_invoice(vendor_id: VendorId, number: &str) => InvoiceView, "/api/v1/vendors/{vendor_id}/invoices/{number}";
        /// Commission invoices, newest first (admins); each as PDF at `…/invoices/{number}/invoice.pdf`.
        get invoices() query InvoiceQuery => Page<InvoiceView>, "/api/v1/admin/invoices";
        /// The newest months of commission invoices, summed up (admins).
        get invoice_months() query InvoiceMonthQuery => Vec<InvoiceMonth>, "/api/v1/admin/invoices/months";
        /// One commission invoice (admins).
        get invoice(number: &str) => InvoiceView, "/api/v1/admin/invoices/{number}";
        /// Payouts, newest first (admins). Files for the bank come raw from `/api/v1/admin/payouts/sepa.xml` and `….csv`.
        get payouts() query PayoutQuery => Page<PayoutView>, "/api/v1/admin/payouts";
        /// One payout (admins).
        get payout(id: PayoutId) => PayoutView, "/api/v1/admin/payouts/{id}";
        /// Pays vendors now, or says what would be paid (admins).
        post run_payouts() body PayoutRunRequest => PayoutRunView, "/api/v1/admin/payouts/runs";
        /// A payout was given to the bank (admins).
        post payout_sent(id: PayoutId) => PayoutView, "/api/v1/admin/payouts/{id}/sent";
        /// A payout has left the account (admins).
        post payout_paid(id: PayoutId) => PayoutView, "/api/v1/admin/payouts/{id}/paid";
        /// A payout failed (admins).
        post payout_failed(id: PayoutId) body PayoutFailure => PayoutView, "/api/v1/admin/payouts/{id}/failed";
        /// A paid payout came back from the vendor's bank (admins).
        post payout_returned(id: PayoutId) body PayoutFailure => PayoutView, "/api/v1/admin/payouts/{id}/returned";
        /// Tries a failed payout again (admins).
        post retry_payout(id: PayoutId) => PayoutView, "/api/v1/admin/payouts/{id}/retry";
    }
}
