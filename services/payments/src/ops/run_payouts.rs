//! Runs of payouts: by schedule, and by hand.

use std::{collections::BTreeMap, sync::Arc};

use contracts::payouts::{PayoutRunLine, PayoutRunRequest, PayoutRunView, Schedule};
use kernel::{Result, VendorId};

use super::pay_out::{Wanted, pay_out};
use crate::{
    Payments,
    model::payouts::{Period, period_of, schedule_text},
    store::{self, Terms},
};

/// Vendors looked at in one statement.
const VENDORS: i64 = 100;
/// Lines of a run by hand, about.
const LINES: usize = 200;

/// Makes the runs of the periods that have begun. Each is made once; if something goes wrong on the way it is gone through
/// again the next time, and whoever was paid is not paid twice.
pub async fn run_scheduled(app: &Arc<Payments>) -> Result<()> {
    let now = app.clock.now();
    for schedule in [Schedule::Daily, Schedule::Weekly, Schedule::Monthly] {
        let (name, period) = (schedule_text(schedule), period_of(schedule, now));
        if store::run_is_over(&app.db, name, &period.name).await? {
            continue;
        }
        if run(app, schedule, &period).await? {
            let now = app.clock.now();
            app.db.write(async move |tx| store::end_run(tx, name, &period.name, now).await).await?;
        }
    }
    Ok(())
}

/// Pays every vendor of a schedule; true if all went well.
async fn run(app: &Arc<Payments>, schedule: Schedule, period: &Period) -> Result<bool> {
    let (mut after, mut well) = (String::new(), true);
    loop {
        let vendors = store::vendors_after(&app.db, &after, VENDORS).await?;
        let Some(last) = vendors.last() else { return Ok(well) };
        after = last.to_string();
        let terms = terms_of(app, &vendors).await?;
        let due: Vec<VendorId> =
            vendors.into_iter().filter(|vendor| terms.get(vendor).is_some_and(|t| t.schedule == schedule)).collect();
        for (vendor, currency, _) in store::with_something(&app.db, &due, period.until).await? {
            let minimum_minor = minimum(app, terms.get(&vendor));
            let wanted = Wanted { vendor, currency, period: period.clone(), minimum_minor, is_dry: false };
            if let Err(error) = one(app, wanted).await {
                // One that cannot be paid does not keep the others from it.
                tracing::warn!(%vendor, %error, "a payout could not be made, will try again");
                well = false;
            }
        }
    }
}

/// Pays vendors now, whatever their schedule, or says what would be paid. Repeated on the same day nobody is paid twice.
pub async fn run_by_hand(app: &Arc<Payments>, request: PayoutRunRequest) -> Result<PayoutRunView> {
    let period = period_of(Schedule::Manual, app.clock.now());
    let mut view =
        PayoutRunView { dry_run: request.dry_run, period: period.name.clone(), lines: Vec::new(), next: None };
    let mut after = request.after.map(|id| id.to_string()).unwrap_or_default();
    loop {
        let vendors = if request.vendor_ids.is_empty() {
            store::vendors_after(&app.db, &after, VENDORS).await?
        } else {
            request.vendor_ids.clone()
        };
        let Some(last) = vendors.last().copied() else { return Ok(view) };
        after = last.to_string();
        let terms = terms_of(app, &vendors).await?;
        for (vendor, currency, _) in store::with_something(&app.db, &vendors, period.until).await? {
            if request.currency.is_none_or(|wanted| wanted == currency) {
                let minimum_minor = minimum(app, terms.get(&vendor));
                let wanted =
                    Wanted { vendor, currency, period: period.clone(), minimum_minor, is_dry: request.dry_run };
                view.lines.push(one(app, wanted).await?);
            }
        }
        if !request.vendor_ids.is_empty() {
            return Ok(view);
        }
        if view.lines.len() >= LINES {
            view.next = Some(last);
            return Ok(view);
        }
    }
}

async fn one(app: &Arc<Payments>, wanted: Wanted) -> Result<PayoutRunLine> {
    let this = app.clone();
    app.db.write(async move |tx| pay_out(&this, tx, &wanted).await).await
}

/// What these vendors have chosen, or the platform's defaults.
async fn terms_of(app: &Payments, vendors: &[VendorId]) -> Result<BTreeMap<VendorId, Terms>> {
    let default = Terms { schedule: app.payouts.schedule, minimum_minor: None };
    let mut all: BTreeMap<VendorId, Terms> = vendors.iter().map(|vendor| (*vendor, default)).collect();
    all.extend(store::terms_of_vendors(&app.db, vendors).await?);
    Ok(all)
}

/// The smallest payout: the platform's, or the vendor's if that is more.
pub fn minimum(app: &Payments, terms: Option<&Terms>) -> i64 {
    let own = terms.and_then(|terms| terms.minimum_minor).unwrap_or_default();
    own.max(app.payouts.minimum_minor)
}
