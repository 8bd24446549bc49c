//! What is done at the carrier for a label: buying it, giving it back, fetching its paper. Each is asked for by a job and
//! looked after until it is done; none is done twice, whoever else is at it.

use std::{sync::Arc, time::Duration};

use contracts::carriers::LabelStatus;
use db::Tx;
use kernel::{Error, LabelId, Result, Timestamp, VendorScope};

use super::keep_label::keep;
use crate::{
    Shipping,
    carrier::{self, Carrier, CarrierError, Parcel},
    error::ShippingError,
    jobs,
    model::label::{Choice, Label, Purchase, choose},
    store,
};

/// How long a purchase that got no answer may still arrive at the carrier.
const NO_TRACE_FOR: Duration = Duration::from_secs(15 * 60);
/// How often a parcel is asked for of which nobody tells.
pub(super) const FOLLOW_EVERY: Duration = Duration::from_secs(6 * 3600);

/// What came of a call, or of several.
type Outcome<T> = std::result::Result<T, CarrierError>;

/// When to ask again after so many times in vain.
pub(super) fn next_check(now: Timestamp, checks: i64) -> Timestamp {
    now.plus(Duration::from_secs(30 << checks.clamp(0, 7)))
}

/// The job: does what is to be done for a label now.
pub(crate) async fn carry_label(app: &Arc<Shipping>, id: LabelId) -> Result<()> {
    let (Some(carrier), Some(label)) = (app.carrier.clone(), store::labels::read_one(&app.db, id).await?) else {
        return Ok(());
    };
    if label.provider != carrier.name() {
        tracing::warn!(label = %id, provider = label.provider, "a label's carrier is not configured any more");
        return Ok(());
    }
    match label.status {
        LabelStatus::Ordered => buy(app, &*carrier, &label).await,
        LabelStatus::Voiding => void(app, &*carrier, &label).await,
        LabelStatus::Bought if label.file.is_none() => fetch_paper(app, &*carrier, &label).await,
        LabelStatus::Bought | LabelStatus::Failed | LabelStatus::Voided => Ok(()),
    }
}

async fn buy(app: &Arc<Shipping>, carrier: &dyn Carrier, label: &Label) -> Result<()> {
    let choice = match &label.choice {
        Some(choice) => Ok(Some(choice.clone())),
        None => draft(app, carrier, label).await?,
    };
    let outcome = match choice {
        Ok(Some(choice)) => purchase(carrier, label, &choice).await,
        // Somebody has given it back meanwhile.
        Ok(None) => return Ok(()),
        Err(error) => Err(error),
    };
    note(app, label.id, outcome).await
}

/// The draft that is bought, noted before anything costs money. None if nobody wants it any more.
async fn draft(app: &Arc<Shipping>, carrier: &dyn Carrier, label: &Label) -> Result<Outcome<Option<Choice>>> {
    let scope = VendorScope::of_system(label.vendor_id);
    let from = store::senders::find(&app.db, &scope).await?.ok_or(ShippingError::NoSender)?.address;
    // Where it goes stays with the order: it is asked for, and kept nowhere.
    let order = app.orders.for_message(&app.myself, label.order_id).await?.order;
    let of_vendor = order.quote.vendors.iter().find(|part| part.vendor_id == label.vendor_id);
    let method = of_vendor.filter(|_| label.return_id.is_none()).and_then(|part| part.method.as_ref());
    let estimated = method.is_some_and(|method| method.estimated);
    // What comes back goes the other way.
    let (from, to) = if label.return_id.is_some() { (order.address, from) } else { (from, order.address) };
    let parcel = Parcel { from, to, weight_g: label.weight_g, size: label.size };
    let draft = match carrier.rates(&parcel, &label.key()).await {
        Ok(draft) => draft,
        Err(error) => return Ok(Err(error)),
    };
    let Some(rate) = choose(&draft.rates, label.wanted.as_deref()) else {
        return Ok(Err(CarrierError::Refused { reason: "No service carries this parcel there.".to_owned() }));
    };
    let part = label.vendor_order_id;
    let (id, choice) = (label.id, Choice { draft: draft.id.clone(), rate: rate.id.clone() });
    let chosen = app
        .db
        .write(async move |tx| {
            store::labels::set_choice(tx, id, &choice).await?;
            if estimated {
                store::charges::mark_estimated(tx, part).await?;
            }
            let label = store::labels::lock(tx, id).await?;
            // Another worker may have been first: then it is that one's.
            Ok(label.filter(|label| label.status == LabelStatus::Ordered).and_then(|label| label.choice))
        })
        .await?;
    Ok(Ok(chosen))
}

