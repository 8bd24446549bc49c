//! What can be wrong with a request to this service.

use contracts::{pricing::Quote, promotions::RefusedPromotion};
use kernel::{Error, Kind, LineId};

use crate::model::saga::Rejected;

/// What can be wrong.
#[derive(Debug)]
pub enum OrderError {
    /// The buyer accepted another quote than the present one.
    QuoteChanged(Box<Quote>),
    /// A promotion of the quote was had by others first.
    PromotionRefused {
        /// What it costs without.
        quote: Box<Quote>,
        /// Which, and why.
        refused: RefusedPromotion,
    },
    /// A vendor has no way to send its part to where the order should go.
    NoShipping {
        /// Name of the vendor.
        vendor: String,
        /// Where it should go.
        country: String,
    },
    /// There is no such way to pay.
    UnknownMethod,
    /// The goods of this vendor are not paid this way.
    RefusedMethod {
        /// Its name.
        vendor: String,
    },
    /// Nobody is asked to pay it now.
    NotToBePaid,
    /// No courier is to be paid for it (any more).
    NotToCollect,
    /// Others have a part in what a courier is to be paid for.
    SeveralVendors,
    /// The saga refuses.
    Rejected(Rejected),
    /// There is no such order, or it is somebody else's.
    NotFound,
    /// An event about an order that is not here yet.
    NotYet,
    /// An order was placed under this key already.
    PlacedBefore,
    /// Something is on its way to where the order goes, or nothing will be.
    AddressStands,
    /// The order would go where other taxes and another delivery were to be counted.
    AnotherPlace {
        /// Part of the address that would change.
        field: &'static str,
    },
    /// There is no receipt of what nobody has paid.
    NoReceipt,
    /// No money went back under this number.
    NoCreditNote,
    /// No parcel of this number was handed over.
    NoParcel,
    /// Nobody gave out such a link, or what it leads to went back or is gone.
    NoDownload,
    /// The link has expired.
    LinkExpired,
    /// The line was downloaded as often as it may be.
    DownloadsUsedUp {
        /// How often that is.
        most: i64,
    },
}

impl From<OrderError> for Error {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::QuoteChanged(quote) => {
                let text = "Prices, shipping or availability have changed. Look at the new total, then order again.";
                let changed = Self::new(Kind::Conflict, "quote_changed", text);
                match serde_json::to_value(quote) {
                    Ok(quote) => changed.with_extra(serde_json::json!({ "quote": quote })),
                    Err(error) => error.into(),
                }
            }
            OrderError::PromotionRefused { quote, refused } => Self::new(
                Kind::Conflict,
                "quote_changed",
                format!("“{}” cannot be had any more. Look at the new total, then order again.", refused.name),
            )
            .with_extra(serde_json::json!({ "quote": quote, "refused": refused })),
            OrderError::NoShipping { vendor, country } => Self::invalid(
                "shipping",
                format!("“{vendor}” cannot send this to {country}. Take its items out, or choose another address."),
            ),
            OrderError::UnknownMethod => {
                Self::invalid("payment.method", "This way to pay is not offered for this order. Choose another one.")
            }
            OrderError::RefusedMethod { vendor } => {
                let reason =
                    format!("What {vendor} sells is not paid this way. Choose another one, or take its things out.");
                Self::invalid("payment.method", reason)
            }
            OrderError::NotToBePaid => {
                Self::conflict("not_to_be_paid", "The order does not wait for you to pay. Look at it again.")
            }
            OrderError::NotToCollect => {
                Self::conflict("not_to_collect", "No courier is to be paid for this order. Look at it again.")
            }
            OrderError::SeveralVendors => Self::conflict(
                "several_vendors",
                "Other shops have a part in this order. Write to the marketplace, who asks the couriers.",
            ),
            OrderError::NotFound => Self::not_found("order"),
            OrderError::AddressStands => Self::conflict(
                "address_stands",
                "The address can be corrected until the first parcel is on its way, and while the order is not over.",
            ),
            OrderError::AnotherPlace { field } => Self::invalid(
                field,
                format!(
                    "The {field} stays as it is: taxes and delivery were counted for it. Cancel the order and place it anew."
                ),
            ),
            OrderError::NoReceipt => Self::conflict("not_paid", "There is a receipt once the order is paid."),
            OrderError::NoDownload => Self::not_found("download"),
            OrderError::LinkExpired => Self::new(
                Kind::Gone,
                "download_expired",
                "This link has expired. Open the page of the order: it has a new one.",
            ),
            OrderError::DownloadsUsedUp { most } => Self::new(
                Kind::Gone,
                "downloads_used_up",
                format!(
                    "This was downloaded {most} times, which is as often as it can be. Ask the shop if you need it again."
                ),
            ),
            OrderError::NoParcel => Self::not_found("parcel"),
            OrderError::NoCreditNote => Self::not_found("credit note"),
            OrderError::NotYet => Self::early("The order is not known here yet."),
            OrderError::PlacedBefore => Self::conflict("placed_before", "This order was placed before."),
            OrderError::Rejected(rejected) => rejected.into(),
        }
    }
}

