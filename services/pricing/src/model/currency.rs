//! Several currencies in one quote. What was loaded is converted into the currency that the quote is asked in, by one rule:
//!
//! - What one costs is converted after its discounts, so that it is what pages show of it; see [`super::quote`].
//! - Price lists in the quote's own currency take the place of converted ones.
//! - Shipping, what heavier parcels cost and what has to be reached are rounded like prices; what a promotion takes off is
//!   rounded to steps without an ending. What it has spent goes on counting in its own currency.

use std::collections::BTreeSet;

use contracts::{
    currencies::{QuoteRate, ShopCurrencies},
    pricing::Reason,
    promotions::Effect,
};
use kernel::{Currency, Error, Exchange, Money, Result};

use super::{Method, Prices, Promotion, price_list::GroupPrice, quote::reason};

/// The ways from other currencies into the quote's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchanges {
    /// By currency; once everything is converted, those that something was converted with.
    known: Vec<Exchange>,
}

impl Exchanges {
    fn of(shop: &ShopCurrencies, to: Currency) -> Self {
        let others = shop.currencies.iter().map(|currency| currency.code).chain([shop.main]);
        let mut known: Vec<Exchange> = others.filter_map(|from| shop.exchange(from, to)).collect();
        known.sort_by_key(|exchange| exchange.from);
        Self { known }
    }

    /// The way from a currency; none if it is the quote's own, or none that the shop sells in.
    pub fn find(&self, from: Currency) -> Option<&Exchange> {
        self.known.iter().find(|exchange| exchange.from == from)
    }

    /// A price in the quote's currency.
    pub fn price(&self, money: Money) -> Result<Money> {
        self.find(money.currency).map_or(Ok(money), |exchange| exchange.price(money))
    }

    /// How a price was converted, if it was.
    pub fn told(&self, money: Money) -> Result<Option<String>> {
        self.find(money.currency).map(|exchange| exchange.told(money)).transpose()
    }

    /// Those that something was converted with, by currency.
    pub fn used(&self) -> &[Exchange] {
        &self.known
    }

    /// The same as the quote tells them.
    pub fn rates(&self) -> Vec<QuoteRate> {
        let rate = |exchange: &Exchange| {
            let Exchange { from, to, rounding, .. } = *exchange;
            QuoteRate { from, to, rate: exchange.rate(), rounding }
        };
        self.known.iter().map(rate).collect()
    }

    /// The same for a person. They change nothing.
    pub fn reasons(&self) -> Vec<Reason> {
        let told = |exchange: &Exchange| {
            let Exchange { from, to, rounding, .. } = exchange;
            let text = format!("1 {from} = {} {to}, prices rounded {}", exchange.rate(), rounding.told(*to));
            reason("exchange_rate", text, Money::zero(*to))
        };
        self.known.iter().map(told).collect()
    }
}

/// Converts what was loaded into the currency of the quote. What variants cost everybody stays as it is until the quote
/// knows their discounts; what cannot be converted stays as well, and does not count.
///
/// # Errors
/// 422 if buyers may not choose this currency now.
pub(crate) fn convert(prices: &mut Prices, shop: &ShopCurrencies, to: Currency) -> Result<()> {
    if shop.currencies.is_empty() {
        return Ok(());
    }
    if shop.currencies.iter().any(|currency| currency.code == to && !currency.enabled) {
        let reason = format!("The shop does not sell in {to} now. Choose another currency.");
        return Err(Error::invalid("currency", reason));
    }
    let mut exchanges = Exchanges::of(shop, to);
    let mut used = BTreeSet::new();
    for variant in prices.variants.values_mut() {
        used.insert(variant.list_price.currency);
        variant.group_prices = group_prices(std::mem::take(&mut variant.group_prices), &exchanges, to)?;
        used.extend(variant.group_prices.iter().map(|listed| listed.own.currency));
    }
    for method in &mut prices.methods {
        if let Some(exchange) = exchanges.find(method.price.currency) {
            used.insert(exchange.from);
            convert_method(method, exchange)?;
        }
    }
    for promotion in &mut prices.promotions {
        if let Some(exchange) = exchanges.find(promotion.input.currency) {
            used.insert(exchange.from);
            convert_promotion(promotion, exchange)?;
        }
    }
    exchanges.known.retain(|exchange| used.contains(&exchange.from));
    prices.exchanges = exchanges;
    Ok(())
}

/// The prices of lists in the quote's own currency; if there are none, those of the others.
fn group_prices(listed: Vec<GroupPrice>, exchanges: &Exchanges, to: Currency) -> Result<Vec<GroupPrice>> {
    let (own, others): (Vec<_>, Vec<_>) = listed.into_iter().partition(|listed| listed.price.currency == to);
    if !own.is_empty() {
        return Ok(own);
    }
    let mut converted = Vec::new();
    for listed in others {
        if let Some(exchange) = exchanges.find(listed.price.currency) {
            converted.push(GroupPrice { price: exchange.price(listed.own)?, ..listed });
        }
    }
    Ok(converted)
}

fn convert_method(method: &mut Method, exchange: &Exchange) -> Result<()> {
    let from = method.price.currency;
    for heavier in &mut method.weight_prices {
        heavier.price_minor = exchange.price(Money::new(heavier.price_minor, from))?.amount_minor;
    }
    for step in &mut method.value_prices {
        step.from_minor = exchange.price(Money::new(step.from_minor, from))?.amount_minor;
        step.price_minor = exchange.price(Money::new(step.price_minor, from))?.amount_minor;
    }
    method.carrier_rates.retain(|rate| rate.price.currency == from);
    for rate in &mut method.carrier_rates {
        rate.price = exchange.price(rate.price)?;
    }
    method.free_over = method.free_over.map(|over| exchange.price(over)).transpose()?;
    method.price = exchange.price(method.price)?;
    Ok(())
}

fn convert_promotion(promotion: &mut Promotion, exchange: &Exchange) -> Result<()> {
    let input = &mut promotion.input;
    let money = |minor: i64| Money::new(minor, exchange.from);
    match &mut input.effect {
        Effect::AmountOff { amount_minor } => *amount_minor = exchange.amount(money(*amount_minor))?.amount_minor,
        Effect::UnitPrice { amount_minor } => *amount_minor = exchange.price(money(*amount_minor))?.amount_minor,
        Effect::Percent { .. } | Effect::BuyGet { .. } | Effect::FreeShipping => {}
    }
    input.minimum_minor = exchange.price(money(input.minimum_minor))?.amount_minor;
    input.currency = exchange.to;
    promotion.counted_by = Some(exchange.back());
    Ok(())
}
