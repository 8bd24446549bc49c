//! What promotions take off a cart. Pure, and the same whatever the order of lines, codes and promotions:
//!
//! - Those that do not exclude others are applied by priority (then id), each to what is left.
//! - An exclusive one stands alone. It is taken if it is better for the buyer than all others together.
//! - What a promotion takes off is split over what it applies to by largest remainder, never below zero,
//!   and so is the platform's part of it.

use contracts::{
    pricing::QuoteRequest,
    promotions::{CodeStanding, Effect, Obstacle, QuotePromotion},
};
use kernel::{Currency, Money, PromoCode, Result, VendorId};

use super::{Prices, Promotion, Variant, rounding::Rounded, shown};

/// What a promotion can be applied to.
#[derive(Debug, Clone)]
pub(super) struct Basket<'a> {
    pub goods: Vec<Goods<'a>>,
    pub parcels: Vec<Parcel>,
}

/// A line.
#[derive(Debug, Clone)]
pub(super) struct Goods<'a> {
    pub variant: &'a Variant,
    pub quantity: i64,
    /// Before promotions.
    pub worth: i64,
    /// What is left of it.
    pub left: i64,
}

/// A vendor's shipping.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub vendor_id: VendorId,
    pub left: i64,
}

/// What a promotion takes off.
#[derive(Debug, Clone)]
pub(super) struct Taken<'a> {
    pub promotion: &'a Promotion,
    pub amount: Money,
    /// The platform's part.
    pub platform: Money,
    /// Off each line, and the platform's part of that.
    pub goods: Vec<(Money, Money)>,
    /// Off each vendor's shipping, likewise.
    pub parcels: Vec<(Money, Money)>,
    /// How each line's part was rounded.
    pub rounded: Vec<Rounded>,
    /// How the whole was rounded before it was split.
    pub rounded_whole: Rounded,
}

impl Taken<'_> {
    /// What it takes off in all.
    pub fn summed(&self) -> Result<QuotePromotion> {
        let Promotion { id, input, .. } = self.promotion;
        let (name, code, counted) = (input.name.clone(), input.code.clone(), self.promotion.counted(self.amount)?);
        Ok(QuotePromotion { promotion_id: *id, name, code, amount: self.amount, platform: self.platform, counted })
    }
}

/// Why it takes nothing off, and what is missing to its minimum.
type Refusal = (Obstacle, Option<Money>);

/// What is taken off, and what became of each code.
pub(super) fn promote<'a>(
    request: &QuoteRequest,
    prices: &'a Prices,
    basket: &Basket<'_>,
) -> Result<(Vec<Taken<'a>>, Vec<CodeStanding>)> {
    let asked = |promotion: &&Promotion| promotion.input.code.as_ref().is_none_or(|code| request.codes.contains(code));
    let mut all: Vec<&Promotion> = prices.promotions.iter().filter(asked).collect();
    all.sort_by_key(|promotion| (promotion.input.priority, promotion.id));
    let mut refused: Vec<(&Promotion, Refusal)> = Vec::new();
    let mut together = Vec::new();
    let mut alone: Option<Taken<'_>> = None;
    let mut left = basket.clone();
    for promotion in all {
        let exclusive = promotion.input.exclusive;
        let attempt = match refusal(request, prices, basket, promotion) {
            Some(refusal) => Err(refusal),
            None if exclusive => take(promotion, basket)?,
            None => take(promotion, &left)?,
        };
        match attempt {
            Err(refusal) => refused.push((promotion, refusal)),
            Ok(taken) if exclusive => {
                // Of equal ones the first stays.
                let best = alone.as_ref().is_none_or(|best| best.amount.amount_minor < taken.amount.amount_minor);
                let other = if best { alone.replace(taken) } else { Some(taken) };
                refused.extend(other.map(|other| (other.promotion, (Obstacle::NotCombinable, None))));
            }
            Ok(taken) => {
                left.give(&taken);
                together.push(taken);
            }
        }
    }
    let sum: i64 = together.iter().map(|taken| taken.amount.amount_minor).sum();
    let losers = match alone {
        Some(alone) if alone.amount.amount_minor > sum => std::mem::replace(&mut together, vec![alone]),
        alone => alone.into_iter().collect(),
    };
    refused.extend(losers.iter().map(|taken| (taken.promotion, (Obstacle::NotCombinable, None))));
    let standings = standings(request, &together, &refused);
    Ok((together, standings))
}

