//! All about a vendor's payouts on one page.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use contracts::payouts::{BalanceView, MonthPaid, PayoutRouteView, PayoutsOverview, UpcomingPayout};
use kernel::{Currency, Money, Result, Timestamp, VendorScope};

use super::payout_account::{account_view, terms_view};
use crate::{
    Payments,
    model::{maturity::Balance, payouts::next_period, recipients},
    provider::payouts::PayoutProvider,
    store,
};

/// How far back the months go.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Balances, terms, account, what comes next, what was paid by month.
pub async fn payouts_overview(app: &Arc<Payments>, scope: &VendorScope) -> Result<PayoutsOverview> {
    let now = app.clock.now();
    let terms = terms_view(app, store::payout_terms(&app.db, scope).await?.as_ref());
    let account = store::payee(&app.db, scope).await?;
    let upcoming = match next_period(terms.schedule, now) {
        Some(at) => upcoming(store::vendor_balances(&app.db, scope, at).await?, at, terms.minimum_minor)?,
        None => Vec::new(),
    };
    let months = by_month(store::paid_since(&app.db, scope, now.minus(YEAR)).await?)?;
    Ok(PayoutsOverview {
        balances: balances(app, scope, now).await?,
        account: account.map(|(payee, since)| account_view(&payee, since)),
        routes: routes(app, scope).await?,
        reserve: store::reserve_terms(&app.db, scope).await?,
        upcoming,
        months,
        terms,
    })
}

/// The providers that pay vendors, and how far this one has come with each.
async fn routes(app: &Arc<Payments>, scope: &VendorScope) -> Result<Vec<PayoutRouteView>> {
    let known = store::recipients(&app.db, scope).await?;
    let route = |(name, provider): (&'static str, &dyn PayoutProvider)| {
        let known = known.iter().find(|known| known.provider == name);
        known.map_or_else(|| recipients::untouched(name, provider), |known| known.view(provider))
    };
    Ok(app.providers.payers().map(route).collect())
}

/// What a vendor has, per currency.
pub(super) async fn balances(app: &Arc<Payments>, scope: &VendorScope, now: Timestamp) -> Result<Vec<BalanceView>> {
    let sums: BTreeMap<Currency, (Money, Money)> = store::payout_sums(&app.db, scope)
        .await?
        .into_iter()
        .map(|(under_way, paid)| (paid.currency, (under_way, paid)))
        .collect();
    let balances = store::vendor_balances(&app.db, scope, now).await?;
    let held = store::held_of_vendor(&app.db, scope).await?;
    let reserves = store::reserve_of_vendor(&app.db, scope).await?;
    let of = |all: &[Money], currency: Currency| all.iter().find(|money| money.currency == currency).copied();
    balances
        .into_iter()
        .map(|(currency, balance)| {
            let zero = Money::zero(currency);
            let (in_transit, paid_out) = sums.get(&currency).copied().unwrap_or((zero, zero));
            let (held, reserve) = (of(&held, currency).unwrap_or(zero), of(&reserves, currency).unwrap_or(zero));
            let (pending, available) = (balance.pending, balance.available()?);
            Ok(BalanceView { pending, available, held, reserve, in_transit, paid_out })
        })
        .collect()
}

fn upcoming(balances: Vec<(Currency, Balance)>, at: Timestamp, minimum_minor: i64) -> Result<Vec<UpcomingPayout>> {
    let mut all = Vec::with_capacity(balances.len());
    for (_, balance) in balances {
        let amount = balance.available()?;
        if amount.amount_minor > 0 {
            all.push(UpcomingPayout { at, amount, is_enough: amount.amount_minor >= minimum_minor });
        }
    }
    Ok(all)
}

fn by_month(days: Vec<(Timestamp, Money)>) -> Result<Vec<MonthPaid>> {
    let mut months: BTreeMap<(String, Currency), Money> = BTreeMap::new();
    for (day, paid) in days {
        let sum = months.entry((day.format("%Y-%m"), paid.currency)).or_insert(Money::zero(paid.currency));
        *sum = sum.plus(paid)?;
    }
    Ok(months.into_iter().map(|((month, _), paid)| MonthPaid { month, paid }).collect())
}
