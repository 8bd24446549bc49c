//! What a return goes through. Pure.
//!
//! | from \ action | approve | refuse | send | receive | refund arrives | refund fails | retry | close | cancel |
//! |---|---|---|---|---|---|---|---|---|---|
//! | requested | approved | refused | no | no | stays | stays | no | no | cancelled |
//! | approved | no | no | sent | received | stays | stays | no | closed | cancelled |
//! | sent | no | no | stays (the same number), else no | received | stays | stays | no | closed | no |
//! | received | no | no | no | stays | refunded | stays, noted | stays, asked for again | closed if the refund failed | no |
//! | refused | no | stays | no | no | stays | stays | no | no | no |
//! | refunded | no | no | no | stays | stays | stays | stays | no | no |
//! | exchanged | no | no | no | stays | stays | stays | no | no | no |
//! | closed | no | no | no | no | stays | stays | no | stays | no |
//! | cancelled | no | no | no | no | stays | stays | no | no | stays |
//!
//! An exchange asks for stock when it is approved. If there is none, it becomes a refund; so it does if the vendor
//! says so once it has arrived. Otherwise what is received is replaced, which ends in *exchanged*.
//!
//! A label can be there while it is approved: the buyer prints it, and once its carrier has the parcel, that is *sent*. In any
//! other status news of labels changes nothing.
//!
//! Receiving what nothing is paid back for ends in *refunded* at once.
//!
//! What the buyer keeps is paid back at once: it is *received*, whatever became of it, and its money goes back like that of
//! any return.
//!
//! A withdrawal takes pieces out of the order before they are handed over: it is *received* when shipping has taken them out
//! of what is to be packed, *refused* when they have left meanwhile. Nobody approves or sends it; its money goes back like
//! that of any return.

mod labels;
mod turn;

use std::collections::BTreeMap;

use contracts::orders::{ExchangeState, Remedy, ReturnKind, ReturnReason, ReturnStatus};
use kernel::{
    Error, LineId, Money, OrderId, RefundId, Result, ReturnId, Timestamp, VariantId, VendorId, VendorOrderId,
};

use crate::error::ReturnError;

/// Every status of a return.
pub const ALL_STATUSES: [ReturnStatus; 9] = [
    ReturnStatus::Requested,
    ReturnStatus::Approved,
    ReturnStatus::Refused,
    ReturnStatus::Sent,
    ReturnStatus::Received,
    ReturnStatus::Refunded,
    ReturnStatus::Exchanged,
    ReturnStatus::Closed,
    ReturnStatus::Cancelled,
];

/// A status as in the table.
pub fn status_text(status: ReturnStatus) -> &'static str {
    match status {
        ReturnStatus::Requested => "requested",
        ReturnStatus::Approved => "approved",
        ReturnStatus::Refused => "refused",
        ReturnStatus::Sent => "sent",
        ReturnStatus::Received => "received",
        ReturnStatus::Refunded => "refunded",
        ReturnStatus::Exchanged => "exchanged",
        ReturnStatus::Closed => "closed",
        ReturnStatus::Cancelled => "cancelled",
    }
}

/// The status behind [`status_text`].
pub fn status_of(text: &str) -> Option<ReturnStatus> {
    ALL_STATUSES.into_iter().find(|status| status_text(*status) == text)
}

/// A return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Id.
    pub id: ReturnId,
    /// Number people say.
    pub number: String,
    /// Order.
    pub order_id: OrderId,
    /// Vendor's part.
    pub vendor_order_id: VendorOrderId,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Whether it had arrived, or is taken out of the order before.
    pub kind: ReturnKind,
    /// Where it stands.
    pub status: ReturnStatus,
    /// What the buyer wants for it.
    pub remedy: Remedy,
    /// How far the exchange is, if it is or was one.
    pub exchange: Option<ExchangeState>,
    /// Who carries what is sent instead, under which number.
    pub replacement: Option<(String, String)>,
    /// Why.
    pub reason: ReturnReason,
    /// In the buyer's words.
    pub text: Option<String>,
    /// Why it was refused, in part or whole, or closed.
    pub answer: Option<String>,
    /// Where to send it.
    pub instructions: Option<String>,
    /// What it can be sent with.
    pub label: Option<Label>,
    /// Who carries it, under which number.
    pub carriage: Option<(String, String)>,
    /// In which state it arrived.
    pub condition: Option<String>,
    /// Lines.
    pub lines: Vec<Line>,
    /// What goes back in all.
    pub refund: Money,
    /// Shipping contained in that.
    pub shipping: Money,
    /// Shipping of the part that has not gone back with another return.
    pub shipping_left: Money,
    /// The refund last asked for.
    pub refund_id: Option<RefundId>,
    /// How often one was asked for.
    pub attempts: i64,
    /// Why the last one did not arrive.
    pub failure: Option<String>,
    /// Asked for at.
    pub created_at: Timestamp,
    /// Received at.
    pub received_at: Option<Timestamp>,
    /// Each step that changes anything adds one.
    pub version: i64,
}

/// A label that its vendor has bought for a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Who carries the parcel.
    pub carrier: String,
    /// Under which number.
    pub number: String,
    /// Its paper, among the files.
    pub file: String,
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Line of the order.
    pub line_id: LineId,
    /// Variant.
    pub variant_id: VariantId,
    /// The variant that is wanted instead.
    pub exchange_for: Option<VariantId>,
    /// How many the buyer wants to return.
    pub wanted: i64,
    /// How many the vendor takes back.
    pub approved: Option<i64>,
    /// How many have arrived.
    pub received: i64,
    /// How many of them are on sale again.
    pub restocked: i64,
    /// What goes back for them.
    pub refund: Money,
    /// Tax contained in that.
    pub tax: Money,
    /// What of the order it is.
    pub sold: Sold,
}

