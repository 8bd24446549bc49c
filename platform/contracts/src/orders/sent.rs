//! What of an order is sent: one rule for those who price it, keep it, hear of it and show it.

use super::{VendorOrderView, VendorPart};

/// True if each of these is downloaded: then nothing is sent, and the buyer has it with the payment.
pub fn is_digital(each: impl IntoIterator<Item = bool>) -> bool {
    let mut each = each.into_iter().peekable();
    each.peek().is_some() && each.all(|digital| digital)
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
