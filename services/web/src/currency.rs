//! In which of the shop's currencies a visitor reads prices. What pages show is converted as quotes convert it: by the
//! rates and the rounding that `pricing` keeps, after discounts.

use std::{borrow::Cow, sync::Arc};

use axum::http::HeaderMap;
use contracts::{
    cart::{CartLine, CartView, WishView},
    catalog::{ProductCard, ProductView, VariantView},
    currencies::ShopCurrencies,
    promotions::{Effect, PromotionNotice},
    search::SearchPage,
    shipping::{RateView, ValueRate},
};
use kernel::{Currency, Money, Page, Result};

use crate::{app::App, cookies, ui::Coin};

/// The currencies of the shop, and the one that a visitor reads in.
#[derive(Debug, Clone)]
pub struct Purse {
    shop: Arc<ShopCurrencies>,
    /// What prices are shown in.
    pub currency: Currency,
}

impl Purse {
    /// In a shop of one currency.
    pub fn of_one(currency: Currency) -> Self {
        Self { shop: Arc::new(ShopCurrencies::of_one(currency)), currency }
    }

    /// With the currency that the browser remembers, as long as the shop sells in it.
    pub async fn of(app: &App, headers: &HeaderMap) -> Self {
        let shop = app.currencies().await;
        let purse = Self { currency: shop.main, shop };
        match cookies::read(headers, app.cookies.currency) {
            Some(kept) => purse.paying(purse.find(kept)),
            None => purse,
        }
    }

    /// The main currency of the shop: what is set without a choice is in it.
    pub fn main(&self) -> Currency {
        self.shop.main
    }

    /// A currency that may be chosen, by its code.
    pub fn find(&self, code: &str) -> Option<Currency> {
        Currency::parse(code).ok().filter(|code| *code == self.shop.main || self.shop.find(*code).is_some())
    }

    /// The same in another currency, if one is wanted that may be chosen.
    #[must_use]
    pub fn paying(&self, wanted: Option<Currency>) -> Self {
        let currency = wanted.and_then(|wanted| self.find(wanted.code())).unwrap_or(self.currency);
        Self { shop: self.shop.clone(), currency }
    }

    /// True unless it is the main currency.
    pub fn is_further(&self) -> bool {
        self.currency != self.shop.main
    }

    /// The currencies that may be chosen, the main one first; nothing in a shop of one.
    pub fn all(&self) -> Vec<Currency> {
        if !self.shop.are_several() {
            return Vec::new();
        }
        let further = self.shop.currencies.iter().filter(|currency| currency.enabled).map(|currency| currency.code);
        std::iter::once(self.shop.main).chain(further).collect()
    }

    /// What there is to choose in the foot of the shop.
    pub fn coins(&self) -> Vec<Coin> {
        let coin = |code: Currency| Coin { code: code.to_string(), is_current: code == self.currency };
        self.all().into_iter().map(coin).collect()
    }

    /// A price as it is shown; as it is, if it cannot be converted.
    pub fn price(&self, money: Money) -> Money {
        let exchange = self.shop.exchange(money.currency, self.currency);
        exchange.and_then(|exchange| exchange.price(money).ok()).unwrap_or(money)
    }

    /// The bounds of a search, which knows prices in the main currency: what is shown within them is found, nothing else.
    pub fn bounds(&self, least: Option<Money>, most: Option<Money>) -> (Option<Money>, Option<Money>) {
        let Some(exchange) = self.shop.exchange(self.shop.main, self.currency) else { return (least, most) };
        let from = |least: Money| {
            if least.is_zero() {
                return Some(Money::zero(exchange.from));
            }
            let below = exchange.highest(Money::new(least.amount_minor - 1, least.currency)).ok()?;
            Some(Money::new(below.amount_minor + 1, below.currency))
        };
        (least.and_then(from), most.and_then(|most| exchange.highest(most).ok()))
    }

    /// What is to be shown, with its prices converted.
    pub fn show<T: Priced>(&self, mut priced: T) -> T {
        if self.shop.are_several() {
            priced.convert(self);
        }
        priced
    }

    /// The same of what belongs to others; in a shop of one currency nothing is copied.
    pub fn shown<'a, T: Priced + Clone>(&self, all: &'a [T]) -> Cow<'a, [T]> {
        if self.shop.are_several() { Cow::Owned(self.show(all.to_vec())) } else { Cow::Borrowed(all) }
    }
}

/// What has prices that a page shows.
pub trait Priced {
    /// Converts all of them.
    fn convert(&mut self, purse: &Purse);
}

fn convert_all<T: Priced>(all: &mut [T], purse: &Purse) {
    for one in all {
        one.convert(purse);
    }
}

impl Priced for Money {
    fn convert(&mut self, purse: &Purse) {
        *self = purse.price(*self);
    }
}

impl<T: Priced> Priced for Option<T> {
    fn convert(&mut self, purse: &Purse) {
        if let Some(priced) = self {
            priced.convert(purse);
        }
    }
}

impl<T: Priced> Priced for Vec<T> {
    fn convert(&mut self, purse: &Purse) {
        convert_all(self, purse);
    }
}

impl<T: Priced> Priced for Page<T> {
    fn convert(&mut self, purse: &Purse) {
        convert_all(&mut self.items, purse);
    }
}

impl Priced for ProductCard {
    fn convert(&mut self, purse: &Purse) {
        self.price.convert(purse);
        self.compare_at.convert(purse);
        self.lowest_price.convert(purse);
    }
}

