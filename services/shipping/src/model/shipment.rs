//! Parcels: the states they go through, and what happened to them.
//!
//! | from \ action | ship | deliver | cancel |
//! |---|---|---|---|
//! | preparing | shipped, once its stock is claimed and has come in | refused | cancelled |
//! | shipped | stays (the same carrier and number) | delivered | stays |
//! | delivered | stays (the same carrier and number) | stays | stays |
//! | cancelled | refused | refused | stays |

use contracts::{
    orders::Tracking,
    shared::TimelineEntry,
    shipping::{ShipmentStatus, ShipmentView, TrackingView},
};
use kernel::{OrderId, ShipmentId, Timestamp, VendorId, VendorOrderId};

use super::token::TrackingTokens;
use crate::error::ShippingError;

/// Who carries a parcel, under which number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Carriage {
    pub carrier: String,
    pub number: String,
}

/// A parcel: one vendor's part of a paid order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shipment {
    pub id: ShipmentId,
    pub order_id: OrderId,
    pub vendor_order_id: VendorOrderId,
    pub vendor_id: VendorId,
    /// Of the vendor's part.
    pub number: String,
    pub method: String,
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

    /// Where it can be followed, once it was handed over.
    pub fn tracking(&self, tokens: &TrackingTokens) -> Option<Tracking> {
        self.carriage.as_ref().map(|carriage| Tracking {
            carrier: carriage.carrier.clone(),
            number: carriage.number.clone(),
            token: tokens.of(self.id),
        })
    }

    fn timeline(&self) -> Vec<TimelineEntry> {
        let entry = |at: Option<Timestamp>, kind: &str, text: String| {
            at.map(|at| TimelineEntry { at, kind: kind.to_owned(), text })
        };
        let carrier = self.carriage.as_ref().map_or("", |c| c.carrier.as_str());
        [
            entry(Some(self.created_at), "preparing", "The parcel is being packed.".to_owned()),
            entry(self.shipped_at, "shipped", format!("Handed to {carrier}.")),
            entry(self.delivered_at, "delivered", "Delivered.".to_owned()),
            entry(self.cancelled_at, "cancelled", "The order was called off.".to_owned()),
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
            status: self.status,
            method: self.method.clone(),
            waits_for_goods: self.waits && self.status == ShipmentStatus::Preparing,
            tracking: self.tracking(tokens),
            timeline: self.timeline(),
            version: self.version,
        }
    }

    /// As everybody with the link sees it.
    pub fn public_view(&self) -> TrackingView {
        TrackingView {
            number: self.number.clone(),
            vendor_id: self.vendor_id,
            status: self.status,
            carrier: self.carriage.as_ref().map(|c| c.carrier.clone()),
            tracking_number: self.carriage.as_ref().map(|c| c.number.clone()),
            timeline: self.timeline(),
        }
    }
}
