//! Stock and reservations: types and rules, pure.

mod bundles;
mod places;

use std::collections::BTreeMap;

use contracts::inventory::{LevelView, StockLevel, StockView};
use contracts::orders::OrderSnapshot;
use kernel::{Error, LocationId, OrderId, ProductId, Result, Timestamp, VariantId, VendorId};

pub(crate) use bundles::{Compositions, Counted, Wanted, expand, suffices};
pub(crate) use places::{Place, Places};

/// Threshold of a new variant.
pub(crate) const LOW_THRESHOLD_DEFAULT: i64 = 5;
/// Most pieces of one variant on hand.
pub(crate) const ON_HAND_MAX: i64 = 1_000_000_000;

/// What buyers are told when `available` can be had, and `backorder_cap` more may be ordered than are there.
pub(crate) fn level_of(available: i64, low_threshold: i64, backorder_cap: i64) -> StockLevel {
    match available {
        ..=0 if available + backorder_cap > 0 => StockLevel::BackOrder,
        ..=0 => StockLevel::SoldOut,
        few if few <= low_threshold => StockLevel::Low(few),
        _ => StockLevel::InStock,
    }
}

/// The location at which everything of a vendor is that nobody has put elsewhere.
pub(crate) fn default_location(vendor_id: VendorId) -> LocationId {
    LocationId(vendor_id.0)
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
    /// Promised to orders out of what is on hand.
    pub reserved: i64,
    /// Promised to orders that wait for more. While there are such, everything on hand is reserved.
    pub backordered: i64,
    pub backorder_cap: i64,
    pub low_threshold: i64,
    /// True if it lies, or has lain, at other locations than the default one.
    pub split: bool,
    /// True while the catalogue sells it.
    pub on_sale: bool,
    /// True if it lies, or has lain, in a bundle.
    pub in_bundles: bool,
    /// True if it is a bundle: then the two numbers below count, and nothing of its own is sold.
    pub bundle: bool,
    /// How many its parts suffice for out of what is there.
    pub can_have: i64,
    /// How many they suffice for with what may be sold beyond it.
    pub can_order: i64,
    /// True if it is downloaded: there is always enough of it, and nothing of its own is promised or leaves.
    pub digital: bool,
    pub updated_at: Timestamp,
}

impl Stock {
    /// How many there are for new orders; below zero as far as it is sold beyond what is there.
    pub fn available(&self) -> i64 {
        match self {
            Self { digital: true, .. } => ON_HAND_MAX,
            Self { bundle: true, .. } => self.can_have,
            _ => self.on_hand - self.reserved - self.backordered,
        }
    }
    /// How many can be promised.
    pub fn orderable(&self) -> i64 {
        match self {
            Self { digital: false, bundle: true, .. } => self.can_order,
            _ => (self.available() + self.backorder_cap).max(0),
        }
    }
    /// Of the last `quantity` promised, how many wait for more to come in.
    pub fn waiting_of(&self, quantity: i64) -> i64 {
        self.backordered.min(quantity)
    }
    /// What buyers are told.
    pub fn level(&self) -> StockLevel {
        self.level_at(self.available())
    }
    /// What buyers are told while `available` can be had.
    pub fn level_at(&self, available: i64) -> StockLevel {
        if self.digital {
            return StockLevel::InStock;
        }
        let cap = if self.bundle { self.can_order - self.can_have } else { self.backorder_cap };
        level_of(available, self.low_threshold, cap)
    }
    /// The location at which it is unless it is split.
    pub fn default_location(&self) -> LocationId {
        default_location(self.vendor_id)
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
            backordered: self.backordered,
            backorder_cap: self.backorder_cap,
            available: self.available(),
            on_hand_there: None,
            low_threshold: self.low_threshold,
            level: self.level(),
            bundle: self.bundle,
            digital: self.digital,
            parts: Vec::new(),
            updated_at: self.updated_at,
        }
    }
    /// As everybody sees it.
    pub fn level_view(&self) -> LevelView {
        LevelView { variant_id: self.variant_id, level: self.level(), available: self.orderable(), together: None }
    }
}

/// Title of a variant in lists: the product's with the options chosen.
pub(crate) fn variant_title(product: &str, options: &[String]) -> String {
    if options.is_empty() { product.to_owned() } else { format!("{product} · {}", options.join(" / ")) }
}

/// How many of each variant, in the order of ids: the order in which rows are
/// locked, so that two orders never wait for each other.
pub(crate) type Need = BTreeMap<VariantId, i64>;

/// Sums what all lines of an order want of each variant, bundles among them. What is downloaded wants none: the order says
/// of which line that is true, so it holds for all that happens to it.
pub(crate) fn lines_of(order: &OrderSnapshot) -> Result<Need> {
    let mut need = Need::new();
    for line in order.parts.iter().flat_map(|part| &part.lines).filter(|line| !line.digital) {
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

/// A line of a reservation that has not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenLine {
    pub order_id: OrderId,
    pub variant_id: VariantId,
    pub vendor_id: VendorId,
    pub quantity: i64,
    /// Of these, what still has to come in.
    pub backordered: i64,
}
