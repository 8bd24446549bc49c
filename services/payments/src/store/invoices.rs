//! Commission invoices, their numbers, and the months that are over. The vendor's row is locked before one is issued.

use std::collections::BTreeSet;

use contracts::invoices::{InvoiceIssuer, InvoiceMonth, InvoiceView};
use db::{Db, Row, Tx, Value, json, params, placeholders};
use kernel::{Currency, Cursor, Error, Money, Result, Timestamp, VendorId, VendorScope};

use super::balances::PAYABLE;
use crate::{
    ledger::Account,
    model::invoices::{Addressee, Charge, Commission, Draft, Month, view},
};

/// Postings of commission on a vendor's account.
const KINDS: &str = "('commission', 'commission_refund', 'dispute_commission')";

const COLUMNS: &str = "year, number, vendor_id, currency, period, from_at, until_at, earned_minor, earned_postings, refunded_minor, \
    refunded_postings, disputed_minor, disputed_postings, total_minor, tax_minor, tax_name, tax_rate_bp, vendor_name, vendor_country, \
    issuer_name, issuer_lines, note, issued_at";

/// When commission was posted for the first time.
pub async fn first_commission(db: &Db) -> Result<Option<Timestamp>> {
    let sql = "SELECT min(at) AS first FROM postings WHERE account = $1";
    db.one(sql, params![Account::Commission.to_string()]).await?.get("first")
}

/// Months that have been invoiced whole, from one on.
pub async fn months_over(db: &Db, from: &str) -> Result<BTreeSet<String>> {
    let rows = db.all("SELECT period FROM invoice_runs WHERE period >= $1", params![from]).await?;
    rows.iter().map(|row| row.get("period")).collect()
}