/// A line as it was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sold {
    /// How many.
    pub quantity: i64,
    /// Paid for all of them, after promotions.
    pub total: Money,
    /// Tax contained.
    pub tax: Money,
    /// How many were paid back before, with other returns.
    pub taken_back: i64,
}

impl Sold {
    /// What `quantity` more of them are worth: what is paid back in the end is what was paid, to the minor unit.
    ///
    /// # Errors
    /// Internal, if there are not that many.
    pub fn share(&self, quantity: i64) -> Result<(Money, Money)> {
        let (from, to) = (self.taken_back, self.taken_back + quantity);
        if quantity < 0 || to > self.quantity {
            return Err(Error::internal(format!("{to} of {} pieces are paid back", self.quantity)));
        }
        let until =
            |all: Money, pieces: i64| i128::from(all.amount_minor) * i128::from(pieces) / i128::from(self.quantity);
        let part = |all: Money| -> Result<Money> {
            let minor = i64::try_from(until(all, to) - until(all, from)).map_err(Error::internal)?;
            Ok(Money::new(minor, all.currency))
        };
        Ok((part(self.total)?, part(self.tax)?))
    }
}

/// What is done to a return, or happens to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// The vendor takes it back.
    Approve {
        /// How many of each line.
        lines: BTreeMap<LineId, i64>,
        /// Where to send it.
        instructions: Option<String>,
        /// Why not all of it.
        why: Option<String>,
    },
    /// The vendor does not take it back.
    Refuse {
        /// Why.
        why: String,
    },
    /// There is a label to send it with.
    Labelled(Label),
    /// The label was given back.
    LabelVoided,
    /// The carrier has it, with its label.
    LabelUsed,
    /// The buyer has sent it.
    Send {
        /// Who carries it.
        carrier: String,
        /// Under which number.
        number: String,
    },
    /// The vendor has it.
    Receive {
        /// How many of each line have arrived, and go back on sale.
        lines: BTreeMap<LineId, (i64, i64)>,
        /// Whether the shipping goes back too.
        shipping: bool,
        /// In which state.
        condition: Option<String>,
    },
    /// What the buyer keeps, or never got, is paid back.
    PayBack {
        /// Whether the shipping goes back too.
        shipping: bool,
    },
    /// What is withdrawn was taken out of what is to be packed.
    Granted {
        /// Nothing of the part is sent, so its shipping goes back too.
        shipping: bool,
        /// The order is paid; otherwise the courier collects less.
        is_paid: bool,
    },
    /// What was to be withdrawn was not taken out.
    NotGranted {
        /// Why.
        why: String,
    },
    /// What it is exchanged for is set aside.
    ExchangeHeld,
    /// There is none left of that.
    ExchangeShort,
    /// What it is exchanged for was handed over.
    Replace {
        /// Who carries it.
        carrier: String,
        /// Under which number.
        number: String,
    },
    /// The vendor pays back what was to be exchanged.
    RefundInstead,
    /// The money went back.
    RefundArrived,
    /// The money did not arrive.
    RefundFailed {
        /// Why.
        why: String,
    },
    /// The money is to be sent once more.
    Retry,
    /// It ends without anything going back.
    Close {
        /// Why.
        why: String,
    },
    /// The buyer keeps it.
    Cancel,
}

/// What is to be told to other services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The vendor has answered.
    Decided {
        /// Whether any of it is taken back.
        approved: bool,
    },
    /// There is a label to send it with.
    Labelled,
    /// It is on its way.
    Sent,
    /// It has arrived.
    Received,
    /// It was taken out of the order.
    Withdrawn,
    /// Stock for the exchange is wanted.
    ExchangeWanted,
    /// What it is exchanged for has left.
    Exchanged,
    /// Money has to go back.
    RefundDue,
    /// It is over.
    Ended,
}

/// What a step has made of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The return now.
    pub after: Return,
    /// Kind of the entry in the timeline.
    pub kind: &'static str,
    /// Its text.
    pub text: String,
    /// What others are told.
    pub told: Vec<Told>,
}

impl Return {
    /// How many of a line this return takes up: these cannot be returned otherwise.
    pub fn claims(&self, line: &Line) -> i64 {
        match self.status {
            // Until it is certain that it has not left, or that it is paid back, nothing is taken up.
            ReturnStatus::Requested if self.kind != ReturnKind::Return => 0,
            ReturnStatus::Requested => line.wanted,
            ReturnStatus::Approved | ReturnStatus::Sent => line.approved.unwrap_or(0),
            ReturnStatus::Received | ReturnStatus::Refunded | ReturnStatus::Exchanged | ReturnStatus::Closed => {
                line.received
            }
            ReturnStatus::Refused | ReturnStatus::Cancelled => 0,
        }
    }

    /// The refund of an attempt. Derived, so that it is the same however often it is asked for.
    pub fn refund_of(&self, attempt: i64) -> RefundId {
        RefundId::derived("refund.return", &[&self.id.to_string(), &attempt.to_string()])
    }

    /// The return after an action, one version on; nothing if the action was done before or comes too late
    /// to matter.
    ///
    /// # Errors
    /// If it may not be done now, or not so.
    pub fn step(&self, action: Action, now: Timestamp) -> Result<Option<Step>, ReturnError> {
        turn::step(self, action, now)
    }
}
