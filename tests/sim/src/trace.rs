//! What happened, as lines, a number that stands for all of them, and marks of what was reached.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Everything that has to happen at least once in a long run, or the simulator has a blind spot.
pub const MARKS: &[&str] = &[
    "crash before a commit",
    "crash after a commit",
    "commit kept, answer lost",
    "commit lost, answer lost",
    "process restarted",
    "broker refused",
    "broker did not confirm",
    "event delivered twice",
    "event came before the one before it",
    "event tried again",
    "event very late",
    "provider did it and did not answer",
    "provider refused for now",
    "call to the provider lost",
    "call to the provider came late",
    "provider charged another amount",
    "provider out of reach",
    "one call in five went wrong",
    "webhook before the answer",
    "webhook delivered twice",
    "webhook kept, answer lost",
    "webhook lost for good",
    "money found that no webhook told of",
    "order completed",
    "order rejected",
    "order expired",
    "payment failed",
    "order called off by its buyer",
    "order called off by an admin",
    "order called off after it was paid",
    "money came too late and went back",
    "quote had changed",
    "order with a promotion",
    "promotion used up",
    "promotion given back",
    "promotion held for an order that never came to be",
    "same key, same answer",
    "shipped in part",
    "bundle made of something else",
    "bundle held",
    "bundle refused with one of its parts",
    "bundle shipped",
    "bundle on sale again",
    "order of downloads completed with its payment",
    "parcel delivered of which the rest is downloaded",
    "refund in part",
    "refund refused",
    "refund came back from the bank",
    "return asked for",
    "return of more than there is refused",
    "return received",
    "return paid back",
    "paid back without anything that comes back",
    "paying back more than was sent is refused",
    "refund of a return sent once more",
    "returned goods on sale again",
    "return exchanged",
    "what a return was exchanged for was sold out",
    "exchange paid back instead",
    "order at a price of a list",
    "order in dollars completed",
    "yen sent back",
    "vendor paid in another currency",
    "dispute in another currency",
    "order waited for goods",
    "parcel left that had waited for goods",
    "goods carried to another place",
    "order taken from two places",
    "items taken out and paid back",
    "items were on their way already",
    "taking out more than is left is refused",
    "order called off by taking everything out",
    "payment under review",
    "payment disputed",
    "dispute answered",
    "dispute won",
    "dispute lost",
    "buyer paid on the hosted page",
    "credit given",
    "credit asked for again, and given once",
    "gift card refused",
    "gift card too old",
    "gift card blocked",
    "gift card used up",
    "what credit covers had changed",
    "credit wanted by several orders",
    "order covered in part",
    "order covered wholly",
    "order paid with store credit",
    "credit released",
    "credit restored",
    "credit held for an order that never came to be",
    "credit was free again when the money came",
    "label bought",
    "label given back",
    "parcel left with its label",
    "label bought for a return",
    "label of a return given back",
    "return on its way as its carrier says",
    "vendor paid",
    "week and month ended",
    "vendor paid by schedule",
    "run made by two schedulers",
    "commission invoiced",
    "payout failed",
    "payout tried again",
    "vendor chose its account at a provider",
    "vendor typed its address at a provider",
    "vendor paid at the sandbox",
    "vendor paid at PayPal",
    "buyer agreed at PayPal",
    "vendor got its part of a payment itself",
    "vendor gave its part of a refund itself",
    "PayPal refused the parts of a payment",
    "transfer sent and not answered",
    "transfer found by its key",
    "process died while its payout was made",
    "payout of a process that died asked for by its key",
    "PayPal named the batch that there was under the key",
    "payout refused by its provider",
    "payout that nobody took called back",
    "what becomes of a payout was its provider's to say",
    "webhook of the carrier delivered twice",
    "webhooks of the carrier in the wrong order",
    "forged webhook of the carrier refused",
    "carrier told of a parcel before its label was known",
    "carrier delivered a parcel before it was handed over",
    "parcel arrived as its carrier says",
    "order promised",
    "order completed that the courier was paid for",
    "order refused at the door",
    "less to be collected",
    "cash on delivery refused",
    "cash collected",
    "another amount than was to be collected",
    "collected cash sent back",
    "dead letter replayed",
];

/// The record of a run.
#[derive(Debug, Default)]
pub struct Trace {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    lines: Vec<String>,
    hash: u64,
    marks: BTreeSet<&'static str>,
}

impl Default for Inner {
    fn default() -> Self {
        Self { lines: Vec::new(), hash: 0xcbf2_9ce4_8422_2325, marks: BTreeSet::new() }
    }
}

impl Trace {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Something happened.
    pub fn note(&self, line: String) {
        let mut inner = self.inner();
        for byte in line.bytes() {
            inner.hash = (inner.hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        inner.lines.push(line);
    }
    /// Something worth reaching was reached.
    pub fn mark(&self, mark: &'static str) {
        debug_assert!(MARKS.contains(&mark), "{mark} is not in the list");
        self.inner().marks.insert(mark);
    }
    /// What was reached.
    pub fn marks(&self) -> BTreeSet<&'static str> {
        self.inner().marks.clone()
    }
    /// A number that stands for all lines.
    pub fn hash(&self) -> u64 {
        self.inner().hash
    }
    /// All lines.
    pub fn lines(&self) -> Vec<String> {
        self.inner().lines.clone()
    }
}
