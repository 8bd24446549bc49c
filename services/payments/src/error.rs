//! What can be wrong with a request to this service.

use contracts::{disputes::DisputeStatus, payouts::PayoutStatus, queue::ReviewAction};
use kernel::{Currency, Error, FieldError, Kind, Money};

/// What can be wrong.
#[derive(Debug)]
pub enum PaymentError {
    /// There is no such payment.
    NotFound,
    /// There is no such provider.
    NoProvider,
    /// Nothing was captured that could go back.
    NotCaptured,
    /// The order cost nothing.
    NothingPaid,
    /// More than is left.
    OverRefund {
        /// What is left.
        left: Money,
    },
    /// More than is left while some of it is disputed, or was lost in a dispute.
    Disputed {
        /// What is left.
        left: Money,
        /// What is disputed or lost.
        disputed: Money,
    },
    /// There is no such dispute.
    NoDispute,
    /// The dispute does not wait for an answer (any more).
    NotToAnswer(DisputeStatus),
    /// It was answered before.
    AnsweredBefore,
    /// Evidence is not taken any more.
    EvidenceTooLate,
    /// The vendor has no part in the payment.
    NoPart,
    /// This way to pay is not offered for the order.
    NotOffered,
    /// The payment is not waiting for the buyer.
    NotTheBuyersTurn,
    /// A gateway says what becomes of this payment, not an admin.
    NotByHand,
    /// No courier collects it.
    NotToCollect,
    /// Its receipt was confirmed before.
    ReceivedBefore,
    /// Another amount than the order's.
    OtherAmount {
        /// What the order costs.
        wanted: Money,
    },
    /// There is no such refund.
    NoRefund,
    /// There is no such payout.
    NoPayout,
    /// There is no such invoice.
    NoInvoice,
    /// The payout is not where it could be moved on from.
    PayoutElsewhere(PayoutStatus),
    /// The vendor has not said where it is paid to.
    NoPayoutAccount,
    /// Nothing is paid out to the vendor for now.
    VendorSuspended,
    /// The vendor's account at a provider takes no money (yet).
    PayoutAccountNotReady,
    /// A provider makes this payout, and says what becomes of it.
    PaidByProvider,
    /// The platform has no account to pay from.
    NoPlatformAccount,
    /// Less is available than the payout.
    NotAvailable {
        /// What is.
        available: Money,
    },
    /// An event about an order or vendor that is not here yet.
    NotYet(&'static str),
}

impl From<PaymentError> for Error {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::NotFound => Self::not_found("payment"),
            PaymentError::NoProvider => Self::not_found("provider"),
            PaymentError::NotCaptured => Self::conflict("not_captured", "Nothing was captured that could go back."),
            PaymentError::NothingPaid => {
                Self::conflict("nothing_paid", "Nothing was paid for this order, so nothing can go back.")
            }
            PaymentError::OverRefund { left } => {
                Self::conflict("over_refund", format!("Only {left} is left to go back."))
                    .with_extra(serde_json::json!({ "left": left }))
            }
            PaymentError::Disputed { .. }
            | PaymentError::NoDispute
            | PaymentError::NotToAnswer(_)
            | PaymentError::AnsweredBefore
            | PaymentError::EvidenceTooLate => of_dispute(&error),
            PaymentError::NoPart => Self::invalid("vendor_id", "This vendor has no part in the payment."),
            PaymentError::NotOffered => {
                Self::invalid("method", "This way to pay is not offered for this order. Choose another one.")
            }
            PaymentError::NotTheBuyersTurn => Self::conflict(
                "not_the_buyers_turn",
                "The payment is under way or over: it cannot be paid another way now. Look at the order.",
            ),
            PaymentError::NotByHand => Self::conflict(
                "not_by_hand",
                "The payment provider says by itself what becomes of this payment; nobody has to confirm it.",
            ),
            PaymentError::NotToCollect => {
                Self::conflict("not_to_collect", "This payment is not one that a courier collects.")
            }
            PaymentError::ReceivedBefore => Self::conflict("received_before", "This money was confirmed before."),
            PaymentError::OtherAmount { wanted } => Self::invalid(
                "amount_minor",
                format!("{wanted} are to be paid. Send back what is not that, and confirm it once the whole has come."),
            ),
            PaymentError::NoRefund => Self::not_found("refund"),
            PaymentError::NoPayout => Self::not_found("payout"),
            PaymentError::NoInvoice => Self::not_found("invoice"),
            PaymentError::PayoutElsewhere(_)
            | PaymentError::NoPayoutAccount
            | PaymentError::VendorSuspended
            | PaymentError::PayoutAccountNotReady
            | PaymentError::PaidByProvider
            | PaymentError::NoPlatformAccount
            | PaymentError::NotAvailable { .. } => of_payout(&error),
            PaymentError::NotYet(what) => Self::early(format!("The {what} is not known here yet.")),
        }
    }
}

