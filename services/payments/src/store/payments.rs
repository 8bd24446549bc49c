//! Payments and their parts.

use std::collections::BTreeMap;

use contracts::{
    commission::CommissionCharge,
    payments::PaymentStatus,
    vendors::{VendorSnapshot, VendorStatus},
};
use db::{Db, Row, Rows, Tx, Value, params, placeholders, rows_sql};
use kernel::{Currency, Error, Money, OrderId, PaymentId, Result, Timestamp, VendorId};

use super::{PAYMENT_COLUMNS, payment_of};
use crate::{
    ledger::Part,
    model::{Payment, status_text},
};

/// Takes over a vendor's terms, and how it is called.
pub async fn upsert_vendor(tx: &mut Tx, id: VendorId, vendor: &VendorSnapshot) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (id, commission_bp, name, country, suspended) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET commission_bp = excluded.commission_bp, name = excluded.name,
            country = excluded.country, suspended = excluded.suspended",
        params![id, vendor.commission_bp, &vendor.name, &vendor.country, vendor.status == VendorStatus::Suspended],
    )
    .await
}

/// Commission of vendors, in basis points; those that are not known are not in it.
pub async fn commissions(tx: &mut Tx, vendors: &[VendorId]) -> Result<BTreeMap<VendorId, i64>> {
    let sql = format!("SELECT id, commission_bp FROM vendors WHERE id IN ({})", placeholders(1, vendors.len()));
    let rows = tx.all(&sql, vendors.iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.get("id")?, row.get("commission_bp")?))).collect()
}

/// A vendor's part of a new payment.
pub struct NewPart {
    /// Vendor.
    pub vendor_id: VendorId,
    /// What it is worth.
    pub total: Money,
    /// How much of that is for the delivery.
    pub shipping: Money,
    /// The platform's share.
    pub commission: Money,
    /// What the platform adds for promotions that it pays.
    pub subsidy: Money,
    /// The platform's share of that.
    pub subsidy_commission: Money,
    /// True if nothing of it is sent.
    pub digital: bool,
    /// What both commissions are made of.
    pub charges: Vec<CommissionCharge>,
}

/// Stores a new payment and its parts.
pub async fn insert_payment(tx: &mut Tx, payment: &Payment, parts: &[NewPart]) -> Result<()> {
    let row = params![
        payment.id,
        payment.order_id,
        &payment.order_number,
        &payment.provider,
        &payment.method,
        &payment.token,
        &payment.return_path,
        status_text(payment.status),
        payment.amount.currency,
        payment.amount.amount_minor,
        &payment.failure,
        payment.created_at,
        payment.covered.amount_minor,
        0_i64,
        0_i64,
        0_i64,
        0_i64,
        0_i64,
        0_i64
    ];
    tx.gather(&PAYMENTS, row).await?;
    for (position, part) in parts.iter().enumerate() {
        let row = params![
            payment.id,
            part.vendor_id,
            position as i64,
            part.total.amount_minor,
            part.commission.amount_minor,
            part.subsidy.amount_minor,
            part.subsidy_commission.amount_minor,
            0_i64,
            0_i64,
            part.shipping.amount_minor,
            part.digital,
            serde_json::to_string(&part.charges)?
        ];
        tx.gather(&NEW_PARTS, row).await?;
    }
    Ok(())
}

static PAYMENTS: Rows = Rows::new(&["payments", "payment_attempts", "reductions", "refunds", "disputes"], |payments| {
    const INTO: &str = "INSERT INTO payments (id, order_id, order_number, provider, method, token, return_path, status,
        currency, amount_minor, failure, created_at, covered_minor, order_cancelled, captured_minor, refunded_minor,
        settled_minor, checks, looked_at)";
    rows_sql(INTO, 19, payments)
});

static NEW_PARTS: Rows = Rows::new(&["payment_parts"], |parts| {
    const INTO: &str = "INSERT INTO payment_parts (payment_id, vendor_id, position, total_minor, commission_minor,
        subsidy_minor, subsidy_commission_minor, refunded_minor, settled_minor, shipping_minor, digital, charges)";
    rows_sql(INTO, 12, parts)
});

