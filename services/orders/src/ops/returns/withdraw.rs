//! Takes pieces out of a paid order before they are handed over. Whether they still can be is for `shipping` to say, who
//! packs them: it is asked by event, and what it answers settles the withdrawal.

use std::{collections::BTreeMap, sync::Arc};

use contracts::orders::{
    AskedBy, AskedReturn, ItemsWithdrawn, OrderStatus, ParcelLine, Remedy, ReturnKind, ReturnReason,
    ReturnWithdrawalWanted, WithdrawItems,
};
use db::Tx;
use kernel::{LineId, OrderId, Result, ReturnId, Timestamp, VendorOrderId, VendorScope};
use souk_http::{
    IdempotencyKey, StoredAnswer,
    idempotency::{self, Claim},
};

use super::{move_return, typed, wishes};
use crate::{
    Orders,
    error::{OrderError, ReturnError},
    model::{Order, returns::Action, saga::Input},
    ops::{advance, hear},
    store::{
        self,
        returns::{self, Asked, Holder},
        withdrawals::{self, OpenLine},
    },
};

/// Who takes pieces out.
#[derive(Clone)]
pub enum Asker {
    /// The buyer, of whatever part.
    Buyer,
    /// A vendor, of its own.
    Vendor(VendorScope, VendorOrderId),
    /// An admin, of whatever part.
    Admin,
}

impl Asker {
    fn side(&self) -> AskedBy {
        match self {
            Self::Buyer => AskedBy::Buyer,
            Self::Vendor(..) => AskedBy::Vendor,
            Self::Admin => AskedBy::Admin,
        }
    }
    /// Whether a line is one of those that this one may touch.
    fn may_touch(&self, line: &OpenLine) -> bool {
        match self {
            Self::Buyer | Self::Admin => true,
            Self::Vendor(scope, part) => line.vendor_id == scope.vendor_id() && line.vendor_order_id == *part,
        }
    }
    /// Calls the whole order off.
    fn call_off(&self, why: Option<String>) -> Input {
        match self {
            Self::Buyer => Input::CancelByBuyer { why },
            Self::Admin => Input::CancelByAdmin { why },
            Self::Vendor(_, part) => Input::CancelByVendor { part: *part, why },
        }
    }
}

/// Asks to take pieces out, once per key. If nothing would be left of an order of which nothing has left, it is called off.
///
/// # Errors
/// 422 or conflict for what cannot be taken out. Nothing is kept then.
pub async fn withdraw(
    app: &Arc<Orders>,
    asker: Asker,
    order_id: OrderId,
    key: IdempotencyKey,
    input: WithdrawItems,
) -> Result<StoredAnswer> {
    let why = typed("reason", input.reason)?;
    let wanted = wishes(input.lines.iter().map(|line| (line.line_id, line.quantity)))?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let now = this.clock.now();
            if let Claim::Replay(answer) = idempotency::claim(tx, &key, now).await? {
                return Ok(answer);
            }
            let order = store::lock_order(tx, order_id).await?.ok_or(OrderError::NotFound)?;
            // What the courier has to collect goes with the first parcel.
            let may = order.status == OrderStatus::Paid || (order.status == OrderStatus::Promised && order.is_unsent());
            if !may {
                return Err(ReturnError::NotToBeSent.into());
            }
            let open = withdrawals::open_lines(tx, order_id).await?;
            let parts = chosen(&open, &wanted, &asker)?;
            let left: i64 = open.iter().map(|line| line.left).sum::<i64>() - wanted.values().sum::<i64>();
            let done = if left == 0 && order.can_cancel() {
                advance(&this, tx, &order, asker.call_off(why.clone())).await?;
                ItemsWithdrawn { withdrawals: Vec::new(), cancelled: true }
            } else {
                let withdrawals = ask_all(&this, tx, &order, &parts, (&asker, why.as_deref()), now).await?;
                ItemsWithdrawn { withdrawals, cancelled: false }
            };
            idempotency::store(tx, &key, 201, &done).await
        })
        .await
}

/// What is taken out of one vendor's part.
struct OfPart<'a> {
    part: &'a OpenLine,
    lines: Vec<(LineId, i64)>,
}

