//! What carriers tell of parcels. An event is noted before it is answered, and only a hint: the carrier is asked, and
//! what it says is taken in, once, in whatever order it comes.

use std::{sync::Arc, time::Duration};

use contracts::{
    carriers::{LabelStatus, ReturnLabelUsed},
    shared::TimelineEntry,
    shipping::{ShipmentStatus, ShipmentView},
};
use db::Tx;
use http::HeaderMap;
use kernel::{Error, LabelId, OrderId, Result, ReturnId, ShipmentId, VendorScope};
use sha2::{Digest, Sha256};

use super::{advance_shipment::carrier_has_delivered, carry_label::FOLLOW_EVERY};
use crate::{
    Shipping,
    carrier::{CarrierError, Scan, Track, Whereabouts},
    error::ShippingError,
    jobs::{self, Arrived},
    model::{Shipment, label::Label},
    store::{self, news::NewEvent},
};

/// How long an event waits for its label to be known here.
const WAIT_FOR_LABEL: Duration = Duration::from_secs(300);
/// How long a parcel is followed that does not arrive.
const FOLLOW_FOR: Duration = Duration::from_secs(60 * 24 * 3600);

/// Checks an event and notes it. Once it is noted it is answered; the work comes later. The same event again is noted
/// once.
///
/// # Errors
/// Malformed, if it is not from the carrier or too old.
pub(crate) async fn receive(app: &Arc<Shipping>, name: &str, headers: &HeaderMap, body: &[u8]) -> Result<()> {
    let carrier = app.carrier.as_ref().filter(|carrier| carrier.name() == name);
    let carrier = carrier.ok_or(ShippingError::CarrierNotFound)?;
    let now = app.clock.now();
    let Some(event) = carrier.verify_webhook(headers, body, now)? else { return Ok(()) };
    let (this, provider) = (app.clone(), carrier.name());
    app.db
        .write(async move |tx| {
            if !store::news::note(tx, provider, &event, now).await? {
                return Ok(());
            }
            let arrived = Arrived { provider: provider.to_owned(), event_id: event.id.clone() };
            this.jobs.enqueue(tx, jobs::NEWS, &format!("{provider}:{}", event.id), &arrived).await
        })
        .await
}

/// The job: asks about the parcel that an event speaks of.
pub(crate) async fn handle(app: &Arc<Shipping>, arrived: &Arrived) -> Result<()> {
    let Some(noted) = store::news::read_noted(&app.db, &arrived.provider, &arrived.event_id).await? else {
        return Ok(());
    };
    match store::labels::tracked(&app.db, &arrived.provider, &noted.tracker).await? {
        Some(label) if label.status == LabelStatus::Bought => look(app, &label, Some(arrived.clone())).await,
        // Of a label that was given back there is nothing to tell.
        Some(_) => close(app, arrived, "handled").await,
        // The answer to its purchase may still be on its way to us.
        None if app.clock.now().since(noted.received_at) < WAIT_FOR_LABEL => Err(ShippingError::NotYet.into()),
        None => close(app, arrived, "unmatched").await,
    }
}

async fn close(app: &Arc<Shipping>, arrived: &Arrived, state: &'static str) -> Result<()> {
    let arrived = arrived.clone();
    app.db.write(async move |tx| store::news::set_state(tx, &arrived.provider, &arrived.event_id, state).await).await
}

/// The job: asks how the parcel of a label is getting on.
pub(crate) async fn follow(app: &Arc<Shipping>, id: LabelId) -> Result<()> {
    match store::labels::read_one(&app.db, id).await? {
        Some(label) if label.status == LabelStatus::Bought => look(app, &label, None).await,
        _ => Ok(()),
    }
}

async fn look(app: &Arc<Shipping>, label: &Label, news: Option<Arrived>) -> Result<()> {
    let (Some(carrier), Some(bought)) = (&app.carrier, &label.purchase) else { return Ok(()) };
    let track = match carrier.track(&bought.tracker).await {
        Ok(track) => Some(track),
        Err(CarrierError::NoAnswer(cause)) => return Err(Error::from(ShippingError::NotYet).caused_by(cause)),
        // It does not know its own parcel: nothing is learned from asking again.
        Err(error) => {
            tracing::warn!(label = %label.id, ?error, "the carrier cannot say where a parcel is");
            None
        }
    };
    match label.return_id {
        Some(of) => hear_of_return(app, label, of, track, news).await,
        None => hear_of_parcel(app, label, track, news).await,
    }
}