/// A payment.
pub async fn read_payment(db: &Db, id: PaymentId) -> Result<Option<Payment>> {
    let sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE id = $1");
    db.opt(&sql, params![id]).await?.as_ref().map(payment_of).transpose()
}

/// The payment of an order.
pub async fn read_payment_of(db: &Db, order: OrderId) -> Result<Option<Payment>> {
    let sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE order_id = $1");
    db.opt(&sql, params![order]).await?.as_ref().map(payment_of).transpose()
}

/// The payment, and nobody else may change it until the transaction ends. Whoever changes a payment, its parts or its
/// refunds does this first.
pub async fn lock_payment(tx: &mut Tx, id: PaymentId) -> Result<Payment> {
    find_payment(tx, id).await?.ok_or_else(|| Error::internal(format!("no payment {id}")))
}

/// The same, of a payment that may not exist.
pub async fn find_payment(tx: &mut Tx, id: PaymentId) -> Result<Option<Payment>> {
    let sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE id = $1");
    tx.lock(&sql, params![id]).await?.as_ref().map(payment_of).transpose()
}

/// The same by the order; none if the payment is not known yet.
pub async fn lock_payment_of(tx: &mut Tx, order: OrderId) -> Result<Option<Payment>> {
    let sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE order_id = $1");
    tx.lock(&sql, params![order]).await?.as_ref().map(payment_of).transpose()
}

/// The stock is held: the payment may be opened, once. None if it may not, or was; true inside if stored value covers all of
/// it, be it nothing.
pub async fn mark_opening(tx: &mut Tx, order: OrderId, now: Timestamp, check_at: Timestamp) -> Result<Option<bool>> {
    let sql = "UPDATE payments SET status = 'opening', opened_at = $2, check_at = $3 WHERE order_id = $1 AND status = 'pending'
               RETURNING CASE WHEN covered_minor = amount_minor THEN 1 ELSE 0 END AS is_covered";
    tx.opt(sql, params![order, now, check_at]).await?.map(|row| row.get("is_covered")).transpose()
}

/// Another way to pay is wanted. False if the buyer cannot choose (any more).
pub async fn replace_payment(tx: &mut Tx, order: OrderId, provider: &str, method: &str) -> Result<bool> {
    let sql = "UPDATE payments SET next_provider = $2, next_method = $3
               WHERE order_id = $1 AND status = 'requires_action' AND order_cancelled = 0 AND attempt < 10";
    Ok(tx.exec(sql, params![order, provider, method]).await? == 1)
}

/// The attempt is over and the next one begins. False if none is wanted, or if the buyer has agreed to pay meanwhile:
/// then the money may be being taken at this very moment.
pub async fn start_again(tx: &mut Tx, id: PaymentId, now: Timestamp, check_at: Timestamp) -> Result<bool> {
    let changed = tx
        .exec(
            "UPDATE payments SET status = 'opening', attempt = attempt + 1, provider = next_provider, method = next_method,
                former_refs = former_refs || ' ' || COALESCE(provider_ref, ''), next_provider = NULL, next_method = NULL,
                provider_ref = NULL, action_url = NULL, failure = NULL, token = NULL, direct = NULL, opened_at = $2, check_at = $3
             WHERE id = $1 AND next_method IS NOT NULL AND status = 'requires_action' AND order_cancelled = 0",
            params![id, now, check_at],
        )
        .await?;
    Ok(changed == 1)
}

/// Another payment at a provider becomes the order's, instead of the one that was opened last. False if it has money.
pub async fn adopt(tx: &mut Tx, payment: &Payment, provider: &str, provider_ref: &str) -> Result<bool> {
    let former = payment.former_refs.iter().chain(&payment.provider_ref);
    let former: Vec<&str> = former.map(String::as_str).filter(|known| *known != provider_ref).collect();
    let changed = tx
        .exec(
            "UPDATE payments SET provider = $2, provider_ref = $3, former_refs = $4, next_provider = NULL, next_method = NULL,
                action_url = NULL
             WHERE id = $1 AND status NOT IN ('captured', 'refunded')",
            params![payment.id, provider, provider_ref, former.join(" ")],
        )
        .await?;
    Ok(changed == 1)
}

