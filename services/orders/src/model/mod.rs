//! What an order is made of. Pure: no clock, no database.

pub mod papers;
pub mod returns;
pub mod saga;
pub mod split;
pub mod view;

use contracts::{
    inventory::Shortage,
    orders::{
        Gift, LineSnapshot, OrderLine, OrderSnapshot, OrderStatus, ParcelLine, PaymentChoice, Tracking,
        VendorOrderStatus, VendorPart, has_shipped, is_digital,
    },
    pickup::PickupPlace,
    pricing::Quote,
    promotions::AppliedPromotion,
    shared::Address,
};
use kernel::{
    AccountId, CartId, Country, Email, Money, OrderId, ShipmentId, ShippingMethodId, Timestamp, VendorId, VendorOrderId,
};

/// Why an order was turned down or called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Not all of it could be had.
    OutOfStock,
    /// The money did not come.
    PaymentFailed,
    /// Nobody paid in time, or the goods were held no longer.
    Expired,
    /// The buyer.
    ByBuyer,
    /// An admin.
    ByAdmin,
}

impl Reason {
    /// As in the table and in events.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OutOfStock => "out_of_stock",
            Self::PaymentFailed => "payment_failed",
            Self::Expired => "expired",
            Self::ByBuyer => "by_buyer",
            Self::ByAdmin => "by_admin",
        }
    }
}

impl std::str::FromStr for Reason {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::OutOfStock, Self::PaymentFailed, Self::Expired, Self::ByBuyer, Self::ByAdmin]
            .into_iter()
            .find(|reason| reason.as_str() == text)
            .ok_or_else(|| format!("“{text}” is not a reason"))
    }
}

/// A status as in the table.
pub fn status_text(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Placed => "placed",
        OrderStatus::AwaitingPayment => "awaiting_payment",
        OrderStatus::Promised => "promised",
        OrderStatus::Paid => "paid",
        OrderStatus::Completed => "completed",
        OrderStatus::Rejected => "rejected",
        OrderStatus::Cancelled => "cancelled",
    }
}

/// The status behind [`status_text`].
pub fn status_of(text: &str) -> Option<OrderStatus> {
    ALL_STATUSES.into_iter().find(|status| status_text(*status) == text)
}

/// Every status of an order.
pub const ALL_STATUSES: [OrderStatus; 7] = [
    OrderStatus::Placed,
    OrderStatus::AwaitingPayment,
    OrderStatus::Promised,
    OrderStatus::Paid,
    OrderStatus::Completed,
    OrderStatus::Rejected,
    OrderStatus::Cancelled,
];

/// What stands for a status in the table: a promised order still waits for its money, and `promised_at` says since when.
pub fn stored_status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Promised => status_text(OrderStatus::AwaitingPayment),
        other => status_text(other),
    }
}

/// A part's status as in the table.
pub fn part_status_text(status: VendorOrderStatus) -> &'static str {
    match status {
        VendorOrderStatus::Pending => "pending",
        VendorOrderStatus::ToShip => "to_ship",
        VendorOrderStatus::PartiallyShipped => "partially_shipped",
        VendorOrderStatus::Shipped => "shipped",
        VendorOrderStatus::Delivered => "delivered",
        VendorOrderStatus::Cancelled => "cancelled",
    }
}

/// The status behind [`part_status_text`].
pub fn part_status_of(text: &str) -> Option<VendorOrderStatus> {
    use VendorOrderStatus::{Cancelled, Delivered, PartiallyShipped, Pending, Shipped, ToShip};
    [Pending, ToShip, PartiallyShipped, Shipped, Delivered, Cancelled]
        .into_iter()
        .find(|status| part_status_text(*status) == text)
}

/// An order with its parts: all that the saga decides on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Id.
    pub id: OrderId,
    /// Number people say.
    pub number: String,
    /// Account, unless a guest's.
    pub account_id: Option<AccountId>,
    /// Cart it came from.
    pub cart_id: Option<CartId>,
    /// Whom to write to.
    pub email: Email,
    /// Where it goes.
    pub country: Country,
    /// How to pay. The token is there only until the order is placed.
    pub payment: PaymentChoice,
    /// To pay.
    pub total: Money,
    /// What of that is paid with gift cards and store credit.
    pub covered: Money,
    /// Tax contained.
    pub tax: Money,
    /// Each vendor's part.
    pub parts: Vec<Part>,
    /// Placed at.
    pub placed_at: Timestamp,

    /// 0 before it is placed; each step that changes anything adds one.
    pub version: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it was turned down or called off.
    pub reason: Option<Reason>,
    /// What was missing.
    pub shortages: Vec<Shortage>,
    /// Page on which the buyer has to pay.
    pub redirect: Option<String>,
    /// Returned so far.
    pub refunded: Money,
    /// When it is called off unless it is paid.
    pub deadline: Option<Timestamp>,
    /// Since when it is to be paid to the courier.
    pub promised_at: Option<Timestamp>,
    /// What the courier has to collect, while that is still to come.
    pub collect: Option<Money>,
    /// Paid at.
    pub paid_at: Option<Timestamp>,
}

