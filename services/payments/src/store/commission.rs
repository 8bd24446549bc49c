//! Rules of commission, and what they have made of sales.

use contracts::commission::{CommissionCharge, PartCommission};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{CommissionRuleId, Cursor, Money, OrderId, PaymentId, Result, Timestamp, VendorId, VendorScope};

use super::lists::newest;
use crate::model::commission::Rule;

const COLUMNS: &str = "id, input, version, created_at";

fn rule_of(row: &Row) -> Result<Rule> {
    Ok(Rule {
        id: row.get("id")?,
        input: row.json("input")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}

fn of_vendors(vendors: &[VendorId]) -> (String, Vec<Value>) {
    let sql = format!(
        "SELECT {COLUMNS} FROM commission_rules
         WHERE ended_at IS NULL AND (vendor_id IS NULL OR vendor_id IN ({})) ORDER BY id",
        placeholders(1, vendors.len())
    );
    (sql, vendors.iter().map(Value::from).collect())
}

/// The rules that may count for sales of these vendors.
pub async fn commission_rules_of(tx: &mut Tx, vendors: &[VendorId]) -> Result<Vec<Rule>> {
    let (sql, values) = of_vendors(vendors);
    tx.all(&sql, values).await?.iter().map(rule_of).collect()
}

/// The rules that may count for sales of a vendor, and its own rate; none if the vendor is not known.
pub async fn commission_terms(db: &Db, vendor: VendorId) -> Result<Option<(Vec<Rule>, i64)>> {
    let Some(own) = db.opt("SELECT commission_bp FROM vendors WHERE id = $1", params![vendor]).await? else {
        return Ok(None);
    };
    let (sql, values) = of_vendors(&[vendor]);
    let rules = db.all(&sql, values).await?.iter().map(rule_of).collect::<Result<_>>()?;
    Ok(Some((rules, own.get("commission_bp")?)))
}

/// Rules that count, newest first.
pub async fn commission_rules(db: &Db, after: Option<&Cursor>, limit: u32) -> Result<Vec<Rule>> {
    let what = format!("{COLUMNS} FROM (SELECT * FROM commission_rules WHERE ended_at IS NULL) r");
    let (sql, values) = newest(&what, [], after, limit)?;
    db.all(&sql, values).await?.iter().map(rule_of).collect()
}

fn one_sql() -> String {
    format!("SELECT {COLUMNS} FROM commission_rules WHERE id = $1 AND ended_at IS NULL")
}

/// A rule that counts.
pub async fn read_commission_rule(db: &Db, id: CommissionRuleId) -> Result<Option<Rule>> {
    db.opt(&one_sql(), params![id]).await?.as_ref().map(rule_of).transpose()
}

/// A rule that counts, and nobody else may change it until the transaction ends.
pub async fn lock_commission_rule(tx: &mut Tx, id: CommissionRuleId) -> Result<Option<Rule>> {
    tx.lock(&one_sql(), params![id]).await?.as_ref().map(rule_of).transpose()
}

/// Stores a new rule. False if there is one for the same.
pub async fn insert_commission_rule(tx: &mut Tx, rule: &Rule) -> Result<bool> {
    let sql = "INSERT INTO commission_rules (id, vendor_id, category_id, currency, input, version, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let (input, text) = (&rule.input, serde_json::to_string(&rule.input)?);
    let (vendor, category, currency) = (input.vendor_id, input.category_id, input.currency);
    let values = params![rule.id, vendor, category, currency, text, rule.version, rule.created_at];
    Ok(tx.exec(sql, values).await? == 1)
}

/// Stores what a rule says now.
pub async fn update_commission_rule(tx: &mut Tx, rule: &Rule) -> Result<()> {
    let sql = "UPDATE commission_rules SET input = $2, version = $3 WHERE id = $1";
    tx.defer(sql, params![rule.id, serde_json::to_string(&rule.input)?, rule.version]).await
}

/// From now on it counts no more.
pub async fn end_commission_rule(tx: &mut Tx, id: CommissionRuleId, now: Timestamp) -> Result<()> {
    let sql = "UPDATE commission_rules SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    tx.defer(sql, params![id, now]).await
}

const PARTS: &str =
    "SELECT t.vendor_id, t.commission_minor + t.subsidy_commission_minor AS commission_minor, t.charges, y.currency
    FROM payment_parts t JOIN payments y ON y.id = t.payment_id";

fn part_of(row: &Row) -> Result<PartCommission> {
    Ok(PartCommission {
        vendor_id: row.get("vendor_id")?,
        commission: Money::new(row.get("commission_minor")?, row.get("currency")?),
        charges: row.json::<Vec<CommissionCharge>>("charges")?,
    })
}

/// What was taken of each part of a payment.
pub async fn commission_of_payment(db: &Db, id: PaymentId) -> Result<Vec<PartCommission>> {
    let sql = format!("{PARTS} WHERE t.payment_id = $1 ORDER BY t.position");
    db.all(&sql, params![id]).await?.iter().map(part_of).collect()
}

/// What is taken of a vendor's part of an order.
pub async fn commission_of_order(db: &Db, scope: &VendorScope, order: OrderId) -> Result<Option<PartCommission>> {
    let sql = format!("{PARTS} WHERE y.order_id = $1 AND t.vendor_id = $2");
    let row = db.as_vendor(scope).opt(&sql, params![order, scope.vendor_id()]).await?;
    row.as_ref().map(part_of).transpose()
}
