//! The quote: what a cart costs, and why. The same request over the same prices gives the same
//! quote to the byte, whatever the order of its lines; every sum is exact to the minor unit.
//!
//! - Lines of the same variant count as one; lines stand by vendor, then variant.
//! - A line's price of one is the list price, or the price for its quantity, less the best discount, rounded per unit;
//!   or what a price list asks of the customer, if that is less. In another currency than the quote's it is converted
//!   after that (see [`super::currency`]).
//! - Shipping is paid per vendor: the chosen method, or else the cheapest that goes there. Whether it is
//!   free is decided by what the goods are worth before promotions. What is downloaded weighs nothing, and a vendor of
//!   whom all is downloaded sends nothing, so there is nothing to pay or to choose.
//! - Promotions come next, on lines and shipping (see [`promote`]); the tax is that of what is left (see [`taxing`]).
//! - Between the two comes what the way to pay costs, if it costs anything: it is part of the shipping.

use std::collections::BTreeMap;

use contracts::{
    orders::is_digital,
    pricing::{PaymentFee, Quote, QuoteLine, QuoteRequest, QuoteVendor, Reason, ShippingOption},
    promotions::CodeStanding,
};
use kernel::{DiscountId, Error, FieldError, Money, Result, ShippingMethodId, VendorId};

use super::{
    Discount, Method, Prices, QUANTITY_MAX, Variant, delivery, discount, fee, percent, price_list,
    promote::{self, Basket, Goods, Taken},
    quantity, quote_hash,
    rounding::Rounded,
    shown,
    tax::Tax,
    taxing,
};

/// Who pays for what vendors take off their own prices.
pub(super) const BY_VENDOR: &str = "paid by the vendor";

/// A line with the discount that made its price.
pub(super) struct PricedLine {
    pub line: QuoteLine,
    pub discount: Option<Applied>,
    /// Why it is not the list price that a discount is taken off.
    base: Option<Base>,
    /// At list prices.
    list_total: Money,
    /// The tax on it.
    pub tax: Tax,
}

/// A price that takes the place of the list price.
pub(super) struct Base {
    rule: &'static str,
    /// `Prices for quantities`, or the name of the price list.
    name: String,
    /// `From 5 on 9.00 € each`
    why: String,
    /// Off the whole line.
    off: Money,
}

/// A discount on a line.
pub(super) struct Applied {
    pub id: DiscountId,
    /// `Summer sale −20 %`
    label: String,
    /// Off the whole line.
    amount: Money,
}

/// What the request costs.
///
/// # Errors
/// 422 that names every line and every choice that cannot be had.
pub(crate) fn quote(request: &QuoteRequest, prices: &Prices) -> Result<Quote> {
    quote_with(request, prices, None)
}

/// The same, paid in a way that costs something.
///
/// # Errors
/// The same.
pub(crate) fn quote_with(request: &QuoteRequest, prices: &Prices, fee: Option<&PaymentFee>) -> Result<Quote> {
    let wanted = merge(request, prices)?;
    let chosen = choices(request, prices, &wanted)?;
    let mut lines = Vec::new();
    let mut vendors = Vec::new();
    for (vendor_id, variants) in &wanted {
        let first = lines.len();
        for (variant, quantity) in variants {
            lines.push(price_line(request, prices, variant, *quantity)?);
        }
        let of_vendor = |(variant, _): &(&Variant, i64)| (variant.vendor_name.clone(), variant.refused_methods.clone());
        let (name, refused_methods) = variants.first().map(of_vendor).unwrap_or_default();
        let digital = is_digital(variants.iter().map(|(variant, _)| variant.digital));
        let weight_g = if digital { None } else { Some(weight(variants)) };
        let parcel = Parcel { vendor_id: *vendor_id, name, refused_methods, weight_g };
        vendors.push(price_vendor(request, prices, parcel, &lines[first..], chosen.get(vendor_id).copied())?);
    }
    let sending = vendors.iter().filter(|vendor| !vendor.digital);
    let shipping = sending.map(|vendor| delivery::reason_of(request, prices, &wanted, vendor)).collect();
    let (taken, codes) = promote::promote(request, prices, &basket(&wanted, &lines, &vendors))?;
    reduce(&taken, &mut lines, &mut vendors)?;
    let fee = fee::charge(fee, &mut vendors)?;
    taxing::tax(prices, &mut lines, &mut vendors)?;
    total(request, prices, lines, vendors, Told { shipping, taken, codes, fee })
}