/// Buys a draft, unless it was bought before.
async fn purchase(carrier: &dyn Carrier, label: &Label, choice: &Choice) -> Outcome<carrier::Label> {
    if label.choice.is_some()
        && let Some(bought) = carrier.label_of(&choice.draft).await?
    {
        return Ok(bought);
    }
    match carrier.buy_label(&choice.draft, &choice.rate).await {
        // It may say no because it was sold already: to us.
        Err(refusal @ CarrierError::Refused { .. }) => carrier.label_of(&choice.draft).await?.ok_or(refusal),
        other => other,
    }
}

/// Notes what came of a purchase.
async fn note(app: &Arc<Shipping>, id: LabelId, outcome: Outcome<carrier::Label>) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let Some(label) = store::labels::lock(tx, id).await? else { return Ok(()) };
            match (&outcome, label.status) {
                (Ok(_), LabelStatus::Bought) => Ok(()),
                (Ok(bought), LabelStatus::Ordered) => bought_now(&this, tx, label, bought.clone().into()).await,
                (Ok(bought), _) => bought_too_late(&this, tx, label, bought.clone().into()).await,
                (Err(error), LabelStatus::Ordered) => not_bought(&this, tx, label, error).await,
                (Err(_), _) => Ok(()),
            }
        })
        .await
}

async fn bought_now(app: &Shipping, tx: &mut Tx, label: Label, purchase: Purchase) -> Result<()> {
    let now = app.clock.now();
    let bought = Label {
        status: LabelStatus::Bought,
        purchase: Some(purchase),
        checks: 0,
        changed_at: now,
        failure: None,
        ..label.clone()
    };
    keep(app, tx, &label, bought, Some(next_check(now, 0))).await?;
    app.jobs.enqueue(tx, jobs::LABEL, &format!("{}:paper", label.id), &label.id).await
}

/// It was given back before anybody knew that it had been bought: it is given back in earnest.
async fn bought_too_late(app: &Shipping, tx: &mut Tx, label: Label, purchase: Purchase) -> Result<()> {
    let now = app.clock.now();
    let scope = VendorScope::of_system(label.vendor_id);
    let purchase = Some(label.purchase.clone().unwrap_or(purchase));
    let open = match label.return_id {
        Some(of) => store::labels::open_of_return(tx, &scope, of).await?,
        None => store::labels::open_of(tx, &scope, label.shipment_id).await?,
    };
    if open.is_some_and(|other| other.id != label.id) {
        // The parcel has another one by now, and no more than one at a time.
        tracing::error!(label = %label.id, "a label was bought that had been given up: give it back at the carrier's desk");
        let late = Label { purchase, changed_at: now, ..label };
        return store::labels::save(tx, &late, None).await;
    }
    let late = Label { status: LabelStatus::Voiding, purchase, checks: 0, changed_at: now, ..label.clone() };
    keep(app, tx, &label, late, Some(now)).await?;
    app.jobs.enqueue(tx, jobs::LABEL, &format!("{}:void:late", label.id), &label.id).await
}

async fn not_bought(app: &Shipping, tx: &mut Tx, label: Label, error: &CarrierError) -> Result<()> {
    let now = app.clock.now();
    let failed = |reason: &str| {
        let failure = Some(reason.chars().take(300).collect());
        (Label { status: LabelStatus::Failed, failure, changed_at: now, ..label.clone() }, None)
    };
    let (next, check_at) = match error {
        CarrierError::Refused { reason } => failed(reason),
        CarrierError::NotFound => failed("The carrier knows no such parcel."),
        CarrierError::NoAnswer(cause) => {
            tracing::warn!(label = %label.id, cause, "no answer from the carrier, it will be asked");
            let check_at = next_check(now, label.checks);
            (Label { checks: label.checks + 1, ..label.clone() }, Some(check_at))
        }
    };
    store::labels::save(tx, &next, check_at).await
}

