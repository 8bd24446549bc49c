//! The label that a buyer prints.

use bytes::Bytes;
use kernel::{OrderId, Result, ReturnId};

use crate::{Orders, error::ReturnError, store::returns};

/// A name for the label of a return, and the file: what its vendor's carrier has sold.
///
/// # Errors
/// Not found as long as there is none, and once it is of no use any more.
pub async fn label(app: &Orders, order: OrderId, id: ReturnId) -> Result<(String, Bytes)> {
    let file = returns::label_file(&app.db, order, id).await?.ok_or(ReturnError::NoLabel)?;
    let content = app.files.get(&file).await?.ok_or(ReturnError::NoLabel)?;
    let ending = file.rsplit('.').next().unwrap_or_default();
    Ok((format!("label-{id}.{ending}"), content))
}
