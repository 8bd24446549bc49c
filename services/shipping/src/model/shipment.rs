//! Parcels: the states they go through, what lies in them, and what happened to them.
//!
//! | from \ action | ship | deliver | cancel |
//! |---|---|---|---|
//! | preparing | shipped, once its stock is claimed and has come in | refused | cancelled |
//! | shipped | stays (the same carrier, number and lines) | delivered | stays |
//! | delivered | stays (the same carrier, number and lines) | stays | stays |
//! | cancelled | refused | refused | stays |
//!
//! A vendor's part has one parcel that is being prepared, with all that is left. When some of that is handed over, the
//! rest moves into the next one: together they always hold what was ordered, less what was taken out of the order, and
//! nothing is in two of them. If all that was left is taken out, that parcel is cancelled, and empty.

use contracts::{
    orders::{ParcelLine, Tracking},
    pickup::PickupPlace,
    shared::TimelineEntry,
    shipping::{ShipmentStatus, ShipmentView, ShippedLine, TrackedLine, TrackingView},
};
use kernel::{LineId, OrderId, ShipmentId, Timestamp, VendorId, VendorOrderId};

use super::token::TrackingTokens;
use crate::error::ShippingError;

/// Who carries a parcel, under which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Carriage {
    pub carrier: String,
    pub number: String,
}

impl Carriage {
    /// That nobody carries the parcel, and what its buyer shows who fetches it.
    pub fn pickup(tokens: &TrackingTokens, id: ShipmentId) -> Self {
        Self { carrier: PickupPlace::CARRIER.to_owned(), number: tokens.pickup_code(id) }
    }
}

/// A parcel: one vendor's part of a paid order, or some of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shipment {
    pub id: ShipmentId,
    pub order_id: OrderId,
    pub vendor_order_id: VendorOrderId,
    pub vendor_id: VendorId,
    /// Counts up from 1 within the part.
    pub parcel: i64,
    /// What lies in it; of an old one nothing is known but that it is all of the part.
    pub lines: Vec<ShippedLine>,
    /// Of the vendor's part.
    pub number: String,
    pub method: String,
    /// Its buyer fetches it: “shipped” is ready, “delivered” is fetched.
    pub pickup: bool,
    pub status: ShipmentStatus,
    pub carriage: Option<Carriage>,
    /// The stock is firmly the order's own. Until then somebody else may still get it, so nothing leaves.
    pub claimed: bool,
    /// Goods of it still have to come in.
    pub waits: bool,
    pub version: i64,
    pub created_at: Timestamp,
    pub shipped_at: Option<Timestamp>,
    pub delivered_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
}

/// What is done to a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Hand it over.
    Ship(Carriage),
    /// It has arrived.
    Deliver,
    /// The order was called off.
    Cancel,
}

impl Shipment {
    /// The parcel after an action, one version on; nothing if the action was done before or comes too
    /// late to matter.
    pub fn step(&self, action: &Action, now: Timestamp) -> Result<Option<Self>, ShippingError> {
        use ShipmentStatus::{Cancelled, Delivered, Preparing, Shipped};
        let next = Self { version: self.version + 1, ..self.clone() };
        match (action, self.status) {
            (Action::Ship(_), Preparing) if !self.claimed => Err(ShippingError::NotClaimed),
            (Action::Ship(_), Preparing) if self.waits => Err(ShippingError::StockToCome),
            (Action::Ship(carriage), Preparing) => {
                Ok(Some(Self { status: Shipped, carriage: Some(carriage.clone()), shipped_at: Some(now), ..next }))
            }
            (Action::Ship(carriage), Shipped | Delivered) if self.carriage.as_ref() == Some(carriage) => Ok(None),
            (Action::Ship(_), Shipped | Delivered) => Err(ShippingError::AlreadyShipped),
            (Action::Deliver, Shipped) => Ok(Some(Self { status: Delivered, delivered_at: Some(now), ..next })),
            (Action::Deliver, Delivered) => Ok(None),
            (Action::Deliver, Preparing) => Err(ShippingError::NotShipped),
            (Action::Ship(_) | Action::Deliver, Cancelled) => Err(ShippingError::Cancelled),
            (Action::Cancel, Preparing) => Ok(Some(Self { status: Cancelled, cancelled_at: Some(now), ..next })),
            (Action::Cancel, Shipped | Delivered | Cancelled) => Ok(None),
        }
    }

