//! What vendors are paid: balances, payouts, the accounts they go to, statements.

use std::collections::BTreeMap;

use garde::Validate;
use kernel::{AccountId, Country, Currency, Money, PayoutId, Secret, Timestamp, VendorId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{reserves::ReserveTerms, reversals::ReversalView};

/// How often a vendor is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Every day.
    Daily,
    /// Every Monday.
    Weekly,
    /// On the first of every month.
    Monthly,
    /// Only when an admin does it.
    Manual,
}

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// Set aside, to be given to the bank.
    Created,
    /// Given to the bank.
    Sent,
    /// It has left the platform's account.
    Paid,
    /// The bank did not take it; the vendor has it in its balance again.
    Failed,
}

/// What a vendor has in a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BalanceView {
    /// Sold, but not delivered yet, or delivered too short a time ago.
    pub pending: Money,
    /// Can be paid out. Below zero after a refund of what had been paid out: the next payouts are less by that.
    pub available: Money,
    /// Held back because buyers dispute their payments; it is neither pending nor available.
    pub held: Money,
    /// Held back of sales for some days, in case they have to be given back; it is neither pending nor available.
    pub reserve: Money,
    /// Set aside for payouts that are under way.
    pub in_transit: Money,
    /// Paid out so far.
    pub paid_out: Money,
}

/// A payout that the schedule will make, as far as it is known now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpcomingPayout {
    /// Made at.
    pub at: Timestamp,
    /// What will be available then.
    pub amount: Money,
    /// False if that is less than the smallest payout.
    pub is_enough: bool,
}

/// What was paid out in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthPaid {
    /// `2026-11`
    pub month: String,
    /// Paid.
    pub paid: Money,
}

/// When and from which amount on a vendor is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutTermsView {
    /// How often.
    pub schedule: Schedule,
    /// The smallest payout, in minor units of each currency.
    pub minimum_minor: i64,
    /// The smallest that a vendor may choose.
    pub platform_minimum_minor: i64,
    /// Days after the delivery when a sale becomes available.
    pub hold_days: u32,
}

/// Sets when and from which amount on a vendor is paid (owners).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetPayoutTerms {
    /// How often.
    #[garde(skip)]
    pub schedule: Schedule,
    /// The smallest payout in minor units; the platform's if left out.
    #[serde(default)]
    #[garde(range(min = 1, max = 100_000_000))]
    pub minimum_minor: Option<i64>,
}

/// The account that a vendor is paid to. Its number is never shown whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutAccountView {
    /// Whose it is.
    pub holder: String,
    /// Where the bank is.
    pub country: Country,
    /// `DE89 •••• 3000`
    pub number: String,
    /// True if it has an IBAN.
    pub has_iban: bool,
    /// Of the bank.
    pub bic: Option<String>,
    /// Of the bank, where there is no IBAN.
    pub bank_code: Option<String>,
    /// Set at.
    pub changed_at: Timestamp,
}

/// Sets the account that a vendor is paid to (owners): an IBAN, or an account number where there are none.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct SetPayoutAccount {
    /// Whose it is.
    #[garde(length(chars, min = 2, max = 70))]
    pub holder: String,
    /// Where the bank is.
    #[garde(skip)]
    pub country: Country,
    /// With or without spaces.
    #[serde(default)]
    #[garde(skip)]
    pub iban: Option<Secret>,
    /// Of the bank; banks of the SEPA area do without.
    #[serde(default)]
    #[garde(skip)]
    pub bic: Option<String>,
    /// Where there is no IBAN.
    #[serde(default)]
    #[garde(skip)]
    pub account_number: Option<Secret>,
    /// Routing number, sort code, BSB …: where there is no IBAN.
    #[serde(default)]
    #[garde(skip)]
    pub bank_code: Option<String>,
    /// The password of whoever sets it.
    #[garde(skip)]
    pub password: Secret,
}

