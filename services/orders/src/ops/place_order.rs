//! Places an order: what the buyer agreed to must be what it costs now, and its promotions must be had;
//! then order, event and answer are one transaction.

use std::{sync::Arc, time::Duration};

use contracts::{
    credits::{HoldCredits, PayWithCredits},
    orders::{NOTHING_TO_PAY, OrderMade, PaymentChoice, PlaceOrder, PlacedOrder},
    payments::MethodView,
    pricing::{Quote, QuoteRequest},
    promotions::{Customer, HoldPromotions},
    shared::{Address, TimelineEntry},
};
use db::Tx;
use kernel::{AccountId, Country, Currency, Error, FieldError, OrderId, Result, Secret, Timestamp};
use souk_http::{IdempotencyKey, StoredAnswer, idempotency};

use super::advance::perform;
use crate::{
    Orders,
    error::OrderError,
    model::{
        Documents, Order,
        saga::{self, Effect, Event, Input, Note},
        split::{self, Buyer},
        view,
    },
    store,
};

/// What came of a placement: the answer to give (again), and which order it is about.
pub struct Placement {
    /// The order.
    pub order_id: OrderId,
    /// The answer that is stored under the key.
    pub answer: StoredAnswer,
}

/// Who places an order, and for whom.
#[derive(Debug, Clone, Copy, Default)]
pub struct Placer {
    /// Whose order it is, unless a guest's.
    pub account_id: Option<AccountId>,
    /// The admin who makes it for the buyer.
    pub admin: Option<AccountId>,
    /// The buyer's language, if it is not English.
    pub language: Option<&'static str>,
}

/// Places an order, once per key.
///
/// # Errors
/// Conflict `quote_changed` with the new quote, and with the promotion that could not be had; 422 for what cannot be ordered. Nothing is kept then.
pub async fn place_order(
    app: &Arc<Orders>,
    placer: Placer,
    key: IdempotencyKey,
    input: PlaceOrder,
) -> Result<Placement> {
    let prepared = prepare(app, placer, &key, input).await;
    let Prepared { mut draft, documents, request, credits } = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return answered_before(app, &key, error).await,
    };
    let (has_promotions, has_credits) = (!documents.quote.promotions.is_empty(), !credits.is_empty());
    if has_promotions || has_credits {
        if let Some(answer) = idempotency::find(&app.db, &key).await? {
            return replay(app, answer);
        }
        if has_promotions {
            hold_promotions(app, draft.id, &documents.quote, &request).await?;
        }
        if has_credits {
            let wanted = HoldCredits { total: draft.total, account_id: draft.account_id, credits };
            draft.covered = app.credits.hold(&app.myself, draft.id, &wanted).await?.covered;
        }
    }
    let period = draft.placed_at.format("%y%m");
    let number = app.numbers.take(&app.db, &period).await?;
    draft.set_number(format!("S-{period}-{number:06}"));
    let (this, its_key) = (app.clone(), key.clone());
    let placed = app.db.write(async move |tx| {
        let placed = place(&this, tx, &draft, &documents).await?;
        let answer = match idempotency::claim_with(tx, &its_key, 202, &placed, this.clock.now()).await? {
            None if kernel::planted!(10) => StoredAnswer { status: 202, body: serde_json::to_string(&placed)? },
            None => return Err(OrderError::PlacedBefore.into()),
            Some(answer) => answer,
        };
        Ok(opened(&this, placed.order.id, answer))
    });
    match placed.await {
        Ok(placement) => Ok(placement),
        Err(error) => {
            let placement = answered_before(app, &key, error).await?;
            app.numbers.give_back(&period, number).await;
            Ok(placement)
        }
    }
}

/// What was ordered under this key before stays ordered, whatever has changed since; otherwise `error` it is.
async fn answered_before(app: &Orders, key: &IdempotencyKey, error: Error) -> Result<Placement> {
    match idempotency::find(&app.db, key).await? {
        Some(answer) => replay(app, answer),
        None => Err(error),
    }
}

/// Within the transaction.
async fn place(app: &Arc<Orders>, tx: &mut Tx, draft: &Order, documents: &Documents) -> Result<PlacedOrder> {
    let now = draft.placed_at;
    let place = Input::Place { deadline: draft.deadline.unwrap_or(now.plus(app.time_to_pay)) };
    let (order, mut effects) = saga::step(draft, place, now).map_err(OrderError::Rejected)?;
    for effect in &mut effects {
        tell_categories(effect, &documents.quote);
    }
    store::insert_order(tx, &order, documents).await?;
    if documents.placed_by.is_some() {
        let text = "The marketplace has made it for the buyer.".to_owned();
        effects.push(Effect::Note(Note { kind: "made_by_admin", text, part: None }));
        let pay_by = order.deadline.unwrap_or(now);
        app.outbox.publish(tx, &OrderMade { order_id: order.id, pay_by }).await?;
    }
    let notes = perform(app, tx, &order, effects).await?;
    let timeline = notes.into_iter().map(|note| entry(note, now)).collect();
    Ok(PlacedOrder { token: Secret::default(), order: view::order(&order, documents, timeline, &[]) })
}