async fn hear_of_parcel(app: &Arc<Shipping>, label: &Label, track: Option<Track>, news: Option<Arrived>) -> Result<()> {
    let (this, label) = (app.clone(), label.clone());
    app.db
        .write(async move |tx| {
            let scope = VendorScope::of_system(label.vendor_id);
            store::shipments::lock(tx, &scope, label.vendor_order_id).await?;
            let parcels = store::shipments::of_part(tx, &scope, label.vendor_order_id).await?;
            let number = label.purchase.as_ref().map(|bought| bought.number.as_str());
            let parcel = parcels.iter().find(|parcel| parcel.id == label.shipment_id);
            // A parcel that has left with something else is not this one.
            let parcel = parcel.filter(|p| p.carriage.as_ref().is_none_or(|c| Some(c.number.as_str()) == number));
            let now = this.clock.now();
            let mut settled = parcel.is_none();
            if let (Some(parcel), Some(track)) = (parcel, &track) {
                let events: Vec<NewEvent> = track.scans.iter().map(new_event).collect();
                store::news::add(tx, &scope, parcel.id, &events, now).await?;
                if track.whereabouts == Whereabouts::Delivered {
                    carrier_has_delivered(&this, tx, &scope, &parcels, parcel).await?;
                }
                settled = is_settled(track, parcel);
            }
            if let Some(label) = store::labels::lock(tx, label.id).await?
                && label.status == LabelStatus::Bought
                && label.file.is_some()
            {
                let tired = now.since(label.created_at) > FOLLOW_FOR;
                let next = (!settled && !tired).then(|| now.plus(FOLLOW_EVERY));
                store::labels::set_check(tx, label.id, next).await?;
            }
            handled(tx, news.as_ref()).await
        })
        .await
}

async fn handled(tx: &mut Tx, news: Option<&Arrived>) -> Result<()> {
    match news {
        Some(news) => store::news::set_state(tx, &news.provider, &news.event_id, "handled").await,
        None => Ok(()),
    }
}

/// Tells once that the carrier has what comes back. Then nothing more is to be learned: that it has arrived its vendor says.
async fn hear_of_return(
    app: &Arc<Shipping>,
    label: &Label,
    of: ReturnId,
    track: Option<Track>,
    news: Option<Arrived>,
) -> Result<()> {
    let under_way = |track: Track| matches!(track.whereabouts, Whereabouts::Moving | Whereabouts::Delivered);
    let (this, id, carrier_has_it) = (app.clone(), label.id, track.is_some_and(under_way));
    app.db
        .write(async move |tx| {
            let Some(label) = store::labels::lock(tx, id).await?.filter(|l| l.to_print().is_some()) else {
                return handled(tx, news.as_ref()).await;
            };
            let now = this.clock.now();
            let left_at = label.left_at.or(carrier_has_it.then_some(now));
            if label.left_at.is_none() && left_at.is_some() {
                this.outbox.publish(tx, &ReturnLabelUsed { return_id: of, label_id: id }).await?;
            }
            let tired = now.since(label.created_at) > FOLLOW_FOR;
            let next = (left_at.is_none() && !tired).then(|| now.plus(FOLLOW_EVERY));
            store::labels::save(tx, &Label { left_at, ..label }, next).await?;
            handled(tx, news.as_ref()).await
        })
        .await
}

/// True once nothing more is to be learned of a parcel.
fn is_settled(track: &Track, parcel: &Shipment) -> bool {
    match parcel.status {
        // Whoever has forgotten to hand it over here may still do so.
        ShipmentStatus::Preparing => false,
        ShipmentStatus::Shipped | ShipmentStatus::Delivered => track.whereabouts == Whereabouts::Delivered,
        ShipmentStatus::Cancelled => true,
    }
}

/// The same for the same thing, however often it is told.
fn new_event(scan: &Scan) -> NewEvent {
    let told = format!("{}\n{}\n{}", scan.at.micros(), scan.kind, scan.text);
    let key = hex::encode(&Sha256::digest(told)[..16]);
    NewEvent { key, kind: scan.kind.clone(), text: scan.text.clone(), at: scan.at }
}

/// Adds to parcels' timelines what the carriers say. Their word for the arrival takes the place of ours: it knows when.
pub(crate) async fn with_scans(app: &Shipping, mut views: Vec<ShipmentView>) -> Result<Vec<ShipmentView>> {
    let ids: Vec<ShipmentId> = views.iter().map(|view| view.id).collect();
    let mut scans = store::news::of(&app.db, &ids).await?;
    for view in &mut views {
        if let Some(scans) = scans.remove(&view.id) {
            merge(&mut view.timeline, scans);
        }
    }
    Ok(views)
}

/// Brings two histories of a parcel together, in the order of time.
pub(crate) fn merge(timeline: &mut Vec<TimelineEntry>, scans: Vec<TimelineEntry>) {
    if scans.iter().any(|scan| scan.kind == "carrier_delivered") {
        timeline.retain(|entry| entry.kind != "delivered");
    }
    timeline.extend(scans);
    timeline.sort_by_key(|entry| entry.at);
}

/// All parcels of an order, with what carriers say of them; for admins.
///
/// # Errors
/// Not found, if there are none: nobody has ordered that, or nobody has paid it.
pub(crate) async fn parcels_of_order(app: &Shipping, order: OrderId) -> Result<Vec<ShipmentView>> {
    let parcels = store::shipments::all_of_order(&app.db, order).await?;
    if parcels.is_empty() {
        return Err(ShippingError::ShipmentNotFound.into());
    }
    with_scans(app, parcels.iter().map(|parcel| parcel.view(&app.tokens)).collect()).await
}