/// What keeps a promotion from applying to this cart.
fn refusal(request: &QuoteRequest, prices: &Prices, basket: &Basket<'_>, promotion: &Promotion) -> Option<Refusal> {
    let input = &promotion.input;
    let plain = |obstacle| Some((obstacle, None));
    if let Some(obstacle) = promotion.obstacle(prices.now, prices.is_first_order) {
        return plain(obstacle);
    }
    if !input.countries.is_empty() && !input.countries.contains(&request.country) {
        return plain(Obstacle::NotInCountry);
    }
    let covered: Vec<&Goods<'_>> = basket.goods.iter().filter(|goods| promotion.covers(goods.variant)).collect();
    if covered.is_empty() || input.currency != request.currency {
        return plain(Obstacle::NothingQualifies);
    }
    let worth = covered.iter().fold(0_i64, |sum, goods| sum.saturating_add(goods.worth));
    if worth < input.minimum_minor {
        let missing = Money::new(input.minimum_minor - worth, request.currency);
        return Some((Obstacle::MinimumNotMet, Some(missing)));
    }
    None
}

/// What it takes off what is left, or why it does not.
fn take<'a>(promotion: &'a Promotion, basket: &Basket<'_>) -> Result<std::result::Result<Taken<'a>, Refusal>> {
    let currency = promotion.input.currency;
    let covered: Vec<bool> = basket.goods.iter().map(|goods| promotion.covers(goods.variant)).collect();
    let Offs { goods, whole: rounded_whole } = off_goods(&promotion.input.effect, basket, &covered, currency)?;
    let parcels = match &promotion.input.effect {
        Effect::FreeShipping => free_parcels(basket, &covered),
        _ => vec![0; basket.parcels.len()],
    };
    let offs: Vec<i64> = goods.iter().map(|(off, _)| *off).chain(parcels).collect();
    let amount = Money::sum(currency, offs.iter().map(|off| Money::new(*off, currency)))?;
    if amount.is_zero() {
        return Ok(Err((Obstacle::NothingQualifies, None)));
    }
    if !promotion.can_spend(amount.amount_minor) {
        return Ok(Err((Obstacle::UsedUp, None)));
    }
    let platform = amount.basis_points(promotion.input.platform_share_bp)?;
    let shares = platform.split(&offs)?;
    let mut pairs: Vec<(Money, Money)> = offs.iter().map(|off| Money::new(*off, currency)).zip(shares).collect();
    let parcels = pairs.split_off(goods.len());
    let rounded = goods.into_iter().map(|(_, rounded)| rounded).collect();
    Ok(Ok(Taken { promotion, amount, platform, goods: pairs, parcels, rounded, rounded_whole }))
}

/// The whole shipping of the vendors of whom something is covered.
fn free_parcels(basket: &Basket<'_>, covered: &[bool]) -> Vec<i64> {
    let sends = |vendor: VendorId| {
        basket.goods.iter().zip(covered).any(|(goods, covered)| *covered && goods.variant.vendor_id == vendor)
    };
    basket.parcels.iter().map(|parcel| if sends(parcel.vendor_id) { parcel.left } else { 0 }).collect()
}

/// What an effect takes off each line, and how that was rounded; and how their sum was.
struct Offs {
    goods: Vec<(i64, Rounded)>,
    whole: Rounded,
}

impl Offs {
    /// Each as it is, of a sum that was not rounded.
    fn of(goods: Vec<(i64, Rounded)>) -> Self {
        Self { goods, whole: Rounded::NOT }
    }
}

/// What an effect takes off each line, never more than is left of it.
fn off_goods(effect: &Effect, basket: &Basket<'_>, covered: &[bool], currency: Currency) -> Result<Offs> {
    let left: Vec<i64> =
        basket.goods.iter().zip(covered).map(|(g, covered)| if *covered { g.left } else { 0 }).collect();
    let whole = Money::sum(currency, left.iter().map(|left| Money::new(*left, currency)))?;
    // Each line's part would be `left * part / of`.
    let shared = |off: Money, part: i64, of: i64| -> Result<Vec<(i64, Rounded)>> {
        let share = |(off, left): (Money, &i64)| {
            (off.amount_minor, Rounded::of(off.amount_minor, i128::from(*left) * i128::from(part), of))
        };
        Ok(off.split(&left)?.into_iter().zip(&left).map(share).collect())
    };
    let nothing = || vec![(0, Rounded::NOT); left.len()];
    match effect {
        _ if whole.is_zero() => Ok(Offs::of(nothing())),
        Effect::Percent { percent_bp } => {
            let off = whole.basis_points(*percent_bp)?;
            let exact = i128::from(whole.amount_minor) * i128::from(*percent_bp);
            let rounded = Rounded::of(off.amount_minor, exact, 10_000);
            Ok(Offs { goods: shared(off, *percent_bp, 10_000)?, whole: rounded })
        }
        Effect::AmountOff { amount_minor } => {
            let off = whole.amount_minor.min(*amount_minor);
            Ok(Offs::of(shared(Money::new(off, currency), off, whole.amount_minor)?))
        }
        Effect::UnitPrice { amount_minor } => {
            let each = Money::new(*amount_minor, currency);
            let off = |(goods, left): (&Goods<'_>, &i64)| {
                Ok(((left - each.times(goods.quantity)?.amount_minor).max(0), Rounded::NOT))
            };
            Ok(Offs::of(basket.goods.iter().zip(&left).map(off).collect::<Result<_>>()?))
        }
        Effect::BuyGet { buy, get } => Ok(Offs::of(cheapest_units(basket, covered, *buy, *get))),
        Effect::FreeShipping => Ok(Offs::of(nothing())),
    }
}

