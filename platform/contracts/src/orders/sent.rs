//! What of an order is sent: one rule for those who price it, keep it, hear of it and show it.

use super::{OrderStatus, OrderView, VendorOrderStatus, VendorOrderView, VendorPart};

/// True if each of these is downloaded: then nothing is sent, and the buyer has it with the payment.
pub fn is_digital(each: impl IntoIterator<Item = bool>) -> bool {
    let mut each = each.into_iter().peekable();
    each.peek().is_some() && each.all(|digital| digital)
}

/// True if a parcel of these parts is on its way or has arrived. A part that is downloaded has none, whatever its status.
pub fn has_shipped(parts: impl IntoIterator<Item = (VendorOrderStatus, bool)>) -> bool {
    use VendorOrderStatus::{Delivered, PartiallyShipped, Shipped};
    parts.into_iter().any(|(status, digital)| !digital && matches!(status, PartiallyShipped | Shipped | Delivered))
}

impl OrderStatus {
    /// True while the order is neither done with nor called off.
    pub fn stands(self) -> bool {
        match self {
            Self::Placed | Self::AwaitingPayment | Self::Promised | Self::Paid => true,
            Self::Completed | Self::Rejected | Self::Cancelled => false,
        }
    }
}

impl OrderView {
    /// True while it stands and nothing is on its way to where it goes.
    pub fn is_unsent(&self) -> bool {
        self.status.stands() && !has_shipped(self.vendor_orders.iter().map(|part| (part.status, part.is_digital())))
    }
}

impl VendorPart {
    /// True if nothing of it is sent: its buyer has it with the payment.
    pub fn is_digital(&self) -> bool {
        is_digital(self.lines.iter().map(|line| line.digital))
    }
}

impl VendorOrderView {
    /// True if nothing of it is sent: its buyer has it with the payment.
    pub fn is_digital(&self) -> bool {
        is_digital(self.lines.iter().map(|line| line.digital))
    }
}
