//! Stock and reservations: types and rules, pure.

use std::collections::BTreeMap;

use contracts::inventory::{LevelView, StockLevel, StockView};
use contracts::orders::OrderSnapshot;
use kernel::{Error, ProductId, Result, Timestamp, VariantId, VendorId};

/// Threshold of a new variant.
pub(crate) const LOW_THRESHOLD_DEFAULT: i64 = 5;
/// Most pieces of one variant on hand.
pub(crate) const ON_HAND_MAX: i64 = 1_000_000_000;

/// What buyers are told when `available` can be had.
pub(crate) fn level_of(available: i64, low_threshold: i64) -> StockLevel {
    match available {
        ..=0 => StockLevel::SoldOut,
        few if few <= low_threshold => StockLevel::Low(few),
        _ => StockLevel::InStock,
    }
}

/// Stock of one variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stock {
    pub variant_id: VariantId,
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub sku: String,
    pub title: String,
    pub on_hand: i64,
    pub reserved: i64,
    pub low_threshold: i64,
    pub updated_at: Timestamp,
}

impl Stock {
    /// How many can be promised.
    pub fn available(&self) -> i64 {
        self.on_hand - self.reserved
    }
    /// What buyers are told.
    pub fn level(&self) -> StockLevel {
        level_of(self.available(), self.low_threshold)
    }
    /// As its vendor sees it.
    pub fn view(&self) -> StockView {
        StockView {
            variant_id: self.variant_id,
            product_id: self.product_id,
            title: self.title.clone(),
            sku: self.sku.clone(),
            on_hand: self.on_hand,
            reserved: self.reserved,
            available: self.available(),
            low_threshold: self.low_threshold,
            level: self.level(),
            updated_at: self.updated_at,
        }
    }
    /// As everybody sees it.
    pub fn level_view(&self) -> LevelView {
        LevelView { variant_id: self.variant_id, level: self.level(), available: self.available().max(0) }
    }
}

/// Title of a variant in lists: the product's with the options chosen.
pub(crate) fn variant_title(product: &str, options: &[String]) -> String {
    if options.is_empty() { product.to_owned() } else { format!("{product} · {}", options.join(" / ")) }
}

/// Why what is on hand changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MovementKind {
    Initial,
    Receipt,
    Adjustment,
    Count,
    Shipped,
    Return,
}

impl MovementKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Receipt => "receipt",
            Self::Adjustment => "adjustment",
            Self::Count => "count",
            Self::Shipped => "shipped",
            Self::Return => "return",
        }
    }
}

/// What an order needs, summed per variant and in the order of ids: the order in which rows are
/// locked, so that two orders never wait for each other.
pub(crate) type Need = BTreeMap<VariantId, i64>;

/// Sums what all parts of an order need (invariant S5).
pub(crate) fn need_of(order: &OrderSnapshot) -> Result<Need> {
    let mut need = Need::new();
    for line in order.parts.iter().flat_map(|part| &part.lines) {
        let sum = need.entry(line.variant_id).or_insert(0);
        *sum = sum
            .checked_add(line.quantity)
            .filter(|_| line.quantity > 0)
            .ok_or_else(|| Error::internal(format!("line {} wants {}", line.line_id, line.quantity)))?;
    }
    Ok(need)
}

/// Where a reservation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Waits for the payment, until its time runs out.
    Held,
    /// Paid.
    Claimed,
    /// Given back because the order was called off.
    Released,
    /// Given back because nobody paid in time.
    Expired,
    /// Every line has left.
    Shipped,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::Expired => "expired",
            Self::Shipped => "shipped",
        }
    }
    /// Whether its lines that have not left count as reserved (invariant S2).
    pub fn is_live(self) -> bool {
        match self {
            Self::Held | Self::Claimed => true,
            Self::Released | Self::Expired | Self::Shipped => false,
        }
    }
}

impl std::str::FromStr for State {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Held, Self::Claimed, Self::Released, Self::Expired, Self::Shipped]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| format!("“{text}” is not a state of a reservation"))
    }
}

/// What to do with a reservation when its order was paid.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OnPaid {
    /// It is still held: make it firm.
    Claim,
    /// Nothing is held any more: try to take everything again.
    TakeAgain,
    /// It is done already.
    Nothing,
}

/// The state table for *paid*. `None` means that there is no reservation.
pub(crate) fn on_paid(state: Option<State>) -> OnPaid {
    match state {
        Some(State::Held) => OnPaid::Claim,
        None | Some(State::Expired) => OnPaid::TakeAgain,
        Some(State::Claimed | State::Released | State::Shipped) => OnPaid::Nothing,
    }
}

/// What to do when a parcel of the order has left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OnShipped {
    /// The lines are promised to it: take them off.
    TakeReserved,
    /// The promise was given back before the parcel left: take off what is free.
    TakeFree,
    /// The payment has not arrived here yet.
    Wait,
    /// It is done already.
    Nothing,
}

/// The state table for *shipped*. `None` means that there is no reservation.
pub(crate) fn on_shipped(state: Option<State>) -> OnShipped {
    match state {
        Some(State::Claimed) => OnShipped::TakeReserved,
        Some(State::Released | State::Expired) => OnShipped::TakeFree,
        None | Some(State::Held) => OnShipped::Wait,
        Some(State::Shipped) => OnShipped::Nothing,
    }
}