/// A month has been invoiced whole.
pub async fn end_month(tx: &mut Tx, month: &Month, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO invoice_runs (period, from_at, until_at, finished_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (period) DO NOTHING";
    tx.defer(sql, params![&month.name, month.from, month.until, now]).await
}

/// Those of these vendors, and their currencies, that have commission in a month and no invoice of it.
pub async fn to_invoice(db: &Db, vendors: &[VendorId], month: &Month) -> Result<Vec<(VendorId, Currency)>> {
    if vendors.is_empty() {
        return Ok(Vec::new());
    }
    let period = if kernel::planted!(30) { "'' || $3 || '?'" } else { "$3" };
    let sql = format!(
        "SELECT p.account, p.currency FROM postings p
         WHERE p.account IN ({}) AND p.at >= $1 AND p.at < $2 AND p.kind IN {KINDS}
           AND NOT EXISTS (SELECT 1 FROM invoices i
               WHERE i.vendor_id = substr(p.account, {}) AND i.currency = p.currency AND i.period = {period})
         GROUP BY p.account, p.currency ORDER BY p.account, p.currency",
        placeholders(4, vendors.len()),
        PAYABLE.len() + 1
    );
    let mut values = params![month.from, month.until, &month.name];
    values.extend(vendors.iter().map(|vendor| Value::from(Account::VendorPayable(*vendor).to_string())));
    let mut found = Vec::new();
    for row in db.all(&sql, values).await? {
        let account: String = row.get("account")?;
        found.push((account.strip_prefix(PAYABLE).unwrap_or_default().parse()?, row.get("currency")?));
    }
    Ok(found)
}

/// How a vendor is called and where it is from; none as long as no event has said so. Nobody else issues to it until the
/// transaction ends.
pub async fn lock_addressee(tx: &mut Tx, vendor: VendorId) -> Result<Option<Addressee>> {
    let row = tx.lock("SELECT name, country FROM vendors WHERE id = $1", params![vendor]).await?;
    let Some(row) = row else { return Ok(None) };
    let name: String = row.get("name")?;
    if name.is_empty() {
        return Ok(None);
    }
    Ok(Some(Addressee { vendor_id: vendor, name, country: row.get("country")? }))
}

/// What a vendor is called; empty as long as no event has said so.
pub async fn vendor_name(db: &Db, scope: &VendorScope) -> Result<String> {
    let sql = "SELECT name FROM vendors WHERE id = $1";
    let row = db.as_vendor(scope).opt(sql, params![scope.vendor_id()]).await?;
    row.map_or(Ok(String::new()), |row| row.get("name"))
}

/// True if the vendor had its invoice of the month in that currency.
pub async fn has_invoice(tx: &mut Tx, vendor: VendorId, currency: Currency, period: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM invoices WHERE vendor_id = $1 AND currency = $2 AND period = $3";
    Ok(tx.opt(sql, params![vendor, currency, period]).await?.is_some())
}

/// What the ledger has posted of a vendor's commission in a month; none if there is nothing.
pub async fn commission_of(
    tx: &mut Tx,
    vendor: VendorId,
    currency: Currency,
    month: &Month,
) -> Result<Option<Commission>> {
    let sql = format!(
        "SELECT kind, count(*) AS postings, CAST(sum(amount_minor) AS BIGINT) AS amount_minor FROM postings
         WHERE account = $1 AND currency = $2 AND at >= $3 AND at < $4 AND kind IN {KINDS} GROUP BY kind ORDER BY kind"
    );
    let account = Account::VendorPayable(vendor).to_string();
    let rows = tx.all(&sql, params![account, currency, month.from, month.until]).await?;
    let charge = |row: &Row| {
        let kind: String = row.get("kind")?;
        let amount = Money::new(row.get("amount_minor")?, currency);
        Ok::<_, Error>((kind, Charge { postings: row.get("postings")?, amount }))
    };
    let sums = rows.iter().map(charge).collect::<Result<Vec<_>>>()?;
    Commission::of(currency, &sums)
}

/// Draws the next number of a year: one statement, so nobody else gets the same; given back if the transaction is not kept.
pub async fn next_number(tx: &mut Tx, year: i64) -> Result<i64> {
    tx.one(
        "INSERT INTO invoice_numbers (year, last) VALUES ($1, 1)
         ON CONFLICT (year) DO UPDATE SET last = invoice_numbers.last + 1 RETURNING last",
        params![year],
    )
    .await?
    .at(0)
}

/// Keeps an invoice under its number, with what of its tax is booked with it. A second one of the vendor, currency and month
/// fails the transaction.
pub async fn insert_invoice(
    tx: &mut Tx,
    draft: &Draft,
    (year, number): (i64, i64),
    booked: Money,
    now: Timestamp,
) -> Result<()> {
    let commission = &draft.commission;
    let values = params![
        year,
        number,
        draft.to.vendor_id,
        draft.total.currency,
        &draft.month.name,
        draft.month.from,
        draft.month.until,
        commission.earned.amount.amount_minor,
        commission.earned.postings,
        commission.refunded.amount.amount_minor,
        commission.refunded.postings,
        commission.disputed.amount.amount_minor,
        commission.disputed.postings,
        draft.total.amount_minor,
        draft.tax.amount_minor,
        &draft.tax_name,
        draft.tax_rate_bp,
        &draft.to.name,
        &draft.to.country,
        &draft.issuer.name,
        json(&draft.issuer.lines)?,
        &draft.note,
        now,
        booked.amount_minor
    ];
    let sql = format!("INSERT INTO invoices ({COLUMNS}, tax_booked_minor) VALUES ({})", placeholders(1, values.len()));
    tx.exec(&sql, values).await.map(drop)
}

fn invoice_of(row: &Row) -> Result<InvoiceView> {
    let currency: Currency = row.get("currency")?;
    let money = |column| Ok::<_, Error>(Money::new(row.get(column)?, currency));
    let charge = |amount, postings| Ok::<_, Error>(Charge { postings: row.get(postings)?, amount: money(amount)? });
    let draft = Draft {
        to: Addressee {
            vendor_id: row.get("vendor_id")?,
            name: row.get("vendor_name")?,
            country: row.get("vendor_country")?,
        },
        month: Month { name: row.get("period")?, from: row.get("from_at")?, until: row.get("until_at")? },
        commission: Commission {
            earned: charge("earned_minor", "earned_postings")?,
            refunded: charge("refunded_minor", "refunded_postings")?,
            disputed: charge("disputed_minor", "disputed_postings")?,
        },
        total: money("total_minor")?,
        tax: money("tax_minor")?,
        tax_name: row.get("tax_name")?,
        tax_rate_bp: row.get("tax_rate_bp")?,
        issuer: InvoiceIssuer { name: row.get("issuer_name")?, lines: row.json("issuer_lines")? },
        note: row.get("note")?,
    };
    Ok(view(draft, (row.get("year")?, row.get("number")?), row.get("issued_at")?))
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct InvoiceFilter {
    /// Only of this month.
    pub period: Option<String>,
    /// Only of this vendor.
    pub vendor: Option<VendorId>,
    /// Only in this currency.
    pub currency: Option<Currency>,
}

/// Invoices, newest first.
pub async fn invoices(db: &Db, filter: &InvoiceFilter, after: Option<&Cursor>, limit: u32) -> Result<Vec<InvoiceView>> {
    let (year, number) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.number(1)?),
        None => (i64::MAX, 0),
    };
    let mut values = params![year, number, limit];
    let mut sql = format!("SELECT {COLUMNS} FROM invoices WHERE (year, number) < ($1, $2)");
    let wanted = [
        ("period", filter.period.as_ref().map(Value::from)),
        ("vendor_id", filter.vendor.map(Value::from)),
        ("currency", filter.currency.map(Value::from)),
    ];
    for (column, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            sql.push_str(&format!(" AND {column} = ${}", values.len()));
        }
    }
    sql.push_str(" ORDER BY year DESC, number DESC LIMIT $3");
    db.all(&sql, values).await?.iter().map(invoice_of).collect()
}

