//! Where the state is kept: what the core needs of a store, and the store in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

use kernel::{Currency, Error, Result, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    model::{Change, Delivery, DeliveryState, Entry, Event, KeptAnswer, Movement, Payment, Status, Timer},
    payees::{Payee, Transfer},
};

/// A webhook to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Number of the delivery.
    pub number: i64,
    /// Position in the configured list of endpoints.
    pub endpoint: usize,
    /// The event's id.
    pub event: String,
    /// The document to send.
    pub body: String,
}

/// A payment as the journal has it: the sums are those of its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRow {
    /// Position in the journal; ask for the next page with the last one's.
    pub seq: i64,
    /// The payment.
    pub id: String,
    /// The merchant's name for it.
    pub reference: String,
    /// Where it stands.
    pub status: Status,
    /// What was to be paid.
    pub amount_minor: i64,
    /// Currency of every amount here.
    pub currency: Currency,
    /// Σ captures in the journal.
    pub captured_minor: i64,
    /// Σ refunds in the journal.
    pub refunded_minor: i64,
    /// On its way back.
    pub refund_pending_minor: i64,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// An event and how far its deliveries have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRow {
    /// Position; ask for the next page with the last one's.
    pub seq: i64,
    /// The event.
    pub event: Event,
    /// Its deliveries.
    pub deliveries: Vec<Delivery>,
}

/// The money of one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Payments opened.
    pub payments: i64,
    /// Σ captures in the journal.
    pub captured_minor: i64,
    /// Σ refunds in the journal.
    pub refunded_minor: i64,
    /// On its way back.
    pub refund_pending_minor: i64,
}

/// The gateway's books at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Payments opened.
    pub payments: i64,
    /// The same by status.
    pub by_status: BTreeMap<Status, i64>,
    /// The same by currency, with the money.
    pub by_currency: BTreeMap<String, Sums>,
    /// Events told.
    pub events: i64,
    /// Deliveries to be made (again).
    pub deliveries_pending: i64,
    /// Deliveries answered with 2xx.
    pub deliveries_done: i64,
    /// Deliveries given up.
    pub deliveries_given_up: i64,
    /// References for which more than one payment holds money (at most 100 of them).
    pub charged_twice: Vec<String>,
    /// Payments whose entries do not add up (at most 100 of them). Always empty, or the sandbox is broken.
    pub unbalanced: Vec<String>,
}

/// What the core needs of a store. Reads see every write before them.
pub trait Store {
    /// The payment with this id.
    fn payment(&self, id: &str) -> Result<Option<Payment>>;
    /// The payments with this reference, oldest first (at most 100).
    fn payments_of(&self, reference: &str) -> Result<Vec<Payment>>;
    /// The payee with this id.
    fn payee(&self, id: &str) -> Result<Option<Payee>>;
    /// The transfer with this id.
    fn transfer(&self, id: &str) -> Result<Option<Transfer>>;
    /// The transfers with this reference, oldest first (at most 100).
    fn transfers_called(&self, reference: &str) -> Result<Vec<Transfer>>;
    /// Transfers behind position `after`, oldest first.
    fn transfers(&self, after: i64, limit: usize) -> Result<Vec<(i64, Transfer)>>;
    /// The answer kept for a key.
    fn key(&self, key: &str) -> Result<Option<KeptAnswer>>;
    /// Timers whose time has come, earliest first.
    fn due_timers(&self, now: Timestamp, limit: usize) -> Result<Vec<(i64, Timer)>>;
    /// Deliveries whose time has come, earliest first.
    fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>>;
    /// The delivery with this number.
    fn delivery(&self, number: i64) -> Result<Option<Delivery>>;
    /// When the first timer or delivery behind `after` is due.
    fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>>;
    /// Keeps a change.
    fn write(&mut self, change: &Change) -> Result<()>;
    /// Payments behind position `after`, in the order they were opened.
    fn journal(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>>;
    /// The entries of a payment, oldest first.
    fn entries(&self, payment: &str) -> Result<Vec<Entry>>;
    /// Events behind position `after`, oldest first.
    fn events(&self, after: i64, limit: usize) -> Result<Vec<EventRow>>;
    /// The books at a glance.
    fn summary(&self) -> Result<Summary>;
}

/// The state in memory: for simulations and as the plain statement of what a store does.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    payments: BTreeMap<i64, Payment>,
    by_id: BTreeMap<String, i64>,
    by_reference: BTreeMap<String, Vec<i64>>,
    payees: BTreeMap<String, Payee>,
    transfers: Vec<Transfer>,
    entries: BTreeMap<String, Vec<Entry>>,
    events: BTreeMap<i64, Event>,
    deliveries: BTreeMap<i64, (i64, Delivery)>,
    due: BTreeSet<(Timestamp, i64)>,
    timers: BTreeMap<(Timestamp, i64), Timer>,
    timer_times: BTreeMap<i64, Timestamp>,
    keys: BTreeMap<String, KeptAnswer>,
    /// The last number given to an event, a delivery or a timer.
    last_event: i64,
    last_delivery: i64,
    last_timer: i64,
}

