//! Compares a provider's own journal with ours: money that nobody told us of is found here, and so is what the provider keeps
//! of it, where its journal says so: what it settles is the rest. What is new is compared as it comes; what is younger than
//! the overlap once more, again and again, for it may have been paid since.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use kernel::{Money, OrderId, Result, Timestamp};

use super::{
    absorb::absorb_all,
    ask::{Asked, ask},
    review,
};
use crate::{
    Payments,
    model::Payment,
    provider::{JournalItem, JournalOrder, PaymentProvider, ProviderError},
    store::{self, Again},
};

/// Payments younger than this are still being noted in the ordinary way.
const SETTLED_AFTER: Duration = Duration::from_secs(120);
/// Payments asked for in one statement.
const AT_ONCE: usize = 100;
/// Pages that are gone through again in one run.
const PAGES_AGAIN: usize = 8;

/// Goes through what the provider has written since the last time.
pub async fn compare_journals(app: &Arc<Payments>, provider: &dyn PaymentProvider) -> Result<()> {
    loop {
        let position = store::journal_position(&app.db, provider.name()).await?;
        let page = read(provider, position.as_deref()).await?;
        let settled = settled(&page, app.clock.now());
        for some in settled.chunks(AT_ONCE) {
            let compared = compare(app, provider, some).await;
            // What is not gone through again is not passed before all of it is known.
            if provider.journal_order() == JournalOrder::Paid {
                compared?;
            }
        }
        let Some(last) = settled.last() else { return Ok(()) };
        let (name, position) = (provider.name(), last.position.clone());
        app.db.write(async move |tx| store::save_journal_position(tx, name, &position).await).await?;
        if settled.len() < page.len() {
            return Ok(());
        }
    }
}

/// Goes again through some of what is younger than the overlap. What is older by now is passed for good, once it was compared.
pub async fn compare_again(app: &Arc<Payments>, provider: &dyn PaymentProvider) -> Result<()> {
    if provider.journal_order() == JournalOrder::Paid {
        return Ok(());
    }
    let Some(mut place) = store::second_look(&app.db, provider.name()).await? else { return Ok(()) };
    let now = app.clock.now();
    for _ in 0..PAGES_AGAIN {
        let page = read(provider, place.from.as_deref().or(place.behind.as_deref())).await?;
        let settled = settled(&page, now);
        for some in settled.chunks(AT_ONCE) {
            // Whatever could not be cleared up is met again.
            compare(app, provider, some).await.ok();
        }
        place = passed(place, provider.journal_order(), settled, now.minus(app.reconcile.overlap()));
        if settled.len() < page.len() || settled.is_empty() {
            place.from = None;
            break;
        }
    }
    let name = provider.name();
    app.db.write(async move |tx| store::save_second_look(tx, name, &place).await).await
}

/// Where it goes on behind these.
fn passed(place: Again, order: JournalOrder, items: &[JournalItem], old: Timestamp) -> Again {
    let too_old = items.iter().take_while(|item| item.created_at <= old).last();
    // Without a position such a journal would begin somewhere else the next time.
    let first = items.first().filter(|_| order == JournalOrder::OpenedLately && place.behind.is_none());
    let behind = too_old.or(first).map(|item| item.position.clone());
    Again { behind: behind.or(place.behind), from: items.last().map(|item| item.position.clone()).or(place.from) }
}

/// A page of the journal; empty if there is none.
async fn read(provider: &dyn PaymentProvider, after: Option<&str>) -> Result<Vec<JournalItem>> {
    match provider.journal(after).await {
        Err(ProviderError::NotFound) => Ok(Vec::new()),
        page => Ok(page?),
    }
}

/// Those of a page that are not being noted any more.
fn settled(page: &[JournalItem], now: Timestamp) -> &[JournalItem] {
    let until = now.minus(SETTLED_AFTER);
    let count = page.iter().take_while(|item| item.created_at <= until).count();
    &page[..count]
}

/// Compares all of them; the last error, if some could not be cleared up.
async fn compare(app: &Arc<Payments>, provider: &dyn PaymentProvider, items: &[JournalItem]) -> Result<()> {
    let paid: Vec<&JournalItem> = items.iter().filter(|item| item.captured.amount_minor > 0).collect();
    let refs: Vec<&str> = paid.iter().map(|item| item.payment_ref.as_str()).collect();
    let known = known_payments(app, provider, &paid).await?;
    let reviewed: BTreeSet<String> = store::reviewed_refs(&app.db, provider.name(), &refs).await?.into_iter().collect();
    // Most journals tell of no fees, and then nothing is read for them.
    let with_fees = paid.iter().filter(|item| item.fee.is_some());
    let with_fees: Vec<&str> =
        with_fees.filter_map(|item| known.get(&item.payment_ref)?.provider_ref.as_deref()).collect();
    let fees = store::fees_of(&app.db, provider.name(), &with_fees).await?;
    let mut outcome = Ok(());
    for item in paid.into_iter().filter(|item| !reviewed.contains(&item.payment_ref)) {
        let known = known.get(&item.payment_ref);
        let booked = known.and_then(|payment| fees.get(payment.provider_ref.as_ref()?)).copied();
        if let Err(error) = explain(app, provider, item, known, booked).await {
            let payment = &item.payment_ref;
            tracing::warn!(payment, %error, "money in a provider's journal could not be cleared up, will try again");
            outcome = Err(error);
        }
    }
    outcome
}