/// What promotions can be applied to: lines and parcels as they are priced so far.
fn basket<'a>(wanted: &Wanted<'a>, lines: &[PricedLine], vendors: &[QuoteVendor]) -> Basket<'a> {
    let goods = wanted.values().flatten().zip(lines).map(|((variant, quantity), PricedLine { line, .. })| {
        let worth = line.total.amount_minor;
        Goods { variant, quantity: *quantity, worth, left: worth }
    });
    let parcel =
        |vendor: &QuoteVendor| promote::Parcel { vendor_id: vendor.vendor_id, left: vendor.shipping.amount_minor };
    Basket { goods: goods.collect(), parcels: vendors.iter().map(parcel).collect() }
}

/// Takes promotions off lines and shipping.
fn reduce(taken: &[Taken<'_>], lines: &mut [PricedLine], vendors: &mut [QuoteVendor]) -> Result<()> {
    for Taken { promotion, goods, parcels, rounded, .. } in taken {
        let label = promotion.label();
        for ((PricedLine { line, .. }, (off, platform)), rounded) in lines.iter_mut().zip(goods).zip(rounded) {
            if off.is_zero() {
                continue;
            }
            line.discount = line.discount.plus(*off)?;
            line.total = line.total.minus(*off)?;
            line.promotions.push(promotion.applied(*off, *platform));
            line.explanation.push(reason("promotion", label.clone(), off.negated()?));
            line.explanation.extend(rounded.reason(&promotion.input.name, off.currency));
        }
        for (vendor, (off, platform)) in vendors.iter_mut().zip(parcels).filter(|(_, (off, _))| !off.is_zero()) {
            vendor.shipping = vendor.shipping.minus(*off)?;
            vendor.promotions.push(promotion.applied(*off, *platform));
        }
    }
    Ok(())
}

/// What one vendor sends.
struct Parcel {
    vendor_id: VendorId,
    name: String,
    refused_methods: Vec<String>,
    /// None if there is nothing to send.
    weight_g: Option<i64>,
}

/// Of all goods together that are sent; what has no weight weighs nothing.
pub(super) fn weight(variants: &[(&Variant, i64)]) -> i64 {
    let sent = variants.iter().filter(|(variant, _)| !variant.digital);
    sent.fold(0, |sum, (variant, quantity)| sum.saturating_add(variant.weight_g.saturating_mul(*quantity)))
}

/// Wanted variants with their quantities, by vendor.
pub(super) type Wanted<'a> = BTreeMap<VendorId, Vec<(&'a Variant, i64)>>;

/// Adds up the lines of each variant; names those that cannot be had.
fn merge<'a>(request: &QuoteRequest, prices: &'a Prices) -> Result<Wanted<'a>> {
    let mut quantities = BTreeMap::new();
    let mut wrong = Vec::new();
    for (i, line) in request.lines.iter().enumerate() {
        let quantity: &mut i64 = quantities.entry(line.variant_id).or_insert(0);
        *quantity = quantity.saturating_add(line.quantity);
        let refused = match prices.variants.get(&line.variant_id) {
            None => Some(("variant_id", "This is not on sale (any more).".to_owned())),
            Some(Variant { list_price, .. })
                if list_price.currency != request.currency && prices.exchanges.find(list_price.currency).is_none() =>
            {
                Some(("variant_id", format!("This is sold in {}.", list_price.currency)))
            }
            Some(_) if *quantity > QUANTITY_MAX => {
                Some(("quantity", format!("At most {QUANTITY_MAX} of one kind, over all lines.")))
            }
            Some(_) => None,
        };
        if let Some((field, reason)) = refused {
            wrong.push(FieldError { field: format!("lines[{i}].{field}"), reason });
        }
    }
    if !wrong.is_empty() {
        return Err(Error::invalid_fields(wrong));
    }
    let mut wanted = Wanted::new();
    // By variant already; grouping keeps that order within each vendor.
    for (id, quantity) in quantities {
        if let Some(variant) = prices.variants.get(&id) {
            wanted.entry(variant.vendor_id).or_default().push((variant, quantity));
        }
    }
    Ok(wanted)
}

