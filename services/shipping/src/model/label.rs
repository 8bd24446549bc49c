//! Labels of carriers: the states they go through.
//!
//! | state | next |
//! |---|---|
//! | ordered | bought, failed (the carrier says no), voiding (the vendor gives it back) |
//! | bought | voiding |
//! | voiding | voided, bought (the carrier does not take it back) |
//! | failed, voided | – ; another one may be ordered |
//!
//! A label that turns out to have been bought although it was given back is given back again.

use contracts::carriers::{LabelStatus, LabelView, ParcelSize};
use kernel::{LabelId, Money, OrderId, ReturnId, ShipmentId, Timestamp, VendorId, VendorOrderId};

/// The draft at the carrier that is bought, at which rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub draft: String,
    pub rate: String,
}

/// What was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Purchase {
    pub carrier: String,
    pub service: String,
    pub number: String,
    pub tracker: String,
    pub paper: String,
    pub price: Money,
}

impl From<crate::carrier::Label> for Purchase {
    fn from(label: crate::carrier::Label) -> Self {
        let crate::carrier::Label { carrier, service, price, number, tracker, paper, is_void: _ } = label;
        Self { carrier, service, number, tracker, paper, price }
    }
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub id: LabelId,
    pub vendor_id: VendorId,
    /// The parcel it is for; of a return one in which it had come.
    pub shipment_id: ShipmentId,
    /// The return that comes back with it.
    pub return_id: Option<ReturnId>,
    pub vendor_order_id: VendorOrderId,
    pub order_id: OrderId,
    /// Which carrier port it is bought at.
    pub provider: String,
    pub status: LabelStatus,
    pub weight_g: i64,
    pub size: Option<ParcelSize>,
    /// The service that the vendor has chosen.
    pub wanted: Option<String>,
    pub choice: Option<Choice>,
    pub purchase: Option<Purchase>,
    /// Name of its file.
    pub file: Option<String>,
    pub failure: Option<String>,
    /// Times that it was asked about in vain.
    pub checks: i64,
    /// What it costs was told: its vendor bears it.
    pub booked: bool,
    /// When the carrier had what comes back.
    pub left_at: Option<Timestamp>,
    pub created_at: Timestamp,
    /// When its status changed last.
    pub changed_at: Timestamp,
}

impl Label {
    /// Our name for it at the carrier: the same for the same label, so that it is bought once.
    pub fn key(&self) -> String {
        format!("souk-{}", self.id)
    }

    /// What is printed, under which purchase, while it may be used.
    pub fn to_print(&self) -> Option<(&Purchase, &str)> {
        let is_bought = self.status == LabelStatus::Bought;
        self.purchase.as_ref().filter(|_| is_bought).zip(self.file.as_deref())
    }

    /// What its vendor bears for it as it stands: its price from when it is known to be bought until it is known to be given
    /// back.
    pub fn cost(&self) -> Option<Money> {
        let is_bought = matches!(self.status, LabelStatus::Bought | LabelStatus::Voiding);
        self.purchase.as_ref().filter(|_| is_bought).map(|bought| bought.price).filter(|price| !price.is_zero())
    }
}

/// A label with what its vendor is shown beside it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub label: Label,
    /// Number of the vendor's part.
    pub number: String,
    pub used: bool,
    pub charged: Option<Money>,
    /// What was charged was an estimate.
    pub estimated: bool,
    pub part_cost: Option<Money>,
}

impl Shown {
    /// As its vendor sees it.
    pub fn view(self) -> LabelView {
        let Self { label, number, used, charged, estimated, part_cost } = self;
        let (carrier, service, tracking_number, price) = match label.purchase {
            Some(bought) => (Some(bought.carrier), Some(bought.service), Some(bought.number), Some(bought.price)),
            None => (None, None, None, None),
        };
        LabelView {
            id: label.id,
            shipment_id: label.shipment_id,
            return_id: label.return_id,
            vendor_order_id: label.vendor_order_id,
            order_id: label.order_id,
            number,
            status: label.status,
            used,
            weight_g: label.weight_g,
            carrier,
            service,
            tracking_number,
            price,
            charged,
            estimated,
            part_cost,
            has_file: label.file.is_some(),
            failure: label.failure,
            created_at: label.created_at,
        }
    }
}

/// The rate at which a parcel is sent: the one that the vendor wants, or else the cheapest.
pub(crate) fn choose<'a>(rates: &'a [crate::carrier::Rate], wanted: Option<&str>) -> Option<&'a crate::carrier::Rate> {
    let fits = |rate: &&crate::carrier::Rate| wanted.is_none_or(|name| rate.name() == name);
    rates.iter().filter(fits).min_by_key(|rate| (rate.price.amount_minor, rate.id.as_str()))
}
