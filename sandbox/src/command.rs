//! The commands the gateway obeys, and what comes of them.

use std::collections::BTreeMap;

use kernel::Currency;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    card::UsedCard,
    model::{Dispute, Evidence, Payment, Refund},
    payees::{Payee, PayoutCommand, Transfer},
};

/// What a merchant asks for when opening a payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// What is to be paid, in minor units.
    pub amount_minor: i64,
    /// Currency.
    pub currency: Currency,
    /// The merchant's name for it: the order.
    pub reference: String,
    /// Shown to the buyer.
    #[serde(default)]
    pub description: String,
    /// Where the buyer goes afterwards; needed unless there is a token.
    #[serde(default)]
    pub return_url: Option<String>,
    /// Where the buyer goes after cancelling.
    #[serde(default)]
    pub cancel_url: Option<String>,
    /// Whether a success captures at once.
    #[serde(default = "yes")]
    pub capture: bool,
    /// A card that was collected before, such as `tok_visa`: pays without a page.
    #[serde(default)]
    pub payment_token: Option<String>,
    /// The merchant's notes.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// What merchant or buyer want done.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Open a payment.
    Create(NewPayment),
    /// The buyer entered a card on the hosted page.
    Pay {
        /// The payment.
        payment: String,
        /// What is kept of the card.
        card: UsedCard,
    },
    /// The buyer answered the bank's question.
    Challenge {
        /// The payment.
        payment: String,
        /// The answer.
        approve: bool,
    },
    /// Call it off.
    Cancel {
        /// The payment.
        payment: String,
        /// On the page: a buyer cannot void what is already authorised.
        by_buyer: bool,
    },
    /// Take what was authorised, or a part of it.
    Capture {
        /// The payment.
        payment: String,
        /// How much; all if left out.
        amount_minor: Option<i64>,
    },
    /// Give money back.
    Refund {
        /// The payment.
        payment: String,
        /// How much.
        amount_minor: i64,
        /// Why.
        reason: String,
    },
    /// The buyer has the bank take money back.
    Dispute {
        /// The payment.
        payment: String,
        /// How much; all that was captured if left out.
        amount_minor: Option<i64>,
        /// Why.
        reason: String,
    },
    /// The merchant answers a dispute.
    Answer {
        /// The dispute.
        dispute: String,
        /// With this; none: the merchant gives it up.
        evidence: Option<Evidence>,
    },
    /// The bank decides a dispute.
    Decide {
        /// The dispute.
        dispute: String,
        /// For the merchant.
        won: bool,
    },
    /// Something about payees.
    Payout(PayoutCommand),
}

impl Command {
    /// The same for the same command, whatever the spacing of the request it came in.
    pub fn fingerprint(&self) -> String {
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex::encode(Sha256::digest(json))
    }
}

/// A command with the merchant's idempotency key.
#[derive(Debug, Clone)]
pub struct Call {
    /// The key, if there is one.
    pub key: Option<String>,
    /// What to do.
    pub command: Command,
}

impl From<Command> for Call {
    fn from(command: Command) -> Self {
        Self { key: None, command }
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// HTTP status.
    pub status: u16,
    /// JSON body: a payment, a refund or an error.
    pub body: String,
    /// This is the kept answer of an earlier call with the same key.
    pub replayed: bool,
    /// The answer is to be held back until the caller has given up.
    pub hold: bool,
}

impl Outcome {
    /// The payment in the body of a successful command other than [`Command::Refund`].
    pub fn payment(&self) -> kernel::Result<Payment> {
        Ok(serde_json::from_str(&self.body)?)
    }
    /// The refund in the body of a successful [`Command::Refund`].
    pub fn refund(&self) -> kernel::Result<Refund> {
        Ok(serde_json::from_str(&self.body)?)
    }
    /// The dispute in the body of a successful [`Command::Dispute`], [`Command::Answer`] or [`Command::Decide`].
    pub fn dispute(&self) -> kernel::Result<Dispute> {
        Ok(serde_json::from_str(&self.body)?)
    }
    /// The payee in the body of a successful [`PayoutCommand::Open`] or [`PayoutCommand::Onboard`].
    pub fn payee(&self) -> kernel::Result<Payee> {
        Ok(serde_json::from_str(&self.body)?)
    }
    /// The transfer in the body of a successful [`PayoutCommand::Transfer`].
    pub fn transfer(&self) -> kernel::Result<Transfer> {
        Ok(serde_json::from_str(&self.body)?)
    }
    /// True for 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