/// The method chosen per vendor. A vendor's own method that does not go to this country is no mistake
/// of the buyer's (the country may have changed since): the cheapest takes its place.
fn choices(
    request: &QuoteRequest,
    prices: &Prices,
    wanted: &Wanted<'_>,
) -> Result<BTreeMap<VendorId, ShippingMethodId>> {
    let mut chosen = BTreeMap::new();
    let mut wrong = Vec::new();
    for (i, choice) in request.shipping.iter().enumerate() {
        let known = |m: &&Method| m.id == choice.method_id && m.vendor_id == choice.vendor_id;
        let refused = if !wanted.contains_key(&choice.vendor_id) {
            Some(("vendor_id", "No line is of this vendor."))
        } else if request.shipping[..i].iter().any(|before| before.vendor_id == choice.vendor_id) {
            Some(("vendor_id", "This vendor is named twice."))
        } else if !prices.methods.iter().any(|m| known(&m)) {
            Some(("method_id", "The vendor does not ship this way (any more)."))
        } else {
            chosen.insert(choice.vendor_id, choice.method_id);
            None
        };
        if let Some((field, reason)) = refused {
            wrong.push(FieldError { field: format!("shipping[{i}].{field}"), reason: reason.to_owned() });
        }
    }
    if wrong.is_empty() { Ok(chosen) } else { Err(Error::invalid_fields(wrong)) }
}

fn price_line(request: &QuoteRequest, prices: &Prices, variant: &Variant, quantity: i64) -> Result<PricedLine> {
    let Each { list, unit_price, base, discount, rounded, told } = each(prices, variant, quantity)?;
    let total = unit_price.times(quantity)?;
    let list_total = list.times(quantity)?;
    let mut explanation = vec![reason("list_price", format!("{quantity} × {}", shown(list)), list_total)];
    explanation.extend(told.into_iter().map(|text| reason("exchange", text, Money::zero(request.currency))));
    if let Some(Base { rule, why, off, .. }) = &base {
        explanation.push(reason(rule, format!("{why}, {BY_VENDOR}"), off.negated()?));
    }
    let reduced = discount.map_or(Ok(Money::zero(request.currency)), |(_, off)| off.times(quantity))?;
    let applied = discount.map(|(discount, _)| Applied {
        id: discount.id,
        label: format!("{} −{}", discount.name, percent(discount.percent_bp)),
        amount: reduced,
    });
    if let (Some(Applied { label, .. }), Some((_, off))) = (&applied, discount) {
        let text = format!("{label}, {} off each, {BY_VENDOR}", shown(off));
        explanation.push(reason("discount", text, reduced.negated()?));
        explanation.extend(rounded.and_then(|rounded| rounded.reason("Each", request.currency)));
    }
    let line = QuoteLine {
        variant_id: variant.id,
        product_id: variant.product_id,
        vendor_id: variant.vendor_id,
        title: variant.title.clone(),
        options: variant.options.clone(),
        sku: variant.sku.clone(),
        quantity,
        list_price: list,
        unit_price,
        discount: list_total.minus(total)?,
        promotions: Vec::new(),
        total,
        tax_rate_bp: 0,
        tax: Money::zero(request.currency),
        explanation,
        digital: variant.digital,
        categories: variant.categories.clone(),
    };
    let tax = prices.taxes.of(&variant.tax_category, prices.now);
    Ok(PricedLine { line, discount: applied, base, list_total, tax })
}

/// What one costs, and why.
struct Each<'a> {
    list: Money,
    unit_price: Money,
    base: Option<Base>,
    discount: Option<(&'a Discount, Money)>,
    /// How the discount was rounded; of what is converted the conversion tells.
    rounded: Option<Rounded>,
    /// What was converted, and how.
    told: Vec<String>,
}

