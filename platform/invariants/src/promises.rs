//! M4 of what is not paid yet: nothing leaves without money, unless a courier is to collect exactly that.

use std::collections::BTreeMap;

use db::Row;
use kernel::Result;

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

const UNPAID: &str = "SELECT o.id AS key, o.total_minor, o.currency, o.collect_minor,
        CASE WHEN o.status = 'completed' THEN 1 ELSE 0 END AS is_completed,
        CASE WHEN o.promised_at IS NOT NULL THEN 1 ELSE 0 END AS was_promised,
        CASE WHEN o.promised_at IS NOT NULL AND o.status = 'awaiting_payment' THEN 1 ELSE 0 END AS is_promised,
        (SELECT count(*) FROM vendor_orders v
         WHERE v.order_id = o.id AND (v.status IN ('shipped', 'delivered') OR v.partly_shipped = 1)) AS sent
    FROM orders o WHERE o.id > $1 AND o.paid_at IS NULL ORDER BY o.id LIMIT $2";

const PAYMENTS: &str =
    "SELECT order_id, amount_minor, currency, amount_minor - covered_minor - reduced_minor AS collect,
        CASE WHEN promised_at IS NOT NULL THEN 1 ELSE 0 END AS was_promised,
        CASE WHEN promised_at IS NOT NULL AND status = 'processing' THEN 1 ELSE 0 END AS is_promised
    FROM payments WHERE order_id IN ({})";

/// M4 within Souk, before the money is there: no order is over without having been paid, one of which something was sent is
/// promised, and an order that is promised has a payment of exactly its total that is; at rest both know what is to be
/// collected.
pub async fn sent_is_promised(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(orders), Some(payments)) = (look.db("orders"), look.db("payments")) else { return Ok(()) };
    let mut pages = Pages::of(orders, UNPAID);
    while let Some(rows) = pages.next().await? {
        let known = rows_in(payments, PAYMENTS, &column(&rows, "key")?).await?;
        let known: BTreeMap<String, &Row> =
            known.iter().map(|row| Ok((row.get("order_id")?, row))).collect::<Result<_>>()?;
        for row in &rows {
            let key: String = row.get("key")?;
            let (was_promised, sent): (bool, i64) = (row.get("was_promised")?, row.get("sent")?);
            found.demand(sent == 0 || was_promised, || format!("order {key} is sent, neither paid nor promised"));
            let is_over: bool = row.get("is_completed")?;
            found.demand(!is_over, || format!("order {key} is completed, and was never paid"));
            if !row.get::<bool>("is_promised")? {
                continue;
            }
            found.see();
            match known.get(&key) {
                Some(payment) => has_its_promise(look, row, payment, found)?,
                None => found.demand(false, || format!("order {key} is promised, and has no payment")),
            }
        }
    }
    Ok(())
}

fn has_its_promise(look: &Look<'_>, order: &Row, payment: &Row, found: &mut Finding) -> Result<()> {
    let key: String = order.get("key")?;
    let wanted: (i64, String) = (order.get("total_minor")?, order.get("currency")?);
    let promised: (i64, String) = (payment.get("amount_minor")?, payment.get("currency")?);
    found.demand(wanted == promised, || format!("order {key} of {wanted:?} is promised with {promised:?}"));
    // In use, the order may not have heard yet that it was collected, or was not.
    let stands = payment.get::<bool>(if look.is_quiescent() { "is_promised" } else { "was_promised" })?;
    found.demand(stands, || format!("order {key} is promised, its payment is not"));
    let (told, collect): (Option<i64>, i64) = (order.get("collect_minor")?, payment.get("collect")?);
    found.demand(!look.is_quiescent() || told == Some(collect), || {
        format!("order {key}: {told:?} are said to be collected, {collect} are")
    });
    Ok(())
}