/// What can be wrong about a payout.
fn of_payout(error: &PaymentError) -> Error {
    match error {
        PaymentError::PayoutElsewhere(status) => {
            let stands = match status {
                PayoutStatus::Created => "has not been sent",
                PayoutStatus::Sent => "was sent already",
                PayoutStatus::Paid => "was paid already",
                PayoutStatus::Failed => "has failed; try it again first",
            };
            let detail = format!("This payout {stands}. Load the page again to see where it stands.");
            Error::conflict("payout_elsewhere", detail)
        }
        PaymentError::NoPayoutAccount => {
            Error::conflict("no_payout_account", "The vendor has not said where it is paid to.")
        }
        PaymentError::VendorSuspended => {
            Error::conflict("vendor_suspended", "The vendor is suspended; what it has waits until it is open again.")
        }
        PaymentError::PayoutAccountNotReady => Error::conflict(
            "payout_account_not_ready",
            "The vendor's account at the provider takes no money: the provider wants to know more, or does not pay vendors here.",
        ),
        PaymentError::PaidByProvider => Error::conflict(
            "paid_by_provider",
            "A provider makes this payout and says by itself what becomes of it. It belongs into no file for the bank.",
        ),
        PaymentError::NoPlatformAccount => Error::conflict(
            "no_platform_account",
            "Souk does not know which account payouts come from. Set `payments.payouts.account`, or take a CSV file.",
        ),
        PaymentError::NotAvailable { available } => {
            Error::conflict("not_available", format!("Only {available} is available to the vendor now."))
                .with_extra(serde_json::json!({ "available": available }))
        }
        _ => Error::not_found("payout"),
    }
}

/// What can be wrong about a dispute.
fn of_dispute(error: &PaymentError) -> Error {
    match error {
        PaymentError::Disputed { left, disputed } => Error::conflict(
            "disputed",
            format!(
                "{disputed} of this payment are disputed, or were lost in a dispute: the buyer would have them twice. Only {left} \
                 is left to go back."
            ),
        )
        .with_extra(serde_json::json!({ "left": left, "disputed": disputed })),
        PaymentError::NotToAnswer(status) => {
            let stands = match status {
                DisputeStatus::Opened => "waits for the provider",
                DisputeStatus::UnderReview => "is being decided already",
                DisputeStatus::Won => "is won",
                DisputeStatus::Lost => "is lost",
            };
            Error::conflict("not_to_answer", format!("This dispute {stands}; it cannot be answered now."))
        }
        PaymentError::AnsweredBefore => {
            Error::conflict("answered_before", "This dispute was answered before. An answer is sent once.")
        }
        PaymentError::EvidenceTooLate => Error::conflict(
            "evidence_too_late",
            "The day until which evidence is taken has passed. Wait for the decision, or accept the dispute.",
        ),
        _ => Error::not_found("dispute"),
    }
}

