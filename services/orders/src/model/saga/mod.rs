//! The checkout saga: what an order makes of what it hears. Pure, so that a simulator can run it
//! through millions of histories.
//!
//! Three rules hold for every input in every state:
//! - a step either changes nothing, or adds exactly one to the version and notes what happened;
//! - only the moves of [`TRANSITIONS`] occur, and a settled failure or success is never left;
//! - what comes late or again changes nothing.
//!
//! Services hear of each other in no fixed order, so a payment may be heard of before the
//! reservation that it followed. `payments` opens a payment only when the stock is held: news of a
//! payment is therefore also news of the reservation.

mod parcels;
mod promised;

use contracts::{
    inventory::Shortage,
    orders::{
        OrderCancelled, OrderClaimed, OrderCompleted, OrderPaid, OrderPlaced, OrderPromised, OrderRejected,
        OrderStatus, VendorOrderStatus,
    },
};
use kernel::{AccountId, Money, ShipmentId, Timestamp, VendorOrderId};

use super::{Order, Parcel, Reason};

/// Every move there is.
pub const TRANSITIONS: &[(OrderStatus, OrderStatus)] = &[
    (OrderStatus::Placed, OrderStatus::AwaitingPayment),
    (OrderStatus::Placed, OrderStatus::Promised),
    (OrderStatus::Placed, OrderStatus::Paid),
    // With the payment, if all of it is downloaded.
    (OrderStatus::Placed, OrderStatus::Completed),
    (OrderStatus::Placed, OrderStatus::Rejected),
    (OrderStatus::Placed, OrderStatus::Cancelled),
    (OrderStatus::AwaitingPayment, OrderStatus::Promised),
    (OrderStatus::AwaitingPayment, OrderStatus::Paid),
    (OrderStatus::AwaitingPayment, OrderStatus::Completed),
    (OrderStatus::AwaitingPayment, OrderStatus::Cancelled),
    (OrderStatus::Promised, OrderStatus::Paid),
    // With the payment, if all of it was delivered before.
    (OrderStatus::Promised, OrderStatus::Completed),
    (OrderStatus::Promised, OrderStatus::Cancelled),
    (OrderStatus::Paid, OrderStatus::Completed),
    (OrderStatus::Paid, OrderStatus::Cancelled),
];

/// What an order hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The buyer has accepted the quote. Only on an order that is not placed yet.
    Place {
        /// When it is called off unless it is paid.
        deadline: Timestamp,
    },
    /// All lines are held.
    StockReserved,
    /// Not all lines can be had.
    StockRejected {
        /// What is missing.
        shortages: Vec<Shortage>,
    },
    /// The hold has ended.
    StockReleased {
        /// By time; otherwise because the order was called off.
        expired: bool,
    },
    /// The buyer has to act.
    PaymentActionRequired {
        /// Where.
        url: String,
    },
    /// The courier collects the money.
    PaymentPromised {
        /// What the order costs.
        amount: Money,
        /// What of that is to be collected.
        collect: Money,
        /// Since when.
        at: Timestamp,
    },
    /// The money is there.
    PaymentCaptured {
        /// How much.
        amount: Money,
        /// Since when.
        at: Timestamp,
    },
    /// The money will not come.
    PaymentFailed {
        /// Why.
        reason: String,
    },
    /// Money went back.
    PaymentRefunded {
        /// This time.
        amount: Money,
        /// In all.
        total: Money,
    },
    /// The timer.
    DeadlinePassed,
    /// The buyer does not want it any more.
    CancelByBuyer {
        /// Why.
        why: Option<String>,
    },
    /// An admin calls it off.
    CancelByAdmin {
        /// Why.
        why: Option<String>,
    },
    /// A vendor cannot send what is all that is left of the order.
    CancelByVendor {
        /// Its part.
        part: VendorOrderId,
        /// Why.
        why: Option<String>,
    },
    /// Pieces of a part were taken out of the order; its lines say so already.
    Withdrawn {
        /// Of this part.
        part: VendorOrderId,
    },
    /// An account has proven that the order's address is its own.
    Claim {
        /// Which.
        account_id: AccountId,
    },
    /// Something that changes nothing, and is worth an entry in the timeline.
    Noted(Note),
    /// A parcel was handed over.
    ShipmentShipped {
        /// Of this part.
        part: VendorOrderId,
        /// Which, with what in it.
        parcel: Box<Parcel>,
    },
    /// A parcel has arrived.
    ShipmentDelivered {
        /// Of this part.
        part: VendorOrderId,
        /// Which.
        shipment_id: ShipmentId,
    },
}

