//! What the buyer agrees to, as a hash: every line, discount, promotion, code, tax, rate, exchange, method and total,
//! by ids and amounts. Titles and explanations are not in it: a corrected spelling changes no agreement.

use std::fmt::Write as _;

use contracts::{
    pricing::{Quote, QuoteVendor},
    promotions::AppliedPromotion,
    taxes::TaxLine,
};
use kernel::{Exchange, PromoCode};
use sha2::{Digest, Sha256};

use super::quote::PricedLine;

/// Changes when the meaning of what is hashed changes, so that an old agreement never passes for a new one.
const FORMAT: &str = "souk-quote-2";

/// SHA-256 over the canonical form, in hexadecimal.
pub(super) fn hash(quote: &Quote, lines: &[PricedLine], exchanges: &[Exchange]) -> String {
    hex::encode(Sha256::digest(canonical(quote, lines, exchanges).as_bytes()))
}

/// One line of text per line, vendor and total; every field is an id, a code or a whole number, so no
/// two different quotes read the same.
fn canonical(quote: &Quote, lines: &[PricedLine], exchanges: &[Exchange]) -> String {
    let mut text = String::with_capacity(256 + lines.len() * 192 + quote.vendors.len() * 160);
    // Writing to a String cannot fail.
    let region = quote.region.as_deref().unwrap_or("-");
    let _ = writeln!(text, "{FORMAT} {} {} {region:?} {}", quote.currency, quote.country, quote.tax_added);
    for Exchange { from, to, from_micro, to_micro, rounding } in exchanges {
        let (mode, step) = (rounding.mode.name(), rounding.step_minor);
        let ending = rounding.ending_minor.map_or_else(|| "-".to_owned(), |minor| minor.to_string());
        let _ = writeln!(text, "exchange {from} {from_micro} {to} {to_micro} {mode} {step} {ending}");
    }
    for PricedLine { line, discount, .. } in lines {
        let discount = discount.as_ref().map_or_else(|| "-".to_owned(), |d| d.id.to_string());
        let _ = writeln!(
            text,
            "line {} {} {} {} {} {discount} {} {} {} {} {}",
            line.vendor_id,
            line.product_id,
            line.variant_id,
            line.quantity,
            line.list_price.amount_minor,
            line.discount.amount_minor,
            line.unit_price.amount_minor,
            line.total.amount_minor,
            line.tax_rate_bp,
            line.tax.amount_minor,
        );
        if line.digital {
            text.push_str("digital\n");
        }
        promotions(&mut text, &line.promotions);
    }
    for part in &quote.vendors {
        vendor(&mut text, part);
    }
    for promotion in &quote.promotions {
        let code = promotion.code.as_ref().map_or("-", PromoCode::as_str);
        let (amount, platform) = (promotion.amount.amount_minor, promotion.platform.amount_minor);
        let _ = writeln!(text, "promotion {} {code} {amount} {platform}", promotion.promotion_id);
    }
    for standing in &quote.codes {
        let reason = standing.reason.map_or_else(|| "applied".to_owned(), |reason| format!("{reason:?}"));
        let _ = writeln!(text, "code {} {reason}", standing.code);
    }
    for TaxLine { rate_bp, net, tax, .. } in &quote.taxes {
        let _ = writeln!(text, "tax {rate_bp} {} {}", net.amount_minor, tax.amount_minor);
    }
    let _ = writeln!(
        text,
        "total {} {} {} {} {}",
        quote.subtotal.amount_minor,
        quote.discount.amount_minor,
        quote.shipping.amount_minor,
        quote.tax.amount_minor,
        quote.total.amount_minor,
    );
    text
}

fn vendor(text: &mut String, vendor: &QuoteVendor) {
    let method = vendor.method.as_ref().map_or_else(|| "-".to_owned(), |m| m.method_id.to_string());
    let _ = writeln!(
        text,
        "vendor {} {method} {} {} {} {} {}",
        vendor.vendor_id,
        vendor.items.amount_minor,
        vendor.shipping.amount_minor,
        vendor.shipping_tax.amount_minor,
        vendor.total.amount_minor,
        vendor.tax.amount_minor,
    );
    // Where it is fetched is agreed to; when that is open is not.
    if let Some(place) = vendor.method.as_ref().and_then(|method| method.pickup.as_ref()) {
        let _ = writeln!(text, "fetched {:?}", place.line());
    }
    promotions(text, &vendor.promotions);
}

/// What was taken off the line or the shipment before.
fn promotions(text: &mut String, applied: &[AppliedPromotion]) {
    for AppliedPromotion { promotion_id, amount, platform, .. } in applied {
        let _ = writeln!(text, "off {promotion_id} {} {}", amount.amount_minor, platform.amount_minor);
    }
}