/// The wanted lines by part, if all of them can be taken out.
fn chosen<'a>(
    open: &'a [OpenLine],
    wanted: &BTreeMap<LineId, i64>,
    asker: &Asker,
) -> Result<Vec<OfPart<'a>>, ReturnError> {
    let own = || open.iter().filter(move |line| asker.may_touch(line));
    if wanted.keys().any(|id| own().all(|line| line.line_id != *id)) {
        return Err(ReturnError::UnknownLine);
    }
    let mut parts: Vec<OfPart<'a>> = Vec::new();
    for line in own() {
        let Some(quantity) = wanted.get(&line.line_id).copied() else { continue };
        if quantity > line.left {
            return Err(ReturnError::TooMany { line: line.line_id, most: line.left });
        }
        match parts.iter_mut().find(|of| of.part.vendor_order_id == line.vendor_order_id) {
            Some(of) => of.lines.push((line.line_id, quantity)),
            None => parts.push(OfPart { part: line, lines: vec![(line.line_id, quantity)] }),
        }
    }
    Ok(parts)
}

async fn ask_all(
    app: &Arc<Orders>,
    tx: &mut Tx,
    order: &Order,
    parts: &[OfPart<'_>],
    by: (&Asker, Option<&str>),
    now: Timestamp,
) -> Result<Vec<AskedReturn>> {
    let (mut version, mut asked) = (order.version, Vec::with_capacity(parts.len()));
    let request_id = ReturnId::new(&app.ids).to_string();
    for of in parts {
        let one = ask(app, tx, order, &request_id, of, by, now).await?;
        let pieces: i64 = of.lines.iter().map(|(_, quantity)| quantity).sum();
        let who = match by.0.side() {
            AskedBy::Buyer => "The buyer",
            AskedBy::Vendor => "The shop",
            AskedBy::Admin => "The marketplace",
        };
        let what = if pieces == 1 { "one piece".to_owned() } else { format!("{pieces} pieces") };
        let mut text = format!("{who} takes {what} out of the order: {}.", one.number);
        if let Some(why) = by.1 {
            text = format!("{text} {why}");
        }
        let about = (order.id, of.part.vendor_order_id, one.id);
        version = returns::note(tx, about, version, ("return_withdrawal_wanted", &text), now).await?;
        asked.push(one);
    }
    let (live, id) = (app.live.clone(), order.id);
    tx.after_commit(move || live.changed(id, false));
    Ok(asked)
}

/// Keeps it and asks shipping.
async fn ask(
    app: &Arc<Orders>,
    tx: &mut Tx,
    order: &Order,
    request_id: &str,
    of: &OfPart<'_>,
    (asker, why): (&Asker, Option<&str>),
    now: Timestamp,
) -> Result<AskedReturn> {
    let OpenLine { vendor_order_id, vendor_id, .. } = *of.part;
    let order_id = order.id;
    let has_downloads = order.parts.iter().any(|part| part.id == vendor_order_id && part.has_downloads());
    let count = returns::count_of_part(tx, vendor_order_id).await?;
    let number = format!("{}-R{}", of.part.number, count + 1);
    let (id, asked_by) = (ReturnId::new(&app.ids), asker.side());
    let asked = Asked {
        id,
        request_id,
        number: &number,
        order_id,
        vendor_order_id,
        vendor_id,
        kind: ReturnKind::Withdrawal,
        asked_by,
        reason: if asked_by.is_buyer() { ReturnReason::ChangedMind } else { ReturnReason::Other },
        text: why,
        remedy: Remedy::Refund,
        lines: &of.lines,
        exchanges: &BTreeMap::new(),
    };
    returns::insert(tx, &asked, now).await?;
    let lines = of.lines.iter().map(|(line_id, quantity)| ParcelLine { line_id: *line_id, quantity: *quantity });
    let lines = lines.collect();
    let event = ReturnWithdrawalWanted { return_id: id, order_id, vendor_order_id, vendor_id, lines, has_downloads };
    app.outbox.publish(tx, &event).await?;
    Ok(AskedReturn { id, number, vendor_id })
}

/// Takes in what shipping has decided: it was taken out of what is to be packed, or why it was not. Of an order that was
/// called off meanwhile everything is paid back already.
pub async fn hear_of_withdrawal(app: &Arc<Orders>, tx: &mut Tx, id: ReturnId, refused: Option<String>) -> Result<()> {
    let (before, version) = returns::lock(tx, id, &Holder::System).await?.ok_or(ReturnError::NotFound)?;
    let (order_id, part) = (before.order_id, before.vendor_order_id);
    let is_paid = withdrawals::is_paid(tx, order_id).await?;
    let action = match (refused, is_paid) {
        (Some(why), _) => Action::NotGranted { why },
        (None, None) => Action::NotGranted { why: "The order was called off.".to_owned() },
        (None, Some(is_paid)) => {
            let shipping = withdrawals::takes_the_rest_of(tx, part, order_id, id).await?;
            Action::Granted { shipping, is_paid }
        }
    };
    move_return::advance(app, tx, &before, version, action).await?;
    if is_paid.is_some() { hear(app, tx, order_id, Input::Withdrawn { part }).await } else { Ok(()) }
}