/// A provider that pays vendors, and how far a vendor has come with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutRouteView {
    /// Its name in addresses: `stripe`.
    pub provider: String,
    /// What people call it.
    pub label: String,
    /// Whether the vendor is paid this way.
    pub is_chosen: bool,
    /// The vendor's account there, its name not whole; none: it was not made yet.
    pub account: Option<String>,
    /// Where the account is; it cannot be changed once it was made.
    pub country: Option<Country>,
    /// Whether the account can be paid to. As long as it cannot, no payouts are made.
    pub is_ready: bool,
    /// What the provider still wants to know, in its own names: `external_account`, `individual.dob.day` …
    pub due: Vec<String>,
    /// Why the provider has stopped the account, in its own word.
    pub problem: Option<String>,
    /// When the provider was last asked.
    pub checked_at: Option<Timestamp>,
    /// What the owner fills in here to be paid this way; nothing: the provider asks on its own pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<PayoutQuestion>,
}

/// What an owner fills in to be paid through a provider that has no pages for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutQuestion {
    /// Its name in `recipient`.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What helps to fill it in.
    pub hint: String,
    /// What may be chosen; nothing: it is typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

/// Has a vendor paid through a provider (owners). The account there is made if there is none.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ConnectPayoutAccount {
    /// Where the vendor is. It only counts for a new account.
    #[garde(skip)]
    pub country: Country,
    /// Where the provider pays to, by the names of what its route `asks`; what was said before if left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[garde(skip)]
    pub recipient: BTreeMap<String, Secret>,
    /// The password of whoever says so.
    #[garde(skip)]
    pub password: Secret,
}

/// A vendor is paid through a provider from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectedPayoutAccount {
    /// How far it has come.
    pub route: PayoutRouteView,
    /// The provider's page on which the vendor says who it is: for one visit, soon. None: there is nothing to say.
    pub url: Option<String>,
}

/// Everything about a vendor's payouts on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutsOverview {
    /// One per currency.
    pub balances: Vec<BalanceView>,
    /// When and from which amount on.
    pub terms: PayoutTermsView,
    /// The bank account; none: nothing is paid, unless one of the providers is chosen.
    pub account: Option<PayoutAccountView>,
    /// The providers that pay vendors here. If none is chosen the bank account is paid to.
    #[serde(default)]
    pub routes: Vec<PayoutRouteView>,
    /// What comes next, one per currency.
    pub upcoming: Vec<UpcomingPayout>,
    /// What is held back of sales from now on; none: nothing.
    #[serde(default)]
    pub reserve: Option<ReserveTerms>,
    /// The last twelve months, oldest first, one per month and currency in which anything was paid.
    pub months: Vec<MonthPaid>,
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutView {
    /// Id.
    pub id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// Which period: `2026-11-27`, `2026-W48`, `2026-11`, `manual 2026-11-27`. One payout per vendor, currency and period.
    pub period: String,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub status: PayoutStatus,
    /// Where it goes, its number not whole.
    pub account: String,
    /// The provider that makes it, and says what becomes of it; none: the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Why it failed.
    pub failure: Option<String>,
    /// Times it was tried.
    pub attempt: i64,
    /// Made at.
    pub created_at: Timestamp,
    /// Given to the bank at.
    pub sent_at: Option<Timestamp>,
    /// Paid or failed at.
    pub ended_at: Option<Timestamp>,
    /// What was taken back of it from the vendor's account at the provider, or was to be: the newest first, 50 at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reversals: Vec<ReversalView>,
}

/// Filters payouts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PayoutQuery {
    /// Only these.
    #[serde(default)]
    pub status: Option<PayoutStatus>,
    /// Only of this vendor (admins).
    #[serde(default)]
    pub vendor_id: Option<VendorId>,
    /// Only in this currency.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Items wanted, 1 to 100.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub limit: Option<u32>,
    /// Cursor.
    #[serde(default)]
    pub after: Option<String>,
}

/// Pays vendors now, whatever their schedule (admins).
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PayoutRunRequest {
    /// Only says what would be paid.
    #[serde(default)]
    #[garde(skip)]
    pub dry_run: bool,
    /// Only these vendors, at most 100; all that are owed something if empty.
    #[serde(default)]
    #[garde(length(max = 100))]
    pub vendor_ids: Vec<VendorId>,
    /// Only in this currency.
    #[serde(default)]
    #[garde(skip)]
    pub currency: Option<Currency>,
    /// Only vendors behind this one: `next` of the run before.
    #[serde(default)]
    #[garde(skip)]
    pub after: Option<VendorId>,
}

