//! Puts the tax on lines and shipping that are priced otherwise, promotions included.
//!
//! - Tax is computed per line and per share of a shipment, and then added up: each vendor's part stands on its own.
//! - Shipping is taxed like the goods in the parcel: it is split over their rates by what they are worth, by
//!   largest remainder.
//! - Where prices contain the tax it changes no amount; where it is added, totals of lines and shipping have it
//!   in them from here on, so that whoever reads a quote finds the tax within its total either way.

use std::collections::BTreeMap;

use contracts::{
    pricing::{QuoteVendor, Reason},
    taxes::TaxLine,
};
use kernel::{Currency, Money, Result};

use super::{
    Prices, percent,
    quote::{PricedLine, reason},
    rounding::Rounded,
    tax::Tax,
};

/// What is taxed at each rate: without tax, and the tax.
type Sums = BTreeMap<Tax, (Money, Money)>;

/// Taxes lines and shipping, and adds up what each vendor gets.
pub(super) fn tax(prices: &Prices, lines: &mut [PricedLine], vendors: &mut [QuoteVendor]) -> Result<()> {
    for vendor in vendors {
        let mut own: Vec<&mut PricedLine> =
            lines.iter_mut().filter(|priced| priced.line.vendor_id == vendor.vendor_id).collect();
        let shares = shipping_shares(prices, &own, vendor.shipping)?;
        let mut sums = Sums::new();
        for priced in &mut own {
            tax_line(prices, priced, &mut sums)?;
        }
        let currency = vendor.shipping.currency;
        vendor.shipping_tax = Money::zero(currency);
        for (tax, share) in shares {
            let amount = amount(prices, &tax, share)?;
            vendor.shipping_tax = vendor.shipping_tax.plus(amount)?;
            add(prices, &mut sums, tax, share, amount)?;
        }
        if prices.taxes.added() {
            vendor.shipping = vendor.shipping.plus(vendor.shipping_tax)?;
        }
        vendor.items = Money::sum(currency, own.iter().map(|priced| priced.line.total))?;
        vendor.total = vendor.items.plus(vendor.shipping)?;
        vendor.tax = Money::sum(currency, own.iter().map(|priced| priced.line.tax))?.plus(vendor.shipping_tax)?;
        vendor.taxes = told(sums);
    }
    Ok(())
}

fn tax_line(prices: &Prices, priced: &mut PricedLine, sums: &mut Sums) -> Result<()> {
    let (tax, line) = (priced.tax.clone(), &mut priced.line);
    let before = line.total;
    line.tax = amount(prices, &tax, before)?;
    line.tax_rate_bp = tax.rate_bp;
    if prices.taxes.added() {
        line.total = before.plus(line.tax)?;
    }
    line.explanation.push(told_reason(prices.taxes.added(), &tax.name, tax.rate_bp, line.tax));
    line.explanation
        .extend(rounded(prices.taxes.added(), tax.rate_bp, before, line.tax).reason("Tax", before.currency));
    add(prices, sums, tax, before, line.tax)
}

/// The tax on an amount.
fn amount(prices: &Prices, tax: &Tax, of: Money) -> Result<Money> {
    if prices.taxes.added() { of.basis_points(tax.rate_bp) } else { of.tax_contained(tax.rate_bp) }
}

/// How the tax on an amount, with the tax in it unless that is added, was rounded.
fn rounded(added: bool, rate_bp: i64, of: Money, tax: Money) -> Rounded {
    let exact = i128::from(of.amount_minor) * i128::from(rate_bp);
    Rounded::of(tax.amount_minor, exact, if added { 10_000 } else { 10_000 + rate_bp })
}

fn add(prices: &Prices, sums: &mut Sums, tax: Tax, of: Money, amount: Money) -> Result<()> {
    let net = if prices.taxes.added() { of } else { of.minus(amount)? };
    let zero = Money::zero(of.currency);
    let (net_sum, tax_sum) = sums.entry(tax).or_insert((zero, zero));
    (*net_sum, *tax_sum) = (net_sum.plus(net)?, tax_sum.plus(amount)?);
    Ok(())
}

/// The parts of a shipment that are taxed alike.
fn shipping_shares(prices: &Prices, own: &[&mut PricedLine], shipping: Money) -> Result<Vec<(Tax, Money)>> {
    if shipping.is_zero() {
        return Ok(Vec::new());
    }
    if !prices.taxes.on_shipping() {
        return Ok(vec![(prices.taxes.none(), shipping)]);
    }
    let mut worth: BTreeMap<&Tax, i64> = BTreeMap::new();
    for PricedLine { line, tax, .. } in own.iter().map(|priced| &**priced) {
        let sum = worth.entry(tax).or_default();
        *sum = sum.saturating_add(line.total.amount_minor);
    }
    // Goods that cost nothing are as heavy as each other.
    let free = worth.values().all(|worth| *worth == 0);
    let weights: Vec<i64> = worth.values().map(|worth| if free { 1 } else { *worth }).collect();
    Ok(worth.into_keys().cloned().zip(shipping.split(&weights)?).collect())
}

/// Lowest rate first.
fn told(sums: Sums) -> Vec<TaxLine> {
    sums.into_iter().map(|(Tax { rate_bp, name }, (net, tax))| TaxLine { name, rate_bp, net, tax }).collect()
}

/// The same over all vendors.
pub(super) fn over_all(currency: Currency, vendors: &[QuoteVendor]) -> Result<Vec<TaxLine>> {
    let mut sums = Sums::new();
    for TaxLine { name, rate_bp, net, tax } in vendors.iter().flat_map(|vendor| &vendor.taxes) {
        let zero = Money::zero(currency);
        let rate = Tax { rate_bp: *rate_bp, name: name.clone() };
        let (net_sum, tax_sum) = sums.entry(rate).or_insert((zero, zero));
        (*net_sum, *tax_sum) = (net_sum.plus(*net)?, tax_sum.plus(*tax)?);
    }
    Ok(told(sums))
}

/// A step of each rate, and what rounding each line and parcel has made of it; that something bears no tax is worth a
/// word only if nothing does.
pub(super) fn reasons(added: bool, taxes: &[TaxLine]) -> Result<Vec<Reason>> {
    let mut reasons = Vec::new();
    for TaxLine { name, rate_bp, net, tax } in taxes.iter().filter(|line| line.rate_bp > 0 || taxes.len() == 1) {
        reasons.push(told_reason(added, name, *rate_bp, *tax));
        let of = if added { *net } else { net.plus(*tax)? };
        reasons.extend(rounded(added, *rate_bp, of, *tax).reason("Tax", tax.currency));
    }
    Ok(reasons)
}

fn told_reason(added: bool, name: &str, rate_bp: i64, tax: Money) -> Reason {
    match (rate_bp, added) {
        (0, false) => reason("tax", "No tax is contained".to_owned(), tax),
        (0, true) => reason("tax_added", "No tax is added".to_owned(), tax),
        (rate, false) => reason("tax", format!("{} {name} contained", percent(rate)), tax),
        (rate, true) => reason("tax_added", format!("{} {name} added", percent(rate)), tax),
    }
}
