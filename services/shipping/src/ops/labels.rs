//! Orders labels and gives them back. The carrier is called by a job: nothing here waits for it.

use std::{sync::Arc, time::Duration};

use contracts::carriers::{BuyLabel, LabelStatus, LabelView, PartLabels};
use db::Tx;
use kernel::{LabelId, Page, PageRequest, Result, ReturnId, ShipmentId, VendorOrderId, VendorScope};

use super::keep_label::keep;
use crate::{
    Shipping,
    carrier::Carrier,
    error::ShippingError,
    jobs,
    model::{
        Shipment,
        label::{Label, Shown},
    },
    store,
};

/// When somebody looks after a label that the job should have seen to.
const LOOK_AFTER: Duration = Duration::from_secs(60);

/// Orders a label for what is left of a vendor's part; the same one for every click, as long as it stands.
pub(crate) async fn order_label(
    app: &Arc<Shipping>,
    scope: VendorScope,
    part: VendorOrderId,
    input: BuyLabel,
) -> Result<LabelView> {
    let (this, provider) = (app.clone(), carrier_for(app, &input)?.name());
    let id = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            store::shipments::lock(tx, &scope, part).await?;
            let parcel = to_pack(tx, &scope, part).await?;
            match store::labels::open_of(tx, &scope, parcel.id).await? {
                Some(open) => standing(&open),
                None => buy(&this, tx, &scope, ordered(&this, &parcel, None, provider, &input)).await,
            }
        })
        .await?;
    shown(app, &scope, id).await
}

/// The carrier from which this can be bought.
pub(super) fn carrier_for<'a>(app: &'a Shipping, input: &BuyLabel) -> Result<&'a dyn Carrier> {
    let carrier = app.carrier.as_deref().ok_or(ShippingError::NoCarrier)?;
    if input.service.as_ref().is_some_and(|service| !carrier.services().contains(service)) {
        return Err(ShippingError::NoSuchService.into());
    }
    Ok(carrier)
}

/// The label that stands, instead of another one.
pub(super) fn standing(open: &Label) -> Result<LabelId> {
    match open.status {
        LabelStatus::Voiding => Err(ShippingError::LabelGoesBack.into()),
        _ => Ok(open.id),
    }
}

/// Notes an order for a label, and has it carried out. Call with its part locked.
pub(super) async fn buy(app: &Shipping, tx: &mut Tx, scope: &VendorScope, label: Label) -> Result<LabelId> {
    if store::senders::find_within(tx, scope).await?.is_none() {
        return Err(ShippingError::NoSender.into());
    }
    store::labels::insert(tx, &label, label.created_at.plus(LOOK_AFTER)).await?;
    app.jobs.enqueue(tx, jobs::LABEL, &format!("{}:buy", label.id), &label.id).await?;
    Ok(label.id)
}

/// The parcel that is being packed, if it may leave.
async fn to_pack(tx: &mut Tx, scope: &VendorScope, part: VendorOrderId) -> Result<Shipment> {
    let parcels = store::shipments::of_part(tx, scope, part).await?;
    let open = super::advance_shipment::to_pack(&parcels)?;
    if !open.claimed {
        return Err(ShippingError::NotClaimed.into());
    }
    if open.pickup {
        return Err(ShippingError::IsFetched.into());
    }
    if open.waits {
        return Err(ShippingError::StockToCome.into());
    }
    Ok(open.clone())
}

/// A label that is wanted for a parcel, or for a return of what had come in it.
pub(super) fn ordered(
    app: &Shipping,
    parcel: &Shipment,
    return_id: Option<ReturnId>,
    provider: &str,
    input: &BuyLabel,
) -> Label {
    let now = app.clock.now();
    Label {
        id: LabelId::new(&app.ids),
        vendor_id: parcel.vendor_id,
        shipment_id: parcel.id,
        return_id,
        vendor_order_id: parcel.vendor_order_id,
        order_id: parcel.order_id,
        provider: provider.to_owned(),
        status: LabelStatus::Ordered,
        weight_g: input.weight_g,
        size: input.size,
        wanted: input.service.clone(),
        choice: None,
        purchase: None,
        file: None,
        failure: None,
        checks: 0,
        booked: false,
        left_at: None,
        created_at: now,
        changed_at: now,
    }
}

/// Gives a label back that was not used. The same call again changes nothing.
pub(crate) async fn cancel_label(app: &Arc<Shipping>, scope: VendorScope, id: LabelId) -> Result<LabelView> {
    let this = app.clone();
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            let label = store::labels::find_within(tx, &scope, id).await?.ok_or(ShippingError::LabelNotFound)?;
            // Whoever hands the parcel over holds its part meanwhile.
            store::shipments::lock(tx, &scope, label.vendor_order_id).await?;
            let label = store::labels::lock(tx, id).await?.ok_or(ShippingError::LabelNotFound)?;
            if is_used(tx, &scope, &label).await? {
                return Err(ShippingError::LabelUsed.into());
            }
            give_back(&this, tx, label).await
        })
        .await?;
    shown(app, &scope, id).await
}