/// Says in `order.placed` in which categories its goods are now, for those who count by them.
fn tell_categories(effect: &mut Effect, quote: &Quote) {
    let Effect::Publish(Event::Placed(event)) = effect else { return };
    for line in event.order.parts.iter_mut().flat_map(|part| &mut part.lines) {
        let quoted = quote.lines.iter().find(|quoted| quoted.variant_id == line.variant_id);
        line.categories = quoted.map(|quoted| quoted.categories.clone()).unwrap_or_default();
    }
}

fn entry(note: Note, at: Timestamp) -> TimelineEntry {
    TimelineEntry { at, kind: note.kind.to_owned(), text: note.text }
}

fn replay(app: &Orders, answer: StoredAnswer) -> Result<Placement> {
    let placed: PlacedOrder = serde_json::from_str(&answer.body)?;
    Ok(opened(app, placed.order.id, answer))
}

/// Answers are stored with an empty token, so that the table opens no order; it is derived again
/// for each answer, the same every time.
fn opened(app: &Orders, order_id: OrderId, answer: StoredAnswer) -> Placement {
    let token = format!("\"token\":\"{}\"", app.token_of(order_id).expose());
    let body = answer.body.replacen("\"token\":\"\"", &token, 1);
    Placement { order_id, answer: StoredAnswer { body, ..answer } }
}

/// An order that could be placed.
struct Prepared {
    draft: Order,
    documents: Documents,
    /// What its quote was asked with.
    request: QuoteRequest,
    /// What is to be paid with stored value.
    credits: PayWithCredits,
}

/// Everything that needs others and changes nothing there, before the transaction.
async fn prepare(
    app: &Arc<Orders>,
    Placer { account_id, admin, language }: Placer,
    key: &IdempotencyKey,
    input: PlaceOrder,
) -> Result<Prepared> {
    let mut input = checked(input)?;
    let method = Some(&input.payment.method).filter(|method| *method != NOTHING_TO_PAY).cloned();
    let way = match &method {
        Some(method) => check_method(app, method, &input.address.country, input.currency).await?,
        None => None,
    };
    let request = QuoteRequest {
        currency: input.currency,
        country: input.address.country.clone(),
        region: input.address.region.clone(),
        lines: input.lines,
        shipping: input.shipping,
        codes: input.codes,
        customer: Customer { account_id, email: Some(input.email.clone()) },
        payment_method: method.clone(),
    };
    let quote = accepted_quote(app, &request, &input.quote_hash).await?;
    if quote.total.is_zero() {
        // However it was to be paid: nobody is asked for anything.
        input.payment = PaymentChoice { method: NOTHING_TO_PAY.to_owned(), token: None, ..input.payment };
        input.credits = PayWithCredits::default();
    } else {
        check_way(&quote, way.as_ref(), method.as_deref())?;
    }
    // Promotions and credits are held by the order's id before there is an order: a repeated request must hold them once.
    let holds_nothing = quote.promotions.is_empty() && input.credits.is_empty();
    let id = if holds_nothing { OrderId::new(&app.ids) } else { app.order_of(key) };
    let buyer = Buyer { account_id, email: input.email, cart_id: input.cart_id, payment: input.payment };
    let mut draft = split::draft(&quote, id, buyer, &app.ids, app.clock.now())?;
    let longer = way.and_then(|way| way.pay_within_hours).map(|hours| Duration::from_secs(u64::from(hours) * 3600));
    let own = longer.unwrap_or(app.time_to_pay);
    // Who did not order it has to hear of it first.
    let time = if admin.is_some() { own.max(app.time_to_pay_made) } else { own };
    draft.deadline = Some(draft.placed_at.plus(time));
    let documents = Documents {
        address: input.address,
        billing_address: input.billing_address,
        note: input.note,
        gift: input.gift,
        language: language.map(str::to_owned),
        placed_by: admin,
        quote,
    };
    Ok(Prepared { draft, documents, request, credits: input.credits })
}

/// Has `pricing` hold what the quote takes off, all of it: whoever comes too late is told what it costs
/// without. Should the order not come to be after all, `pricing` finds that out and gives it back.
async fn hold_promotions(app: &Orders, order_id: OrderId, quote: &Quote, request: &QuoteRequest) -> Result<()> {
    let wanted = HoldPromotions { order_id, customer: request.customer.clone(), promotions: quote.promotions.clone() };
    match app.pricing.hold(&app.myself, &wanted).await?.refused {
        None => Ok(()),
        Some(refused) => {
            let quote = Box::new(app.pricing.quote(&app.myself, request).await?);
            Err(OrderError::PromotionRefused { quote, refused }.into())
        }
    }
}