/// What is to be told to other services.
#[derive(Debug, Clone)]
pub enum Event {
    /// Accepted.
    Placed(Box<OrderPlaced>),
    /// To be paid to the courier.
    Promised(Box<OrderPromised>),
    /// Paid.
    Paid(Box<OrderPaid>),
    /// An account's from now on.
    Claimed(Box<OrderClaimed>),
    /// Turned down.
    Rejected(OrderRejected),
    /// Called off.
    Cancelled(OrderCancelled),
    /// Delivered whole.
    Completed(OrderCompleted),
}

/// An entry of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Machine-readable.
    pub kind: &'static str,
    /// For a person.
    pub text: String,
    /// The part it is about, if about one.
    pub part: Option<VendorOrderId>,
}

/// What has to be done with the new state, in its transaction. The timer is not here: it is
/// [`Order::deadline`], a column of the row that is saved anyway.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Tell other services.
    Publish(Event),
    /// Note it in the timeline.
    Note(Note),
}

/// Why an input is refused. Only commands and nonsense are; news that comes late is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// It is not placed yet, or already.
    WrongMoment,
    /// A parcel is on its way, or something of it is downloaded.
    AlreadyShipped,
    /// It was turned down or completed.
    NotCancellable,
    /// There is no such part.
    UnknownPart,
    /// A parcel of an order nobody has paid.
    NotPaid,
    /// A parcel that nobody has told of.
    UnknownParcel,
}

/// What the order makes of `input`.
pub fn step(order: &Order, input: Input, now: Timestamp) -> Result<(Order, Vec<Effect>), Rejected> {
    let mut turn = Turn { order: order.clone(), effects: Vec::new(), now };
    if order.version == 0 {
        let Input::Place { deadline } = input else { return Err(Rejected::WrongMoment) };
        turn.place(deadline);
    } else if let Input::Claim { account_id } = input {
        turn.claim(account_id);
    } else if let Input::Noted(note) = input {
        turn.effects.push(Effect::Note(note));
    } else {
        match order.status {
            OrderStatus::Placed | OrderStatus::AwaitingPayment => turn.unpaid(input)?,
            OrderStatus::Promised => turn.promised(input)?,
            OrderStatus::Paid => turn.paid(input)?,
            OrderStatus::Completed | OrderStatus::Rejected | OrderStatus::Cancelled => turn.over(input)?,
        }
    }
    if !turn.effects.is_empty() {
        turn.order.version += 1;
    }
    Ok((turn.order, turn.effects))
}

struct Turn {
    order: Order,
    effects: Vec<Effect>,
    now: Timestamp,
}

impl Turn {
    fn note(&mut self, kind: &'static str, text: impl Into<String>) {
        self.effects.push(Effect::Note(Note { kind, text: text.into(), part: None }));
    }
    fn note_part(&mut self, kind: &'static str, text: impl Into<String>, part: VendorOrderId) {
        self.effects.push(Effect::Note(Note { kind, text: text.into(), part: Some(part) }));
    }
    fn publish(&mut self, event: Event) {
        self.effects.push(Effect::Publish(event));
    }

    fn place(&mut self, deadline: Timestamp) {
        self.order.status = OrderStatus::Placed;
        self.order.deadline = Some(deadline);
        self.note("placed", "The order was placed.");
        let event = OrderPlaced { order_id: self.order.id, pay_by: Some(deadline), order: self.order.snapshot() };
        // The token pays once and is of no use afterwards: nobody but `payments` gets to see it.
        self.order.payment.token = None;
        self.publish(Event::Placed(Box::new(event)));
    }

    /// In whatever state it is. An order that has an owner keeps it.
    fn claim(&mut self, account_id: AccountId) {
        if self.order.account_id.is_some() {
            return;
        }
        self.order.account_id = Some(account_id);
        self.note("claimed", "The order belongs to an account now.");
        let sold = matches!(self.order.status, OrderStatus::Paid | OrderStatus::Completed);
        self.publish(Event::Claimed(Box::new(OrderClaimed {
            order_id: self.order.id,
            account_id,
            order: self.order.snapshot(),
            paid_at: self.order.paid_at.filter(|_| sold),
        })));
    }

