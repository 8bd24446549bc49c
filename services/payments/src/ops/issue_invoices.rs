//! Commission invoices for the months that are over.

use std::sync::Arc;

use contracts::invoices::InvoiceIssued;
use db::Tx;
use kernel::{Currency, Error, Money, Result, VendorId};

use crate::{
    Payments,
    error::PaymentError,
    ledger::taxes::Invoiced,
    model::invoices::{Month, closed_months, draw_up, kind_of, number_text},
    store,
};

/// Vendors looked at in one statement.
const VENDORS: i64 = 100;
/// Months gone through at once; what is left comes the next time.
const MONTHS: usize = 12;

/// Issues the invoices of every month that is over. A month is gone through again until all went well; whoever has its
/// invoice does not get a second one.
pub async fn issue_invoices(app: &Arc<Payments>) -> Result<()> {
    let Some(first) = store::first_commission(&app.db).await? else { return Ok(()) };
    let over = store::months_over(&app.db, &Month::of(first).name).await?;
    let due = closed_months(first, app.clock.now()).into_iter().filter(|month| !over.contains(&month.name));
    for month in due.take(MONTHS).collect::<Vec<_>>() {
        if issue_month(app, &month).await? {
            let now = app.clock.now();
            app.db.write(async move |tx| store::end_month(tx, &month, now).await).await?;
        }
    }
    Ok(())
}

/// Issues the invoices of a month; true if all went well.
async fn issue_month(app: &Arc<Payments>, month: &Month) -> Result<bool> {
    let (mut after, mut well) = (String::new(), true);
    loop {
        let vendors = store::vendors_after(&app.db, &after, VENDORS).await?;
        let Some(last) = vendors.last() else { return Ok(well) };
        after = last.to_string();
        for (vendor, currency) in store::to_invoice(&app.db, &vendors, month).await? {
            if let Err(error) = one(app, month, vendor, currency).await {
                // One that cannot be made does not keep the others from it.
                tracing::warn!(%vendor, %error, month = month.name, "an invoice could not be issued, will try again");
                well = false;
            }
        }
    }
}

async fn one(app: &Arc<Payments>, month: &Month, vendor: VendorId, currency: Currency) -> Result<()> {
    let (this, month) = (app.clone(), month.clone());
    app.db.write(async move |tx| issue(&this, tx, &month, vendor, currency).await).await
}

/// Issues one. The vendor's row is locked first, so of several at once each sees what the one before has done; the number is
/// drawn last, so that every number drawn is kept. The unique key of vendor, currency and month has the last word.
async fn issue(app: &Payments, tx: &mut Tx, month: &Month, vendor: VendorId, currency: Currency) -> Result<()> {
    let to = store::lock_addressee(tx, vendor).await?.ok_or(PaymentError::NotYet("vendor's name"))?;
    let now = app.clock.now();
    let year: i64 = now.format("%Y").parse().map_err(Error::internal)?;
    let drawn = if kernel::planted!(30) { Some(store::next_number(tx, year).await?) } else { None };
    if store::has_invoice(tx, vendor, currency, &month.name).await? {
        return Ok(());
    }
    let Some(commission) = store::commission_of(tx, vendor, currency, month).await? else { return Ok(()) };
    let draft = draw_up(&app.invoices, to, month.clone(), commission)?;
    let number = match drawn {
        Some(number) => number,
        None => store::next_number(tx, year).await?,
    };
    let name = number_text(year, number);
    let booked = if app.invoices.book_tax { draft.tax } else { Money::zero(currency) };
    store::insert_invoice(tx, &draft, (year, number), booked, now).await?;
    if let Some(entry) = (Invoiced { name: &name, number: (year, number), tax: booked }).tax_is_owed()? {
        store::post(tx, &entry, now).await?;
    }
    let event = InvoiceIssued {
        number: name,
        kind: kind_of(draft.total),
        vendor_id: vendor,
        period: month.name.clone(),
        total: draft.total,
        at: now,
    };
    app.outbox.publish(tx, &event).await
}
