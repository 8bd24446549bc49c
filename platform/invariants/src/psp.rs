//! The payment provider's own books against ours: M2, M4, M5, and of M10 what it pays to vendors.

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

/// A transfer to a vendor as the provider's journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PspTransfer {
    /// Position in the journal.
    pub position: i64,
    /// The provider's id.
    pub id: String,
    /// Our name for it: the payout and its attempt.
    pub reference: String,
    /// Currency.
    pub currency: String,
    /// How much has left.
    pub amount_minor: i64,
}

/// The books of a payment provider.
pub trait PspTruth: Send + Sync {
    /// Name of the provider, as in our payments.
    fn provider(&self) -> &str;
    /// It has payments from then on; those before are not compared.
    fn since(&self) -> Timestamp {
        Timestamp(i64::MIN)
    }
    /// Payments behind position `after`, in the order they were opened.
    fn page(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspPayment>>>;
    /// Transfers to vendors that have left, behind position `after`, oldest first.
    fn transfers(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<PspTransfer>>>;
}

/// A page of the provider's payments and what we know of them.
struct Side {
    theirs: Vec<PspPayment>,
    by_ref: BTreeMap<String, Row>,
    by_order: BTreeMap<String, Row>,
    in_review: Vec<String>,
    /// Those that an admin has attached to an order.
    attached: Vec<String>,
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
    let by_admins = "SELECT provider_ref FROM review_items WHERE action = 'attach' AND provider_ref IN ({})";
    let attached = rows_in(db, by_admins, &refs).await?;
    let keyed = |rows: Vec<Row>, name: &str| {
        rows.into_iter().map(|row| Ok((row.get::<String>(name)?, row))).collect::<Result<BTreeMap<_, _>>>()
    };
    Ok(Some(Side {
        theirs,
        by_ref: keyed(by_ref, "provider_ref")?,
        by_order: keyed(by_order, "order_id")?,
        in_review: column(&reviewed, "provider_ref")?,
        attached: column(&attached, "provider_ref")?,
    }))
}

/// Of these no journal is anywhere but here: what admins have said is all there is.
const BY_HAND: [&str; 2] = ["bank_transfer", "cash_on_delivery"];

/// Notes whose books are not compared with our payments.
pub async fn books_at_hand(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    // What stored value pays whole comes to no provider.
    let ours = "SELECT DISTINCT provider FROM payments WHERE provider_ref IS NOT NULL AND covered_minor < amount_minor";
    missing_books(look, found, ours).await
}

/// Notes whose books are not compared with our payouts.
pub async fn books_of_payouts_at_hand(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    missing_books(look, found, "SELECT DISTINCT provider FROM payouts WHERE provider IS NOT NULL").await
}

async fn missing_books(look: &Look<'_>, found: &mut Finding, ours: &str) -> Result<()> {
    let Some(db) = look.db("payments") else { return Ok(()) };
    let mut providers = column(&db.all(ours, params![]).await?, "provider")?;
    let at_hand = look.psp.map(|psp| psp.provider());
    providers.retain(|name| at_hand != Some(name.as_str()) && !BY_HAND.contains(&name.as_str()));
    found.not_compared = providers;
    Ok(())
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
    let count = "SELECT count(*) AS n FROM payments
                 WHERE provider = $1 AND captured_minor > covered_minor AND captured_at < $2 AND created_at >= $3";
    let before =
        if look.is_quiescent() { Timestamp(i64::MAX) } else { look.now.minus(std::time::Duration::from_secs(60)) };
    let ours: i64 = db.one(count, params![psp.provider(), before, psp.since()]).await?.get("n")?;
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
            // An admin may have said for which order money is that names none.
            let is_named = order == payment.reference || side.attached.contains(&payment.id);
            let same = captured == payment.captured_minor && currency == payment.currency && is_named;
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

/// The payout and the attempt in the name of a transfer.
fn payout_of(reference: &str) -> Option<(&str, i64)> {
    let (id, attempt) = reference.strip_prefix("payout:")?.split_once(':')?;
    Some((id, attempt.parse().ok()?))
}

/// What we know of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is the one of a payout that is paid.
    Proven,
    /// It may be the one of a payout that is under way.
    UnderWay,
    /// No payout of ours is this one.
    Strange,
}

fn standing_of(payout: &Row, transfer: &PspTransfer, attempt: i64, provider: &str) -> Result<Standing> {
    let by: Option<String> = payout.get("provider")?;
    let known: Option<String> = payout.get("transfer_ref")?;
    let (status, currency): (String, String) = (payout.get("status")?, payout.get("currency")?);
    let same = by.as_deref() == Some(provider)
        && payout.get::<i64>("attempt")? == attempt
        && payout.get::<i64>("amount_minor")? == transfer.amount_minor
        && currency == transfer.currency;
    Ok(match status.as_str() {
        "paid" if same && known.as_ref() == Some(&transfer.id) => Standing::Proven,
        "created" | "sent" if same && known.as_ref().is_none_or(|known| *known == transfer.id) => Standing::UnderWay,
        _ => Standing::Strange,
    })
}

/// M10: each payout that the provider has paid by our books is one transfer in its own, of the same attempt and amount. Others
/// have not left it, but for those of payouts that are under way here, and those that somebody looks at.
pub async fn payouts_are_transfers(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(psp), Some(db)) = (look.psp, look.db("payments")) else { return Ok(()) };
    // Ours first: what is paid here has left there before.
    let count = "SELECT count(*) AS n FROM payouts WHERE provider = $1 AND status = 'paid'";
    let ours: i64 = db.one(count, params![psp.provider()]).await?.get("n")?;
    let payouts =
        "SELECT id, provider, status, attempt, currency, amount_minor, transfer_ref FROM payouts WHERE id IN ({})";
    let reviews = "SELECT provider_ref FROM review_items WHERE provider_ref IN ({})";
    let (mut after, mut proven) = (0, 0);
    loop {
        let theirs = psp.transfers(after, PAGE).await?;
        let Some(last) = theirs.last() else { break };
        after = last.position;
        let named = theirs.iter().filter_map(|transfer| payout_of(&transfer.reference));
        let ids: Vec<String> = named.map(|(id, _)| id.to_owned()).collect();
        let rows = rows_in(db, payouts, &ids).await?;
        let known: BTreeMap<String, &Row> = rows.iter().map(|row| Ok((row.get("id")?, row))).collect::<Result<_>>()?;
        let refs: Vec<String> = theirs.iter().flat_map(|t| [t.id.clone(), t.reference.clone()]).collect();
        let in_review = column(&rows_in(db, reviews, &refs).await?, "provider_ref")?;
        for transfer in &theirs {
            found.see();
            let payout = payout_of(&transfer.reference).and_then(|(id, attempt)| Some((known.get(id)?, attempt)));
            let standing = match payout {
                Some((row, attempt)) => standing_of(row, transfer, attempt, psp.provider())?,
                None => Standing::Strange,
            };
            proven += i64::from(standing == Standing::Proven);
            let reviewed = in_review.contains(&transfer.id) || in_review.contains(&transfer.reference);
            let fine = match standing {
                Standing::Proven => true,
                Standing::UnderWay => !look.is_quiescent() || reviewed,
                Standing::Strange => reviewed,
            };
            found.demand(fine, || {
                let PspTransfer { id, reference, currency, amount_minor, .. } = transfer;
                format!("{id} has paid {amount_minor} {currency} as {reference}; by our books it has not")
            });
        }
    }
    found.demand(proven >= ours, || format!("{} payouts of ours are not in the provider's journal", ours - proven));
    Ok(())
}
