//! How vendors are paid, and to which accounts.

use contracts::payouts::Schedule;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Error, Result, Secret, Timestamp, VendorId, VendorScope};

use crate::model::{
    payee::{Number, Payee},
    payouts::{schedule_of, schedule_text},
};

/// What a vendor has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How often.
    pub schedule: Schedule,
    /// The smallest payout; none: the platform's.
    pub minimum_minor: Option<i64>,
}

const TERMS: &str = "SELECT vendor_id, schedule, minimum_minor FROM payout_terms WHERE vendor_id";

fn terms_of(row: &Row) -> Result<Terms> {
    let schedule = row.get::<String>("schedule")?;
    let schedule = schedule_of(&schedule).ok_or_else(|| Error::internal(format!("unknown schedule {schedule:?}")))?;
    Ok(Terms { schedule, minimum_minor: row.get("minimum_minor")? })
}

/// What a vendor has chosen, if it has.
pub async fn payout_terms(db: &Db, scope: &VendorScope) -> Result<Option<Terms>> {
    let row = db.as_vendor(scope).opt(&format!("{TERMS} = $1"), params![scope.vendor_id()]).await?;
    row.as_ref().map(terms_of).transpose()
}

/// What these vendors have chosen; those who have not are not in it.
pub async fn terms_of_vendors(db: &Db, vendors: &[VendorId]) -> Result<Vec<(VendorId, Terms)>> {
    if vendors.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{TERMS} IN ({})", placeholders(1, vendors.len()));
    let rows = db.all(&sql, vendors.iter().map(Value::from).collect()).await?;
    rows.iter().map(|row| Ok((row.get("vendor_id")?, terms_of(row)?))).collect()
}

/// Sets what a vendor has chosen.
pub async fn set_payout_terms(tx: &mut Tx, vendor: VendorId, terms: Terms) -> Result<()> {
    tx.defer(
        "INSERT INTO payout_terms (vendor_id, schedule, minimum_minor) VALUES ($1, $2, $3)
         ON CONFLICT (vendor_id) DO UPDATE SET schedule = excluded.schedule, minimum_minor = excluded.minimum_minor",
        params![vendor, schedule_text(terms.schedule), terms.minimum_minor],
    )
    .await
}

/// Reads the columns `holder`, `country`, `iban`, `bic`, `account_number`, `bank_code`.
pub fn payee_of(row: &Row) -> Result<Payee> {
    let number = match row.get::<Option<String>>("iban")? {
        Some(iban) => Number::Iban(Secret::new(iban)),
        None => Number::Local {
            number: Secret::new(row.get::<String>("account_number")?),
            bank_code: row.get("bank_code")?,
        },
    };
    Ok(Payee { holder: row.get("holder")?, country: row.get("country")?, number, bic: row.get("bic")? })
}

/// The values of those columns, in their order; of an account at a provider, which has no number, without one.
pub fn payee_values(payee: &Payee) -> Vec<Value> {
    let (iban, number, code) = match &payee.number {
        Number::Iban(iban) => (Some(iban.expose().to_owned()), None, None),
        Number::Local { number, bank_code } => (None, Some(number.expose().to_owned()), bank_code.clone()),
        Number::Provider { .. } => (None, None, None),
    };
    params![&payee.holder, &payee.country, iban, payee.bic.clone(), number, code]
}

const ACCOUNT: &str = "SELECT holder, country, iban, bic, account_number, bank_code, changed_at FROM payout_accounts
    WHERE vendor_id = $1";

/// Where a vendor is paid to, and since when.
pub async fn payee(db: &Db, scope: &VendorScope) -> Result<Option<(Payee, Timestamp)>> {
    let row = db.as_vendor(scope).opt(ACCOUNT, params![scope.vendor_id()]).await?;
    row.map(|row| Ok((payee_of(&row)?, row.get("changed_at")?))).transpose()
}

/// The same within the transaction that pays it.
pub async fn payee_within(tx: &mut Tx, vendor: VendorId) -> Result<Option<Payee>> {
    tx.opt(ACCOUNT, params![vendor]).await?.as_ref().map(payee_of).transpose()
}

/// Sets where a vendor is paid to.
pub async fn set_payee(tx: &mut Tx, vendor: VendorId, payee: &Payee, by: AccountId, now: Timestamp) -> Result<()> {
    let mut values = params![vendor];
    values.extend(payee_values(payee));
    values.extend(params![now, by]);
    tx.defer(
        "INSERT INTO payout_accounts (vendor_id, holder, country, iban, bic, account_number, bank_code, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (vendor_id) DO UPDATE SET holder = excluded.holder, country = excluded.country, iban = excluded.iban,
            bic = excluded.bic, account_number = excluded.account_number, bank_code = excluded.bank_code,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        values,
    )
    .await
}
