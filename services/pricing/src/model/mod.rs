//! Types and rules of prices. Pure: no clock, no database.

pub(crate) mod currency;
pub(crate) mod customer;
mod delivery;
pub(crate) mod discount;
mod fee;
pub(crate) mod history;
pub(crate) mod offer;
pub(crate) mod price_list;
mod promote;
pub(crate) mod promotion;
pub(crate) mod quantity;
pub(crate) mod quote;
mod quote_hash;
mod rounding;
pub(crate) mod tax;
mod taxing;

use std::{collections::BTreeMap, time::Duration};

use contracts::{
    arrival::Handling,
    pickup::PickupPlace,
    prices::QuantityPrice,
    shipping::{CarrierRate, ValuePrice, WeightPrice},
};
use kernel::{CategoryId, Country, Currency, Money, ProductId, ShippingMethodId, Timestamp, VariantId, VendorId};

use currency::Exchanges;
pub(crate) use discount::{Discount, Reach};
use price_list::GroupPrice;
pub(crate) use promotion::Promotion;
pub(crate) use tax::Taxes;

/// Most of one variant that a quote covers, over all lines that name it.
pub(crate) const QUANTITY_MAX: i64 = 10_000;

/// How long what a carrier has said holds; after that it is an estimate.
const RATE_HOLDS: Duration = Duration::from_secs(48 * 3600);

/// A variant on sale, with what a quote says about it.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub id: VariantId,
    pub product_id: ProductId,
    pub vendor_id: VendorId,
    pub vendor_name: String,
    /// Ways to pay that are not offered for its goods.
    pub refused_methods: Vec<String>,
    /// From the top of the tree to its own category.
    pub categories: Vec<CategoryId>,
    pub title: String,
    pub options: Vec<String>,
    pub sku: String,
    pub list_price: Money,
    /// By quantity, before discounts.
    pub quantity_prices: Vec<QuantityPrice>,
    /// What it costs the customer by price lists.
    pub group_prices: Vec<GroupPrice>,
    /// Key of the tax category.
    pub tax_category: String,
    pub weight_g: i64,
    /// True if it is downloaded and not sent.
    pub digital: bool,
}

/// A way a vendor ships.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub id: ShippingMethodId,
    pub vendor_id: VendorId,
    pub name: String,
    pub price: Money,
    pub free_over: Option<Money>,
    /// Everywhere if empty.
    pub countries: Vec<Country>,
    pub days_min: i64,
    pub days_max: i64,
    /// What heavier parcels cost, lightest first.
    pub weight_prices: Vec<WeightPrice>,
    /// What parcels with goods of a higher value cost, lowest value first; never beside `weight_prices`.
    pub value_prices: Vec<ValuePrice>,
    pub max_weight_g: Option<i64>,
    /// It costs what the carrier takes; its own prices hold where that is not known.
    pub by_carrier: bool,
    /// What the carrier took last.
    pub carrier_rates: Vec<CarrierRate>,
    /// What passes before a parcel leaves.
    pub handling: Handling,
    /// Where buyers fetch it themselves, if it is not sent.
    pub pickup: Option<PickupPlace>,
}

impl Method {
    /// True if it can be chosen for a parcel of this weight, paid in this currency, that goes to this country.
    pub fn serves(&self, country: &Country, currency: Currency, weight_g: i64) -> bool {
        self.price.currency == currency
            && (self.countries.is_empty() || self.countries.contains(country))
            && self.max_weight_g.is_none_or(|most| weight_g <= most)
    }

    /// The price for heavier parcels that a parcel of this weight has, unless it is light enough for the plain one.
    pub fn weight_price(&self, weight_g: i64) -> Option<&WeightPrice> {
        self.weight_prices.iter().rev().find(|price| price.from_g <= weight_g)
    }

    /// The price that goods of this value are sent for, unless they are worth so little that it is the plain one.
    pub fn value_price(&self, items: Money) -> Option<&ValuePrice> {
        self.value_prices.iter().rev().find(|price| price.from_minor <= items.amount_minor)
    }

    /// What the carrier takes for a parcel, if that is the price: what it said last for parcels that are as heavy or a
    /// little heavier.
    pub fn carrier_rate(&self, country: &Country, weight_g: i64) -> Option<&CarrierRate> {
        let fits = |rate: &&CarrierRate| {
            rate.country == *country && rate.up_to_g >= weight_g && rate.price.currency == self.price.currency
        };
        self.carrier_rates.iter().filter(|_| self.by_carrier).filter(fits).min_by_key(|rate| rate.up_to_g)
    }

    /// What a parcel with goods of this value costs, and whether that is only an estimate of what the carrier will take.
    pub fn parcel_price(&self, country: &Country, items: Money, weight_g: i64, now: Timestamp) -> (Money, bool) {
        let by_value = self.value_price(items).map(|step| step.price_minor);
        let step = by_value.or_else(|| self.weight_price(weight_g).map(|heavier| heavier.price_minor));
        let own = step.map_or(self.price, |minor| Money::new(minor, self.price.currency));
        match self.carrier_rate(country, weight_g) {
            // Of what weighs nothing nobody knows the weight.
            Some(rate) => (rate.price, weight_g == 0 || now.since(rate.at) > RATE_HOLDS),
            None => (own, self.by_carrier),
        }
    }

    /// True if goods of this value are shipped for nothing.
    pub fn is_free_for(&self, items: Money) -> bool {
        self.free_over.is_some_and(|from| items.amount_minor >= from.amount_minor)
    }
}

/// What a quote is made from, as loaded for one request.
#[derive(Debug, Clone)]
pub(crate) struct Prices {
    /// Those of the wanted variants that are on sale.
    pub variants: BTreeMap<VariantId, Variant>,
    /// All methods of their vendors.
    pub methods: Vec<Method>,
    /// Discounts of their vendors that may apply to them.
    pub discounts: Vec<Discount>,
    /// Promotions that apply by themselves, and those of the codes.
    pub promotions: Vec<Promotion>,
    /// False if the customer is known to have ordered before.
    pub is_first_order: bool,
    /// From other currencies into the quote's.
    pub exchanges: Exchanges,
    /// Of the destination.
    pub taxes: Taxes,
    /// Code of the region of the destination, if it taxes otherwise than its country.
    pub region: Option<String>,
    /// Decides which discounts and promotions apply.
    pub now: Timestamp,
}

/// `20 %`, `12.5 %`, `8.25 %`.
pub(crate) fn percent(basis_points: i64) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match rest {
        0 => format!("{whole} %"),
        rest if rest % 10 == 0 => format!("{whole}.{} %", rest / 10),
        rest => format!("{whole}.{rest:02} %"),
    }
}

/// `19.99 €`
fn shown(money: Money) -> String {
    format!("{} {}", money.decimal(), money.currency.symbol())
}
