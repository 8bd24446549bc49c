//! Payees: whom the merchant pays. They say on a page who they are, and get transfers; no money moves.

use kernel::{Currency, FieldError, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    command::Outcome,
    gateway::{Gateway, answer, is_web_address, one_field},
    model::{Change, EventKind},
    refusal::{Refusal, Stop},
    store::Store,
    turn::Turn,
};

/// What a payee has to say on the page.
const DUE: &str = "identity";

/// Where a payee stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayeeStatus {
    /// It has not said who it is.
    Pending,
    /// It can be paid.
    Ready,
    /// It cannot be paid any more. Final.
    Closed,
}

/// Whom the merchant pays, as stored and as answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payee {
    /// `acct_…`
    pub id: String,
    /// The merchant's name for it: the vendor.
    pub reference: String,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub country: String,
    /// Where it stands.
    pub status: PayeeStatus,
    /// What it still has to say.
    pub due: Vec<String>,
    /// Always false: no real money moves here.
    pub livemode: bool,
    /// Where it goes when it has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Events told so far.
    pub events: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Money that went to a payee, as stored and as answered. All of them are the journal of what was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// `tr_…`
    pub id: String,
    /// To whom.
    pub payee: String,
    /// The merchant's name for it: the payout.
    pub reference: String,
    /// How much.
    pub amount_minor: i64,
    /// Currency.
    pub currency: Currency,
    /// Always false: no real money moves here.
    pub livemode: bool,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// What a merchant says of a new payee.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPayee {
    /// The merchant's name for it.
    pub reference: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
    /// Where it is: two letters.
    pub country: String,
}

/// What a merchant says of a new transfer.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// To whom.
    pub payee: String,
    /// The merchant's name for it.
    pub reference: String,
    /// How much.
    pub amount_minor: i64,
    /// Currency.
    pub currency: Currency,
}

/// What merchant or payee want done.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutCommand {
    /// Make a payee.
    Open(NewPayee),
    /// The payee is sent to its page, and then to this address.
    Invite {
        /// The payee.
        payee: String,
        /// The address.
        return_url: String,
    },
    /// The payee has said who it is, or wants to be paid no more.
    Onboard {
        /// The payee.
        payee: String,
        /// Whether it wants to be paid.
        accept: bool,
    },
    /// Send money.
    Transfer(NewTransfer),
}

/// The address of a payee's page.
#[derive(Serialize)]
struct Invitation {
    url: String,
}

impl<S: Store> Gateway<S> {
    pub(crate) fn obey_payout(&self, turn: &mut Turn<'_>, command: &PayoutCommand) -> Result<Outcome, Stop> {
        match command {
            PayoutCommand::Open(new) => turn.open_payee(new),
            PayoutCommand::Invite { payee, return_url } => {
                if !is_web_address(return_url) {
                    return Err(one_field("return_url", "Use an address that begins with http:// or https://.").into());
                }
                turn.invite(self.payee(payee)?, return_url)
            }
            PayoutCommand::Onboard { payee, accept } => turn.onboard(self.payee(payee)?, *accept),
            PayoutCommand::Transfer(new) => {
                let payee = self.store().payee(&new.payee)?;
                turn.transfer(&payee.ok_or_else(|| one_field("payee", "There is no such payee."))?, new)
            }
        }
    }

    fn payee(&self, id: &str) -> Result<Payee, Stop> {
        Ok(self.store().payee(id)?.ok_or_else(|| Refusal::not_found("payee"))?)
    }
}

impl Turn<'_> {
    fn open_payee(&mut self, new: &NewPayee) -> Result<Outcome, Stop> {
        check_payee(new)?;
        let payee = Payee {
            id: format!("acct_{}", self.new_stem()),
            reference: new.reference.clone(),
            name: new.name.clone(),
            country: new.country.clone(),
            status: PayeeStatus::Pending,
            due: vec![DUE.to_owned()],
            livemode: false,
            return_url: None,
            events: 0,
            created_at: self.now,
        };
        let outcome = answer(201, &payee)?;
        self.changes.push(Change::Payee(Box::new(payee)));
        Ok(outcome)
    }

    fn invite(&mut self, mut payee: Payee, return_url: &str) -> Result<Outcome, Stop> {
        payee.return_url = Some(return_url.to_owned());
        let outcome = answer(200, &Invitation { url: format!("{}/payees/{}", self.rules.base_url, payee.id) })?;
        self.changes.push(Change::Payee(Box::new(payee)));
        Ok(outcome)
    }

    /// The form sent twice changes nothing.
    fn onboard(&mut self, mut payee: Payee, accept: bool) -> Result<Outcome, Stop> {
        let status = if accept { PayeeStatus::Ready } else { PayeeStatus::Closed };
        if payee.status == PayeeStatus::Closed && accept {
            return Err(Refusal::new(409, "payee_closed", "This payee is closed for good.").into());
        }
        if payee.status != status {
            payee.status = status;
            payee.due.clear();
            payee.events += 1;
            let event = format!("evt_{}_{}", payee.id.trim_start_matches("acct_"), payee.events);
            self.tell_about(event, EventKind::PayeeUpdated, &payee.id, &payee)?;
        }
        let outcome = answer(200, &payee)?;
        self.changes.push(Change::Payee(Box::new(payee)));
        Ok(outcome)
    }

    fn transfer(&mut self, payee: &Payee, new: &NewTransfer) -> Result<Outcome, Stop> {
        if !(1..=100_000_000_000).contains(&new.amount_minor) {
            return Err(one_field("amount_minor", "Use 1 to 100,000,000,000 minor units.").into());
        }
        if !is_name(&new.reference) {
            return Err(one_field("reference", "Use 1 to 200 letters.").into());
        }
        match payee.status {
            PayeeStatus::Ready => {}
            PayeeStatus::Pending => {
                return Err(Refusal::new(409, "payee_not_ready", "The payee has not said who it is.").into());
            }
            PayeeStatus::Closed => {
                return Err(Refusal::new(409, "payee_closed", "This payee cannot be paid any more.").into());
            }
        }
        let transfer = Transfer {
            id: format!("tr_{}", self.new_stem()),
            payee: payee.id.clone(),
            reference: new.reference.clone(),
            amount_minor: new.amount_minor,
            currency: new.currency,
            livemode: false,
            created_at: self.now,
        };
        let outcome = answer(201, &transfer)?;
        self.changes.push(Change::Transfer(Box::new(transfer)));
        Ok(outcome)
    }
}

fn is_name(text: &str) -> bool {
    (1..=200).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn check_payee(new: &NewPayee) -> Result<(), Refusal> {
    let mut fields = Vec::new();
    let mut wrong =
        |field: &str, reason: &str| fields.push(FieldError { field: field.to_owned(), reason: reason.to_owned() });
    if !is_name(&new.reference) {
        wrong("reference", "Use 1 to 200 letters.");
    }
    if new.name.chars().count() > 200 || new.name.chars().any(char::is_control) {
        wrong("name", "Use at most 200 letters on one line.");
    }
    if new.country.len() != 2 || !new.country.bytes().all(|b| b.is_ascii_uppercase()) {
        wrong("country", "Use a country's two letters, such as NL.");
    }
    if fields.is_empty() { Ok(()) } else { Err(Refusal::invalid(&fields)) }
}
