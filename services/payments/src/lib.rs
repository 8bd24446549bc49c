//! Payments, refunds, the ledger, what vendors have earned and are paid. `README.md` says what it owns and hears.

mod api;
mod error;
mod events;
mod jobs;
pub mod ledger;
pub mod model;
mod ops;
pub mod provider;
mod store;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::{identity::IdentityClient, orders::OrdersClient, pricing::PaymentFee};
use db::Db;
use kernel::{Clock, Country, CreditId, Error, Identity, Ids, OrderId, Result, Timestamp};
use provider::{
    Offer, PaymentProvider, Providers,
    bank_transfer::BankTransfer,
    cash_on_delivery::{self, CashOnDelivery},
    midtrans::Midtrans,
    paypal::PayPal,
    sandbox::Sandbox,
    stripe::Stripe,
    xendit::Xendit,
};
use runtime::{Env, Service, ServiceDef};
use serde::Deserialize;

pub use model::{invoices::InvoiceSettings, looks::ReconcileSettings, payouts::PayoutSettings};
pub use ops::{Audited, Auditor};
pub use provider::{
    bank_transfer::BankTransferSettings, cash_on_delivery::CashOnDeliverySettings, midtrans::MidtransSettings,
    paypal::PayPalSettings, sandbox::SandboxSettings, stripe::StripeSettings, xendit::XenditSettings,
};

/// What can be set.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The sandbox gateway.
    pub sandbox: SandboxSettings,
    /// Stripe.
    pub stripe: StripeSettings,
    /// PayPal.
    pub paypal: PayPalSettings,
    /// Xendit.
    pub xendit: XenditSettings,
    /// Midtrans.
    pub midtrans: MidtransSettings,
    /// Transfers to the platform's own account.
    pub bank_transfer: BankTransferSettings,
    /// Money that couriers collect.
    pub cash_on_delivery: CashOnDeliverySettings,
    /// When vendors are paid, and from where.
    pub payouts: PayoutSettings,
    /// What stands on commission invoices.
    pub invoices: InvoiceSettings,
    /// For how long providers' books are gone through again.
    pub reconcile: ReconcileSettings,
    /// Where ways to pay are offered; those that are not named here are offered everywhere.
    pub methods: BTreeMap<String, Offer>,
}

impl Settings {
    /// True if a way to pay with real money is set up, or one that tries it out.
    pub fn has_provider(&self) -> bool {
        self.stripe.is_set()
            || self.paypal.is_set()
            || self.xendit.is_set()
            || self.midtrans.is_set()
            || self.bank_transfer.is_set()
            || self.cash_on_delivery.is_set()
    }

    /// What ways to pay cost: for `pricing`, which makes it part of what an order costs.
    pub fn fees(&self) -> Vec<PaymentFee> {
        let (method, label) = (cash_on_delivery::NAME, cash_on_delivery::LABEL);
        let fee = |amount| PaymentFee { method: method.to_owned(), label: label.to_owned(), amount };
        self.cash_on_delivery.fees().into_iter().map(fee).collect()
    }

    /// From where vendors are paid: the account that transfers come to, unless another is named.
    fn paying(&self) -> PayoutSettings {
        let mut payouts = self.payouts.clone();
        if payouts.account.iban.is_empty() {
            payouts.account = self.bank_transfer.account.clone();
        }
        payouts
    }

    /// What [`service`] would refuse.
    ///
    /// # Errors
    /// Names the setting that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut views = Vec::new();
        if self.sandbox.is_set() {
            self.sandbox.check()?;
            views.extend(self.sandbox.views());
        }
        if self.stripe.is_set() {
            self.stripe.check()?;
            views.extend(self.stripe.views());
        }
        if self.paypal.is_set() {
            self.paypal.check()?;
            views.extend(self.paypal.views());
        }
        if self.xendit.is_set() {
            self.xendit.check()?;
            views.extend(self.xendit.views());
        }
        if self.midtrans.is_set() {
            self.midtrans.check()?;
            views.extend(self.midtrans.views());
        }
        if self.bank_transfer.is_set() {
            self.bank_transfer.check()?;
            views.extend(self.bank_transfer.views());
        }
        if self.cash_on_delivery.is_set() {
            views.extend(cash_on_delivery::views(&self.cash_on_delivery.check()?, &self.cash_on_delivery.fees()));
        }
        provider::check_offers(&views, &self.methods)?;
        let is_live = self.stripe.is_set() && self.stripe.live
            || self.paypal.is_set() && self.paypal.live
            || self.xendit.is_set() && self.xendit.live
            || self.midtrans.is_set() && self.midtrans.live;
        provider::check_modes(is_live, self.sandbox.is_set())?;
        check(&self.paying())?;
        check_invoices(&self.invoices)
    }
}