/// What everybody pays for one at this quantity, or what a price list asks of this customer, should that be less.
fn each<'a>(prices: &'a Prices, variant: &Variant, quantity: i64) -> Result<Each<'a>> {
    let (own, exchanges) = (variant.list_price, &prices.exchanges);
    let step = quantity::at(&variant.quantity_prices, own, quantity);
    let base = step.map_or(own, |step| step.price);
    let discount = discount::best(&prices.discounts, variant.vendor_id, variant.product_id, base, prices.now)?;
    let reduced = base.minus(discount.map_or(Money::zero(own.currency), |(_, off)| off))?;
    let (list, price, unit_price) = (exchanges.price(own)?, exchanges.price(base)?, exchanges.price(reduced)?);
    let mut told = Vec::from_iter(exchanges.told(own)?);
    let off = |price: Money| list.minus(price)?.times(quantity);
    if let Some(listed) = price_list::best(&variant.group_prices, unit_price) {
        told.extend(exchanges.told(listed.own)?);
        let why = format!("{}, {} each", listed.name, shown(listed.price));
        let base = Base { rule: "price_list", name: listed.name.clone(), why, off: off(listed.price)? };
        return Ok(Each { list, unit_price: listed.price, base: Some(base), discount: None, rounded: None, told });
    }
    if reduced != own {
        told.extend(exchanges.told(reduced)?);
    }
    // Rounding in another currency may leave nothing of a step or of a discount.
    let step = step.filter(|_| price.amount_minor < list.amount_minor);
    let base = step.map(|step| -> Result<Base> {
        let (name, why) = ("Prices for quantities".to_owned(), format!("From {} on {} each", step.from, shown(price)));
        Ok(Base { rule: "quantity_price", name, why, off: off(price)? })
    });
    let discount = discount.map(|(discount, _)| price.minus(unit_price).map(|off| (discount, off))).transpose()?;
    let discount = discount.filter(|(_, off)| !off.is_zero());
    let rounded = discount.filter(|_| price.currency == own.currency).map(|(discount, off)| {
        let exact = i128::from(price.amount_minor) * i128::from(discount.percent_bp);
        Rounded::of(off.amount_minor, exact, 10_000)
    });
    Ok(Each { list, unit_price, base: base.transpose()?, discount, rounded, told })
}

fn price_vendor(
    request: &QuoteRequest,
    prices: &Prices,
    parcel: Parcel,
    lines: &[PricedLine],
    chosen: Option<ShippingMethodId>,
) -> Result<QuoteVendor> {
    let currency = request.currency;
    let Parcel { vendor_id, name, refused_methods, weight_g } = parcel;
    let items = Money::sum(currency, lines.iter().map(|l| l.line.total))?;
    let options = |weight_g: i64| {
        let own = prices.methods.iter().filter(move |method| method.vendor_id == vendor_id);
        let there = own.filter(move |method| method.serves(&request.country, currency, weight_g));
        there.map(move |method| option(method, items, weight_g, request, prices)).collect()
    };
    let mut methods: Vec<ShippingOption> = weight_g.map_or_else(Vec::new, options);
    // What is sent before what is fetched, for nobody fetches without having chosen to; cheapest first, then fastest; the
    // id settles what is left, so that the order is always the same.
    methods.sort_by_key(|m| (m.pickup.is_some(), m.price.amount_minor, m.days_max, m.days_min, m.method_id));
    let method = methods.iter().find(|m| Some(m.method_id) == chosen).or_else(|| methods.first()).cloned();
    let shipping = method.as_ref().map_or(Money::zero(currency), |m| m.price);
    Ok(QuoteVendor {
        vendor_id,
        name,
        items,
        digital: weight_g.is_none(),
        method,
        methods,
        promotions: Vec::new(),
        shipping,
        shipping_tax: Money::zero(currency),
        total: items.plus(shipping)?,
        tax: Money::zero(currency),
        taxes: Vec::new(),
        refused_methods,
    })
}

fn option(method: &Method, items: Money, weight_g: i64, request: &QuoteRequest, prices: &Prices) -> ShippingOption {
    let (price, estimated) = match method.is_free_for(items) {
        true => (Money::zero(method.price.currency), false),
        false => method.parcel_price(&request.country, items, weight_g, prices.now),
    };
    ShippingOption {
        method_id: method.id,
        name: method.name.clone(),
        price,
        days_min: method.days_min,
        days_max: method.days_max,
        estimated,
        arrives: Some(method.handling.arrival(prices.now, method.days_min, method.days_max)),
        pickup: method.pickup.clone(),
    }
}

/// What is told beside the amounts.
struct Told<'a> {
    /// What each vendor's shipping costs before promotions.
    shipping: Vec<Reason>,
    taken: Vec<Taken<'a>>,
    codes: Vec<CodeStanding>,
    /// What the way to pay costs.
    fee: Option<PaymentFee>,
}

