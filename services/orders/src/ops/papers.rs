//! Papers of an order, made when they are asked for.

use ::papers::Paper;
use contracts::orders::OrderRefund;
use kernel::{Locale, OrderId, Result, VendorOrderId, VendorScope};

use crate::{Orders, error::OrderError, model::papers as model, store};

/// What was ordered.
pub async fn confirmation(app: &Orders, id: OrderId, locale: Locale) -> Result<Paper> {
    let order = store::read_view(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    model::confirmation(&order, locale)
}

/// What was paid.
///
/// # Errors
/// Conflict as long as nothing was.
pub async fn receipt(app: &Orders, id: OrderId, locale: Locale) -> Result<Paper> {
    let order = store::read_view(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    let paid_at = order.paid_at.ok_or(OrderError::NoReceipt)?;
    model::receipt(&order, paid_at, locale)
}

/// What went back, by the number of its credit note.
///
/// # Errors
/// Not found if the order has no such credit note.
pub async fn credit_note(app: &Orders, id: OrderId, number: &str, locale: Locale) -> Result<Paper> {
    let order = store::read_view(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    let found = order.refunds.iter().zip(1..).find(|(refund, _)| refund.number == number);
    let (refund, position): (&OrderRefund, i64) = found.ok_or(OrderError::NoCreditNote)?;
    let returned = match store::refunds::return_of(&app.db, id, position).await? {
        Some(return_id) => store::returns::view(&app.db, return_id).await?,
        None => None,
    };
    model::credit_note(&order, refund, returned.as_ref(), locale)
}

/// What lies in a vendor's parcel.
///
/// # Errors
/// Not found if it is not there, is not paid, or is another vendor's.
pub async fn packing_slip(
    app: &Orders,
    scope: &VendorScope,
    id: VendorOrderId,
    parcel: Option<i64>,
    locale: Locale,
) -> Result<Paper> {
    let detail = store::vendor_order(&app.db, scope, id).await?.ok_or(OrderError::NotFound)?;
    Ok(model::packing_slip(&detail, parcel, locale).ok_or(OrderError::NoParcel)?)
}

/// The same for admins, whoever's it is.
///
/// # Errors
/// Not found if it is not there or not paid.
pub async fn any_packing_slip(app: &Orders, id: VendorOrderId, parcel: Option<i64>, locale: Locale) -> Result<Paper> {
    let vendor_id = store::vendor_of(&app.db, id).await?.ok_or(OrderError::NotFound)?;
    packing_slip(app, &VendorScope::of_system(vendor_id), id, parcel, locale).await
}
