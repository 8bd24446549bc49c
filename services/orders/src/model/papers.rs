//! What stands on the papers of an order. Pure.

use ::papers::{Amounts, Kind, Line, Paper, Section, Sum};
use contracts::{
    orders::{
        Gift, LinePart, OrderLine, OrderRefund, OrderView, ParcelView, ReturnKind, ReturnView, VendorOrderDetail,
        VendorOrderStatus, VendorOrderView,
    },
    promotions::AppliedPromotion,
    shared::Address,
};
use kernel::{Locale, Money, Result, Timestamp};
use words::Words;

/// The name on papers that the platform gives out.
const PLATFORM: &str = "Souk";

/// What a paper is written with: the words of its order's language, and how numbers are written.
#[derive(Clone, Copy)]
struct Pen {
    words: &'static Words,
    locale: Locale,
}

impl Pen {
    /// A language has its numbers. In English they are written as whoever reads it writes them.
    fn of(order: &OrderView, reader: Locale) -> Self {
        let words = words::of(order.language.as_deref());
        let locale = if order.language.is_some() { words.locale } else { reader };
        Self { words, locale }
    }
}

/// What was ordered, in the language in which it was.
pub fn confirmation(order: &OrderView, reader: Locale) -> Result<Paper> {
    let pen = Pen::of(order, reader);
    let mut paper = of_order(Kind::Confirmation, order, order.placed_at, pen)?;
    paper.to = address(&order.address);
    paper.notes.extend(gift(order, pen.words));
    paper.notes.extend(order.to_collect.map(|collect| pen.words.paper_to_collect(&pen.locale.money(collect))));
    if order.paid_at.is_none() {
        paper.notes.push(pen.words.not_a_receipt.to_owned());
    }
    Ok(paper)
}

/// That it goes as a gift, for its buyer.
fn gift(order: &OrderView, words: &Words) -> Option<String> {
    let gift = order.gift.as_ref()?;
    Some(match &gift.message {
        Some(message) => words.paper_gift_with(message),
        None => words.paper_gift.to_owned(),
    })
}

/// What was paid.
pub fn receipt(order: &OrderView, paid_at: Timestamp, reader: Locale) -> Result<Paper> {
    let pen = Pen::of(order, reader);
    let Pen { words, locale } = pen;
    let mut paper = of_order(Kind::Receipt, order, paid_at, pen)?;
    if order.covered != Some(order.quote.total) && !order.quote.total.is_zero() {
        paper.facts.push((words.paid_with.to_owned(), words.pay_method(&order.payment_method)));
    }
    if let Some(covered) = order.covered {
        paper.facts.push((words.paid_with_credit.to_owned(), locale.money(covered)));
    }
    if !order.refunded.is_zero() {
        paper.notes.push(words.went_back(&locale.money(order.refunded)));
    }
    Ok(paper)
}

/// What went back: lines of a return, the whole order, or an amount that somebody has decided on.
pub fn credit_note(
    order: &OrderView,
    refund: &OrderRefund,
    returned: Option<&ReturnView>,
    reader: Locale,
) -> Result<Paper> {
    let pen = Pen::of(order, reader);
    let words = pen.words;
    let whole = of_order(Kind::CreditNote, order, refund.at, pen)?;
    let total = Some(Sum::new(words.credited, refund.amount));
    let paper = Paper { number: refund.number.clone(), total, ..whole };
    match returned {
        Some(returned) if returned.refund == refund.amount => of_return(paper, returned),
        _ if refund.amount == order.quote.total => Ok(paper),
        _ => {
            let amounts = Some(Amounts { each: None, total: refund.amount });
            let title = words.refund_for(&order.number);
            let line = Line { title, note: String::new(), quantity: None, amounts };
            let sections = vec![Section { title: words.refund.to_owned(), lines: vec![line] }];
            Ok(Paper { sections, sums: Vec::new(), contained: Vec::new(), ..paper })
        }
    }
}

fn of_return(paper: Paper, returned: &ReturnView) -> Result<Paper> {
    let (words, currency) = (paper.words, returned.refund.currency);
    let arrived = returned.lines.iter().filter(|line| line.received > 0);
    let mut lines: Vec<Line> = arrived
        .clone()
        .map(|line| Line {
            title: line.title.clone(),
            note: note(&line.options, &line.sku),
            quantity: Some(line.received),
            amounts: Some(Amounts { each: None, total: line.refund }),
        })
        .collect();
    if !returned.refund_shipping.is_zero() {
        lines.push(delivery(words.delivery, returned.refund_shipping));
    }
    let tax = Money::sum(currency, arrived.map(|line| line.tax))?;
    let contained = if tax.is_zero() { Vec::new() } else { vec![Sum::new(words.tax_on_items, tax)] };
    let title = match returned.kind {
        ReturnKind::Withdrawal => words.taken_out_of(&returned.vendor_name, &returned.number),
        ReturnKind::Return => words.returned_to(&returned.vendor_name, &returned.number),
        ReturnKind::Kept => words.paid_back_by(&returned.vendor_name, &returned.number),
    };
    Ok(Paper { sections: vec![Section { title, lines }], sums: Vec::new(), contained, ..paper })
}

