//! What shipping refuses.

use kernel::{Error, LineId};

/// A refusal of this service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShippingError {
    /// No such way to ship of this vendor.
    MethodNotFound,
    /// The vendor has as many ways to ship as it may have.
    TooManyMethods(i64),
    /// No open store of this id.
    StoreNotFound,
    /// No such parcel of this vendor, or no such tracking page.
    ShipmentNotFound,
    /// It was handed over before, under another carrier or number.
    AlreadyShipped,
    /// It was not handed over yet.
    NotShipped,
    /// The stock it takes is not firmly its own yet.
    NotClaimed,
    /// Goods that it takes still have to come in.
    StockToCome,
    /// It was called off.
    Cancelled,
    /// A line that was named twice.
    LineTwice,
    /// More than is left to be handed over.
    NotThatMany {
        /// Of which line.
        line: LineId,
        /// How many there are.
        left: i64,
    },
    /// Nobody knows what lies in it, for it is older than parcels with lines.
    OnlyWhole,
    /// The part has several parcels.
    SeveralParcels,
    /// Somebody else changed it at the same time.
    Contended,
    /// Labels cannot be bought in this marketplace.
    NoCarrier,
    /// No carrier of this name.
    CarrierNotFound,
    /// A service that is not offered.
    NoSuchService,
    /// The vendor has not said where its parcels come from.
    NoSender,
    /// No such return of this vendor.
    ReturnNotFound,
    /// Nothing is to be sent back with it now.
    NotToBeSentBack,
    /// No such label of this vendor.
    LabelNotFound,
    /// The parcel has left with it.
    LabelUsed,
    /// It was given back, or is about to be.
    LabelGivenBack,
    /// The last one is still being given back.
    LabelGoesBack,
    /// Its buyer fetches it.
    IsFetched,
    /// There is nothing to print yet.
    NoPaper,
    /// What it depends on is not known yet.
    NotYet,
}

impl From<ShippingError> for Error {
    fn from(error: ShippingError) -> Self {
        match error {
            ShippingError::MethodNotFound => Self::not_found("shipping method"),
            ShippingError::TooManyMethods(most) => Self::conflict(
                "too_many_methods",
                format!("A store has at most {most} ways to ship. Remove one first."),
            ),
            ShippingError::StoreNotFound => Self::not_found("store"),
            ShippingError::ShipmentNotFound => Self::not_found("shipment"),
            ShippingError::AlreadyShipped => Self::conflict(
                "already_shipped",
                "This was handed over before, with another carrier, tracking number or content.",
            ),
            ShippingError::NotShipped => Self::conflict("not_shipped", "This parcel has not been handed over yet."),
            ShippingError::NotClaimed => Self::conflict(
                "stock_not_confirmed",
                "The stock of this order is still being confirmed. Try again in a moment.",
            ),
            ShippingError::StockToCome => Self::conflict(
                "stock_to_come",
                "This order waits for goods that are not there yet. Receive them in your stock first.",
            ),
            ShippingError::Cancelled => {
                Self::conflict("shipment_cancelled", "The order was called off: do not ship it.")
            }
            ShippingError::LineTwice => Self::invalid("lines", "Name each line once."),
            ShippingError::NotThatMany { line, left: 0 } => Self::conflict(
                "not_that_many_left",
                "Some of this was handed over with another parcel. Look at the order again.",
            )
            .with_extra(serde_json::json!({ "line_id": line, "left": 0 })),
            ShippingError::NotThatMany { line, left } => Self::conflict(
                "not_that_many_left",
                format!("Only {left} of this are left to be handed over. Look at the order again."),
            )
            .with_extra(serde_json::json!({ "line_id": line, "left": left })),
            ShippingError::OnlyWhole => Self::conflict(
                "only_whole",
                "This order is too old to be sent in several parcels: hand over all of it.",
            ),
            ShippingError::SeveralParcels => {
                Self::conflict("several_parcels", "This order has several parcels: say which of them has arrived.")
            }
            ShippingError::Contended => Self::unavailable("Others are changing this at the same time. Try again."),
            of_labels => label_error(of_labels),
        }
    }
}

/// Refusals that have to do with carriers and their labels.
fn label_error(error: ShippingError) -> Error {
    match error {
        ShippingError::NoCarrier => Error::conflict(
            "no_carrier",
            "Labels cannot be bought here. Enter carrier and tracking number when you hand the parcel over.",
        ),
        ShippingError::CarrierNotFound => Error::not_found("carrier"),
        ShippingError::NoSuchService => Error::invalid("service", "Choose one of the services that are offered."),
        ShippingError::NoSender => {
            Error::conflict("no_sender", "Say where your parcels come from first: carriers print it on the label.")
        }
        ShippingError::ReturnNotFound => Error::not_found("return"),
        ShippingError::NotToBeSentBack => Error::conflict(
            "not_to_be_sent_back",
            "A label is for a return that you take back and that is not on its way yet.",
        ),
        ShippingError::LabelNotFound => Error::not_found("label"),
        ShippingError::LabelUsed => {
            Error::conflict("label_used", "The parcel has left with this label: it cannot be given back.")
        }
        ShippingError::LabelGivenBack => Error::conflict(
            "label_given_back",
            "The label of this number was given back: the carrier will not take the parcel. Use another one.",
        ),
        ShippingError::LabelGoesBack => Error::conflict(
            "label_goes_back",
            "The last label is still being given back. Try again in a moment, or hand the parcel over without one.",
        ),
        ShippingError::IsFetched => Error::conflict("fetched", "Its buyer fetches it: it needs no label."),
        ShippingError::NoPaper => Error::not_found("label to print"),
        _ => Error::unavailable("The carrier has not told everything yet. Try again."),
    }
}