/// Where a payment stands now, other than captured.
pub struct Standing<'a> {
    /// Status.
    pub status: PaymentStatus,
    /// The provider's id, if it is known.
    pub provider_ref: Option<&'a str>,
    /// The page on which the buyer has to act.
    pub action_url: Option<&'a str>,
    /// Why it failed.
    pub failure: Option<&'a str>,
    /// The order was called off.
    pub order_cancelled: bool,
    /// When the provider is asked again.
    pub check_at: Option<Timestamp>,
    /// Since when a courier is to collect the money; one that is known stays.
    pub promised_at: Option<Timestamp>,
}

impl<'a> Standing<'a> {
    /// Nothing but the status: no page, no failure, nothing to be asked. A known id of the provider stays.
    pub fn new(payment: &Payment, status: PaymentStatus) -> Self {
        Self {
            status,
            provider_ref: None,
            action_url: None,
            failure: None,
            order_cancelled: payment.order_cancelled,
            check_at: None,
            promised_at: None,
        }
    }
}

/// Stores where a payment that is not captured stands. The token is of no more use once the payment
/// is anything but about to be opened.
pub async fn set_status(tx: &mut Tx, id: PaymentId, standing: &Standing<'_>) -> Result<()> {
    let keep_token =
        matches!(standing.status, PaymentStatus::Pending | PaymentStatus::Opening | PaymentStatus::Unknown);
    let changed = tx
        .exec(
            "UPDATE payments SET status = $2, provider_ref = COALESCE(provider_ref, $3), action_url = $4, failure = $5,
                order_cancelled = $6, check_at = $7, token = CASE WHEN $8 = 1 THEN token ELSE NULL END,
                promised_at = COALESCE(promised_at, $9)
             WHERE id = $1 AND status NOT IN ('captured', 'refunded')",
            params![
                id,
                stored(standing.status),
                standing.provider_ref.map(str::to_owned),
                standing.action_url.map(str::to_owned),
                standing.failure.map(str::to_owned),
                standing.order_cancelled,
                standing.check_at,
                i64::from(keep_token),
                standing.promised_at
            ],
        )
        .await?;
    if changed == 1 { Ok(()) } else { Err(Error::conflict("already_captured", "The payment was captured meanwhile.")) }
}

/// What stands for a status in the table: what is promised is under way, and `promised_at` says since when.
fn stored(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Promised => status_text(PaymentStatus::Processing),
        other => status_text(other),
    }
}

/// Marks the order of a payment as called off, whatever else becomes of it.
pub async fn mark_order_cancelled(tx: &mut Tx, id: PaymentId) -> Result<()> {
    tx.defer("UPDATE payments SET order_cancelled = 1 WHERE id = $1", params![id]).await
}

/// Records the capture: one conditional statement, true only the first time. `UNIQUE (provider,
/// provider_ref)` sees to it that one payment at the provider pays one order. What goes back without having been an
/// order's pays none.
pub async fn capture(tx: &mut Tx, payment: &Payment, provider_ref: &str, now: Timestamp) -> Result<bool> {
    let changed = tx
        .exec(
            "UPDATE payments SET status = 'captured', captured_minor = amount_minor, captured_at = $5, provider_ref = $2,
                action_url = NULL, failure = NULL, token = NULL, check_at = NULL
             WHERE id = $1 AND status NOT IN ('captured', 'refunded') AND amount_minor = $3 AND currency = $4
               AND (provider_ref IS NULL OR provider_ref = $2)
               AND NOT EXISTS (SELECT 1 FROM review_items r
                    WHERE r.provider = payments.provider AND r.provider_ref = $2 AND r.action = 'refund')",
            params![payment.id, provider_ref, payment.amount.amount_minor, payment.amount.currency, now],
        )
        .await?;
    Ok(changed == 1)
}

/// Marks this vendor's part, or all parts, of a captured payment of nothing as undone: the vendors of those that were not.
pub async fn undo_parts(tx: &mut Tx, id: PaymentId, vendor: Option<VendorId>) -> Result<Vec<VendorId>> {
    let mut values = params![id];
    let whose = match vendor {
        Some(vendor) => {
            values.push(vendor.into());
            "AND vendor_id = $2"
        }
        None => "",
    };
    let sql = format!(
        "UPDATE payment_parts SET undone = 1 WHERE payment_id = $1 AND undone = 0 {whose} AND EXISTS
            (SELECT 1 FROM payments p WHERE p.id = payment_parts.payment_id AND p.status = 'captured' AND p.amount_minor = 0)
         RETURNING vendor_id"
    );
    tx.all(&sql, values).await?.iter().map(|row| row.get("vendor_id")).collect()
}

