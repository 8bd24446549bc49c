//! The port to providers that pay vendors: each vendor has an account there, which it opens on the provider's own pages or names
//! to us, and gets its payouts as transfers. To add one: implement [`PayoutProvider`] and name it in
//! [`PaymentProvider::payouts`](super::PaymentProvider::payouts).
//!
//! Here, too, no answer is not a no: a transfer is sent under a key that is derived from its payout, and is looked up by that
//! key before it is sent once more.

use std::{collections::BTreeMap, time::Duration};

use kernel::{Country, Money, PayoutId, VendorId};

use super::{Answer, ProviderError};

/// Makes a vendor's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAccount {
    /// The same for the same attempt, so that it is made once.
    pub key: String,
    /// Whose.
    pub vendor_id: VendorId,
    /// What the vendor is called.
    pub name: String,
    /// Where the vendor is; most providers never change it.
    pub country: Country,
}

/// A vendor's account as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAccount {
    /// The provider's id.
    pub id: String,
    /// Whether transfers to it are taken, and reach the vendor.
    pub is_ready: bool,
    /// What the provider still wants to know, in its own names: `external_account`, `individual.dob.day` …
    pub due: Vec<String>,
    /// Why it is stopped, in the provider's own word.
    pub problem: Option<String>,
}

/// Asks for the page on which a vendor says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnboardingPage {
    /// The provider's id of the account.
    pub account_ref: String,
    /// Where the vendor comes back to.
    pub return_url: String,
    /// Where it is sent if the page has expired.
    pub refresh_url: String,
}

/// Providers on whose pages vendors say who they are.
pub trait Accounts: Send + Sync {
    /// Makes a vendor's account. Refused if the provider takes no vendors from there, or not from us.
    fn open_account(&self, account: OpenAccount) -> Answer<'_, ProviderAccount>;
    /// An account by the provider's id.
    fn account<'a>(&'a self, account_ref: &'a str) -> Answer<'a, ProviderAccount>;
    /// Address of a page on which the vendor says who it is; it is good for one visit, soon.
    fn onboarding_page(&self, page: OnboardingPage) -> Answer<'_, String>;
}

/// A field in which a vendor says where it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What helps to fill it in.
    pub hint: &'static str,
    /// What may be chosen; nothing: it is typed.
    pub choices: Vec<String>,
}

/// Providers that ask nothing of vendors: what they type is where they are paid, and can be paid to.
pub trait Typed: Send + Sync {
    /// What they fill in.
    fn blanks(&self) -> Vec<Blank>;
    /// What was typed, by the names of the fields and trimmed, as one text that names the account, the same each time.
    /// Otherwise the field that cannot be right, and why.
    fn read(&self, typed: &BTreeMap<&str, &str>) -> Result<String, (&'static str, &'static str)>;
}

/// How vendors come to be paid there.
pub enum Recipients<'a> {
    /// They have accounts, and say on the provider's pages who they are.
    Accounts(&'a dyn Accounts),
    /// They type where they are paid.
    Typed(&'a dyn Typed),
}

impl<'a> Recipients<'a> {
    /// The accounts, where there are any that can be asked about.
    pub fn accounts(self) -> Option<&'a dyn Accounts> {
        match self {
            Self::Accounts(accounts) => Some(accounts),
            Self::Typed(_) => None,
        }
    }
    /// What vendors fill in, where they do.
    pub fn blanks(self) -> Vec<Blank> {
        match self {
            Self::Accounts(_) => Vec::new(),
            Self::Typed(typed) => typed.blanks(),
        }
    }
}

/// Sends money to a vendor's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferCommand {
    /// The same for the same attempt at a payout, so that it is sent once; comes back as [`ProviderTransfer::key`].
    pub key: String,
    /// The payout.
    pub payout_id: PayoutId,
    /// The provider's id of the account.
    pub account_ref: String,
    /// How much.
    pub amount: Money,
    /// What the vendor reads.
    pub description: String,
}

/// Where a transfer stands at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferState {
    /// On its way.
    Pending,
    /// Nobody has taken it so far; it can be called back.
    Unclaimed,
    /// The vendor has it.
    Paid,
    /// The provider has stopped it, and nobody knows whether for good.
    Stopped,
    /// It came back, and nothing has left us.
    Failed {
        /// Why, in the provider's own word.
        reason: String,
    },
}

/// A transfer as the provider has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTransfer {
    /// The provider's id.
    pub id: String,
    /// What we called it.
    pub key: String,
    /// To which account.
    pub account_ref: String,
    /// How much.
    pub amount: Money,
    /// How much of that was taken back.
    pub reversed: Money,
    /// Where it stands.
    pub state: TransferState,
}

/// Takes money back out of an account that it was transferred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversalCommand {
    /// The same for the same reversal, so that it is made once; comes back as [`ProviderReversal::key`].
    pub key: String,
    /// The provider's id of the transfer.
    pub transfer_ref: String,
    /// How much; at most what is left of the transfer.
    pub amount: Money,
    /// What the vendor reads.
    pub description: String,
}

/// A reversal as the provider has it: it is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderReversal {
    /// The provider's id.
    pub id: String,
    /// What we called it.
    pub key: String,
    /// How much.
    pub amount: Money,
}

/// Providers that take back what they have transferred.
pub trait Reversals: Send + Sync {
    /// Takes it back. Refused if nothing was: the account has not so much, or it is not there any more.
    fn reverse(&self, command: ReversalCommand) -> Answer<'_, ProviderReversal>;
    /// A reversal of a transfer by our own key, if the provider has ever heard of it.
    fn find_reversal<'a>(&'a self, transfer_ref: &'a str, key: &'a str) -> Answer<'a, Option<ProviderReversal>>;
}

/// A provider that pays vendors.
pub trait PayoutProvider: Send + Sync {
    /// What people call it.
    fn label(&self) -> &'static str;
    /// How vendors come to be paid there.
    fn recipients(&self) -> Recipients<'_>;
    /// Sends money. Refused if nothing was sent.
    fn transfer(&self, command: TransferCommand) -> Answer<'_, ProviderTransfer>;
    /// A transfer by the provider's id.
    fn fetch_transfer<'a>(&'a self, transfer_ref: &'a str) -> Answer<'a, ProviderTransfer>;
    /// A transfer by our own key, if the provider has ever heard of it; never one where [`Self::key_life`] is limited.
    fn find_transfer<'a>(&'a self, key: &'a str) -> Answer<'a, Option<ProviderTransfer>>;
    /// How long a key makes sure that its transfer is sent once, where nothing can be looked up by keys: there only sending
    /// under the same key tells what it has led to. None: keys can be looked up.
    fn key_life(&self) -> Option<Duration> {
        None
    }
    /// Calls back a transfer that is [`TransferState::Unclaimed`]. Refused if it is not any more.
    fn call_back<'a>(&'a self, _transfer_ref: &'a str) -> Answer<'a, ProviderTransfer> {
        Box::pin(async { Err(ProviderError::NotFound) })
    }
    /// How it takes back what it has transferred. None: it cannot.
    fn reversals(&self) -> Option<&dyn Reversals> {
        None
    }
}