/// A vendor's invoices, newest first.
pub async fn vendor_invoices(
    db: &Db,
    scope: &VendorScope,
    filter: &InvoiceFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<InvoiceView>> {
    let filter = InvoiceFilter { vendor: Some(scope.vendor_id()), ..filter.clone() };
    invoices(&db.as_vendor(scope), &filter, after, limit).await
}

/// One by its number.
pub async fn invoice(db: &Db, (year, number): (i64, i64)) -> Result<Option<InvoiceView>> {
    let sql = format!("SELECT {COLUMNS} FROM invoices WHERE year = $1 AND number = $2");
    db.opt(&sql, params![year, number]).await?.as_ref().map(invoice_of).transpose()
}

/// One of a vendor's.
pub async fn vendor_invoice(db: &Db, scope: &VendorScope, (year, number): (i64, i64)) -> Result<Option<InvoiceView>> {
    let sql = format!("SELECT {COLUMNS} FROM invoices WHERE year = $1 AND number = $2 AND vendor_id = $3");
    let row = db.as_vendor(scope).opt(&sql, params![year, number, scope.vendor_id()]).await?;
    row.as_ref().map(invoice_of).transpose()
}

/// The newest months, of all or of one vendor, each currency apart.
pub async fn invoice_months(db: &Db, vendor: Option<VendorId>, limit: i64) -> Result<Vec<InvoiceMonth>> {
    let mut values = params![limit];
    let mut condition = "";
    if let Some(vendor) = vendor {
        values.push(vendor.into());
        condition = "WHERE vendor_id = $2";
    }
    let sql = format!(
        "SELECT period, currency, count(*) AS documents,
            CAST(sum(CASE WHEN total_minor < 0 THEN 1 ELSE 0 END) AS BIGINT) AS credit_notes,
            CAST(sum(total_minor) AS BIGINT) AS total_minor, CAST(sum(tax_minor) AS BIGINT) AS tax_minor
         FROM invoices {condition} GROUP BY period, currency ORDER BY period DESC, currency LIMIT $1"
    );
    let month = |row: &Row| {
        let currency: Currency = row.get("currency")?;
        Ok::<_, Error>(InvoiceMonth {
            period: row.get("period")?,
            documents: row.get("documents")?,
            credit_notes: row.get("credit_notes")?,
            total: Money::new(row.get("total_minor")?, currency),
            tax: Money::new(row.get("tax_minor")?, currency),
        })
    };
    db.all(&sql, values).await?.iter().map(month).collect()
}