/// One vendor's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Id.
    pub id: VendorOrderId,
    /// The order's number with a letter.
    pub number: String,
    /// Vendor.
    pub vendor_id: VendorId,
    /// Its name when the order was placed.
    pub vendor_name: String,
    /// Lines.
    pub lines: Vec<OrderLine>,
    /// Sum of the lines.
    pub items: Money,
    /// What promotions take off the shipping.
    pub shipping_promotions: Vec<AppliedPromotion>,
    /// Shipping, after promotions.
    pub shipping: Money,
    /// Shipping method.
    pub method_id: Option<ShippingMethodId>,
    /// Its name.
    pub method_name: String,
    /// Where its buyer fetches it, if it is not sent.
    pub pickup: Option<PickupPlace>,
    /// Tax contained in the total.
    pub tax: Money,
    /// Items and shipping.
    pub total: Money,
    /// Where it stands.
    pub status: VendorOrderStatus,
    /// What was handed over, parcel by parcel.
    pub parcels: Vec<Parcel>,
    /// Since when its buyer has it.
    pub delivered_at: Option<Timestamp>,
}

/// A parcel that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Counts up from 1 within the part.
    pub number: i64,
    /// Its id; none if it is from before parcels were told apart.
    pub shipment_id: Option<ShipmentId>,
    /// Where it can be followed.
    pub tracking: Tracking,
    /// What lies in it; all of the part if nothing is said.
    pub lines: Vec<ParcelLine>,
    /// Handed over at.
    pub shipped_at: Timestamp,
    /// Arrived at.
    pub delivered_at: Option<Timestamp>,
}

/// Money that went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// Counts up from 1 within its order.
    pub position: i64,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// What is kept of a placement beside the order itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Documents {
    /// Where it goes.
    pub address: Address,
    /// For the invoice, if it is another.
    pub billing_address: Option<Address>,
    /// A word to the vendors.
    pub note: Option<String>,
    /// That it is a gift.
    pub gift: Option<Gift>,
    /// In which language it was ordered, if not in English.
    pub language: Option<String>,
    /// The admin who has made it for the buyer.
    pub placed_by: Option<AccountId>,
    /// The accepted quote.
    pub quote: Quote,
}

impl Order {
    /// Number of items.
    pub fn items(&self) -> i64 {
        self.lines().map(|line| line.quantity).sum()
    }
    /// Lines of all parts.
    pub fn lines(&self) -> impl Iterator<Item = &OrderLine> {
        self.parts.iter().flat_map(|part| &part.lines)
    }
    /// True if a parcel is on its way or has arrived.
    pub fn has_shipped(&self) -> bool {
        has_shipped(self.parts.iter().map(|part| (part.status, part.is_digital())))
    }
    /// True if something of it is downloaded.
    pub fn has_downloads(&self) -> bool {
        self.parts.iter().any(Part::has_downloads)
    }
    /// True while it stands and nothing is on its way to where it goes.
    pub fn is_unsent(&self) -> bool {
        self.status.stands() && !self.has_shipped()
    }
    /// True while nobody can say how the checkout ends and the buyer has nothing to do.
    pub fn is_waiting(&self) -> bool {
        matches!(self.status, OrderStatus::Placed | OrderStatus::AwaitingPayment) && self.redirect.is_none()
    }
    /// True while it may be called off: what is downloaded is handed over with the payment.
    pub fn can_cancel(&self) -> bool {
        self.is_unsent() && !(self.status == OrderStatus::Paid && self.has_downloads())
    }
    /// Gives the order its number, and each part the same with a letter.
    pub fn set_number(&mut self, number: String) {
        for (position, part) in self.parts.iter_mut().enumerate() {
            part.number = format!("{number}-{}", letters(position));
        }
        self.number = number;
    }
    /// What other services need of it.
    pub fn snapshot(&self) -> OrderSnapshot {
        OrderSnapshot {
            number: self.number.clone(),
            account_id: self.account_id,
            cart_id: self.cart_id,
            country: self.country.clone(),
            parts: self.parts.iter().map(Part::snapshot).collect(),
            total: self.total,
            tax: self.tax,
            payment: self.payment.clone(),
            placed_at: self.placed_at,
        }
    }
}