impl Memory {
    fn open_payment(&mut self, payment: &Payment) -> Result<()> {
        let seq = self.payments.len() as i64 + 1;
        if self.by_id.insert(payment.id.clone(), seq).is_some() {
            return Err(Error::internal(format!("there is a payment {} already", payment.id)));
        }
        self.by_reference.entry(payment.reference.clone()).or_default().push(seq);
        self.payments.insert(seq, payment.clone());
        Ok(())
    }

    fn put_payment(&mut self, payment: &Payment) {
        if let Some(kept) = self.by_id.get(&payment.id).and_then(|seq| self.payments.get_mut(seq)) {
            kept.clone_from(payment);
        }
    }

    fn put_transfer(&mut self, transfer: &Transfer) {
        match self.transfers.iter_mut().find(|kept| kept.id == transfer.id) {
            Some(kept) => kept.clone_from(transfer),
            None => self.transfers.push(transfer.clone()),
        }
    }

    fn put_event(&mut self, event: &Event, deliveries: &[Delivery]) {
        self.last_event += 1;
        self.events.insert(self.last_event, event.clone());
        for delivery in deliveries {
            self.last_delivery += 1;
            self.due.insert((delivery.due, self.last_delivery));
            self.deliveries.insert(self.last_delivery, (self.last_event, delivery.clone()));
        }
    }

    fn put_delivery(&mut self, number: i64, delivery: &Delivery) {
        if let Some((_, kept)) = self.deliveries.get_mut(&number) {
            self.due.remove(&(kept.due, number));
            *kept = delivery.clone();
            if delivery.state == DeliveryState::Pending {
                self.due.insert((delivery.due, number));
            }
        }
    }

    fn prune(&mut self, keys: Timestamp, events: Timestamp) {
        self.keys.retain(|_, kept| kept.at >= keys);
        self.events.retain(|_, event| event.created >= events);
        let (kept, due) = (&self.events, &mut self.due);
        self.deliveries.retain(|number, (event, delivery)| {
            let keep = kept.contains_key(event);
            if !keep {
                due.remove(&(delivery.due, *number));
            }
            keep
        });
    }

    fn sums(&self, payment: &str) -> (i64, i64) {
        let sum = |movement| {
            let entries = self.entries.get(payment).into_iter().flatten();
            entries.filter(|e| e.movement == movement).map(|e| e.amount_minor).sum()
        };
        (sum(Movement::Captured), sum(Movement::Refunded))
    }
}

impl Store for Memory {
    fn payment(&self, id: &str) -> Result<Option<Payment>> {
        Ok(self.by_id.get(id).and_then(|seq| self.payments.get(seq)).cloned())
    }

    fn payments_of(&self, reference: &str) -> Result<Vec<Payment>> {
        let seqs = self.by_reference.get(reference).into_iter().flatten();
        Ok(seqs.take(100).filter_map(|seq| self.payments.get(seq)).cloned().collect())
    }

    fn payee(&self, id: &str) -> Result<Option<Payee>> {
        Ok(self.payees.get(id).cloned())
    }

    fn transfer(&self, id: &str) -> Result<Option<Transfer>> {
        Ok(self.transfers.iter().find(|transfer| transfer.id == id).cloned())
    }

    fn transfers_called(&self, reference: &str) -> Result<Vec<Transfer>> {
        Ok(self.transfers.iter().filter(|transfer| transfer.reference == reference).take(100).cloned().collect())
    }

    fn transfers(&self, after: i64, limit: usize) -> Result<Vec<(i64, Transfer)>> {
        let all = (1_i64..).zip(&self.transfers);
        Ok(all.filter(|(seq, _)| *seq > after).take(limit).map(|(seq, transfer)| (seq, transfer.clone())).collect())
    }

    fn key(&self, key: &str) -> Result<Option<KeptAnswer>> {
        Ok(self.keys.get(key).cloned())
    }

    fn due_timers(&self, now: Timestamp, limit: usize) -> Result<Vec<(i64, Timer)>> {
        let due = self.timers.range(..=(now, i64::MAX)).take(limit);
        Ok(due.map(|((_, number), timer)| (*number, timer.clone())).collect())
    }

    fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>> {
        let due = self.due.range(..=(now, i64::MAX)).take(limit);
        Ok(due
            .filter_map(|(_, number)| {
                let (event, delivery) = self.deliveries.get(number)?;
                let event = self.events.get(event)?;
                let (body, id) = (event.body.clone(), event.id.clone());
                Some(Due { number: *number, endpoint: delivery.endpoint, event: id, body })
            })
            .collect())
    }

    fn delivery(&self, number: i64) -> Result<Option<Delivery>> {
        Ok(self.deliveries.get(&number).map(|(_, delivery)| delivery.clone()))
    }

    fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>> {
        let behind = (Bound::Excluded((after, i64::MAX)), Bound::Unbounded);
        let delivery = self.due.range(behind).next().map(|(due, _)| *due);
        let timer = self.timers.range(behind).next().map(|((at, _), _)| *at);
        Ok(delivery.into_iter().chain(timer).min())
    }

    fn write(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Opened(payment) => self.open_payment(payment)?,
            Change::Payment(payment) => self.put_payment(payment),
            Change::Payee(payee) => {
                self.payees.insert(payee.id.clone(), (**payee).clone());
            }
            Change::Transfer(transfer) => self.put_transfer(transfer),
            Change::Entry(entry) => self.entries.entry(entry.payment.clone()).or_default().push(entry.clone()),
            Change::Event(event, deliveries) => self.put_event(event, deliveries),
            Change::Delivery(number, delivery) => self.put_delivery(*number, delivery),
            Change::Timer(timer) => {
                self.last_timer += 1;
                self.timer_times.insert(self.last_timer, timer.at);
                self.timers.insert((timer.at, self.last_timer), timer.clone());
            }
            Change::TimerDone(number) => {
                if let Some(at) = self.timer_times.remove(number) {
                    self.timers.remove(&(at, *number));
                }
            }
            Change::Key(kept) => {
                self.keys.insert(kept.key.clone(), kept.clone());
            }
            Change::Prune { keys, events } => self.prune(*keys, *events),
        }
        Ok(())
    }

    fn journal(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>> {
        let behind = self.payments.range(after.saturating_add(1)..).take(limit);
        Ok(behind
            .map(|(seq, payment)| {
                let (captured_minor, refunded_minor) = self.sums(&payment.id);
                JournalRow {
                    seq: *seq,
                    id: payment.id.clone(),
                    reference: payment.reference.clone(),
                    status: payment.status,
                    amount_minor: payment.amount_minor,
                    currency: payment.currency,
                    captured_minor,
                    refunded_minor,
                    refund_pending_minor: payment.refund_pending_minor,
                    created_at: payment.created_at,
                }
            })
            .collect())
    }

    fn entries(&self, payment: &str) -> Result<Vec<Entry>> {
        Ok(self.entries.get(payment).cloned().unwrap_or_default())
    }

    fn events(&self, after: i64, limit: usize) -> Result<Vec<EventRow>> {
        let behind = self.events.range(after.saturating_add(1)..).take(limit);
        Ok(behind
            .map(|(seq, event)| {
                let its = self.deliveries.values().filter(|(event, _)| event == seq);
                EventRow { seq: *seq, event: event.clone(), deliveries: its.map(|(_, d)| d.clone()).collect() }
            })
            .collect())
    }

    fn summary(&self) -> Result<Summary> {
        let mut summary = Summary { events: self.events.len() as i64, ..Summary::default() };
        let mut holding: BTreeMap<&str, u32> = BTreeMap::new();
        for payment in self.payments.values() {
            let (captured, refunded) = self.sums(&payment.id);
            summary.payments += 1;
            *summary.by_status.entry(payment.status).or_default() += 1;
            let sums = summary.by_currency.entry(payment.currency.to_string()).or_default();
            sums.payments += 1;
            sums.captured_minor += captured;
            sums.refunded_minor += refunded;
            sums.refund_pending_minor += payment.refund_pending_minor;
            *holding.entry(&payment.reference).or_default() += u32::from(captured > refunded);
            let adds_up = captured == payment.captured_minor
                && refunded == payment.refunded_minor
                && captured <= payment.amount_minor
                && refunded + payment.refund_pending_minor <= captured;
            if !adds_up {
                summary.unbalanced.push(payment.id.clone());
            }
        }
        let twice = holding.iter().filter(|(_, count)| **count > 1).map(|(reference, _)| (*reference).to_owned());
        summary.charged_twice = twice.take(100).collect();
        summary.unbalanced.truncate(100);
        for (_, delivery) in self.deliveries.values() {
            match delivery.state {
                DeliveryState::Pending => summary.deliveries_pending += 1,
                DeliveryState::Delivered => summary.deliveries_done += 1,
                DeliveryState::GivenUp => summary.deliveries_given_up += 1,
            }
        }
        Ok(summary)
    }
}