/// Those of our payments that these are, by the journal's names for them. One that is named by a part is that of its order.
async fn known_payments(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    items: &[&JournalItem],
) -> Result<BTreeMap<String, Payment>> {
    let (parts, whole): (Vec<&JournalItem>, Vec<&JournalItem>) = items.iter().partition(|item| item.is_part);
    let refs: Vec<&str> = whole.iter().map(|item| item.payment_ref.as_str()).collect();
    let known = store::payments_with(&app.db, provider.name(), &refs).await?.into_iter();
    let mut known: BTreeMap<String, Payment> = known.filter_map(|p| Some((p.provider_ref.clone()?, p))).collect();
    let orders: Vec<OrderId> = parts.iter().filter_map(|item| item.reference.parse().ok()).collect();
    let of_orders = store::payments_of(&app.db, &orders).await?;
    for item in parts {
        let is_it = |p: &&Payment| p.order_id.to_string() == item.reference && p.provider_ref.is_some();
        if let Some(payment) = of_orders.iter().find(is_it).filter(|p| p.provider == provider.name()) {
            known.insert(item.payment_ref.clone(), payment.clone());
        }
    }
    Ok(known)
}

/// What of a payment came to us, as the journal has it.
fn ours(item: &JournalItem, payment: &Payment) -> Result<Money> {
    let charge = payment.charge();
    if !item.is_part {
        return Ok(charge);
    }
    let direct = Money::sum(charge.currency, payment.direct_parts().iter().map(|part| part.amount))?;
    charge.minus(direct)
}

/// Known is what we have captured, of this amount, of which the same was kept. What we know and have not captured is asked
/// for: it has been paid although we gave it up.
async fn explain(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    item: &JournalItem,
    known: Option<&Payment>,
    booked: Option<Money>,
) -> Result<()> {
    match known {
        Some(payment) if !payment.is_captured() => absorb_late(app, provider, item, payment).await,
        Some(payment) if ours(item, payment)? == item.captured => match fee_in_books(item, payment) {
            // It is told by now: asking for the payment books it.
            Some(_) if booked.is_none() => absorb_late(app, provider, item, payment).await,
            Some(fee) if booked != Some(fee) => note(app, provider, item, "changed_fee", Some(payment.order_id)).await,
            _ => Ok(()),
        },
        Some(payment) => note(app, provider, item, "changed_amount", Some(payment.order_id)).await,
        None => explain_unknown(app, provider, item).await,
    }
}

/// What the journal says was kept, if it belongs into the books of the payment.
fn fee_in_books(item: &JournalItem, payment: &Payment) -> Option<Money> {
    item.fee.filter(|fee| fee.amount_minor > 0 && fee.currency == payment.amount.currency)
}

async fn absorb_late(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    item: &JournalItem,
    payment: &Payment,
) -> Result<()> {
    match provider.fetch(&item.payment_ref).await {
        Ok(seen) => absorb_all(app, payment.id, vec![seen]).await,
        Err(ProviderError::NotFound) => note(app, provider, item, "lost_by_provider", Some(payment.order_id)).await,
        Err(error) => Err(error.into()),
    }
}

async fn explain_unknown(app: &Arc<Payments>, provider: &dyn PaymentProvider, item: &JournalItem) -> Result<()> {
    let order_id: Option<OrderId> = item.reference.parse().ok();
    let payment = match order_id {
        Some(order_id) => store::read_payment_of(&app.db, order_id).await?,
        None => None,
    };
    match payment.filter(|payment| payment.provider == provider.name()) {
        // Not noted for its order: asking finds all payments of the order, and judges each.
        Some(payment) if payment.provider_ref.is_none() => match ask(app, &payment).await? {
            Asked::NoAnswer => Err(ProviderError::NoAnswer("asked for the payments of an order".to_owned()).into()),
            Asked::Told | Asked::NoTrace => Ok(()),
        },
        Some(_) => note(app, provider, item, "second_payment", order_id).await,
        None => note(app, provider, item, "unknown_order", order_id).await,
    }
}

async fn note(
    app: &Arc<Payments>,
    provider: &dyn PaymentProvider,
    item: &JournalItem,
    problem: &'static str,
    order_id: Option<OrderId>,
) -> Result<()> {
    let (this, name, payment_ref, captured) = (app.clone(), provider.name(), item.payment_ref.clone(), item.captured);
    app.db.write(async move |tx| review(&this, tx, name, &payment_ref, problem, order_id, Some(captured)).await).await
}