/// How often open payments and refunds are looked at.
const RECONCILE_EVERY: Duration = Duration::from_secs(60);
/// How often the providers' own journals are compared with ours.
const COMPARE_EVERY: Duration = Duration::from_secs(60);
/// How often some of what was compared is compared again.
const COMPARE_AGAIN_EVERY: Duration = Duration::from_secs(300);
/// How often some of the payments that were paid a while ago are looked at again.
const LOOK_BACK_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether a period of payouts has begun.
const PAY_OUT_EVERY: Duration = Duration::from_secs(900);
/// How often it is looked whether a month can be invoiced.
const INVOICE_EVERY: Duration = Duration::from_secs(900);
/// How often stored value is looked for that is held for orders which never came to be.
const LAPSE_EVERY: Duration = Duration::from_secs(60);
/// How often old events are forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// The service's state.
pub(crate) struct Payments {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Ids,
    outbox: ::events::Outbox,
    jobs: ::events::Jobs,
    providers: Providers,
    public_url: String,
    payouts: PayoutSettings,
    invoices: InvoiceSettings,
    reconcile: ReconcileSettings,
    identity: IdentityClient,
    orders: OrdersClient,
    /// What codes of gift cards are derived with.
    code_secret: [u8; 32],
    myself: Identity,
    /// Orders whose provider was asked a moment ago because somebody wanted to know.
    asked: moka::sync::Cache<OrderId, ()>,
}

impl Payments {
    fn new(
        env: &Env,
        payouts: PayoutSettings,
        invoices: InvoiceSettings,
        reconcile: ReconcileSettings,
        providers: Providers,
    ) -> Self {
        Self {
            db: env.db.clone(),
            clock: env.clock.clone(),
            ids: env.ids.clone(),
            outbox: env.outbox.clone(),
            jobs: env.jobs.clone(),
            providers,
            public_url: env.public_url.clone(),
            payouts,
            invoices,
            reconcile,
            identity: env.client(),
            orders: env.client(),
            code_secret: env.secret("gift-card"),
            myself: env.myself(),
            asked: moka::sync::Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(1)).build(),
        }
    }

    /// The code of a gift card, without hyphens.
    fn code_of(&self, id: CreditId) -> String {
        model::credits::code_of(&self.code_secret, id)
    }
}

/// The service with the providers that are set up.
pub fn service(settings: Settings) -> ServiceDef {
    service_with(settings.paying(), settings.invoices.clone(), settings.reconcile.clone(), move |env| {
        providers(settings, env)
    })
}

/// The providers that are set up.
fn providers(settings: Settings, env: &Env) -> Result<Providers> {
    let mut all: Vec<Arc<dyn PaymentProvider>> = Vec::new();
    if settings.sandbox.is_set() {
        all.push(Arc::new(Sandbox::new(settings.sandbox, env.http_out.clone())?));
    }
    if settings.stripe.is_set() {
        all.push(Arc::new(Stripe::new(settings.stripe, env)?));
    }
    if settings.paypal.is_set() {
        all.push(Arc::new(PayPal::new(settings.paypal, env)?));
    }
    if settings.xendit.is_set() {
        all.push(Arc::new(Xendit::new(settings.xendit, env)?));
    }
    if settings.midtrans.is_set() {
        all.push(Arc::new(Midtrans::new(settings.midtrans, env)?));
    }
    if settings.bank_transfer.is_set() {
        all.push(Arc::new(BankTransfer::new(settings.bank_transfer, env)?));
    }
    if settings.cash_on_delivery.is_set() {
        all.push(Arc::new(CashOnDelivery::new(&settings.cash_on_delivery, env)?));
    }
    Providers::offered(all, settings.methods)
}

/// The providers that are set up, each to be asked about all its payments since then. Admins say themselves what came where nobody
/// can be asked.
///
/// # Errors
/// Names the setting that is wrong.
pub fn auditors(settings: Settings, env: &Env, since: Timestamp) -> Result<Vec<Auditor>> {
    let providers = providers(settings, env)?;
    let asked = providers.iter().filter(|provider| provider.is_asked());
    Ok(asked.map(|provider| Auditor::new(provider.clone(), env.db.clone(), since)).collect())
}

