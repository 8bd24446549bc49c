//! What an order makes of its parcels, and of what is taken out before it is in one.

use contracts::orders::{OrderCompleted, OrderStatus, VendorOrderStatus};
use kernel::{ShipmentId, VendorOrderId};

use super::{Event, Parcel, Rejected, Turn};
use crate::model::Part;

impl Turn {
    /// From now on they pack it; what is downloaded is there.
    pub(super) fn hand_to_vendors(&mut self) {
        for part in &mut self.order.parts {
            part.status = VendorOrderStatus::ToShip;
            if part.is_digital() {
                part.status = VendorOrderStatus::Delivered;
                part.delivered_at = Some(self.now);
            }
        }
    }

    pub(super) fn shipped(&mut self, id: VendorOrderId, parcel: Parcel) -> Result<(), Rejected> {
        let index = self.index(id)?;
        let part = &mut self.order.parts[index];
        let known = part.parcels.iter().any(|known| known.number == parcel.number);
        let open = match part.status {
            VendorOrderStatus::Pending | VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped => true,
            VendorOrderStatus::Shipped | VendorOrderStatus::Delivered | VendorOrderStatus::Cancelled => false,
        };
        if known || !open {
            return Ok(());
        }
        let pieces: i64 = parcel.lines.iter().map(|line| line.quantity).sum();
        let (is, are, left) = match parcel.tracking.pickup {
            true => ("is", "are", "ready to be fetched".to_owned()),
            false => ("was", "were", format!("handed over to {}", parcel.tracking.carrier)),
        };
        part.parcels.push(parcel);
        part.parcels.sort_by_key(|parcel| parcel.number);
        let whole = part.is_all_gone();
        part.status = if whole { VendorOrderStatus::Shipped } else { VendorOrderStatus::PartiallyShipped };
        let text = match (whole, part.parcels.len()) {
            (true, 1) => format!("{} {is} {left}.", part.number),
            (true, _) => format!("The rest of {} {is} {left}.", part.number),
            (false, _) if pieces == 1 => format!("One piece of {} {is} {left}.", part.number),
            (false, _) => format!("{pieces} pieces of {} {are} {left}.", part.number),
        };
        self.note_part("shipped", text, id);
        Ok(())
    }

    pub(super) fn delivered(&mut self, id: VendorOrderId, shipment: ShipmentId) -> Result<(), Rejected> {
        let (index, now) = (self.index(id)?, self.now);
        let part = &mut self.order.parts[index];
        if matches!(part.status, VendorOrderStatus::Delivered | VendorOrderStatus::Cancelled) {
            return Ok(());
        }
        // One that is from before parcels were told apart is the only one of its part.
        let is_it = |parcel: &&mut Parcel| parcel.shipment_id.is_none_or(|known| known == shipment);
        let (mut some, mut has_arrived) = ("A parcel of", "has arrived");
        if let Some(parcel) = part.parcels.iter_mut().find(is_it) {
            if parcel.delivered_at.is_some() {
                return Ok(());
            }
            parcel.delivered_at = Some(now);
            if parcel.tracking.pickup {
                (some, has_arrived) = ("Some of", "was fetched");
            }
        } else if !part.parcels.is_empty() {
            return Err(Rejected::UnknownParcel);
        }
        part.delivered_at = Some(now);
        let all_left = part.parcels.is_empty() || part.status == VendorOrderStatus::Shipped;
        let arrived = all_left && part.parcels.iter().all(|parcel| parcel.delivered_at.is_some());
        let text = if arrived {
            part.status = VendorOrderStatus::Delivered;
            format!("{} {has_arrived}.", part.number)
        } else {
            format!("{some} {} {has_arrived}.", part.number)
        };
        self.note_part("delivered", text, id);
        self.complete();
        Ok(())
    }

    /// What was left to be sent may be nothing now: then the part is called off, or as far as its parcels are.
    pub(super) fn withdrawn(&mut self, id: VendorOrderId) -> Result<(), Rejected> {
        let (index, now) = (self.index(id)?, self.now);
        let part = &mut self.order.parts[index];
        let open = matches!(part.status, VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped);
        if !open || !part.is_all_gone() {
            return Ok(());
        }
        let arrived = part.parcels.iter().all(|parcel| parcel.delivered_at.is_some());
        let (status, text) = match (part.parcels.is_empty() && !part.has_downloads(), arrived) {
            (true, _) => (VendorOrderStatus::Cancelled, format!("Everything of {} was taken out.", part.number)),
            (false, true) => {
                (VendorOrderStatus::Delivered, format!("All that is sent of {} has arrived.", part.number))
            }
            (false, false) => (VendorOrderStatus::Shipped, format!("All that is sent of {} has left.", part.number)),
        };
        part.status = status;
        if status == VendorOrderStatus::Delivered && part.delivered_at.is_none() {
            part.delivered_at = Some(now);
        }
        self.note_part("nothing_left", text, id);
        self.complete();
        Ok(())
    }

    /// Ends the order once all that is sent of it has arrived, and it is paid.
    pub(super) fn complete(&mut self) {
        use VendorOrderStatus::{Cancelled, Delivered};
        let parts = &self.order.parts;
        let is_paid = self.order.status == OrderStatus::Paid || kernel::planted!(27);
        let settled = is_paid && parts.iter().all(|part| matches!(part.status, Delivered | Cancelled));
        if settled && parts.iter().any(|part| part.status == Delivered) {
            self.order.status = OrderStatus::Completed;
            let text = match self.order.parts.iter().all(Part::is_digital) {
                true => "Everything is there to be downloaded.",
                false => "Everything has arrived.",
            };
            self.note("completed", text);
            let event = OrderCompleted { order_id: self.order.id, account_id: self.order.account_id };
            self.publish(Event::Completed(event));
        }
    }
}
