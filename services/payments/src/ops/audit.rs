//! An audit: a provider is asked about every payment of which we have taken money, and for its own list of those of which we have
//! not. The reconciler does the same all the time, little by little; this does it at once, for whoever wants to see it.

use std::{collections::BTreeSet, sync::Arc};

use db::Db;
use futures::{StreamExt, TryStreamExt, stream};
use kernel::{Error, Money, PaymentId, Result, Timestamp};

use crate::{
    model::Payment,
    provider::{JournalItem, PaymentProvider, ProviderError},
    store,
};

/// Payments read at once.
const PAGE: i64 = 200;
/// Of which so many are asked about at a time.
const AT_ONCE: usize = 8;

/// A provider that is asked about its payments.
pub struct Auditor {
    provider: Arc<dyn PaymentProvider>,
    db: Db,
    since: Timestamp,
}

/// A payment as a provider has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The provider's id.
    pub id: String,
    /// What we called it: the order.
    pub reference: String,
    /// Taken from the buyer.
    pub captured: Money,
    /// Opened at.
    pub created_at: Timestamp,
}

impl Auditor {
    pub(crate) fn new(provider: Arc<dyn PaymentProvider>, db: Db, since: Timestamp) -> Self {
        Self { provider, db, since }
    }

    /// The provider's name, as in our payments.
    pub fn provider(&self) -> &'static str {
        self.provider.name()
    }

    /// Since when payments are asked about.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// All of them: those that we have money of, oldest first, then those that its list has and we have not. What it does not know
    /// (any more) is not among them.
    ///
    /// # Errors
    /// Unavailable if it does not answer: nothing is known then.
    pub async fn ask(&self) -> Result<Vec<Audited>> {
        let (mut all, mut known) = (Vec::new(), BTreeSet::new());
        let mut after: Option<(Timestamp, PaymentId)> = None;
        loop {
            let page = store::captured_since(&self.db, self.provider(), self.since, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.created_at, last.id));
            let asked: Vec<Option<Audited>> =
                stream::iter(&page).map(|payment| self.fetch(payment)).buffered(AT_ONCE).try_collect().await?;
            known.extend(
                page.iter().flat_map(|payment| [payment.provider_ref.clone(), Some(payment.order_id.to_string())]),
            );
            all.extend(asked.into_iter().flatten());
        }
        let listed = self.listed().await?;
        let is_new = |item: &JournalItem| {
            let name = if item.is_part { &item.reference } else { &item.payment_ref };
            item.captured.amount_minor > 0 && item.created_at >= self.since && !known.contains(&Some(name.clone()))
        };
        all.extend(listed.into_iter().filter(is_new).map(|item| Audited {
            id: item.payment_ref,
            reference: item.reference,
            captured: item.captured,
            created_at: item.created_at,
        }));
        Ok(all)
    }

    /// A payment as the provider has it; none if it knows no such.
    async fn fetch(&self, payment: &Payment) -> Result<Option<Audited>> {
        let Some(payment_ref) = payment.provider_ref.as_deref() else { return Ok(None) };
        // What stored value has paid whole no provider knows.
        if payment.charge().is_zero() {
            return Ok(None);
        }
        match self.provider.fetch(payment_ref).await {
            Ok(seen) => Ok(Some(Audited {
                id: seen.id,
                reference: seen.reference,
                captured: seen.captured,
                created_at: payment.created_at,
            })),
            Err(ProviderError::NotFound) => Ok(None),
            Err(error) => Err(Error::from(error)),
        }
    }

    /// Its own list, if it has one; of a list that begins with the latest, these.
    async fn listed(&self) -> Result<Vec<JournalItem>> {
        let mut all: Vec<JournalItem> = Vec::new();
        let mut position: Option<String> = None;
        loop {
            let page = match self.provider.journal(position.as_deref()).await {
                Err(ProviderError::NotFound) => return Ok(all),
                page => page?,
            };
            let Some(last) = page.last() else { return Ok(all) };
            position = Some(last.position.clone());
            all.extend(page);
        }
    }
}
