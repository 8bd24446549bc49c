//! Pays back what the buyer keeps, or never got: pieces that were sent, the delivery, or both. It is kept as a return that is
//! settled without a parcel.

use std::{collections::BTreeMap, sync::Arc};

use contracts::orders::{AskedBy, AskedReturn, OrderStatus, PayBack, Remedy, ReturnKind, ReturnReason};
use db::Tx;
use kernel::{Error, LineId, OrderId, Result, ReturnId, Timestamp, VendorOrderId, VendorScope};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{move_return, needed, wishes};
use crate::{
    Orders,
    error::{OrderError, ReturnError},
    model::returns::Action,
    store::{
        self,
        returns::{self, Asked, Holder, Payable},
    },
};

/// Has money sent back of a vendor's part, once per key.
///
/// # Errors
/// 422 or conflict for what was not sent, or went back before. Nothing is kept then.
pub async fn pay_back(
    app: &Arc<Orders>,
    (side, scope): (AskedBy, VendorScope),
    part: VendorOrderId,
    key: IdempotencyKey,
    input: PayBack,
) -> Result<StoredAnswer> {
    let why = needed("reason", input.reason)?;
    let wanted = wishes(input.lines.iter().map(|line| (line.line_id, line.quantity)))?;
    if wanted.is_empty() && !input.shipping {
        return Err(Error::invalid("lines", "Say for what money goes back."));
    }
    let order_id = store::withdrawals::order_of(&app.db, &scope, part).await?.ok_or(OrderError::NotFound)?;
    let (this, shipping) = (app.clone(), input.shipping);
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let order = store::lock_order(tx, order_id).await?.ok_or(OrderError::NotFound)?;
            if !matches!(order.status, OrderStatus::Paid | OrderStatus::Completed) {
                return Err(ReturnError::NotPaid.into());
            }
            let (number, payable) = returns::payable(tx, order_id, part).await?;
            let count = returns::count_of_part(tx, part).await?;
            let asked = AskedReturn {
                id: ReturnId::new(&this.ids),
                number: format!("{number}-R{}", count + 1),
                vendor_id: scope.vendor_id(),
            };
            let lines = chosen(&payable, &wanted)?;
            let about = Kept { order_id, part, side, why: &why, lines: &lines };
            insert(tx, &asked, &about, now).await?;
            let locked = returns::lock(tx, asked.id, &Holder::System).await?;
            let (before, version) = locked.ok_or(ReturnError::NotFound)?;
            move_return::advance(&this, tx, &before, version, Action::PayBack { shipping }).await?;
            idempotency::store(tx, &key, 201, &asked).await
        })
        .await
}

/// The wanted lines, if all of them were sent and none of it went back.
fn chosen(payable: &[Payable], wanted: &BTreeMap<LineId, i64>) -> Result<Vec<(LineId, i64)>, ReturnError> {
    let one = |(id, quantity): (&LineId, &i64)| {
        let line = payable.iter().find(|line| line.line_id == *id).ok_or(ReturnError::UnknownLine)?;
        if *quantity > line.left {
            return Err(ReturnError::TooMany { line: *id, most: line.left.max(0) });
        }
        Ok((*id, *quantity))
    };
    wanted.iter().map(one).collect()
}

struct Kept<'a> {
    order_id: OrderId,
    part: VendorOrderId,
    side: AskedBy,
    why: &'a str,
    lines: &'a [(LineId, i64)],
}

async fn insert(tx: &mut Tx, asked: &AskedReturn, of: &Kept<'_>, now: Timestamp) -> Result<()> {
    let row = Asked {
        id: asked.id,
        request_id: &asked.id.to_string(),
        number: &asked.number,
        order_id: of.order_id,
        vendor_order_id: of.part,
        vendor_id: asked.vendor_id,
        kind: ReturnKind::Kept,
        asked_by: of.side,
        reason: ReturnReason::Other,
        text: Some(of.why),
        remedy: Remedy::Refund,
        lines: of.lines,
        exchanges: &BTreeMap::new(),
    };
    returns::insert(tx, &row, now).await
}