fn total(
    request: &QuoteRequest,
    prices: &Prices,
    lines: Vec<PricedLine>,
    vendors: Vec<QuoteVendor>,
    told: Told<'_>,
) -> Result<Quote> {
    let currency = request.currency;
    let discount = Money::sum(currency, lines.iter().map(|l| l.line.discount))?;
    let items = Money::sum(currency, vendors.iter().map(|v| v.items))?;
    let shipping = Money::sum(currency, vendors.iter().map(|v| v.shipping))?;
    let tax = Money::sum(currency, vendors.iter().map(|v| v.tax))?;
    let taxes = taxing::over_all(currency, &vendors)?;
    let tax_added = prices.taxes.added();
    let subtotal = Money::sum(currency, lines.iter().map(|l| l.list_total))?;
    let total = items.plus(shipping)?;

    let mut explanation = vec![reason("list_price", "Goods at list prices".to_owned(), subtotal)];
    explanation.extend(prices.exchanges.reasons());
    explanation.extend(base_reasons(request, &lines)?);
    explanation.extend(discount_reasons(request, &lines)?);
    explanation.extend(told.shipping);
    for Taken { promotion, amount, rounded_whole, .. } in &told.taken {
        explanation.push(reason("promotion", promotion.label(), amount.negated()?));
        explanation.extend(rounded_whole.reason(&promotion.input.name, currency));
    }
    explanation.extend(told.fee.iter().map(|fee| reason("payment_fee", format!("{}: a fee", fee.label), fee.amount)));
    let taxed = taxing::reasons(tax_added, &taxes)?;
    let to_pay = [reason("total", "To pay".to_owned(), total)];
    match tax_added {
        true => explanation.extend(taxed.into_iter().chain(to_pay)),
        false => explanation.extend(to_pay.into_iter().chain(taxed)),
    }

    let mut quote = Quote {
        hash: String::new(),
        currency,
        country: request.country.clone(),
        region: prices.region.clone(),
        lines: Vec::new(),
        vendors,
        subtotal,
        discount,
        promotions: told.taken.iter().map(Taken::summed).collect::<Result<_>>()?,
        codes: told.codes,
        shipping,
        payment_fee: told.fee,
        tax,
        tax_added,
        taxes,
        total,
        rates: prices.exchanges.rates(),
        explanation,
    };
    quote.hash = quote_hash::hash(&quote, &lines, prices.exchanges.used());
    quote.lines = lines.into_iter().map(|l| l.line).collect();
    Ok(quote)
}

/// One step for prices of quantities and for each price list, over all lines.
fn base_reasons(request: &QuoteRequest, lines: &[PricedLine]) -> Result<Vec<Reason>> {
    let mut sums: BTreeMap<(&'static str, &str), Money> = BTreeMap::new();
    for Base { rule, name, off, .. } in lines.iter().filter_map(|priced| priced.base.as_ref()) {
        let sum = sums.entry((*rule, name.as_str())).or_insert(Money::zero(request.currency));
        *sum = sum.plus(*off)?;
    }
    let told = |((rule, name), sum): ((&'static str, &str), Money)| -> Result<Reason> {
        Ok(reason(rule, format!("{name}, {BY_VENDOR}"), sum.negated()?))
    };
    sums.into_iter().map(told).collect()
}

/// One step per discount, over all lines it made cheaper.
fn discount_reasons(request: &QuoteRequest, lines: &[PricedLine]) -> Result<Vec<Reason>> {
    let mut sums: BTreeMap<DiscountId, (&str, Money)> = BTreeMap::new();
    for Applied { id, label, amount } in lines.iter().filter_map(|priced| priced.discount.as_ref()) {
        let (_, sum) = sums.entry(*id).or_insert((label, Money::zero(request.currency)));
        *sum = sum.plus(*amount)?;
    }
    let told = |(label, sum): (&str, Money)| -> Result<Reason> {
        Ok(reason("discount", format!("{label}, {BY_VENDOR}"), sum.negated()?))
    };
    sums.into_values().map(told).collect()
}

pub(super) fn reason(rule: &'static str, text: String, amount: Money) -> Reason {
    Reason { rule: rule.into(), text, amount }
}
