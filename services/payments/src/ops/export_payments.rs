//! Payments as a file for spreadsheets: a row each.

use std::sync::Arc;

use bytes::Bytes;
use contracts::payments::PaymentView;
use futures::{Stream, StreamExt, stream};
use kernel::{Cursor, Result, text::guard_cell};

use super::statement::lines;
use crate::{
    Payments,
    model::status_text,
    store::{self, Filter},
};

/// Payments read at once.
const BATCH: u32 = 100;

const COLUMNS: [&str; 11] = [
    "order",
    "opened_at",
    "status",
    "provider",
    "reference",
    "amount",
    "captured",
    "returned",
    "disputed",
    "currency",
    "failure",
];

/// The payments that are looked for, newest first, piece by piece. The first piece is made before anything is answered, so
/// that a database that does not answer is an error and not half a file.
pub async fn export_payments(
    app: &Arc<Payments>,
    filter: Filter,
) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static + use<>> {
    let (rows, next) = piece(app, &filter, None).await?;
    let head = COLUMNS.map(str::to_owned).to_vec();
    let first = lines(std::iter::once(head).chain(rows))?;
    let (app, filter) = (app.clone(), Arc::new(filter));
    let rest = stream::try_unfold(next, move |next| {
        let (app, filter) = (app.clone(), filter.clone());
        async move {
            let Some(after) = next else { return Ok(None) };
            let (rows, next) = piece(&app, &filter, Some(after)).await?;
            Ok(Some((lines(rows)?, next)))
        }
    });
    Ok(stream::iter([Ok(first)]).chain(rest))
}

/// The rows of the payments behind `after`, and where the next begin, if there are more.
async fn piece(app: &Payments, filter: &Filter, after: Option<Cursor>) -> Result<(Vec<Vec<String>>, Option<Cursor>)> {
    let payments = store::payments(&app.db, filter, after.as_ref(), BATCH).await?;
    let last = payments.last().filter(|_| payments.len() == BATCH as usize);
    let next = last.map(|last| Cursor(vec![last.created_at.micros().to_string(), last.id.to_string()]));
    Ok((payments.iter().map(row).collect(), next))
}

fn row(payment: &PaymentView) -> Vec<String> {
    vec![
        payment.order_number.clone(),
        payment.created_at.to_string(),
        status_text(payment.status).to_owned(),
        payment.provider.clone(),
        payment.provider_ref.as_deref().map(guard_cell).unwrap_or_default(),
        payment.amount.decimal(),
        payment.captured.decimal(),
        payment.refunded.decimal(),
        payment.disputed.decimal(),
        payment.amount.currency.to_string(),
        payment.failure.as_deref().map(guard_cell).unwrap_or_default(),
    ]
}