    /// Placed or waiting for the money.
    fn unpaid(&mut self, input: Input) -> Result<(), Rejected> {
        match input {
            Input::Place { .. } => return Err(Rejected::WrongMoment),
            // Dealt with before, for they are the same in every state.
            Input::Claim { .. } | Input::Noted(_) => {}
            Input::StockReserved => self.reserved(),
            Input::StockRejected { shortages } => {
                self.order.shortages = shortages;
                match self.order.status {
                    // Nothing is held and no payment was opened: there is nothing to undo.
                    OrderStatus::Placed => self.reject(),
                    _ => self.cancel(Reason::OutOfStock, "Something is no longer in stock."),
                }
            }
            Input::StockReleased { expired: true } => {
                self.cancel(Reason::Expired, "The goods were held no longer; nobody had paid.");
            }
            Input::StockReleased { expired: false } => {}
            Input::PaymentActionRequired { url } => {
                self.reserved();
                if self.order.redirect.as_ref() != Some(&url) {
                    self.order.redirect = Some(url);
                    self.note("payment_page", "The payment page is open.");
                }
            }
            Input::PaymentPromised { amount, collect, at } if amount == self.order.total => self.promise(collect, at),
            Input::PaymentCaptured { amount, at } if amount == self.order.total => self.pay(at),
            Input::PaymentPromised { amount, .. } | Input::PaymentCaptured { amount, .. } => self.mismatch(amount),
            Input::PaymentFailed { reason } => {
                self.cancel(Reason::PaymentFailed, format!("The payment failed ({}).", reason.replace('_', " ")));
            }
            Input::PaymentRefunded { amount, total } => self.refunded(amount, total),
            Input::DeadlinePassed if self.order.deadline.is_some_and(|at| at <= self.now) => {
                self.cancel(Reason::Expired, "Nobody paid in time.");
            }
            // The timer was moved meanwhile.
            Input::DeadlinePassed => {}
            Input::CancelByBuyer { why } => self.cancel(Reason::ByBuyer, called_off("the buyer", why)),
            Input::CancelByAdmin { why } => self.cancel(Reason::ByAdmin, called_off("the marketplace", why)),
            Input::ShipmentShipped { part, .. }
            | Input::ShipmentDelivered { part, .. }
            | Input::CancelByVendor { part, .. }
            | Input::Withdrawn { part } => {
                self.index(part)?;
                return Err(Rejected::NotPaid);
            }
        }
        Ok(())
    }

    fn paid(&mut self, input: Input) -> Result<(), Rejected> {
        match input {
            Input::Place { .. } => return Err(Rejected::WrongMoment),
            // The reservation was heard of late; a hold that expired meanwhile is inventory's to renew
            // or to refuse (as `StockRejected`) when it hears that the order is paid.
            Input::StockReserved | Input::StockReleased { .. } => {}
            Input::StockRejected { shortages } if !self.order.has_shipped() => {
                self.order.shortages = shortages;
                let text = match self.order.total.is_zero() {
                    true => "Something is no longer in stock.",
                    false => "Something is no longer in stock. Your money is on its way back.",
                };
                self.cancel(Reason::OutOfStock, text);
            }
            Input::StockRejected { shortages } => {
                self.order.shortages = shortages;
                self.note("stock_short", "Part of the order may not be in stock.");
            }
            Input::PaymentActionRequired { .. }
            | Input::PaymentPromised { .. }
            | Input::PaymentCaptured { .. }
            | Input::PaymentFailed { .. }
            | Input::DeadlinePassed
            | Input::Claim { .. }
            | Input::Noted(_) => {}
            Input::PaymentRefunded { amount, total } => self.refunded(amount, total),
            Input::CancelByBuyer { .. } | Input::CancelByAdmin { .. } | Input::CancelByVendor { .. }
                if !self.order.can_cancel() =>
            {
                return Err(Rejected::AlreadyShipped);
            }
            Input::CancelByBuyer { why } => self.cancel(Reason::ByBuyer, called_off("the buyer", why)),
            Input::CancelByAdmin { why } => self.cancel(Reason::ByAdmin, called_off("the marketplace", why)),
            Input::CancelByVendor { part, why } => {
                let vendor = self.order.parts[self.index(part)?].vendor_name.clone();
                self.cancel(Reason::OutOfStock, called_off(&vendor, why));
            }
            Input::Withdrawn { part } => self.withdrawn(part)?,
            Input::ShipmentShipped { part, parcel } => self.shipped(part, *parcel)?,
            Input::ShipmentDelivered { part, shipment_id } => self.delivered(part, shipment_id)?,
        }
        Ok(())
    }

