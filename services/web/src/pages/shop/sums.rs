//! What a cart or an order costs, and why: from the quote to the summary at the side.

use contracts::{
    arrival::Arrival,
    pricing::{Quote, QuoteLine, QuoteVendor, Reason, ShippingOption},
    taxes::TaxLine,
};
use kernel::{Currency, Money};

use super::cards;
use crate::{
    fmt::Fmt,
    ui::{Notice, OrderSummary, SumRow, SummaryLine, Tone},
};

/// The summary of a quote; `lines` are shown if they are not seen elsewhere on the page.
pub fn summary(fmt: &Fmt, title: &str, quote: &Quote, lines: Vec<SummaryLine>) -> OrderSummary {
    let mut rows = vec![SumRow::new(items(fmt, quote), fmt.money(quote.subtotal))];
    rows.extend(reductions(quote).into_iter().map(|(text, amount)| SumRow::new(text, fmt.money(amount)).off()));
    let fee = quote.payment_fee.as_ref();
    let delivery = before_promotions(quote);
    let delivery = fee.and_then(|fee| delivery.minus(fee.amount).ok()).unwrap_or(delivery);
    rows.push(SumRow::new("Delivery", price_or_free(fmt, delivery)).note(senders(quote)));
    rows.extend(fee.map(|fee| SumRow::new(&fee.label, fmt.money(fee.amount))));
    if quote.tax_added {
        let taxed = quote.taxes.iter().filter(|line| line.rate_bp > 0);
        rows.extend(taxed.map(|line| SumRow::new(rate(fmt, line), fmt.money(line.tax))));
    }
    OrderSummary {
        title: title.to_owned(),
        lines,
        rows,
        total: fmt.money(quote.total),
        tax: contained(fmt, quote),
        why: why(fmt, quote),
    }
}

/// Said in place of the ways to pay for what costs nothing.
pub fn nothing_to_pay(quote: &Quote) -> Option<Notice> {
    let text = "The order is confirmed as soon as everything is set aside for you.";
    quote.total.is_zero().then(|| Notice::new(Tone::Neutral, "There is nothing to pay.", text))
}

/// An amount as it is shown where the tax stands in a row of its own, and as it is where the tax is contained.
pub fn before_tax(quote: &Quote, amount: Money, tax: Money) -> Money {
    if quote.tax_added { amount.minus(tax).unwrap_or(amount) } else { amount }
}

/// `Including 6.85 € VAT`, or by rates: `Including 6.85 € VAT 19 % and 0.42 € VAT 7 %`.
fn contained(fmt: &Fmt, quote: &Quote) -> String {
    let taxed: Vec<_> = quote.taxes.iter().rev().filter(|line| !line.tax.is_zero()).collect();
    match taxed.as_slice() {
        _ if quote.tax_added || quote.tax.is_zero() => String::new(),
        // Orders from before rates were kept apart.
        [] => format!("Including {} VAT", fmt.money(quote.tax)),
        [one] => format!("Including {} {}", fmt.money(one.tax), one.name),
        several => {
            let parts: Vec<_> =
                several.iter().map(|line| format!("{} {}", fmt.money(line.tax), rate(fmt, line))).collect();
            format!("Including {}", parts.join(" and "))
        }
    }
}

/// `VAT 19 %`
fn rate(fmt: &Fmt, line: &TaxLine) -> String {
    format!("{} {}", line.name, fmt.rate(line.rate_bp))
}

/// What delivery costs before promotions, which stand in a row of their own.
fn before_promotions(quote: &Quote) -> Money {
    let tax = quote.vendors.iter().map(|vendor| vendor.shipping_tax);
    let tax = Money::sum(quote.currency, tax).unwrap_or(Money::zero(quote.currency));
    let off = quote.vendors.iter().flat_map(|vendor| &vendor.promotions);
    off.fold(before_tax(quote, quote.shipping, tax), |sum, promotion| sum.plus(promotion.amount).unwrap_or(sum))
}

