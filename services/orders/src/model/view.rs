//! An order as it is shown: to its buyer, to a vendor, in a list.

use contracts::{
    orders::{NextAction, OrderRefund, OrderView, ParcelView, VendorOrderView},
    shared::TimelineEntry,
};
use kernel::OrderId;

use super::{Documents, Order, Parcel, Part, Refund};

/// The whole order, for its buyer and for admins.
pub fn order(order: &Order, documents: &Documents, timeline: Vec<TimelineEntry>, refunds: &[Refund]) -> OrderView {
    OrderView {
        id: order.id,
        number: order.number.clone(),
        status: order.status,
        status_reason: order.reason.map(|reason| reason.as_str().to_owned()),
        shortages: order.shortages.clone(),
        next_action: order.redirect.clone().map(|url| NextAction::Redirect { url }),
        account_id: order.account_id,
        email: order.email.clone(),
        address: documents.address.clone(),
        billing_address: documents.billing_address.clone(),
        payment_method: order.payment.method.clone(),
        covered: (!order.covered.is_zero()).then_some(order.covered),
        to_collect: order.collect,
        paid_at: order.paid_at,
        note: documents.note.clone(),
        gift: documents.gift.clone(),
        language: documents.language.clone(),
        quote: documents.quote.clone(),
        vendor_orders: order.parts.iter().map(|part| vendor_order(order.id, part)).collect(),
        refunded: order.refunded,
        refunds: refunds.iter().map(|refund| credit_note(&order.number, refund)).collect(),
        timeline,
        can_cancel: order.can_cancel(),
        placed_at: order.placed_at,
        version: order.version,
    }
}

fn credit_note(order: &str, refund: &Refund) -> OrderRefund {
    OrderRefund { number: format!("{order}-R{}", refund.position), amount: refund.amount, at: refund.at }
}

fn parcel(parcel: &Parcel) -> ParcelView {
    ParcelView {
        parcel: parcel.number,
        shipment_id: parcel.shipment_id,
        tracking: parcel.tracking.clone(),
        lines: parcel.lines.clone(),
        shipped_at: parcel.shipped_at,
        delivered_at: parcel.delivered_at,
    }
}

/// One vendor's part.
pub fn vendor_order(order_id: OrderId, part: &Part) -> VendorOrderView {
    VendorOrderView {
        id: part.id,
        number: part.number.clone(),
        order_id,
        vendor_id: part.vendor_id,
        vendor_name: part.vendor_name.clone(),
        status: part.status,
        lines: part.lines.clone(),
        items: part.items,
        shipping_promotions: part.shipping_promotions.clone(),
        shipping: part.shipping,
        shipping_method: part.method_name.clone(),
        pickup: part.pickup.clone(),
        tax: part.tax,
        total: part.total,
        parcels: part.parcels.iter().map(parcel).collect(),
    }
}