/// What lies in a parcel, without what it costs: in one that was handed over, in the one that is being packed, or in all
/// of them once all have left. Nothing if there is no such parcel.
pub fn packing_slip(detail: &VendorOrderDetail, parcel: Option<i64>, locale: Locale) -> Option<Paper> {
    let order = &detail.order;
    let in_parcel = |parcel: &ParcelView, line: &OrderLine| match parcel.lines.as_slice() {
        [] => line.quantity,
        lines => lines.iter().find(|held| held.line_id == line.id).map_or(0, |held| held.quantity),
    };
    let one = match parcel {
        Some(number) => Some(order.parcels.iter().find(|parcel| parcel.parcel == number)?),
        None => None,
    };
    let pieces = |line: &OrderLine| match (one, order.status) {
        (Some(parcel), _) => in_parcel(parcel, line),
        (None, VendorOrderStatus::PartiallyShipped) => {
            line.kept() - order.parcels.iter().map(|parcel| in_parcel(parcel, line)).sum::<i64>()
        }
        (None, _) => line.kept(),
    };
    let packed = order.lines.iter().filter(|line| !line.digital && pieces(line) > 0);
    let lines = packed.flat_map(|line| to_pack(line, pieces(line))).collect();
    let mut facts = vec![("Delivery".to_owned(), order.shipping_method.clone())];
    facts.extend(detail.address.phone.iter().map(|phone| ("Phone".to_owned(), phone.clone())));
    facts.extend(on_delivery(detail, locale));
    facts.extend(order.pickup.iter().map(|place| ("Fetched at".to_owned(), place.line())));
    if let Some(parcel) = one {
        facts.push(("Parcel".to_owned(), parcel.parcel.to_string()));
        facts.push((parcel.tracking.carrier.clone(), parcel.tracking.number.clone()));
    }
    let title = format!("From {}", order.vendor_name);
    Some(Paper {
        kind: Kind::PackingSlip,
        number: order.number.clone(),
        date: detail.placed_at,
        words: words::english(),
        locale,
        issuer: order.vendor_name.clone(),
        imprint: Vec::new(),
        to: address(&detail.address),
        facts,
        sections: vec![Section { title, lines }],
        sums: Vec::new(),
        total: None,
        contained: Vec::new(),
        notes: greeting(detail.gift.as_ref()).into_iter().chain(note_of(detail)).collect(),
    })
}

/// What the courier collects: how much stands there where no other vendor has a part in it.
fn on_delivery(detail: &VendorOrderDetail, locale: Locale) -> Option<(String, String)> {
    let collect = match detail.to_collect {
        Some(collect) => format!("collect {}", locale.money(collect)),
        None => "collect once for the whole order".to_owned(),
    };
    detail.cash_on_delivery.then(|| ("Cash on delivery".to_owned(), collect))
}

/// What is written to whom a gift is for.
fn greeting(gift: Option<&Gift>) -> Option<String> {
    let gift = gift?;
    Some(match &gift.message {
        Some(message) => format!("A gift for you: {message}"),
        None => "A gift for you.".to_owned(),
    })
}

/// A word of the buyer to the vendor; whom a gift is for does not read it.
fn note_of(detail: &VendorOrderDetail) -> Option<String> {
    let note = detail.note.as_ref().filter(|_| detail.gift.is_none())?;
    Some(format!("A word of the buyer: {note}"))
}

/// A line of a packing slip; behind a bundle what lies in it, counted for all of them.
fn to_pack(line: &OrderLine, pieces: i64) -> Vec<Line> {
    let whole =
        Line { title: line.title.clone(), note: note(&line.options, &line.sku), quantity: Some(pieces), amounts: None };
    let part = |part: &LinePart| Line {
        title: format!("– {}", part.title),
        note: part.sku.clone(),
        quantity: Some(part.quantity * pieces),
        amounts: None,
    };
    std::iter::once(whole).chain(line.parts.iter().map(part)).collect()
}

