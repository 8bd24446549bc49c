//! Ways to ship.

use contracts::{
    arrival::Handling,
    shipping::{MethodInput, MethodView, RateView, ValueRate},
};
use kernel::{Currency, Error, Money, Result, ShippingMethodId, Timestamp};

use super::{typed, zones};

/// Most ways to ship of one vendor.
pub(crate) const METHODS_MAX: i64 = 20;

/// A way a vendor ships.
#[derive(Debug, Clone)]
pub(crate) struct Method {
    pub id: ShippingMethodId,
    pub input: MethodInput,
    pub version: i64,
    pub created_at: Timestamp,
}

impl Method {
    /// A new one.
    pub fn new(id: ShippingMethodId, input: MethodInput, now: Timestamp) -> Self {
        Self { id, input, version: 1, created_at: now }
    }

    /// The same, changed.
    pub fn changed(&self, input: MethodInput) -> Self {
        Self { input, version: self.version + 1, ..*self }
    }

    /// As its vendor sees it.
    pub fn view(&self) -> MethodView {
        MethodView { id: self.id, input: self.input.clone(), version: self.version }
    }

    /// As buyers see it.
    pub fn rate(&self) -> RateView {
        let money = |minor| Money::new(minor, self.input.currency);
        let steps = self.input.value_prices.iter();
        RateView {
            method_id: self.id,
            name: self.input.name.clone(),
            price: money(self.input.price_minor),
            value_prices: steps
                .map(|step| ValueRate { from: money(step.from_minor), price: money(step.price_minor) })
                .collect(),
            free_over: self.input.free_over_minor.map(money),
            days_min: self.input.days_min,
            days_max: self.input.days_max,
            handling: self.input.handling,
            pickup: self.input.pickup.clone(),
        }
    }
}

/// What a new store ships with until its vendor decides otherwise, so that it can sell at once.
pub(crate) fn first_method(currency: Currency) -> MethodInput {
    MethodInput {
        name: "Standard parcel".to_owned(),
        currency,
        price_minor: 490,
        free_over_minor: Some(5000),
        countries: Vec::new(),
        days_min: 2,
        days_max: 5,
        weight_prices: Vec::new(),
        value_prices: Vec::new(),
        max_weight_g: None,
        carrier_rate: false,
        handling: Handling::default(),
        pickup: None,
    }
}

/// An input in its stored form: name without blanks around it, each country once, in order, as are weights and values.
///
/// # Errors
/// 422 for what the validation rules of the document cannot say.
pub(crate) fn accept(mut input: MethodInput) -> Result<MethodInput> {
    input.name = typed("name", &input.name)?;
    if input.days_max < input.days_min {
        return Err(Error::invalid("days_max", "The most days cannot be fewer than the least."));
    }
    input.weight_prices.sort_by_key(|price| price.from_g);
    if input.weight_prices.windows(2).any(|two| two[0].from_g == two[1].from_g) {
        return Err(Error::invalid("weight_prices", "Two prices are for the same weight."));
    }
    let heaviest = input.weight_prices.last().map_or(0, |price| price.from_g);
    if input.max_weight_g.is_some_and(|most| most < heaviest) {
        return Err(Error::invalid("max_weight_g", "There is a price for heavier parcels than that."));
    }
    check_values(&mut input)?;
    if let Some(place) = &mut input.pickup {
        place.line1 = typed("pickup.line1", &place.line1)?;
        place.city = typed("pickup.city", &place.city)?;
        if input.carrier_rate {
            let reason = "Nobody carries what buyers fetch: it costs what is said here.";
            return Err(Error::invalid("carrier_rate", reason));
        }
    }
    input.countries.sort();
    input.countries.dedup();
    if input.carrier_rate {
        if input.countries.is_empty() || input.countries.len() > zones::COUNTRIES_MAX {
            let reason = format!("Name one to {} countries: the carrier is asked about each.", zones::COUNTRIES_MAX);
            return Err(Error::invalid("countries", reason));
        }
        if let Some(unknown) = input.countries.iter().find(|country| zones::address(country).is_none()) {
            let reason = format!("The carrier cannot be asked about {unknown}: give it a way to deliver of its own.");
            return Err(Error::invalid("countries", reason));
        }
    }
    Ok(input)
}

/// Puts the prices by value in order.
fn check_values(input: &mut MethodInput) -> Result<()> {
    input.value_prices.sort_by_key(|price| price.from_minor);
    if input.value_prices.windows(2).any(|two| two[0].from_minor == two[1].from_minor) {
        return Err(Error::invalid("value_prices", "Two prices are for the same value."));
    }
    let Some(highest) = input.value_prices.last() else {
        return Ok(());
    };
    if !input.weight_prices.is_empty() {
        let reason = "Prices go by weight or by value: add another way to deliver for the other.";
        return Err(Error::invalid("value_prices", reason));
    }
    if input.free_over_minor.is_some_and(|over| over <= highest.from_minor) {
        return Err(Error::invalid("free_over_minor", "There is a price from that value on, or from a higher one."));
    }
    Ok(())
}
