//! Why a delivery costs what it costs.

use contracts::pricing::{QuoteRequest, QuoteVendor, Reason};
use kernel::Money;

use super::{
    Method, Prices,
    quote::{BY_VENDOR, Wanted, reason, weight},
    shown,
};

/// What a vendor's delivery costs, before promotions, and why.
pub(super) fn reason_of(request: &QuoteRequest, prices: &Prices, wanted: &Wanted<'_>, vendor: &QuoteVendor) -> Reason {
    let weight_g = wanted.get(&vendor.vendor_id).map_or(0, |variants| weight(variants));
    let Some(method) = &vendor.method else {
        let too_heavy = prices
            .methods
            .iter()
            .any(|m| m.vendor_id == vendor.vendor_id && m.serves(&request.country, request.currency, 0));
        let text = match too_heavy {
            true => format!("{} does not ship {} to {}", vendor.name, kilograms(weight_g), request.country),
            false => format!("{} does not ship to {}", vendor.name, request.country),
        };
        return reason("shipping", text, vendor.shipping);
    };
    let chosen = prices.methods.iter().find(|m| m.id == method.method_id);
    match chosen.and_then(|m| m.free_over) {
        Some(from) if vendor.shipping.is_zero() && vendor.items.amount_minor >= from.amount_minor => {
            let text = format!("{}, {}: free from {} on, {BY_VENDOR}", vendor.name, method.name, shown(from));
            reason("free_shipping", text, vendor.shipping)
        }
        _ => {
            let own = chosen.filter(|m| m.carrier_rate(&request.country, weight_g).is_none());
            let row = own.and_then(|m| row(m, vendor.items, weight_g));
            let text = format!("{}, {}{}", vendor.name, method.name, row.unwrap_or_default());
            reason("shipping", text, vendor.shipping)
        }
    }
}

/// Which of its prices a method has for a parcel: `: goods of 24.90 €, from 20.00 € on`
fn row(method: &Method, items: Money, weight_g: i64) -> Option<String> {
    let money = |minor| shown(Money::new(minor, items.currency));
    if let Some(first) = method.value_prices.first() {
        let step = method.value_price(items).map(|step| format!("from {} on", money(step.from_minor)));
        let step = step.unwrap_or_else(|| format!("below {}", money(first.from_minor)));
        return Some(format!(": goods of {}, {step}", shown(items)));
    }
    let heavier = method.weight_price(weight_g)?;
    Some(format!(": {}, from {} on", kilograms(weight_g), kilograms(heavier.from_g)))
}

/// `0.25 kg`, `5 kg`
fn kilograms(grams: i64) -> String {
    let text = format!("{}.{:03}", grams / 1_000, grams % 1_000);
    format!("{} kg", text.trim_end_matches('0').trim_end_matches('.'))
}