async fn is_used(tx: &mut Tx, scope: &VendorScope, label: &Label) -> Result<bool> {
    if label.return_id.is_some() {
        return Ok(label.left_at.is_some());
    }
    let Some(bought) = &label.purchase else { return Ok(false) };
    let parcels = store::shipments::of_part(tx, scope, label.vendor_order_id).await?;
    let with_it = |parcel: &Shipment| {
        parcel.id == label.shipment_id && parcel.carriage.as_ref().is_some_and(|known| known.number == bought.number)
    };
    Ok(parcels.iter().any(with_it))
}

/// Has a label given back, should it have been ordered or bought. Call with it locked.
pub(super) async fn give_back(app: &Shipping, tx: &mut Tx, label: Label) -> Result<()> {
    if !matches!(label.status, LabelStatus::Ordered | LabelStatus::Bought) {
        return Ok(());
    }
    let now = app.clock.now();
    let back = Label { status: LabelStatus::Voiding, failure: None, checks: 0, changed_at: now, ..label.clone() };
    keep(app, tx, &label, back, Some(now.plus(LOOK_AFTER))).await?;
    app.jobs.enqueue(tx, jobs::LABEL, &format!("{}:void", label.id), &label.id).await
}

/// A parcel will not be sent: its label, if it has one, goes back. Call with its part locked.
pub(super) async fn call_off(app: &Shipping, tx: &mut Tx, scope: &VendorScope, parcel: ShipmentId) -> Result<()> {
    let Some(open) = store::labels::open_of(tx, scope, parcel).await? else { return Ok(()) };
    match store::labels::lock(tx, open.id).await? {
        Some(label) => give_back(app, tx, label).await,
        None => Ok(()),
    }
}

/// A parcel leaves under a number: if it is that of a label, the carrier is asked what has happened to it by now.
///
/// # Errors
/// Conflict, if the label was given back: it must not be used.
pub(super) async fn use_label(
    app: &Shipping,
    tx: &mut Tx,
    scope: &VendorScope,
    parcel: ShipmentId,
    number: &str,
) -> Result<()> {
    let Some(label) = store::labels::numbered(tx, scope, parcel, number).await? else { return Ok(()) };
    match label.status {
        LabelStatus::Bought => app.jobs.enqueue(tx, jobs::FOLLOW, &label.id.to_string(), &label.id).await,
        _ => Err(ShippingError::LabelGivenBack.into()),
    }
}

pub(super) async fn shown(app: &Shipping, scope: &VendorScope, id: LabelId) -> Result<LabelView> {
    let shown = store::labels::shown(&app.db, scope, id).await?;
    Ok(shown.ok_or(ShippingError::LabelNotFound)?.view())
}

/// Labels of a vendor's part, and whether more can be had.
///
/// # Errors
/// Not found, if there is nothing to be sent.
pub(crate) async fn part_labels(app: &Shipping, scope: &VendorScope, part: VendorOrderId) -> Result<PartLabels> {
    if store::shipments::all_of_part(&app.db, scope, part).await?.is_empty() {
        return Err(ShippingError::ShipmentNotFound.into());
    }
    all_of(app, scope, store::labels::of_part(&app.db, scope, part).await?).await
}

/// These labels, and whether more can be had.
pub(super) async fn all_of(app: &Shipping, scope: &VendorScope, labels: Vec<Shown>) -> Result<PartLabels> {
    let has_sender = store::senders::find(&app.db, scope).await?.is_some();
    let carrier = app.carrier.as_ref();
    Ok(PartLabels {
        available: carrier.is_some(),
        has_sender,
        services: carrier.map(|carrier| carrier.services().to_vec()).unwrap_or_default(),
        labels: labels.into_iter().map(|label| label.view()).collect(),
    })
}

/// A vendor's labels, newest first.
pub(crate) async fn list_labels(app: &Shipping, scope: &VendorScope, page: &PageRequest) -> Result<Page<LabelView>> {
    let (limit, cursor) = (page.limit()?, page.cursor()?);
    let rows = store::labels::page(&app.db, scope, limit, cursor.as_ref()).await?;
    let key = |shown: &Shown| vec![shown.label.created_at.micros().to_string(), shown.label.id.to_string()];
    Ok(Page::cut(rows, limit, key).map(|shown| shown.view()))
}

/// The file of a label, and its name.
pub(crate) async fn paper(app: &Shipping, scope: &VendorScope, id: LabelId) -> Result<(String, bytes::Bytes)> {
    let shown = store::labels::shown(&app.db, scope, id).await?.ok_or(ShippingError::LabelNotFound)?;
    let name = shown.label.file.ok_or(ShippingError::NoPaper)?;
    let content = app.files.get(&name).await?.ok_or(ShippingError::NoPaper)?;
    Ok((name, content))
}
