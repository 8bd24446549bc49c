//! Asks the carrier what vendors' parcels cost, in the background: a quote takes what was said last and waits for nobody.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use kernel::{Error, Money, Result, VendorId, VendorScope};

use super::change_methods::tell;
use crate::{
    Shipping,
    carrier::{Carrier, Parcel},
    model::{label::choose, zones},
    store::{self, carrier_rates::Wanted},
};

/// How often a price is asked for.
const ASK_EVERY: Duration = Duration::from_secs(24 * 3600);
/// How soon again, if the carrier has named none.
const ASK_AGAIN: Duration = Duration::from_secs(3600);
/// Prices asked for in one round.
const BATCH: i64 = 20;
/// Of which so many at a time.
const AT_ONCE: usize = 4;

/// One round: asks for what is due, and tells of what was learned. A price that was not named leaves the last good one.
pub(crate) async fn refresh(app: &Arc<Shipping>) -> Result<()> {
    let Some(carrier) = app.carrier.clone() else { return Ok(()) };
    let due = store::carrier_rates::due(&app.db, app.clock.now(), BATCH).await?;
    let asked = stream::iter(due).map(|wanted| ask(app, &*carrier, wanted)).buffered(AT_ONCE);
    let mut by_vendor: BTreeMap<VendorId, Vec<(Wanted, Option<Money>)>> = BTreeMap::new();
    for (wanted, price) in asked.collect::<Vec<_>>().await {
        by_vendor.entry(wanted.vendor_id).or_default().push((wanted, price));
    }
    for (vendor_id, answers) in by_vendor {
        note(app, vendor_id, answers).await?;
    }
    Ok(())
}

async fn ask(app: &Shipping, carrier: &dyn Carrier, wanted: Wanted) -> (Wanted, Option<Money>) {
    let Some(to) = zones::address(&wanted.country) else { return (wanted, None) };
    let parcel = Parcel { from: wanted.from.clone(), to, weight_g: wanted.up_to_g, size: None };
    // A new draft each time: the old one has the old price.
    let Wanted { vendor_id, country, up_to_g, .. } = &wanted;
    let key = format!("souk-rate-{vendor_id}-{country}-{up_to_g}-{}", app.clock.now().seconds());
    let price = match carrier.rates(&parcel, &key).await {
        Ok(draft) => choose(&draft.rates, None).map(|rate| rate.price),
        Err(error) => {
            tracing::warn!(vendor = %vendor_id, %country, up_to_g, ?error, "the carrier names no price");
            None
        }
    };
    (wanted, price)
}

async fn note(app: &Arc<Shipping>, vendor_id: VendorId, answers: Vec<(Wanted, Option<Money>)>) -> Result<()> {
    let (this, scope) = (app.clone(), VendorScope::of_system(vendor_id));
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::vendors::lock(tx, vendor_id).await?;
            let now = this.clock.now();
            for (wanted, price) in &answers {
                let ask_at = now.plus(if price.is_some() { ASK_EVERY } else { ASK_AGAIN });
                store::carrier_rates::note(tx, wanted, *price, now, ask_at).await?;
            }
            if answers.iter().any(|(_, price)| price.is_some()) { tell(&this, tx, &scope).await } else { Ok(()) }
        })
        .await
}

/// Refuses a method that nobody could tell the price of.
pub(super) fn check(app: &Shipping, carrier_rate: bool) -> Result<()> {
    if carrier_rate && app.carrier.is_none() {
        return Err(Error::invalid("carrier_rate", "There is no carrier here that could be asked: enter prices."));
    }
    Ok(())
}