impl Part {
    /// True once nothing of it is left to be sent.
    pub fn is_all_gone(&self) -> bool {
        self.lines.iter().all(|line| self.shipped_of(line) >= line.kept())
    }
    /// True if something of it is downloaded.
    pub fn has_downloads(&self) -> bool {
        self.lines.iter().any(|line| line.digital)
    }
    /// True if all of it is downloaded, so that nothing is sent.
    pub fn is_digital(&self) -> bool {
        is_digital(self.lines.iter().map(|line| line.digital))
    }
    /// Pieces of a line that is downloaded that its buyer has: all of them from the payment on.
    fn downloadable(&self, line: &OrderLine) -> i64 {
        match self.status {
            VendorOrderStatus::Pending | VendorOrderStatus::Cancelled => 0,
            _ => line.quantity,
        }
    }
    /// Pieces of a line that have left.
    pub fn shipped_of(&self, line: &OrderLine) -> i64 {
        match self.status {
            _ if line.digital => self.downloadable(line),
            VendorOrderStatus::Shipped | VendorOrderStatus::Delivered => line.kept(),
            _ => self.pieces(line, |_| true),
        }
    }
    /// Pieces of a line that have arrived.
    pub fn delivered_of(&self, line: &OrderLine) -> i64 {
        match self.status {
            _ if line.digital => self.downloadable(line),
            VendorOrderStatus::Delivered => line.kept(),
            _ => self.pieces(line, |parcel| parcel.delivered_at.is_some()),
        }
    }
    fn pieces(&self, line: &OrderLine, of: impl Fn(&Parcel) -> bool) -> i64 {
        let in_parcel = |parcel: &Parcel| match parcel.lines.as_slice() {
            [] => line.quantity,
            lines => lines.iter().find(|held| held.line_id == line.id).map_or(0, |held| held.quantity),
        };
        self.parcels.iter().filter(|parcel| of(parcel)).map(in_parcel).sum()
    }
    /// What promotions take off its lines and its shipping.
    pub fn promotions(&self) -> impl Iterator<Item = &AppliedPromotion> {
        self.lines.iter().flat_map(|line| &line.promotions).chain(&self.shipping_promotions)
    }
    /// What the platform adds to the total, in minor units.
    pub fn subsidy_minor(&self) -> i64 {
        self.promotions().map(|promotion| promotion.platform.amount_minor).sum()
    }
    fn snapshot(&self) -> VendorPart {
        let line = |line: &OrderLine| LineSnapshot {
            line_id: line.id,
            variant_id: line.variant_id,
            product_id: line.product_id,
            quantity: line.quantity,
            total: line.total,
            tax: line.tax,
            digital: line.digital,
            categories: Vec::new(),
            subsidy_minor: line.promotions.iter().map(|promotion| promotion.platform.amount_minor).sum(),
        };
        VendorPart {
            vendor_order_id: self.id,
            number: self.number.clone(),
            vendor_id: self.vendor_id,
            lines: self.lines.iter().map(line).collect(),
            items: self.items,
            shipping: self.shipping,
            method_id: self.method_id,
            method_name: self.method_name.clone(),
            pickup: self.pickup.is_some(),
            tax: self.tax,
            total: self.total,
            subsidy_minor: self.subsidy_minor(),
        }
    }
}

/// A, B … Z, AA, AB …
fn letters(position: usize) -> String {
    let mut text = String::new();
    let mut rest = position;
    loop {
        text.insert(0, char::from(b'A' + (rest % 26) as u8));
        match rest / 26 {
            0 => return text,
            more => rest = more - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_lettered_like_columns() {
        let all: Vec<_> = [0, 1, 25, 26, 27, 51, 52, 701, 702].into_iter().map(letters).collect();
        assert_eq!(all, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn texts_of_states_read_back() {
        for status in ALL_STATUSES {
            assert_eq!(status_of(status_text(status)), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status_text(status));
        }
        for text in ["pending", "to_ship", "partially_shipped", "shipped", "delivered", "cancelled"] {
            assert_eq!(part_status_text(part_status_of(text).unwrap()), text);
        }
        assert_eq!(status_of("done"), None);
    }
}