/// What a run makes of a vendor's balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunOutcome {
    /// Paid; in a dry run: would be.
    Payout,
    /// Less is available than the smallest payout.
    BelowMinimum,
    /// The vendor has not said where to.
    NoAccount,
    /// The vendor's account at a provider cannot be paid to (yet): the provider wants to know more, or is not set up any more.
    NotReady,
    /// The vendor is suspended: its money waits.
    Suspended,
    /// The vendor had its payout of this period.
    PaidBefore,
}

/// A vendor's balance in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutRunLine {
    /// Vendor.
    pub vendor_id: VendorId,
    /// What was available.
    pub available: Money,
    /// What became of it.
    pub outcome: RunOutcome,
    /// The payout that was made.
    pub payout_id: Option<PayoutId>,
}

/// What a run has done, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PayoutRunView {
    /// Whether it only said so.
    pub dry_run: bool,
    /// Its period.
    pub period: String,
    /// One per vendor and currency with anything available.
    pub lines: Vec<PayoutRunLine>,
    /// Where to go on (`after`), if there are more vendors than one run takes.
    pub next: Option<VendorId>,
}

/// Why a payout failed (admins).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PayoutFailure {
    /// As the bank says it; the vendor reads it.
    #[garde(length(chars, min = 1, max = 200))]
    pub reason: String,
}

/// Payouts for a file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub struct PayoutFileQuery {
    /// 1 to 100 of them.
    #[serde(default, rename = "id")]
    #[schemars(length(min = 1, max = 100))]
    pub ids: Vec<PayoutId>,
}

/// A vendor's statement: which currency, from which day to which (both included, UTC).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatementQuery {
    /// Currency.
    pub currency: Currency,
    /// `2026-11-01`
    pub from: String,
    /// `2026-11-30`
    pub to: String,
}

/// A vendor's statement. The lines add up: opening balance and all that follows make the closing balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StatementView {
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Owed at the beginning.
    pub opening: Money,
    /// Goods sold, with tax.
    pub sales: Money,
    /// Delivery, with tax.
    pub shipping: Money,
    /// Added by the platform for promotions that it pays, less what it took back.
    pub promotions: Money,
    /// Commission, less what came back with refunds and lost disputes.
    pub commission: Money,
    /// Returned to buyers.
    pub refunds: Money,
    /// Held back for disputes, less what was released.
    pub disputes_held: Money,
    /// Lost in disputes.
    pub disputes_lost: Money,
    /// Held back in reserve, less what was released.
    pub reserve: Money,
    /// Labels of carriers, less those that were given back.
    pub labels: Money,
    /// Set aside for payouts.
    pub payouts: Money,
    /// Payouts that came back.
    pub payouts_returned: Money,
    /// Taken back of payouts from the account at the provider.
    pub payouts_reversed: Money,
    /// Got from the provider itself, less what came back out of the account there for refunds and lost disputes; below zero,
    /// for it is not owed any more.
    pub paid_directly: Money,
    /// Owed at the end.
    pub closing: Money,
}

/// Money was set aside for a vendor; again if it is tried once more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayoutCreated {
    /// Payout.
    pub payout_id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// How much.
    pub amount: Money,
    /// Which period.
    pub period: String,
    /// When.
    pub at: Timestamp,
}

/// It has left the platform's account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayoutPaid {
    /// Payout.
    pub payout_id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// How much.
    pub amount: Money,
    /// Which period.
    pub period: String,
    /// When.
    pub at: Timestamp,
}

/// The bank did not take it: the vendor has the amount in its balance again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayoutFailed {
    /// Payout.
    pub payout_id: PayoutId,
    /// Whose.
    pub vendor_id: VendorId,
    /// How much.
    pub amount: Money,
    /// Which period.
    pub period: String,
    /// As an admin or the provider has put it.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A vendor is paid to another account from now on. Which one, only the payments service knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PayoutAccountChanged {
    /// Vendor.
    pub vendor_id: VendorId,
    /// Who changed it.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
}

events! { "payout" by payout_id {
    PayoutCreated = "payout.created";
    PayoutPaid = "payout.paid";
    PayoutFailed = "payout.failed";
} }

events! { "payout_account" by vendor_id {
    PayoutAccountChanged = "payout_account.changed";
} }