/// What the cheapest units are worth: of every `buy + get` units, `get`. Lines of equal price in their order.
fn cheapest_units(basket: &Basket<'_>, covered: &[bool], buy: i64, get: i64) -> Vec<(i64, Rounded)> {
    let mut order: Vec<usize> = (0..covered.len()).filter(|i| covered[*i]).collect();
    let units: i64 = order.iter().map(|i| basket.goods[*i].quantity).sum();
    let mut free = units / (buy + get) * get;
    // By what is left of a unit: a/b < c/d as a·d < c·b.
    order.sort_by(|a, b| {
        let (a, b) = (&basket.goods[*a], &basket.goods[*b]);
        let of = |goods: &Goods<'_>, other: &Goods<'_>| i128::from(goods.left) * i128::from(other.quantity);
        of(a, b).cmp(&of(b, a))
    });
    let mut offs = vec![(0, Rounded::NOT); covered.len()];
    for i in order {
        let goods = &basket.goods[i];
        let units = free.min(goods.quantity);
        free -= units;
        // Rounded down, but a whole line is its whole amount.
        let worth = i128::from(goods.left) * i128::from(units);
        let off = i64::try_from(worth / i128::from(goods.quantity)).unwrap_or(goods.left);
        offs[i] = (off, Rounded::of(off, worth, goods.quantity));
    }
    offs
}

impl Basket<'_> {
    /// Takes off what a promotion takes.
    fn give(&mut self, taken: &Taken<'_>) {
        for (goods, (off, _)) in self.goods.iter_mut().zip(&taken.goods) {
            goods.left -= off.amount_minor;
        }
        for (parcel, (off, _)) in self.parcels.iter_mut().zip(&taken.parcels) {
            parcel.left -= off.amount_minor;
        }
    }
}

/// What became of each code, by code.
fn standings(request: &QuoteRequest, taken: &[Taken<'_>], refused: &[(&Promotion, Refusal)]) -> Vec<CodeStanding> {
    let mut codes: Vec<&PromoCode> = request.codes.iter().collect();
    codes.sort();
    codes.dedup();
    let standing = |code: &PromoCode| {
        let has = |promotion: &Promotion| promotion.input.code.as_ref() == Some(code);
        if let Some(taken) = taken.iter().find(|taken| has(taken.promotion)) {
            let text = format!("{}: −{}", taken.promotion.input.name, shown(taken.amount));
            return CodeStanding { code: code.clone(), applied: true, reason: None, missing: None, text };
        }
        let refusal = refused.iter().find(|(promotion, _)| has(promotion)).map(|(_, refusal)| *refusal);
        let (reason, missing) = refusal.unwrap_or((Obstacle::Unknown, None));
        let text = told(code, reason, missing);
        CodeStanding { code: code.clone(), applied: false, reason: Some(reason), missing, text }
    };
    codes.into_iter().map(standing).collect()
}

/// Why a code does not apply, for a person.
fn told(code: &PromoCode, reason: Obstacle, missing: Option<Money>) -> String {
    match (reason, missing) {
        (Obstacle::Unknown, _) => format!("There is no code “{code}”. Check how it is written."),
        (Obstacle::Expired, _) => format!("“{code}” has expired."),
        (Obstacle::NotStarted, _) => format!("“{code}” does not count yet."),
        (Obstacle::MinimumNotMet, Some(missing)) => {
            format!("“{code}” needs {} more of what it applies to.", shown(missing))
        }
        (Obstacle::MinimumNotMet, None) => format!("“{code}” needs more of what it applies to."),
        (Obstacle::NothingQualifies, _) => format!("Nothing in the cart qualifies for “{code}”."),
        (Obstacle::NotInCountry, _) => format!("“{code}” does not count where this goes."),
        (Obstacle::NotInGroup, _) => format!("“{code}” is for certain customers: log in if you are one of them."),
        (Obstacle::UsedUp, _) => format!("“{code}” has been used as often as it may be."),
        (Obstacle::AlreadyUsed, _) => format!("You have used “{code}” already."),
        (Obstacle::FirstOrderOnly, _) => format!("“{code}” is for a first order."),
        (Obstacle::NotCombinable, _) => {
            format!("“{code}” does not go together with what you get already, which is better.")
        }
    }
}
