//! Compares a provider's own journal with ours: money that nobody told us of is found here.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use kernel::{OrderId, Result};

use super::{ask, review};
use crate::{
    Payments,
    provider::{JournalItem, PaymentProvider, ProviderError},
    store,
};

/// Payments younger than this are still being noted in the ordinary way.
const SETTLED_AFTER: Duration = Duration::from_secs(120);
/// Payments asked for in one statement.
const AT_ONCE: usize = 100;

/// Goes through what the provider has written since the last time.
pub async fn compare_journals(app: &Arc<Payments>, provider: &dyn PaymentProvider) -> Result<()> {
    loop {
        let position = store::journal_position(&app.db, provider.name()).await?;
        let page = match provider.journal(position.as_deref()).await {
            Ok(page) => page,
            Err(ProviderError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let until = app.clock.now().minus(SETTLED_AFTER);
        let settled: Vec<&JournalItem> = page.iter().take_while(|item| item.created_at <= until).collect();
        for some in settled.chunks(AT_ONCE) {
            compare(app, provider, some).await?;
        }
        let Some(last) = settled.last() else { return Ok(()) };
        let (name, position) = (provider.name(), last.position.clone());
        app.db.write(async move |tx| store::save_journal_position(tx, name, &position).await).await?;
        if settled.len() < page.len() {
            return Ok(());
        }
    }
}

async fn compare(app: &Arc<Payments>, provider: &dyn PaymentProvider, items: &[&JournalItem]) -> Result<()> {
    let refs: Vec<&str> = items.iter().map(|item| item.payment_ref.as_str()).collect();
    let known: BTreeSet<String> = store::known_refs(&app.db, provider.name(), &refs).await?.into_iter().collect();
    for item in items.iter().filter(|item| item.captured.amount_minor > 0 && !known.contains(&item.payment_ref)) {
        let order_id: Option<OrderId> = item.reference.parse().ok();
        let payment = match order_id {
            Some(order_id) => store::read_payment_of(&app.db, order_id).await?,
            None => None,
        };
        match payment.filter(|payment| payment.provider == provider.name()) {
            // Not noted for its order: asking finds all payments of the order, and judges each.
            Some(payment) if payment.provider_ref.is_none() => ask(app, &payment).await.map(drop)?,
            Some(_) => note(app, provider, item, "second_payment", order_id).await?,
            None => note(app, provider, item, "unknown_order", order_id).await?,
        }
    }
    Ok(())
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