/// The whole order with what it costs.
fn of_order(kind: Kind, order: &OrderView, date: Timestamp, pen: Pen) -> Result<Paper> {
    let (quote, Pen { words, locale }) = (&order.quote, pen);
    let mut sections = Vec::with_capacity(order.vendor_orders.len());
    let (mut items, mut shipping) = (Money::zero(quote.currency), Money::zero(quote.currency));
    for part in &order.vendor_orders {
        let delivered = shipping_before_tax(order, part)?;
        let mut lines = Vec::with_capacity(part.lines.len() + 1);
        for line in &part.lines {
            let total = if line.tax_added { line.total.minus(line.tax)? } else { line.total };
            items = items.plus(total)?;
            let note = taken_off(note(&line.options, &line.sku), &line.promotions, pen);
            let amounts = Some(Amounts { each: Some(line.unit_price), total });
            lines.push(Line { title: line.title.clone(), note, quantity: Some(line.quantity), amounts });
        }
        shipping = shipping.plus(delivered)?;
        let mut way = delivery(&format!("{}: {}", words.delivery, part.shipping_method), delivered);
        way.note = taken_off(String::new(), &part.shipping_promotions, pen);
        lines.push(way);
        sections.push(Section { title: format!("{}, {}", part.vendor_name, part.number), lines });
    }
    let mut sums = vec![Sum::new(words.items, items), Sum::new(words.delivery, shipping)];
    let (taxes, mut contained) = (taxes(order, pen), Vec::new());
    if quote.tax_added {
        sums.extend(taxes)
    } else {
        contained.extend(taxes)
    }
    let mut facts = vec![(words.order.to_owned(), order.number.clone())];
    facts.push((words.ordered_on.to_owned(), words.date_of(order.placed_at)));
    Ok(Paper {
        kind,
        number: order.number.clone(),
        date,
        words,
        locale,
        issuer: PLATFORM.to_owned(),
        imprint: Vec::new(),
        to: address(order.billing_address.as_ref().unwrap_or(&order.address)),
        facts,
        sections,
        sums,
        total: Some(Sum::new(words.total, quote.total)),
        contained,
        notes: Vec::new(),
    })
}

/// Shipping as it stands where the tax has a row of its own, and as it is where the tax is contained.
fn shipping_before_tax(order: &OrderView, part: &VendorOrderView) -> Result<Money> {
    let vendor = order.quote.vendors.iter().find(|vendor| vendor.vendor_id == part.vendor_id);
    match vendor {
        Some(vendor) if order.quote.tax_added => part.shipping.minus(vendor.shipping_tax),
        _ => Ok(part.shipping),
    }
}

/// The taxes by their rates; as one where the order is from before rates were kept apart.
fn taxes(order: &OrderView, Pen { words, locale }: Pen) -> Vec<Sum> {
    let quote = &order.quote;
    if quote.taxes.is_empty() && !quote.tax.is_zero() {
        let name = if quote.tax_added { words.tax } else { words.tax_contained };
        return vec![Sum::new(name, quote.tax)];
    }
    let taxed = quote.taxes.iter().filter(|line| !line.tax.is_zero());
    taxed
        .map(|line| {
            let (rate, net) = (locale.rate(line.rate_bp), locale.money(line.net));
            let name = match quote.tax_added {
                true => words.tax_on(&line.name, &rate, &net),
                false => words.tax_contained_in(&line.name, &rate, &net),
            };
            Sum::new(name, line.tax)
        })
        .collect()
}

fn delivery(title: &str, amount: Money) -> Line {
    let amounts = Some(Amounts { each: None, total: amount });
    Line { title: title.to_owned(), note: String::new(), quantity: None, amounts }
}

/// Options and SKU.
fn note(options: &[String], sku: &str) -> String {
    options.iter().map(String::as_str).chain([sku]).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What promotions take off, said after `note`.
fn taken_off(note: String, promotions: &[AppliedPromotion], Pen { words, locale }: Pen) -> String {
    let less = |promotion: &AppliedPromotion| words.less(&locale.money(promotion.amount), &promotion.name);
    let all = Some(note).filter(|note| !note.is_empty()).into_iter().chain(promotions.iter().map(less));
    all.collect::<Vec<_>>().join(" · ")
}

fn address(address: &Address) -> Vec<String> {
    let town = format!("{} {}", address.postcode, address.city);
    let lines = [
        Some(address.name.as_str()),
        address.company.as_deref(),
        Some(address.line1.as_str()),
        address.line2.as_deref(),
        Some(town.trim()),
        address.region.as_deref(),
        Some(address.country.as_str()),
    ];
    lines.into_iter().flatten().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