/// What can be wrong when money that does not fit is worked off.
#[derive(Debug)]
pub enum QueueError {
    /// There is no such thing to be looked at.
    NotFound,
    /// It was resolved before, by this or by itself.
    Resolved(Option<ReviewAction>),
    /// Its money is on the way back.
    Returning,
    /// There is no money in it that could be sent back.
    NotReturnable,
    /// Its money is on the platform's own account.
    ByHand,
    /// It is the money of an order.
    OfAnOrder,
    /// All of it has gone back.
    NothingLeft,
    /// There is no money in it that an order could have.
    NotAttachable,
    /// Souk knows no order that it names.
    NoOrder,
    /// There is no order of the number that an admin names.
    NoSuchNumber,
    /// The order has its money.
    OrderIsPaid,
    /// The order waits for no money any more.
    OrderNotWaiting,
    /// The provider holds no money in it.
    NoMoney,
    /// It is not what the order costs, or not of its kind.
    DoesNotFit {
        /// What differs.
        problem: &'static str,
        /// What the order costs.
        wanted: Money,
        /// What was paid.
        paid: Money,
    },
    /// Nothing was said.
    NoNote,
    /// There is no such event.
    NoWebhook,
}

impl From<QueueError> for Error {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::NotFound => Self::not_found("thing to be looked at"),
            QueueError::NoWebhook => Self::not_found("event"),
            QueueError::NoNote => Self::invalid("note", "Say how it was explained; it is kept."),
            QueueError::NoSuchNumber => Self::invalid("order_number", "There is no order of this number."),
            QueueError::Resolved(done) => {
                let by = match done {
                    Some(ReviewAction::Refund) => "its money was sent back",
                    Some(ReviewAction::Attach) => "its money pays its order",
                    Some(ReviewAction::TakeUp) => "its money was noted for its order",
                    Some(ReviewAction::TickOff) => "somebody has ticked it off",
                    None => "its order has turned up and has the money",
                };
                Self::conflict("resolved_before", format!("This is resolved: {by}. Nothing else can be done about it."))
            }
            QueueError::DoesNotFit { problem, wanted, paid } => {
                let why = match problem {
                    "wrong_amount" => format!("The order costs {wanted}, {paid} were paid"),
                    "wrong_currency" => format!("The order costs {wanted}, it was paid in {}", paid.currency),
                    "wrong_mode" => "This is test money for a real order, or the other way round".to_owned(),
                    "wrong_account" => "The money went to another account than ours".to_owned(),
                    "wrong_payee" => "The money went to other accounts of vendors than was agreed".to_owned(),
                    _ => "The payment names another order".to_owned(),
                };
                Self::conflict("does_not_fit", format!("{why}: it cannot pay this order. Send it back."))
                    .with_extra(serde_json::json!({ "problem": problem, "wanted": wanted, "paid": paid }))
            }
            plain => {
                let (code, detail) = refusal(&plain);
                Self::conflict(code, detail)
            }
        }
    }
}

/// Code and sentence of what needs no figures.
fn refusal(error: &QueueError) -> (&'static str, &'static str) {
    match error {
        QueueError::Returning => ("being_returned", "This money is on its way back."),
        QueueError::NotReturnable => (
            "not_returnable",
            "There is no money of nobody in this that could be sent back. Clear it up on the provider's page, then tick it off.",
        ),
        QueueError::ByHand => {
            ("by_hand", "This money is on the platform's own account. Send it back from there, then tick this off.")
        }
        QueueError::OfAnOrder => {
            ("of_an_order", "This is the money of an order now. Return it on the page of the order's payment.")
        }
        QueueError::NothingLeft => ("nothing_left", "All of this payment has gone back, or is disputed."),
        QueueError::NotAttachable => ("not_attachable", "There is no money in this that an order could have."),
        QueueError::NoOrder => (
            "no_such_order",
            "The money names no order that Souk knows. Name the order that it is for, or send it back.",
        ),
        QueueError::OrderIsPaid => {
            ("order_is_paid", "The order is paid already, by another payment. Send this one back.")
        }
        QueueError::OrderNotWaiting => (
            "order_not_waiting",
            "The order waits for no money any more. Take it up, and the money is noted and goes back by itself; or send it back.",
        ),
        _ => ("no_money", "The provider holds no money in this payment. Look at it there, then tick this off."),
    }
}

/// What can be wrong with a rule of commission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommissionError {
    /// There is no such rule, or it has ended.
    NotFound,
    /// There is one for the same vendor, category and currency.
    Taken,
    /// What this field says stays.
    Moved(&'static str),
}

