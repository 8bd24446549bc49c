//! The port to carriers. To add one: implement [`Carrier`], add a line where the service is built.
//!
//! **No answer is not a no**: a call that ends without one may have bought a label. It is [`CarrierError::NoAnswer`],
//! and what became of it is found out by asking. So a label is bought in two steps: a *draft* with its rates, which
//! costs nothing and is found again by our key, and the purchase of that draft, which a carrier does once.

pub mod easypost;

use std::sync::Arc;

use bytes::Bytes;
use contracts::{carriers::ParcelSize, shared::Address};
use futures::future::BoxFuture;
use http::HeaderMap;
use kernel::{Money, Result, Timestamp};

/// Why a carrier did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarrierError {
    /// Nobody knows whether it was done.
    NoAnswer(String),
    /// It says no, and nothing was done.
    Refused {
        /// Why, in its words.
        reason: String,
    },
    /// It knows no such thing.
    NotFound,
}

/// What a call to a carrier comes to.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, CarrierError>>;

/// A parcel that is to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Where it comes from.
    pub from: Address,
    /// Where it goes.
    pub to: Address,
    /// How heavy it is.
    pub weight_g: i64,
    /// How large it is, if that was said.
    pub size: Option<ParcelSize>,
}

/// What one of a carrier's services takes for a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// The carrier's name for it.
    pub id: String,
    /// Who carries it.
    pub carrier: String,
    /// Which service.
    pub service: String,
    /// The price.
    pub price: Money,
}

impl Rate {
    /// The service by the name under which it is chosen: `DHL Paket`.
    pub fn name(&self) -> String {
        format!("{} {}", self.carrier, self.service)
    }
}

/// A parcel as the carrier has it before a label was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The carrier's id.
    pub id: String,
    /// What it would cost.
    pub rates: Vec<Rate>,
}

/// A label that was bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Who carries the parcel.
    pub carrier: String,
    /// Which service.
    pub service: String,
    /// What was paid.
    pub price: Money,
    /// The tracking number.
    pub number: String,
    /// What [`Carrier::track`] takes.
    pub tracker: String,
    /// What [`Carrier::paper`] takes.
    pub paper: String,
    /// Whether it was given back.
    pub is_void: bool,
}

/// What is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The file.
    pub content: Bytes,
    /// `pdf` or `png`.
    pub ending: &'static str,
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// Announced, not seen yet.
    Announced,
    /// On its way.
    Moving,
    /// Arrived.
    Delivered,
    /// It will not arrive: lost, or going back.
    Failed,
}

/// Something that has happened to a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// When.
    pub at: Timestamp,
    /// The carrier's word for it: `in_transit`.
    pub kind: String,
    /// For a person, with the place.
    pub text: String,
}

/// A parcel's way so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Where it is now.
    pub whereabouts: Whereabouts,
    /// What has happened, oldest first.
    pub scans: Vec<Scan>,
}

/// A verified event. It only says what to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierEvent {
    /// The carrier's id of the event.
    pub id: String,
    /// The carrier's name for what happened.
    pub kind: String,
    /// What [`Carrier::track`] takes.
    pub tracker: String,
}

/// A carrier, or somebody who speaks for many.
pub trait Carrier: Send + Sync {
    /// Name in tables and addresses.
    fn name(&self) -> &'static str;
    /// Services that vendors may choose from, by [`Rate::name`]; none: the cheapest is taken.
    fn services(&self) -> &[String];
    /// What a parcel costs. The same key finds the same draft again, whatever became of the first call.
    fn rates<'a>(&'a self, parcel: &'a Parcel, key: &'a str) -> Answer<'a, Draft>;
    /// Buys a draft at one of its rates. A draft is sold once: after that this is refused.
    fn buy_label<'a>(&'a self, draft: &'a str, rate: &'a str) -> Answer<'a, Label>;
    /// The label of a draft, if it was bought.
    fn label_of<'a>(&'a self, draft: &'a str) -> Answer<'a, Option<Label>>;
    /// Gives a label back. Refused if the parcel is on its way, or if it was given back before.
    fn void_label<'a>(&'a self, draft: &'a str) -> Answer<'a, Label>;
    /// The file of a label.
    fn paper<'a>(&'a self, paper: &'a str) -> Answer<'a, Paper>;
    /// Where a parcel is.
    fn track<'a>(&'a self, tracker: &'a str) -> Answer<'a, Track>;
    /// Checks signature and age of an event on the bytes as they came. None if it is the carrier's, but about nothing
    /// that concerns us.
    ///
    /// # Errors
    /// Malformed, if it is not from the carrier, too old, or of the other mode.
    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Option<CarrierEvent>>;
}

/// The carrier of this installation, if there is one.
pub type Carriers = Option<Arc<dyn Carrier>>;
