//! The payment provider's own books against ours: M2, M4 and M5.

use std::collections::BTreeMap;

use db::{Db, Row, params};
use futures::future::BoxFuture;
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    page::{column, rows_in},
};

/// Payments read at once.
const PAGE: usize = 500;

/// A payment as the provider's journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PspPayment {
    /// Position in the journal.
    pub position: i64,
    /// The provider's id.
    pub id: String,
    /// Our name for it: the order.
    pub reference: String,
    /// Currency.
    pub currency: String,
    /// Captured, as the journal's entries add up.
    pub captured_minor: i64,
    /// Returned.
    pub refunded_minor: i64,
    /// On its way back.
    pub returning_minor: i64,
    /// Opened at.
    pub created_at: Timestamp,
}

impl PspPayment {
    fn kept(&self) -> i64 {
        self.captured_minor - self.refunded_minor - self.returning_minor
    }
}

/// The books of a payment provider.
pub trait PspTruth: Send + Sync {
    /// Name of the provider, as in our payments.
    fn provider(&self) -> &str;
    /// Payments behind position `after`, in the order they were opened.
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>>;
}

/// A page of the provider's payments and what we know of them.
struct Side {
    theirs: Vec<PspPayment>,
    by_ref: BTreeMap<String, Row>,
    by_order: BTreeMap<String, Row>,
    in_review: Vec<String>,
}

/// What stored value has paid, and what went back there, is not of the provider.
const OURS: &str =
    "SELECT p.order_id, p.provider_ref, p.status, p.currency, p.refunded_minor - p.restored_minor AS refunded_minor,
        CASE WHEN p.captured_minor > 0 THEN p.captured_minor - p.covered_minor ELSE 0 END AS captured_minor,
        p.settled_minor - (SELECT CAST(COALESCE(sum(r.credit_minor), 0) AS BIGINT) FROM refunds r
            WHERE r.payment_id = p.id AND r.status = 'succeeded') AS settled_minor, p.captured_at, p.check_at
    FROM payments p WHERE ";

async fn side_by_side(psp: &dyn PspTruth, db: &Db, after: i64) -> Result<Option<Side>> {
    let theirs = psp.page(after, PAGE).await?;
    if theirs.is_empty() {
        return Ok(None);
    }
    let refs: Vec<String> = theirs.iter().map(|p| p.id.clone()).collect();
    let orders: Vec<String> = theirs.iter().map(|p| p.reference.clone()).collect();
    let by_ref = rows_in(db, &format!("{OURS} p.provider_ref IN ({{}})"), &refs).await?;
    let by_order = rows_in(db, &format!("{OURS} p.order_id IN ({{}})"), &orders).await?;
    let reviewed = rows_in(db, "SELECT provider_ref FROM review_items WHERE provider_ref IN ({})", &refs).await?;
    let keyed = |rows: Vec<Row>, name: &str| {
        rows.into_iter().map(|row| Ok((row.get::<String>(name)?, row))).collect::<Result<BTreeMap<_, _>>>()
    };
    Ok(Some(Side {
        theirs,
        by_ref: keyed(by_ref, "provider_ref")?,
        by_order: keyed(by_order, "order_id")?,
        in_review: column(&reviewed, "provider_ref")?,
    }))
}

/// M2: no order whose payment holds money has a second one that does.
pub async fn one_charge(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(psp), Some(db)) = (look.psp, look.db("payments")) else { return Ok(()) };
    let mut after = 0;
    while let Some(side) = side_by_side(psp, db, after).await? {
        for payment in &side.theirs {
            after = payment.position;
            found.see();
            let Some(ours) = side.by_order.get(&payment.reference).filter(|_| payment.kept() > 0) else { continue };
            let other = ours.get::<Option<String>>("provider_ref")?.is_some_and(|known| known != payment.id);
            let holds = ours.get::<i64>("captured_minor")? > ours.get::<i64>("refunded_minor")?;
            found.demand(!(other && holds), || {
                format!("order {} is charged again by {}", payment.reference, payment.id)
            });
        }
    }
    Ok(())
}

/// M4: each capture of ours is one of the provider's, of the same amount, currency and order.
pub async fn captured_is_proven(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(psp), Some(db)) = (look.psp, look.db("payments")) else { return Ok(()) };
    let count = "SELECT count(*) AS n FROM payments WHERE provider = $1 AND captured_minor > 0 AND captured_at < $2";
    let before =
        if look.is_quiescent() { Timestamp(i64::MAX) } else { look.now.minus(std::time::Duration::from_secs(60)) };
    let ours: i64 = db.one(count, params![psp.provider(), before]).await?.get("n")?;
    let (mut after, mut proven) = (0, 0);
    while let Some(side) = side_by_side(psp, db, after).await? {
        for payment in &side.theirs {
            after = payment.position;
            let Some(known) = side.by_ref.get(&payment.id).filter(|_| payment.captured_minor > 0) else { continue };
            let captured: i64 = known.get("captured_minor")?;
            if captured == 0 {
                continue;
            }
            found.see();
            proven += 1;
            let (order, currency): (String, String) = (known.get("order_id")?, known.get("currency")?);
            let same = captured == payment.captured_minor && currency == payment.currency && order == payment.reference;
            found.demand(same, || {
                format!(
                    "order {order}: we have {captured} {currency}, {} has {} {} of {}",
                    payment.id, payment.captured_minor, payment.currency, payment.reference
                )
            });
        }
    }
    found.demand(proven >= ours, || format!("{} captures of ours are not in the provider's journal", ours - proven));
    Ok(())
}

/// M5: what the provider holds for us belongs to an order, goes back, or is being looked at; at rest
/// the two books agree.
pub async fn no_orphan_money(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(psp), Some(db)) = (look.psp, look.db("payments")) else { return Ok(()) };
    let settled = look.settled_before();
    let mut after = 0;
    while let Some(side) = side_by_side(psp, db, after).await? {
        for payment in &side.theirs {
            after = payment.position;
            found.see();
            let reviewed = side.in_review.binary_search(&payment.id).is_ok();
            let attached = match side.by_ref.get(&payment.id) {
                Some(ours) => Some(ours).filter(|_| ours.get::<i64>("captured_minor").is_ok_and(|c| c > 0)),
                None => None,
            };
            match attached {
                Some(ours) if look.is_quiescent() => {
                    let back: i64 = ours.get("settled_minor")?;
                    found.demand(back == payment.refunded_minor || reviewed, || {
                        format!("{}: {back} went back by our books, {} by theirs", payment.id, payment.refunded_minor)
                    });
                }
                Some(_) => {}
                None => {
                    let asked = match side.by_order.get(&payment.reference) {
                        Some(ours) if !look.is_quiescent() => {
                            ours.get::<Option<Timestamp>>("check_at")?.is_some_and(|at| at >= settled)
                        }
                        _ => false,
                    };
                    let fresh = payment.created_at >= settled;
                    found.demand(payment.kept() <= 0 || reviewed || asked || fresh, || {
                        format!("{} holds {} {} of nobody", payment.id, payment.kept(), payment.currency)
                    });
                }
            }
        }
    }
    Ok(())
}