impl From<Rejected> for Error {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::AlreadyShipped => {
                Self::conflict("already_shipped", "A parcel is already on its way. Send the items back instead.")
            }
            Rejected::NotCancellable => Self::conflict("not_cancellable", "This order can no longer be called off."),
            Rejected::WrongMoment => Self::conflict("wrong_moment", "The order is placed already, or not yet."),
            Rejected::UnknownPart => Self::conflict("unknown_part", "The order has no such part."),
            Rejected::NotPaid => Self::conflict("not_paid", "The order is not paid."),
            Rejected::UnknownParcel => Self::conflict("unknown_parcel", "The order has no such parcel yet."),
        }
    }
}

/// Why a return is not taken, or not moved on.
#[derive(Debug)]
pub enum ReturnError {
    /// There is no such return, or it is somebody else's.
    NotFound,
    /// A line that the order, or the return, does not have.
    UnknownLine,
    /// It is downloaded, so there is nothing to send back.
    Downloaded,
    /// The courier was to be paid for it, and was not, as far as is known.
    Unpaid,
    /// It has not arrived yet.
    NotDelivered,
    /// The time to return it is over.
    TooLate,
    /// More than there is.
    TooMany {
        /// The line.
        line: LineId,
        /// How many at most.
        most: i64,
    },
    /// The vendor has answered before.
    Answered,
    /// Nothing would be taken back: that is a refusal, with its reason.
    NothingApproved,
    /// Not everything is taken back, and nobody knows why.
    NoReason,
    /// The vendor has not answered yet.
    NotAnswered,
    /// The vendor has not said that it may be sent.
    NotApproved,
    /// It is on its way, under another number, or too far for this.
    AlreadySent,
    /// It is over.
    Over,
    /// Nothing has arrived: then it is closed, with a reason.
    NothingReceived,
    /// There is no refund that did not arrive.
    NothingToSend,
    /// The money is on its way.
    MoneyUnderWay,
    /// What is wanted instead is another product, or costs another price.
    NoSuchExchange(LineId),
    /// It has not arrived yet.
    NotReceived,
    /// It is not exchanged.
    NoExchange,
    /// What it is exchanged for is not set aside yet.
    ExchangeNotHeld,
    /// It has arrived and waits for what it is exchanged for.
    ReplacementOwed,
    /// There is no label to send it with.
    NoLabel,
    /// It has as many photos as it may have.
    TooManyPhotos,
    /// What is taken out of an order before it leaves, or is kept, does not come back in a parcel.
    NothingComesBack,
    /// Nothing of the order is paid, or all of it went back.
    NotPaid,
    /// The shipping went back before.
    NoShippingLeft,
    /// It cost nothing.
    NothingWasPaid,
    /// Nothing of the order is to be sent any more, or not yet.
    NotToBeSent,
    /// A sum that cannot be.
    Sum(Error),
}

fn too_many(line: LineId, most: i64) -> Error {
    let reason = match most {
        0 => "None of these can be chosen any more.".to_owned(),
        most => format!("Choose at most {most} of these."),
    };
    Error::invalid(format!("lines.{line}"), reason)
}