impl Priced for VariantView {
    fn convert(&mut self, purse: &Purse) {
        self.price.convert(purse);
        self.compare_at.convert(purse);
        self.lowest_price.convert(purse);
        let mut before = self.price.amount_minor;
        // Rounding may make a step level with the one before: then it is none.
        self.quantity_prices.retain_mut(|step| {
            step.price.convert(purse);
            let is_less = step.price.amount_minor < before;
            before = before.min(step.price.amount_minor);
            is_less
        });
    }
}

impl Priced for ProductView {
    fn convert(&mut self, purse: &Purse) {
        convert_all(&mut self.variants, purse);
        convert_all(&mut self.related, purse);
    }
}

impl Priced for SearchPage {
    fn convert(&mut self, purse: &Purse) {
        convert_all(&mut self.items, purse);
    }
}

impl Priced for RateView {
    fn convert(&mut self, purse: &Purse) {
        self.price.convert(purse);
        self.value_prices.convert(purse);
        self.free_over.convert(purse);
    }
}

impl Priced for ValueRate {
    fn convert(&mut self, purse: &Purse) {
        self.from.convert(purse);
        self.price.convert(purse);
    }
}

impl Priced for CartLine {
    fn convert(&mut self, purse: &Purse) {
        self.unit_price.convert(purse);
        self.compare_at.convert(purse);
        self.price_when_added.convert(purse);
        self.total = self.unit_price.times(self.quantity).unwrap_or(self.total);
    }
}

impl Priced for CartView {
    fn convert(&mut self, purse: &Purse) {
        convert_all(&mut self.lines, purse);
        convert_all(&mut self.later, purse);
        let had = self.lines.iter().filter(|line| line.available && line.stock.available());
        if let (Some(subtotal), Ok(sum)) = (&mut self.subtotal, Money::sum(purse.currency, had.map(|line| line.total)))
        {
            *subtotal = sum;
        }
    }
}

impl Priced for WishView {
    fn convert(&mut self, purse: &Purse) {
        self.line.convert(purse);
    }
}

impl Priced for PromotionNotice {
    fn convert(&mut self, purse: &Purse) {
        let Some(exchange) = purse.shop.exchange(self.minimum.currency, purse.currency) else { return };
        let convert = |minor: &mut i64, by: &dyn Fn(Money) -> Result<Money>| {
            if let Ok(converted) = by(Money::new(*minor, exchange.from)) {
                *minor = converted.amount_minor;
            }
        };
        match &mut self.effect {
            Effect::AmountOff { amount_minor } => convert(amount_minor, &|off| exchange.amount(off)),
            Effect::UnitPrice { amount_minor } => convert(amount_minor, &|price| exchange.price(price)),
            Effect::Percent { .. } | Effect::BuyGet { .. } | Effect::FreeShipping => {}
        }
        self.minimum.convert(purse);
    }
}

#[cfg(test)]
mod tests {
    use contracts::currencies::ShopCurrency;
    use kernel::{Rounding, RoundingMode, Timestamp};

    use super::*;

    fn usd(minor: i64) -> Money {
        Money::new(minor, Currency::USD)
    }
    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    /// 1.0850, prices end in .99.
    fn purse() -> Purse {
        let dollars = ShopCurrency {
            code: Currency::USD,
            rate_micro: 1_085_000,
            rounding: Rounding { mode: RoundingMode::Nearest, step_minor: 100, ending_minor: Some(99) },
            enabled: true,
            updated_at: Timestamp(0),
        };
        let pounds = ShopCurrency { code: Currency::parse("GBP").unwrap(), enabled: false, ..dollars.clone() };
        let shop = ShopCurrencies { main: Currency::EUR, currencies: vec![pounds, dollars] };
        Purse { shop: Arc::new(shop), currency: Currency::EUR }
    }

    #[test]
    fn only_what_the_shop_sells_in_is_chosen() {
        let purse = purse();
        assert_eq!(purse.all(), [Currency::EUR, Currency::USD]);
        assert_eq!(
            ["USD", "EUR", "GBP", "XXX", ""].map(|code| purse.find(code).is_some()),
            [true, true, false, false, false]
        );
        assert_eq!(purse.paying(Some(Currency::USD)).currency, Currency::USD);
        assert_eq!(purse.paying(Currency::parse("GBP").ok()).currency, Currency::EUR);
        assert!(Purse::of_one(Currency::EUR).coins().is_empty());
    }

    #[test]
    fn prices_are_shown_as_quotes_make_them() {
        let dollars = purse().paying(Some(Currency::USD));
        assert_eq!(dollars.show(eur(2_490)), usd(2_699));
        assert_eq!(dollars.show(Some(usd(1_000))), Some(usd(1_000)), "what is in dollars stays");
        let pounds = Money::new(1_000, Currency::parse("GBP").unwrap());
        assert_eq!(dollars.show(pounds), pounds, "what cannot be converted stays");
        assert_eq!(purse().show(usd(1_085)), eur(1_000));
        assert_eq!(Purse::of_one(Currency::EUR).show(usd(1_085)), usd(1_085));
    }

    #[test]
    fn bounds_find_what_is_shown_within_them() {
        let dollars = purse().paying(Some(Currency::USD));
        // 24.42 to 25.33 are shown as 26.99.
        assert_eq!(dollars.bounds(Some(usd(2_699)), Some(usd(2_699))), (Some(eur(2_442)), Some(eur(2_533))));
        assert_eq!(dollars.bounds(Some(usd(0)), None), (Some(eur(0)), None));
        assert_eq!(purse().bounds(Some(eur(5)), Some(eur(7))), (Some(eur(5)), Some(eur(7))));
    }
}
