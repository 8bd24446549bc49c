//! Splits an accepted quote into one part per vendor. Every line is in exactly one part, and the
//! parts add up to the quote to the minor unit, or nothing comes of it.

use contracts::{
    orders::{OrderLine, OrderStatus, PaymentChoice, VendorOrderStatus},
    pricing::{Quote, QuoteLine, QuoteVendor},
};
use kernel::{AccountId, CartId, Email, Error, Ids, LineId, Money, OrderId, Result, Timestamp, VendorOrderId};

use super::{Order, Part};

/// Who orders, and how it is paid.
pub struct Buyer {
    /// Account, unless a guest.
    pub account_id: Option<AccountId>,
    /// Whom to write to.
    pub email: Email,
    /// Cart to be emptied.
    pub cart_id: Option<CartId>,
    /// How to pay.
    pub payment: PaymentChoice,
}

/// The order behind a quote, not placed yet and without a number.
///
/// # Errors
/// Internal, if the quote does not add up.
pub fn draft(quote: &Quote, id: OrderId, buyer: Buyer, ids: &Ids, now: Timestamp) -> Result<Order> {
    let parts = quote.vendors.iter().map(|vendor| part(quote, vendor, ids)).collect::<Result<Vec<_>>>()?;
    let order = Order {
        id,
        number: String::new(),
        account_id: buyer.account_id,
        cart_id: buyer.cart_id,
        email: buyer.email,
        country: quote.country.clone(),
        payment: buyer.payment,
        total: quote.total,
        covered: Money::zero(quote.currency),
        tax: quote.tax,
        parts,
        placed_at: now,
        version: 0,
        status: OrderStatus::Placed,
        reason: None,
        shortages: Vec::new(),
        redirect: None,
        refunded: Money::zero(quote.currency),
        deadline: None,
        promised_at: None,
        collect: None,
        paid_at: None,
    };
    check_sums(quote, &order)?;
    Ok(order)
}

fn part(quote: &Quote, vendor: &QuoteVendor, ids: &Ids) -> Result<Part> {
    let of_vendor = |line: &&QuoteLine| line.vendor_id == vendor.vendor_id;
    let lines: Vec<OrderLine> = quote.lines.iter().filter(of_vendor).map(|line| order_line(quote, line, ids)).collect();
    let items = Money::sum(quote.currency, lines.iter().map(|line| line.total))?;
    let tax = Money::sum(quote.currency, lines.iter().map(|line| line.tax))?.plus(vendor.shipping_tax)?;
    let total = items.plus(vendor.shipping)?;
    Ok(Part {
        id: VendorOrderId::new(ids),
        number: String::new(),
        vendor_id: vendor.vendor_id,
        vendor_name: vendor.name.clone(),
        lines,
        items,
        shipping_promotions: vendor.promotions.clone(),
        shipping: vendor.shipping,
        method_id: vendor.method.as_ref().map(|method| method.method_id),
        method_name: match &vendor.method {
            Some(method) => method.name.clone(),
            None if vendor.digital => "Download".to_owned(),
            None => String::new(),
        },
        pickup: vendor.method.as_ref().and_then(|method| method.pickup.clone()),
        tax,
        total,
        status: VendorOrderStatus::Pending,
        parcels: Vec::new(),
        delivered_at: None,
    })
}

fn order_line(quote: &Quote, line: &QuoteLine, ids: &Ids) -> OrderLine {
    OrderLine {
        id: LineId::new(ids),
        variant_id: line.variant_id,
        product_id: line.product_id,
        title: line.title.clone(),
        options: line.options.clone(),
        sku: line.sku.clone(),
        quantity: line.quantity,
        withdrawn: 0,
        parts: Vec::new(),
        unit_price: line.unit_price,
        promotions: line.promotions.clone(),
        total: line.total,
        tax: line.tax,
        tax_added: quote.tax_added,
        digital: line.digital,
    }
}

/// The parts against the quote, and the quote against itself.
fn check_sums(quote: &Quote, order: &Order) -> Result<()> {
    let zero = quote.currency;
    let sum = |of: fn(&Part) -> Money| Money::sum(zero, order.parts.iter().map(of));
    let agreed = |what: &str, ours: Money, theirs: Money| {
        if ours == theirs {
            Ok(())
        } else {
            Err(Error::internal(format!("quote {} does not add up: {what} {ours}, should be {theirs}", quote.hash)))
        }
    };
    if order.lines().count() != quote.lines.len() {
        return Err(Error::internal(format!("quote {}: a line is in no vendor's part, or in two", quote.hash)));
    }
    for line in order.lines() {
        let promoted = Money::sum(zero, line.promotions.iter().map(|promotion| promotion.amount))?;
        let worth = line.unit_price.times(line.quantity)?.minus(promoted)?;
        agreed("line", if line.tax_added { worth.plus(line.tax)? } else { worth }, line.total)?;
        if line.quantity < 1 || line.total.is_negative() || line.tax.is_negative() {
            return Err(Error::internal(format!("quote {} has a line below zero", quote.hash)));
        }
    }
    for (part, vendor) in order.parts.iter().zip(&quote.vendors) {
        agreed("items of a part", part.items, vendor.items)?;
        agreed("total of a part", part.total, vendor.total)?;
        agreed("tax of a part", part.tax, vendor.tax)?;
        if part.shipping.is_negative() {
            return Err(Error::internal(format!("quote {} has shipping below zero", quote.hash)));
        }
    }
    let promoted = Money::sum(zero, order.parts.iter().flat_map(Part::promotions).map(|promotion| promotion.amount))?;
    agreed("promotions", promoted, Money::sum(zero, quote.promotions.iter().map(|promotion| promotion.amount))?)?;
    let subsidy = sum(|part| Money::new(part.subsidy_minor(), part.total.currency))?;
    agreed("subsidy", subsidy, Money::sum(zero, quote.promotions.iter().map(|promotion| promotion.platform))?)?;
    agreed("shipping", sum(|part| part.shipping)?, quote.shipping)?;
    agreed("tax", sum(|part| part.tax)?, quote.tax)?;
    agreed("total", sum(|part| part.total)?, quote.total)?;
    let taxed = Money::sum(zero, quote.taxes.iter().map(|line| line.tax))?;
    if !quote.taxes.is_empty() {
        agreed("tax by rates", taxed, quote.tax)?;
    }
    let added = Money::sum(zero, order.lines().filter(|line| line.tax_added).map(|line| line.tax))?;
    agreed("discounted items", sum(|part| part.items)?, quote.subtotal.minus(quote.discount)?.plus(added)?)
}