impl From<CommissionError> for Error {
    fn from(error: CommissionError) -> Self {
        match error {
            CommissionError::NotFound => Self::not_found("commission rule"),
            CommissionError::Taken => Self::conflict(
                "commission_rule_exists",
                "There is a rule for this vendor, category and currency. Change that one, or end it first.",
            ),
            CommissionError::Moved(field) => Self::invalid(field, "What a rule is for stays. End it and make another."),
        }
    }
}

/// What can be wrong with stored value. Numbers are places among the codes that were named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditError {
    /// There is no such credit.
    NotFound,
    /// There is no gift card of this code.
    NoCard,
    /// There is no gift card of the code at this place.
    Unknown(usize),
    /// The code at this place was named before.
    Twice(usize),
    /// Its time is over.
    Expired(usize),
    /// An admin has blocked it.
    Blocked(usize),
    /// It pays in another currency.
    OtherCurrency(usize, Currency),
    /// Nothing is left on it.
    Empty(usize),
    /// A guest has no store credit.
    NeedsAccount,
    /// There is nothing to pay.
    NothingToPay,
    /// It covers another amount than the buyer was told.
    Changed {
        /// What it covers now.
        covered: Money,
    },
    /// A gift card or a store credit is given otherwise.
    Misfit(&'static str, &'static str),
    /// It can still be used, so nothing of it is written off.
    NotExpired,
    /// Orders that may still be paid hold some of it.
    StillHeld {
        /// So much.
        held: Money,
    },
    /// Nothing is left that could be written off.
    NothingLeft,
}

impl From<CreditError> for Error {
    fn from(error: CreditError) -> Self {
        let of_code = |place: usize, code: &str, reason: String| {
            let field = FieldError { field: format!("credits.codes[{place}]"), reason: reason.clone() };
            Self::new(Kind::Invalid, code, reason).with_fields(vec![field])
        };
        match error {
            CreditError::NotFound => Self::not_found("credit"),
            CreditError::NoCard => Self::not_found("gift card"),
            CreditError::Unknown(place) => of_code(
                place,
                "gift_card_unknown",
                "There is no gift card with this code. Look at it again.".to_owned(),
            ),
            CreditError::Twice(place) => of_code(place, "gift_card_twice", "This gift card is named twice.".to_owned()),
            CreditError::Expired(place) => {
                of_code(place, "gift_card_expired", "The time of this gift card is over.".to_owned())
            }
            CreditError::Blocked(place) => of_code(
                place,
                "gift_card_blocked",
                "This gift card is blocked. Ask whoever runs the marketplace about it.".to_owned(),
            ),
            CreditError::OtherCurrency(place, currency) => {
                of_code(place, "gift_card_currency", format!("This gift card pays orders in {currency} only."))
            }
            CreditError::Empty(place) => {
                of_code(place, "gift_card_empty", "Nothing is left on this gift card.".to_owned())
            }
            CreditError::NeedsAccount => Self::invalid("credits.use_store_credit", "Sign in to use your store credit."),
            CreditError::NothingToPay => Self::invalid("total", "There is nothing to pay."),
            CreditError::Changed { covered } => Self::conflict(
                "credit_changed",
                format!(
                    "Your gift cards and credit cover {covered} now. Look at what is left to pay, then order again."
                ),
            )
            .with_extra(serde_json::json!({ "covered": covered })),
            CreditError::Misfit(field, reason) => Self::invalid(field, reason),
            CreditError::NotExpired => Self::conflict(
                "credit_not_expired",
                "Its time is not over, so its holder may still use it. Block it if nobody should.",
            ),
            CreditError::StillHeld { held } => Self::conflict(
                "credit_held",
                format!(
                    "{held} of it is held for orders that may still be paid. Wait until they are paid or called off."
                ),
            )
            .with_extra(serde_json::json!({ "held": held })),
            CreditError::NothingLeft => Self::conflict("credit_empty", "Nothing is left of it to be written off."),
        }
    }
}