    /// What is handed over now, and what is left for the next parcel. Without a wish all of it leaves.
    pub fn split(&self, wanted: Option<&[ParcelLine]>) -> Result<(Vec<ShippedLine>, Vec<ShippedLine>), ShippingError> {
        let Some(wanted) = wanted else { return Ok((self.lines.clone(), Vec::new())) };
        if self.lines.is_empty() {
            return Err(ShippingError::OnlyWhole);
        }
        for wish in wanted {
            if wanted.iter().filter(|other| other.line_id == wish.line_id).count() > 1 {
                return Err(ShippingError::LineTwice);
            }
            let left = self.lines.iter().find(|line| line.line_id == wish.line_id).map_or(0, |line| line.quantity);
            if wish.quantity > left {
                return Err(ShippingError::NotThatMany { line: wish.line_id, left });
            }
        }
        let taken = |line: LineId| wanted.iter().find(|wish| wish.line_id == line).map_or(0, |wish| wish.quantity);
        let some = |quantity_of: &dyn Fn(&ShippedLine) -> i64| -> Vec<ShippedLine> {
            let lines = self.lines.iter().map(|line| ShippedLine { quantity: quantity_of(line), ..*line });
            lines.filter(|line| line.quantity > 0).collect()
        };
        let now = some(&|line: &ShippedLine| taken(line.line_id));
        let rest = some(&|line: &ShippedLine| line.quantity - taken(line.line_id));
        Ok((now, rest))
    }

    /// True if this is what a call asks to hand over: the same call again changes nothing.
    pub fn is_what_left(&self, carriage: &Carriage, wanted: Option<&[ParcelLine]>) -> bool {
        let same_lines = |wanted: &[ParcelLine]| {
            let holds = |wish: &ParcelLine| {
                self.lines.iter().any(|line| (line.line_id, line.quantity) == (wish.line_id, wish.quantity))
            };
            wanted.len() == self.lines.len() && wanted.iter().all(holds)
        };
        self.carriage.as_ref() == Some(carriage) && wanted.is_none_or(same_lines)
    }

    /// Where it can be followed, once it was handed over.
    pub fn tracking(&self, tokens: &TrackingTokens) -> Option<Tracking> {
        self.carriage.as_ref().map(|carriage| Tracking {
            carrier: carriage.carrier.clone(),
            number: carriage.number.clone(),
            token: tokens.of(self.id),
            pickup: self.pickup,
        })
    }

    fn timeline(&self) -> Vec<TimelineEntry> {
        let entry = |at: Option<Timestamp>, kind: &str, text: String| {
            at.map(|at| TimelineEntry { at, kind: kind.to_owned(), text })
        };
        let carrier = self.carriage.as_ref().map_or("", |c| c.carrier.as_str());
        // What is called off with its order keeps its lines.
        let emptied = self.lines.is_empty() && self.status == ShipmentStatus::Cancelled;
        let called_off = if emptied { "Nothing is left to be sent." } else { "The order was called off." };
        let (packing, left, arrived) = match self.pickup {
            true => ("It is being put together.", "It is ready to be fetched.".to_owned(), "Fetched."),
            false => ("The parcel is being packed.", format!("Handed to {carrier}."), "Delivered."),
        };
        [
            entry(Some(self.created_at), "preparing", packing.to_owned()),
            entry(self.shipped_at, "shipped", left),
            entry(self.delivered_at, "delivered", arrived.to_owned()),
            entry(self.cancelled_at, "cancelled", called_off.to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// As its vendor sees it.
    pub fn view(&self, tokens: &TrackingTokens) -> ShipmentView {
        ShipmentView {
            id: self.id,
            order_id: self.order_id,
            vendor_order_id: self.vendor_order_id,
            number: self.number.clone(),
            parcel: self.parcel,
            lines: self
                .lines
                .iter()
                .map(|line| ParcelLine { line_id: line.line_id, quantity: line.quantity })
                .collect(),
            status: self.status,
            method: self.method.clone(),
            pickup: self.pickup,
            waits_for_goods: self.waits && self.status == ShipmentStatus::Preparing,
            tracking: self.tracking(tokens),
            timeline: self.timeline(),
            version: self.version,
        }
    }

    /// As everybody with the link sees it: one of so many parcels, with these things in it.
    pub fn public_view(&self, parcels: i64, lines: Vec<TrackedLine>) -> TrackingView {
        TrackingView {
            number: self.number.clone(),
            parcel: self.parcel,
            parcels,
            lines,
            vendor_id: self.vendor_id,
            status: self.status,
            pickup: self.pickup,
            carrier: self.carriage.as_ref().map(|c| c.carrier.clone()),
            tracking_number: self.carriage.as_ref().map(|c| c.number.clone()),
            timeline: self.timeline(),
        }
    }
}