/// What is taken off, by its name: two makers may call theirs the same.
fn reductions(quote: &Quote) -> Vec<(&str, Money)> {
    let mut sums: Vec<(&str, Money)> = Vec::new();
    let is_reduction = |rule: &str| matches!(rule, "quantity_price" | "price_list" | "discount" | "promotion");
    for reason in quote.explanation.iter().filter(|reason| is_reduction(&reason.rule)) {
        match sums.iter_mut().find(|(text, _)| *text == reason.text) {
            Some((_, sum)) => *sum = sum.plus(reason.amount).unwrap_or(*sum),
            None => sums.push((&reason.text, reason.amount)),
        }
    }
    sums
}

fn items(fmt: &Fmt, quote: &Quote) -> String {
    let count = quote.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity));
    fmt.counted(count, "item", "items")
}

fn senders(quote: &Quote) -> String {
    match quote.vendors.as_slice() {
        [one] => format!("From {}", one.name),
        many => format!("From {} makers", many.len()),
    }
}

/// Every amount with the rule it came from: the lines first, then what holds for all of them.
fn why(fmt: &Fmt, quote: &Quote) -> Vec<SumRow> {
    let line = |line: &QuoteLine| {
        let reasons: Vec<_> =
            line.explanation.iter().map(|reason| amounts(fmt, quote.total.currency, &reason.text)).collect();
        let mut title = line.title.clone();
        if !line.options.is_empty() {
            title = format!("{title}, {}", cards::variant(&line.options));
        }
        SumRow::new(title, fmt.money(line.total)).note(reasons.join("; "))
    };
    let reason = |reason: &Reason| {
        // A rate is told, and what was rounded; they come to nothing.
        let is_told = matches!(&*reason.rule, "exchange_rate" | "rounding");
        let amount = if is_told { String::new() } else { fmt.money(reason.amount) };
        let row = SumRow::new(amounts(fmt, quote.total.currency, &reason.text), amount);
        if reason.amount.is_negative() { row.off() } else { row }
    };
    quote.lines.iter().map(line).chain(quote.explanation.iter().map(reason)).collect()
}

/// The amounts within a text of the API, `19.99 €`, as this reader writes them.
pub fn amounts(fmt: &Fmt, currency: Currency, text: &str) -> String {
    let mark = format!(" {}", currency.symbol());
    let written = |piece: &str| {
        let part = piece.strip_suffix(&mark)?;
        let words = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let amount = Money::parse_decimal(&part[words.len()..], currency).ok()?;
        Some(format!("{words}{}", fmt.money(amount)))
    };
    text.split_inclusive(&mark).map(|piece| written(piece).unwrap_or_else(|| piece.to_owned())).collect()
}

/// An amount, or `Free`.
pub fn price_or_free(fmt: &Fmt, price: Money) -> String {
    if price.is_zero() { "Free".to_owned() } else { fmt.money(price) }
}

/// `Tue 24 Nov – Thu 26 Nov`: when a parcel arrives.
pub fn arrival(fmt: &Fmt, arrival: Arrival) -> String {
    fmt.days_between(arrival.from, arrival.to)
}

/// `Standard, Tue 24 Nov – Thu 26 Nov`.
pub fn delivery(fmt: &Fmt, method: &ShippingOption) -> String {
    let days = arrival(fmt, method.arrival(fmt.now()));
    if method.pickup.is_some() { format!("{}, ready {days}", method.name) } else { format!("{}, {days}", method.name) }
}

/// How a vendor's part comes and what that costs, or that it cannot come at all.
pub fn parcel(fmt: &Fmt, vendor: &QuoteVendor, country: &str) -> (String, String) {
    match &vendor.method {
        Some(method) => (delivery(fmt, method), price_or_free(fmt, method.price)),
        None if vendor.digital => ("Download after payment".to_owned(), String::new()),
        None => (format!("{} cannot send this to {country}", vendor.name), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fmt::Locale;

    #[test]
    fn amounts_in_a_text_are_written_as_the_reader_writes_them() {
        let fmt = Fmt::new(Locale::EnUs, "2026-01-15T12:00:00Z".parse().unwrap());
        let shown = |text| amounts(&fmt, Currency::EUR, text);
        assert_eq!(shown("2 × 1234.50 €"), "2 × €1,234.50");
        assert_eq!(shown("Spring −20 %, 3.00 € off each"), "Spring −20 %, €3.00 off each");
        assert_eq!(shown("All for a €"), "All for a €");
        assert_eq!(shown("19 % VAT contained"), "19 % VAT contained");
    }
}
