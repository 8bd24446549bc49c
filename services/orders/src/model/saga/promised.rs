//! An order that is sent without money, which the courier collects when handing it over.

use contracts::orders::{OrderPromised, OrderStatus};
use kernel::{Money, Timestamp};

use super::{Event, Input, Rejected, Turn};
use crate::model::Reason;

impl Turn {
    /// Vendors send it as if it were paid.
    pub(super) fn promise(&mut self, collect: Money, at: Timestamp) {
        self.order.status = OrderStatus::Promised;
        self.order.promised_at = Some(at);
        self.order.collect = Some(collect);
        self.order.deadline = None;
        self.order.redirect = None;
        self.hand_to_vendors();
        self.note("promised", format!("{collect} are to be paid to the courier."));
        let event = OrderPromised { order_id: self.order.id, order: self.order.snapshot(), promised_at: at };
        self.publish(Event::Promised(Box::new(event)));
    }

    /// Promised: all that happens to a paid order, but that money still comes, or does not.
    pub(super) fn promised(&mut self, input: Input) -> Result<(), Rejected> {
        match input {
            Input::StockRejected { shortages } if !self.order.has_shipped() => {
                self.order.shortages = shortages;
                self.cancel(Reason::OutOfStock, "Something is no longer in stock. Nothing is charged.");
            }
            Input::PaymentPromised { amount, collect, .. } if amount == self.order.total => self.collect_less(collect),
            Input::PaymentPromised { amount, .. } => self.mismatch(amount),
            Input::PaymentCaptured { amount, at } if amount == self.order.total => self.pay(at),
            Input::PaymentCaptured { amount, .. } => self.mismatch(amount),
            // Whatever has left comes back with the courier.
            Input::PaymentFailed { reason } => {
                let text = format!("The courier was not paid ({}).", reason.replace('_', " "));
                self.cancel(Reason::PaymentFailed, text);
            }
            other @ (Input::Place { .. }
            | Input::StockReserved
            | Input::StockRejected { .. }
            | Input::StockReleased { .. }
            | Input::PaymentActionRequired { .. }
            | Input::PaymentRefunded { .. }
            | Input::DeadlinePassed
            | Input::CancelByBuyer { .. }
            | Input::CancelByAdmin { .. }
            | Input::CancelByVendor { .. }
            | Input::Withdrawn { .. }
            | Input::Claim { .. }
            | Input::Noted(_)
            | Input::ShipmentShipped { .. }
            | Input::ShipmentDelivered { .. }) => self.paid(other)?,
        }
        Ok(())
    }

    /// Something was taken out of it. What is told late or again is never less.
    fn collect_less(&mut self, collect: Money) {
        let is_less = self
            .order
            .collect
            .is_some_and(|known| known.currency == collect.currency && collect.amount_minor < known.amount_minor);
        if is_less {
            self.order.collect = Some(collect);
            self.note("to_collect", format!("{collect} are to be paid to the courier now."));
        }
    }
}