/// Once all parts of a payment of nothing are undone, it is over.
pub async fn end_free(tx: &mut Tx, id: PaymentId) -> Result<()> {
    let sql = "UPDATE payments SET status = 'refunded' WHERE id = $1 AND status = 'captured' AND amount_minor = 0
                 AND NOT EXISTS (SELECT 1 FROM payment_parts t WHERE t.payment_id = payments.id AND t.undone = 0)";
    tx.defer(sql, params![id]).await
}

const PARTS: &str =
    "SELECT p.vendor_id, p.total_minor, p.shipping_minor, p.subsidy_minor, p.commission_minor + p.subsidy_commission_minor AS commission_minor,
        p.refunded_minor, p.settled_minor, p.disputed_minor, p.lost_minor, p.digital, y.currency
    FROM payment_parts p JOIN payments y ON y.id = p.payment_id WHERE p.payment_id = $1 ORDER BY p.position";

/// The parts of a payment.
pub async fn read_parts(tx: &mut Tx, payment: PaymentId) -> Result<Vec<Part>> {
    tx.all(PARTS, params![payment]).await?.iter().map(part_of).collect()
}

fn part_of(row: &Row) -> Result<Part> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    Ok(Part {
        vendor_id: row.get("vendor_id")?,
        total: money("total_minor")?,
        shipping: money("shipping_minor")?,
        subsidy: money("subsidy_minor")?,
        commission: money("commission_minor")?,
        refunded: money("refunded_minor")?,
        settled: money("settled_minor")?,
        disputed: money("disputed_minor")?,
        lost: money("lost_minor")?,
        digital: row.get("digital")?,
    })
}

/// Payments whose provider is to be asked again.
pub async fn due_payments(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Payment>> {
    let sql = format!(
        "SELECT {PAYMENT_COLUMNS} FROM payments WHERE check_at IS NOT NULL AND check_at <= $1 ORDER BY check_at LIMIT $2"
    );
    db.all(&sql, params![now, limit]).await?.iter().map(payment_of).collect()
}

/// Sets when the provider is asked again about a payment that is still open.
pub async fn postpone(tx: &mut Tx, id: PaymentId, check_at: Timestamp) -> Result<()> {
    let sql = "UPDATE payments SET checks = checks + 1, check_at = $2 WHERE id = $1 AND check_at IS NOT NULL";
    tx.defer(sql, params![id, check_at]).await
}

/// Those of our payments that these of the provider's are.
pub async fn payments_with(db: &Db, provider: &str, refs: &[&str]) -> Result<Vec<Payment>> {
    if refs.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {PAYMENT_COLUMNS} FROM payments WHERE provider = $1 AND provider_ref IN ({})",
        placeholders(2, refs.len())
    );
    let values = std::iter::once(Value::from(provider)).chain(refs.iter().map(|r| Value::from(*r))).collect();
    db.all(&sql, values).await?.iter().map(payment_of).collect()
}

/// The payments of these orders.
pub async fn payments_of(db: &Db, orders: &[OrderId]) -> Result<Vec<Payment>> {
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT {PAYMENT_COLUMNS} FROM payments WHERE order_id IN ({})", placeholders(1, orders.len()));
    db.all(&sql, orders.iter().map(Value::from).collect()).await?.iter().map(payment_of).collect()
}

/// Payments at a provider that were captured and were known since `since`, behind one, oldest first.
pub async fn captured_since(
    db: &Db,
    provider: &str,
    since: Timestamp,
    after: Option<(Timestamp, PaymentId)>,
    limit: i64,
) -> Result<Vec<Payment>> {
    let (at, id) = after.map_or((since, String::new()), |(at, id)| (at, id.to_string()));
    let sql = format!(
        "SELECT {PAYMENT_COLUMNS} FROM payments WHERE (created_at, id) > ($1, $2) AND provider = $3 AND captured_minor > 0
         ORDER BY created_at, id LIMIT $4"
    );
    db.all(&sql, params![at, id, provider, limit]).await?.iter().map(payment_of).collect()
}