/// The quote as `pricing` makes it now, if it is the one the buyer has accepted.
async fn accepted_quote(app: &Orders, request: &QuoteRequest, accepted: &str) -> Result<Quote> {
    let quote = app.pricing.quote(&app.myself, request).await?;
    if quote.hash != accepted {
        return Err(OrderError::QuoteChanged(Box::new(quote)).into());
    }
    if let Some(vendor) = quote.vendors.iter().find(|vendor| vendor.method.is_none() && !vendor.digital) {
        let (vendor, country) = (vendor.name.clone(), quote.country.to_string());
        return Err(OrderError::NoShipping { vendor, country }.into());
    }
    Ok(quote)
}

/// Asks `payments` for the ways to pay, now and then. If it does not answer, the order is taken
/// all the same: `payments` says itself, later, that it cannot be paid that way.
pub(super) async fn check_method(
    app: &Orders,
    method: &str,
    country: &Country,
    currency: Currency,
) -> Result<Option<MethodView>> {
    let known = match app.methods.get(&()) {
        Some(known) => known,
        None => match app.payments.methods(&app.myself).await {
            Ok(methods) => {
                let methods = Arc::new(methods);
                app.methods.insert((), methods.clone());
                methods
            }
            Err(error) => {
                tracing::warn!(%error, "ways to pay are not known, an order is taken without checking");
                return Ok(None);
            }
        },
    };
    let fits = |known: &MethodView| known.method == method && known.is_offered(country, currency);
    Ok(Some(known.iter().find(|known| fits(known)).ok_or(OrderError::UnknownMethod)?.clone()))
}

/// Refuses a way to pay that is not offered for what costs so much, or for such goods; and to pay nothing.
fn check_way(quote: &Quote, way: Option<&MethodView>, method: Option<&str>) -> Result<()> {
    let method = method.ok_or(OrderError::UnknownMethod)?;
    if way.is_some_and(|way| !way.takes(quote.total, quote.has_undelivered())) {
        return Err(OrderError::UnknownMethod.into());
    }
    check_refusals(quote, method)
}

/// Refuses a way to pay that is not offered for the goods of one of the vendors.
pub(super) fn check_refusals(quote: &Quote, method: &str) -> Result<()> {
    match quote.refuses(method) {
        None => Ok(()),
        Some(vendor) => Err(OrderError::RefusedMethod { vendor: vendor.name.clone() }.into()),
    }
}

/// Trims what people type and refuses what cannot be printed on a parcel or in a mail's header.
fn checked(mut input: PlaceOrder) -> Result<PlaceOrder> {
    let mut wrong = Vec::new();
    check_address("address", &mut input.address, &mut wrong);
    if let Some(billing) = &mut input.billing_address {
        check_address("billing_address", billing, &mut wrong);
    }
    check_words("note", &mut input.note, &mut wrong);
    if let Some(gift) = &mut input.gift {
        check_words("gift.message", &mut gift.message, &mut wrong);
    }
    if input.payment.return_path.as_deref().is_some_and(|path| !is_own_path(path)) {
        wrong.push(field("payment.return_path", "Use a path of this site, such as /orders/1."));
    }
    if wrong.is_empty() { Ok(input) } else { Err(Error::invalid_fields(wrong)) }
}

/// What people write, without blanks around it; nothing if nothing is left.
fn check_words(name: &str, words: &mut Option<String>, wrong: &mut Vec<FieldError>) {
    *words = words.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let printable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    if words.as_deref().is_some_and(|text| !text.chars().all(printable)) {
        wrong.push(field(name, "Use letters, digits and punctuation only."));
    }
}

fn check_address(name: &str, address: &mut Address, wrong: &mut Vec<FieldError>) {
    let mut check = |part: &str, text: &mut String, needed: bool| {
        *text = text.trim().to_owned();
        if needed && text.is_empty() {
            wrong.push(field(&format!("{name}.{part}"), "Fill this in."));
        } else if text.chars().any(char::is_control) {
            wrong.push(field(&format!("{name}.{part}"), "Use one line of letters, digits and punctuation."));
        }
    };
    check("name", &mut address.name, true);
    check("line1", &mut address.line1, true);
    check("city", &mut address.city, true);
    check("postcode", &mut address.postcode, false);
    let optional = [
        ("company", &mut address.company),
        ("line2", &mut address.line2),
        ("region", &mut address.region),
        ("phone", &mut address.phone),
    ];
    for (part, value) in optional {
        if let Some(text) = value {
            check(part, text, false);
        }
        *value = value.take().filter(|text| !text.is_empty());
    }
}

/// A path that cannot lead to another site.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn field(field: &str, reason: &str) -> FieldError {
    FieldError { field: field.to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::is_own_path;

    #[test]
    fn return_paths_stay_on_this_site() {
        for good in ["/", "/orders/1?x=y#z"] {
            assert!(is_own_path(good), "{good}");
        }
        for bad in [
            "",
            "orders",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/a b",
            "javascript:x",
        ] {
            assert!(!is_own_path(bad), "{bad:?}");
        }
    }
}