/// Refuses settings that would pay vendors wrongly.
fn check(settings: &PayoutSettings) -> Result<()> {
    let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.payouts.{name}"), reason));
    let account = &settings.account;
    if settings.hold_days > 365 {
        return wrong("hold_days", "Hold vendors' money back for at most 365 days.");
    }
    if settings.minimum_minor < 1 {
        return wrong("minimum_minor", "The smallest payout is at least one minor unit.");
    }
    if !account.iban.is_empty() && !provider::bank_transfer::is_iban(&account.iban) {
        return wrong("account.iban", "This is no IBAN: its check digits do not fit.");
    }
    if !account.iban.is_empty() && account.holder.trim().is_empty() {
        return wrong("account.holder", "Say whose account it is; banks compare it.");
    }
    if !account.bic.is_empty() && !model::payee::is_bic(&model::sepa::plain(&account.bic)) {
        return wrong("account.bic", "A BIC has 8 or 11 characters, such as COBADEFFXXX; it may be left out.");
    }
    Ok(())
}

/// Refuses settings that would make wrong invoices.
fn check_invoices(settings: &InvoiceSettings) -> Result<()> {
    let wrong = |name: &str, reason: &str| Err(Error::invalid(format!("payments.invoices.{name}"), reason));
    if settings.name.trim().is_empty() {
        return wrong("name", "Say who issues invoices: the platform's name.");
    }
    if !settings.country.is_empty() && settings.country.parse::<Country>().is_err() {
        return wrong("country", "Use a country's two letters, such as NL.");
    }
    if !(0..=10_000).contains(&settings.tax_rate_bp) {
        return wrong("tax_rate_bp", "A rate is between 0 and 10,000 basis points: 1,900 is 19 %.");
    }
    if settings.tax_rate_bp > 0 && settings.tax_name.trim().is_empty() {
        return wrong("tax_name", "Say what the tax is called.");
    }
    Ok(())
}

/// The tables, from the first day on.
const MIGRATIONS: &[db::Migration] = db::migrations![
    (1, "init", "../migrations/0001_init.sql"),
    (
        2,
        "append_only",
        "../migrations/0002_append_only.sqlite.sql",
        "../migrations/0002_append_only.postgres.sql"
    ),
    (3, "fences", postgres "../migrations/0003_fences.postgres.sql"),
    (4, "promotions", "../migrations/0004_promotions.sql"),
    (5, "attempts", "../migrations/0005_attempts.sql"),
    (6, "transfers", "../migrations/0006_transfers.sql"),
    (
        7,
        "ledger_of_payouts",
        "../migrations/0007_ledger_of_payouts.sqlite.sql",
        "../migrations/0007_ledger_of_payouts.postgres.sql"
    ),
    (8, "payouts", "../migrations/0008_payouts.sql"),
    (
        9,
        "ledger_of_disputes",
        "../migrations/0009_ledger_of_disputes.sqlite.sql",
        "../migrations/0009_ledger_of_disputes.postgres.sql"
    ),
    (10, "disputes", "../migrations/0010_disputes.sql"),
    (11, "dispute_fences", postgres "../migrations/0011_dispute_fences.postgres.sql"),
    (12, "invoices", "../migrations/0012_invoices.sql"),
    (13, "invoice_fences", postgres "../migrations/0013_invoice_fences.postgres.sql"),
    (14, "review_actions", "../migrations/0014_review_actions.sql"),
    (
        15,
        "review_history",
        "../migrations/0015_review_history.sqlite.sql",
        "../migrations/0015_review_history.postgres.sql"
    ),
    (16, "digital", "../migrations/0016_digital.sql"),
    (
        17,
        "ledger_of_more",
        "../migrations/0017_ledger_of_more.sqlite.sql",
        "../migrations/0017_ledger_of_more.postgres.sql"
    ),
    (18, "credits", "../migrations/0018_credits.sql"),
    (
        19,
        "credit_history",
        "../migrations/0019_credit_history.sqlite.sql",
        "../migrations/0019_credit_history.postgres.sql"
    ),
    (20, "payout_providers", "../migrations/0020_payout_providers.sql"),
    (
        21,
        "write_off",
        "../migrations/0021_write_off.sqlite.sql",
        "../migrations/0021_write_off.postgres.sql"
    ),
    (22, "cash_on_delivery", "../migrations/0022_cash_on_delivery.sql"),
    (24, "suspended", "../migrations/0024_suspended.sql"),
    (25, "looks", "../migrations/0025_looks.sql"),
    (27, "commission", "../migrations/0027_commission.sql"),
    (
        28,
        "fees_tax_and_reserves",
        "../migrations/0028_fees_tax_and_reserves.sqlite.sql",
        "../migrations/0028_fees_tax_and_reserves.postgres.sql"
    ),
    (
        29,
        "attempts_that_are_over",
        "../migrations/0029_attempts_that_are_over.sqlite.sql",
        "../migrations/0029_attempts_that_are_over.postgres.sql"
    ),
    (
        30,
        "orders_of_nothing",
        "../migrations/0030_orders_of_nothing.sqlite.sql",
        "../migrations/0030_orders_of_nothing.postgres.sql"
    ),
    (31, "transfer_reversals", "../migrations/0031_transfer_reversals.sql"),
    (32, "payments_that_are_looked_for", "../migrations/0032_payments_that_are_looked_for.sql"),
    (33, "direct", "../migrations/0033_direct.sql"),
];