/// Gives a label back, once it is known whether it was bought.
async fn void(app: &Arc<Shipping>, carrier: &dyn Carrier, label: &Label) -> Result<()> {
    let Some(choice) = &label.choice else { return end_void(app, label.id, Ok(None)).await };
    let found = match carrier.label_of(&choice.draft).await {
        Ok(None) if app.clock.now().since(label.changed_at) < NO_TRACE_FOR => {
            // A purchase may still be on its way there.
            Err(CarrierError::NoAnswer("it may yet be bought".to_owned()))
        }
        Ok(Some(bought)) if !bought.is_void => match carrier.void_label(&choice.draft).await {
            // It may say no because it has it back already.
            Err(CarrierError::Refused { .. }) => carrier.label_of(&choice.draft).await,
            other => other.map(Some),
        },
        Err(CarrierError::NotFound) => Ok(None),
        other => other,
    };
    end_void(app, label.id, found).await
}

/// Notes how a label stands at the carrier that is to be given back.
async fn end_void(app: &Arc<Shipping>, id: LabelId, found: Outcome<Option<carrier::Label>>) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let Some(label) = store::labels::lock(tx, id).await? else { return Ok(()) };
            if label.status != LabelStatus::Voiding {
                return Ok(());
            }
            let now = this.clock.now();
            let changed = Label { changed_at: now, checks: 0, ..label.clone() };
            let (next, check_at) = match &found {
                Ok(None) => (Label { status: LabelStatus::Voided, ..changed }, None),
                Ok(Some(known)) => {
                    let purchase = Some(label.purchase.clone().unwrap_or_else(|| known.clone().into()));
                    match known.is_void {
                        true => (Label { status: LabelStatus::Voided, purchase, ..changed }, None),
                        false => {
                            let failure = Some("The carrier does not take it back.".to_owned());
                            let check_at = Some(next_check(now, 0));
                            (Label { status: LabelStatus::Bought, purchase, failure, ..changed }, check_at)
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(label = %id, ?error, "a label is not given back yet");
                    (Label { checks: label.checks + 1, ..label.clone() }, Some(next_check(now, label.checks)))
                }
            };
            keep(&this, tx, &label, next, check_at).await
        })
        .await
}

/// Fetches what is printed and keeps it among the files. From then on the parcel is followed.
async fn fetch_paper(app: &Arc<Shipping>, carrier: &dyn Carrier, label: &Label) -> Result<()> {
    let Some(bought) = &label.purchase else { return Err(Error::internal("a label was bought without a purchase")) };
    let kept = match carrier.paper(&bought.paper).await {
        Ok(paper) => {
            let name = format!("labels/{}.{}", label.id, paper.ending);
            app.files.put(&name, paper.content).await.map(|()| name)
        }
        Err(error) => Err(Error::unavailable("The label's paper cannot be had.").caused_by(format!("{error:?}"))),
    };
    let (this, id) = (app.clone(), label.id);
    app.db
        .write(async move |tx| {
            let Some(label) = store::labels::lock(tx, id).await? else { return Ok(()) };
            if label.status != LabelStatus::Bought || label.file.is_some() {
                return Ok(());
            }
            let now = this.clock.now();
            match &kept {
                Ok(name) => {
                    let printed = Label { file: Some(name.clone()), checks: 0, ..label.clone() };
                    keep(&this, tx, &label, printed, Some(now.plus(FOLLOW_EVERY))).await
                }
                Err(error) => {
                    tracing::warn!(label = %id, %error, "a label's paper is not there yet");
                    let check_at = next_check(now, label.checks);
                    store::labels::save(tx, &Label { checks: label.checks + 1, ..label }, Some(check_at)).await
                }
            }
        })
        .await
}