    /// Completed, rejected or cancelled: the state stays, but what still happens is noted.
    fn over(&mut self, input: Input) -> Result<(), Rejected> {
        let status = self.order.status;
        match input {
            Input::Place { .. } => return Err(Rejected::WrongMoment),
            Input::StockReserved
            | Input::StockRejected { .. }
            | Input::StockReleased { .. }
            | Input::PaymentActionRequired { .. }
            | Input::PaymentPromised { .. }
            | Input::PaymentFailed { .. }
            | Input::DeadlinePassed
            | Input::Claim { .. }
            | Input::Noted(_) => {}
            Input::PaymentCaptured { .. } if status == OrderStatus::Completed => {}
            Input::PaymentCaptured { amount, .. } => {
                self.note("paid_late", format!("A payment of {amount} came too late. It goes back by itself."));
            }
            Input::PaymentRefunded { amount, total } => self.refunded(amount, total),
            Input::CancelByBuyer { .. } | Input::CancelByAdmin { .. } | Input::CancelByVendor { .. } => {
                if status != OrderStatus::Cancelled {
                    return Err(Rejected::NotCancellable);
                }
            }
            Input::Withdrawn { part } => {
                self.index(part)?;
            }
            Input::ShipmentShipped { part, .. } => {
                let index = self.index(part)?;
                if status != OrderStatus::Completed {
                    let text = format!(
                        "{} was shipped although the order had been called off.",
                        self.order.parts[index].number
                    );
                    self.note_part("shipped_late", text, part);
                }
            }
            Input::ShipmentDelivered { part, .. } => {
                self.index(part)?;
            }
        }
        Ok(())
    }

    fn reserved(&mut self) {
        if self.order.status == OrderStatus::Placed {
            self.order.status = OrderStatus::AwaitingPayment;
            self.note("stock_reserved", "Everything is in stock and held for this order.");
        }
    }

    fn pay(&mut self, at: Timestamp) {
        let was_promised = self.order.status == OrderStatus::Promised;
        self.order.status = OrderStatus::Paid;
        self.order.paid_at = Some(at);
        self.order.collect = None;
        self.order.deadline = None;
        self.order.redirect = None;
        if !was_promised {
            self.hand_to_vendors();
        }
        self.note("paid", "The order was paid.");
        let event = OrderPaid { order_id: self.order.id, order: self.order.snapshot(), paid_at: at, was_promised };
        self.publish(Event::Paid(Box::new(event)));
        self.complete();
    }

    /// Money that is not what was agreed pays nothing: `payments` has it in its review queue.
    fn mismatch(&mut self, amount: Money) {
        let text = format!("A payment of {amount} does not match the order. It is being looked at.");
        self.note("payment_mismatch", text);
    }

    fn refunded(&mut self, amount: Money, total: Money) {
        let newer =
            total.currency == self.order.refunded.currency && total.amount_minor > self.order.refunded.amount_minor;
        if newer {
            self.order.refunded = total;
            self.note("refunded", format!("{amount} was refunded."));
        }
    }

    fn reject(&mut self) {
        self.end(OrderStatus::Rejected, Reason::OutOfStock);
        self.note("rejected", "Something is no longer in stock. Nothing was charged.");
        let order = &self.order;
        let event =
            OrderRejected { order_id: order.id, account_id: order.account_id, shortages: order.shortages.clone() };
        self.publish(Event::Rejected(event));
    }

    fn cancel(&mut self, reason: Reason, text: impl Into<String>) {
        let was_paid = self.order.status == OrderStatus::Paid;
        self.end(OrderStatus::Cancelled, reason);
        self.note("cancelled", text);
        let event = OrderCancelled {
            order_id: self.order.id,
            account_id: self.order.account_id,
            reason: reason.as_str().to_owned(),
            was_paid,
        };
        if kernel::planted!(11) && reason == Reason::Expired {
            return;
        }
        self.publish(Event::Cancelled(event));
    }

    fn end(&mut self, status: OrderStatus, reason: Reason) {
        self.order.status = status;
        self.order.reason = Some(reason);
        self.order.collect = None;
        self.order.deadline = None;
        self.order.redirect = None;
        for part in &mut self.order.parts {
            part.status = VendorOrderStatus::Cancelled;
        }
    }

    fn index(&self, part: VendorOrderId) -> Result<usize, Rejected> {
        self.order.parts.iter().position(|p| p.id == part).ok_or(Rejected::UnknownPart)
    }
}

fn called_off(by: &str, why: Option<String>) -> String {
    match why.as_deref().map(str::trim).filter(|why| !why.is_empty()) {
        Some(why) => format!("The order was called off by {by}: {why}"),
        None => format!("The order was called off by {by}."),
    }
}