impl From<ReturnError> for Error {
    fn from(error: ReturnError) -> Self {
        match error {
            ReturnError::NotFound => Self::not_found("return"),
            ReturnError::NoLabel => Self::not_found("label"),
            ReturnError::UnknownLine => Self::invalid("lines", "Choose lines of this order."),
            ReturnError::Downloaded => Self::conflict(
                "not_returnable",
                "What is downloaded cannot be sent back. Write to the marketplace if something is wrong with it.",
            ),
            ReturnError::Unpaid => Self::conflict(
                "not_paid",
                "It can be sent back once the courier has handed your money over. Try again in some days.",
            ),
            ReturnError::NotDelivered => {
                Self::conflict("not_delivered", "This has not arrived yet. Call the order off, or wait for the parcel.")
            }
            ReturnError::TooLate => Self::conflict("return_too_late", "The time to return this is over."),
            ReturnError::TooMany { line, most } => too_many(line, most),
            ReturnError::Answered => Self::conflict("return_answered", "This return was answered before."),
            ReturnError::NothingApproved => {
                Self::invalid("lines", "Take back at least one piece, or refuse the return and say why.")
            }
            ReturnError::NoReason => Self::invalid("reason", "Say why not everything is taken back."),
            ReturnError::NotAnswered => {
                Self::conflict("return_not_answered", "Answer this return first: take it back, or refuse it.")
            }
            ReturnError::NotApproved => {
                Self::conflict("return_not_approved", "Wait until the shop says where to send it.")
            }
            ReturnError::AlreadySent => Self::conflict(
                "return_already_sent",
                "This return is on its way already, under the number given before.",
            ),
            ReturnError::Over => Self::conflict("return_over", "This return is over."),
            ReturnError::NothingReceived => {
                Self::invalid("lines", "Say how many have arrived, or close the return and say why.")
            }
            ReturnError::NothingToSend => {
                Self::conflict("no_failed_refund", "There is no refund to be sent once more.")
            }
            ReturnError::MoneyUnderWay => {
                Self::conflict("refund_under_way", "It has arrived, and its money is on its way back.")
            }
            ReturnError::NoSuchExchange(line) => Self::invalid(
                format!("exchange.{line}"),
                "Choose another variant of the same product at the same price, or the money.",
            ),
            ReturnError::NotReceived => Self::conflict("return_not_received", "Say first what has arrived."),
            ReturnError::NoExchange => Self::conflict("no_exchange", "This return is not exchanged."),
            ReturnError::ExchangeNotHeld => Self::conflict(
                "exchange_not_held",
                "What it is exchanged for is still being set aside. Try again in a moment.",
            ),
            ReturnError::ReplacementOwed => {
                Self::conflict("replacement_owed", "It has arrived: send what it is exchanged for, or pay it back.")
            }
            ReturnError::TooManyPhotos => {
                Self::conflict("too_many_photos", "These are as many photos as a return may have.")
            }
            ReturnError::Sum(error) => error,
            unsent @ (ReturnError::NothingComesBack
            | ReturnError::NotPaid
            | ReturnError::NoShippingLeft
            | ReturnError::NothingWasPaid
            | ReturnError::NotToBeSent) => unsent_error(&unsent),
        }
    }
}

/// Refusals of what goes back without a parcel.
fn unsent_error(error: &ReturnError) -> Error {
    match error {
        ReturnError::NotPaid => {
            Error::conflict("not_paid", "Only of an order that is paid can something be paid back.")
        }
        ReturnError::NoShippingLeft => Error::invalid("shipping", "No delivery is left that could go back."),
        ReturnError::NothingWasPaid => Error::conflict("nothing_was_paid", "It cost nothing, so nothing goes back."),
        ReturnError::NotToBeSent => Error::conflict(
            "not_to_be_sent",
            "Only what is paid and was not handed over yet can be taken out of an order, and nothing once a courier carries it who is to be paid.",
        ),
        _ => Error::conflict(
            "nothing_comes_back",
            "This was taken out of the order before it left, or is kept. There is nothing to be sent.",
        ),
    }
}
