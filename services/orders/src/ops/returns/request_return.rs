//! A buyer asks to return lines of an order: one form, one return per vendor, all of them or none.

use std::{collections::BTreeMap, sync::Arc};

use contracts::orders::{
    AskedBy, AskedReturn, ExchangeVariant, Remedy, RequestReturn, ReturnKind, ReturnReason, ReturnRequested,
};
use db::Tx;
use kernel::{Error, LineId, OrderId, Result, ReturnId, Timestamp};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{exchanges, typed, wishes};
use crate::{
    Orders,
    error::{OrderError, ReturnError},
    store::returns::{self, Asked, Sellable},
};

/// Takes the form, once per key. The answer names the returns it has become.
///
/// # Errors
/// 422 or conflict for what cannot be returned. Nothing is kept then.
pub async fn request_return(
    app: &Arc<Orders>,
    order_id: OrderId,
    key: IdempotencyKey,
    input: RequestReturn,
) -> Result<StoredAnswer> {
    let text = typed("text", input.text.clone())?;
    if input.reason == ReturnReason::Other && text.is_none() {
        return Err(Error::invalid("text", "Say what is wrong."));
    }
    let wanted = wishes(input.lines.iter().map(|wish| (wish.line_id, wish.quantity)))?;
    let exchanges = match exchanges::wanted(app, order_id, &input).await {
        Ok(exchanges) => exchanges,
        // What was asked for under this key before stays so, whatever has changed since.
        Err(error) => return idempotency::find(&app.db, &key).await?.ok_or(error),
    };
    let this = app.clone();
    let request_id = ReturnId::new(&app.ids).to_string();
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let locked = returns::lock_for_request(tx, order_id).await?;
            let (mut version, is_unpaid) = locked.ok_or(OrderError::NotFound)?;
            if is_unpaid {
                return Err(ReturnError::Unpaid.into());
            }
            let known = returns::sellable(tx, order_id).await?;
            let lines = chosen(&known, &wanted, &exchanges, now)?;
            let mut asked = Vec::with_capacity(lines.len());
            for part in lines {
                let form = Form {
                    order_id,
                    request_id: &request_id,
                    reason: input.reason,
                    text: text.as_deref(),
                    exchanges: &exchanges,
                };
                let one = ask(&this, tx, &form, &part, now).await?;
                version = tell(&this, tx, order_id, &part, &one, version, now).await?;
                asked.push(one);
            }
            let live = this.live.clone();
            tx.after_commit(move || live.changed(order_id, false));
            idempotency::store(tx, &key, 201, &asked).await
        })
        .await
}

/// What all returns of a form share.
struct Form<'a> {
    order_id: OrderId,
    request_id: &'a str,
    reason: ReturnReason,
    text: Option<&'a str>,
    exchanges: &'a BTreeMap<LineId, ExchangeVariant>,
}

/// What goes back to one vendor, for money or for something else.
struct OfVendor<'a> {
    part: &'a Sellable,
    remedy: Remedy,
    lines: Vec<(LineId, i64)>,
}

/// The wanted lines by vendor and by what they go back for, if all of them can be returned.
fn chosen<'a>(
    known: &'a [Sellable],
    wanted: &BTreeMap<LineId, i64>,
    exchanges: &BTreeMap<LineId, ExchangeVariant>,
    now: Timestamp,
) -> Result<Vec<OfVendor<'a>>, ReturnError> {
    if wanted.keys().any(|id| known.iter().all(|line| line.line_id != *id)) {
        return Err(ReturnError::UnknownLine);
    }
    let mut parts: Vec<OfVendor<'a>> = Vec::new();
    for line in known {
        let Some(quantity) = wanted.get(&line.line_id).copied() else { continue };
        if line.digital {
            return Err(ReturnError::Downloaded);
        }
        if line.until.ok_or(ReturnError::NotDelivered)? < now {
            return Err(ReturnError::TooLate);
        }
        if quantity > line.left {
            return Err(ReturnError::TooMany { line: line.line_id, most: line.left });
        }
        let remedy = if exchanges.contains_key(&line.line_id) { Remedy::Exchange } else { Remedy::Refund };
        let same =
            |part: &&mut OfVendor<'_>| (part.part.vendor_order_id, part.remedy) == (line.vendor_order_id, remedy);
        match parts.iter_mut().find(same) {
            Some(part) => part.lines.push((line.line_id, quantity)),
            None => parts.push(OfVendor { part: line, remedy, lines: vec![(line.line_id, quantity)] }),
        }
    }
    Ok(parts)
}

async fn ask(app: &Orders, tx: &mut Tx, form: &Form<'_>, of: &OfVendor<'_>, now: Timestamp) -> Result<AskedReturn> {
    let count = returns::count_of_part(tx, of.part.vendor_order_id).await?;
    let number = format!("{}-R{}", of.part.number, count + 1);
    let id = ReturnId::new(&app.ids);
    for (line, quantity) in &of.lines {
        if !returns::claim(tx, form.order_id, *line, *quantity).await? {
            return Err(ReturnError::TooMany { line: *line, most: of.part.left }.into());
        }
    }
    let asked = Asked {
        id,
        request_id: form.request_id,
        number: &number,
        order_id: form.order_id,
        vendor_order_id: of.part.vendor_order_id,
        vendor_id: of.part.vendor_id,
        kind: ReturnKind::Return,
        asked_by: AskedBy::Buyer,
        reason: form.reason,
        text: form.text,
        remedy: of.remedy,
        lines: &of.lines,
        exchanges: form.exchanges,
    };
    returns::insert(tx, &asked, now).await?;
    Ok(AskedReturn { id, number, vendor_id: of.part.vendor_id })
}

/// Notes it and tells the others; the order's version afterwards.
async fn tell(
    app: &Orders,
    tx: &mut Tx,
    order_id: OrderId,
    of: &OfVendor<'_>,
    asked: &AskedReturn,
    version: i64,
    now: Timestamp,
) -> Result<i64> {
    let pieces: i64 = of.lines.iter().map(|(_, quantity)| quantity).sum();
    let verb = if of.remedy == Remedy::Exchange { "exchange" } else { "return" };
    let text = match pieces {
        1 => format!("The buyer wants to {verb} one piece: {}.", asked.number),
        n => format!("The buyer wants to {verb} {n} pieces: {}.", asked.number),
    };
    let about = (order_id, of.part.vendor_order_id, asked.id);
    let version = returns::note(tx, about, version, ("return_requested", &text), now).await?;
    let event = ReturnRequested { return_id: asked.id, order_id, vendor_id: asked.vendor_id };
    app.outbox.publish(tx, &event).await?;
    Ok(version)
}