/// The service with these providers, paying and charging vendors so.
pub fn service_with(
    payouts: PayoutSettings,
    invoices: InvoiceSettings,
    reconcile: ReconcileSettings,
    providers: impl FnOnce(&Env) -> Result<Providers> + Send + 'static,
) -> ServiceDef {
    ServiceDef::new(
        "payments",
        "Payments, refunds, the ledger, what vendors have earned and are paid.",
        MIGRATIONS,
        |env| async move {
            check(&payouts)?;
            check_invoices(&invoices)?;
            reconcile.check()?;
            let providers = providers(&env)?;
            providers.check_recovery(&payouts.recover)?;
            let app = Arc::new(Payments::new(&env, payouts, invoices, reconcile, providers));
            Ok(with_jobs(hearing(&app), &app))
        },
    )
}

/// What it is asked for, and what it hears of others.
fn hearing(app: &Arc<Payments>) -> Service {
    Service::new()
        .api(app, api::routes())
        .on(app, events::order_placed)
        .on(app, events::order_rejected)
        .on(app, events::order_cancelled)
        .on(app, events::return_refund_due)
        .on(app, events::stock_reserved)
        .on(app, events::shipment_delivered)
        .on(app, events::shipment_part_arrived)
        .on(app, events::label_bought)
        .on(app, events::label_refunded)
        .on(app, events::vendor_applied)
        .on(app, events::vendor_decided)
        .on(app, events::vendor_changed)
}

/// What it does outside of transactions, and again and again.
fn with_jobs(service: Service, app: &Arc<Payments>) -> Service {
    let telling = app.clone();
    service
        .job(jobs::OPEN, app, jobs::open)
        .job(jobs::RESOLVE, app, jobs::resolve)
        .job(jobs::CAPTURE, app, jobs::capture)
        .job(jobs::CANCEL, app, jobs::cancel)
        .job(jobs::REFUND, app, jobs::refund)
        .job(jobs::ANSWER_DISPUTE, app, jobs::answer_dispute)
        .job(jobs::WEBHOOK, app, jobs::webhook)
        .job(jobs::RETURN_STRAY, app, jobs::return_stray)
        .job(jobs::LEAVE, app, jobs::leave)
        .job(jobs::SEND_PAYOUT, app, jobs::send_payout)
        .job(jobs::REVERSE_TRANSFER, app, jobs::reverse_transfer)
        .job(jobs::LOOK_AT_ACCOUNT, app, jobs::look_at_account)
        .every(RECONCILE_EVERY, "reconcile", app, jobs::reconcile)
        .every(COMPARE_EVERY, "compare_journals", app, jobs::compare_journals)
        .every(COMPARE_AGAIN_EVERY, "compare_again", app, jobs::compare_again)
        .every(LOOK_BACK_EVERY, "look_back", app, jobs::look_back)
        .every(PAY_OUT_EVERY, "pay_out", app, jobs::pay_out)
        .every(INVOICE_EVERY, "issue_invoices", app, jobs::issue_invoices)
        .every(LAPSE_EVERY, "lapse_credits", app, jobs::lapse_credits)
        .every(PRUNE_EVERY, "prune_webhooks", app, jobs::prune_webhooks)
        .task(move |stop| jobs::tell_unexplained(telling, stop))
}
