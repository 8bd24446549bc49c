//! Promotions as those who run them see them, and as a quote needs them. A vendor's own are reached only
//! with its scope; without one an admin reaches all.

use contracts::promotions::PromotionInput;
use db::{Db, ResultExt, Row, Tx, Value, params};
use kernel::{AccountId, Cursor, PromoCode, PromotionId, Result, Slug, Timestamp, VendorId, VendorScope};

use super::in_list;
use crate::{
    error::PricingError,
    model::{Promotion, promotion::OPEN_PROMOTIONS_MAX},
};

/// Whose promotions are reached: a vendor's own, or all.
pub(crate) type Reached = Option<VendorScope>;

/// The database as whoever reaches so far has it.
pub(crate) fn seen_by(db: &Db, reached: Reached) -> Db {
    reached.map_or_else(|| db.clone(), |scope| db.as_vendor(&scope))
}

/// The first parameter of [`WITHIN`].
fn within(reached: Reached) -> String {
    reached.map_or_else(String::new, |scope| scope.vendor_id().to_string())
}

const WITHIN: &str = "($1 = '' OR p.vendor_id = $1) AND p.removed_at IS NULL";

const COLUMNS: &str = "p.promotion_id, p.vendor_id, p.input, p.uses, p.spent_minor, p.version, p.created_at";

/// Stores a new promotion, unless its owner has as many as it may have.
pub(crate) async fn insert(tx: &mut Tx, promotion: &Promotion) -> Result<()> {
    let Promotion { input, .. } = promotion;
    let stored = tx
        .exec(
            "INSERT INTO promotions (promotion_id, vendor_id, input, code, starts_at, ends_at, uses, spent_minor, max_uses, budget_minor,
                version, created_at, advertised, group_keys)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS BIGINT), 0, 0,
                    CAST($7 AS BIGINT), CAST($8 AS BIGINT), 1, CAST($9 AS BIGINT), CAST($11 AS BIGINT), CAST($12 AS TEXT)
             WHERE (SELECT count(*) FROM promotions WHERE COALESCE(vendor_id, '') = COALESCE(CAST($2 AS TEXT), '') AND removed_at IS NULL
                    AND COALESCE(ends_at, 9223372036854775807) > $9) < $10",
            params![
                promotion.id, promotion.vendor_id, serde_json::to_string(input)?, &input.code, input.starts_at, input.ends_at,
                input.max_uses, input.budget_minor, promotion.created_at, OPEN_PROMOTIONS_MAX,
                input.advertised, group_keys(input)
            ],
        )
        .await
        .on_unique(|| PricingError::CodeTaken.into())?;
    if stored == 1 { Ok(()) } else { Err(PricingError::TooManyPromotions(OPEN_PROMOTIONS_MAX).into()) }
}

/// Refuses to open one more promotion if its owner has as many as it may have. Call with the vendor locked.
pub(crate) async fn refuse_too_many(tx: &mut Tx, owner: Option<VendorId>, now: Timestamp) -> Result<()> {
    let of = "promotions WHERE COALESCE(vendor_id, '') = $1 AND removed_at IS NULL";
    match super::open_count(tx, of, owner, now).await? {
        OPEN_PROMOTIONS_MAX.. => Err(PricingError::TooManyPromotions(OPEN_PROMOTIONS_MAX).into()),
        _ => Ok(()),
    }
}

/// Stores a changed promotion over the version before it, unless more was used of it than it would allow.
pub(crate) async fn update(tx: &mut Tx, promotion: &Promotion) -> Result<()> {
    let Promotion { input, .. } = promotion;
    let stored = tx
        .exec(
            "UPDATE promotions SET input = $2, code = $3, starts_at = $4, ends_at = $5, max_uses = $6, budget_minor = $7, version = $8,
                advertised = $9, group_keys = $10
             WHERE promotion_id = $1 AND version = $8 - 1 AND removed_at IS NULL
               AND uses <= COALESCE(CAST($6 AS BIGINT), uses) AND spent_minor <= COALESCE(CAST($7 AS BIGINT), spent_minor)",
            params![
                promotion.id,
                serde_json::to_string(input)?,
                &input.code,
                input.starts_at,
                input.ends_at,
                input.max_uses,
                input.budget_minor,
                promotion.version,
                input.advertised,
                group_keys(input)
            ],
        )
        .await
        .on_unique(|| PricingError::CodeTaken.into())?;
    if stored == 1 { Ok(()) } else { Err(PricingError::PromotionChanged.into()) }
}

/// Ends a promotion for good; orders that have it keep it.
pub(crate) async fn remove(tx: &mut Tx, id: PromotionId, now: Timestamp) -> Result<()> {
    tx.defer("UPDATE promotions SET removed_at = $2 WHERE promotion_id = $1 AND removed_at IS NULL", params![id, now])
        .await
}

fn one_query() -> String {
    format!("SELECT {COLUMNS} FROM promotions p WHERE {WITHIN} AND p.promotion_id = $2")
}

/// A promotion, in the transaction that is about to change it.
pub(crate) async fn find(tx: &mut Tx, reached: Reached, id: PromotionId) -> Result<Promotion> {
    let row = tx.opt(&one_query(), params![within(reached), id]).await?;
    promotion(&row.ok_or(PricingError::PromotionNotFound)?)
}

/// A promotion.
pub(crate) async fn get(db: &Db, reached: Reached, id: PromotionId) -> Result<Promotion> {
    let row = seen_by(db, reached).opt(&one_query(), params![within(reached), id]).await?;
    promotion(&row.ok_or(PricingError::PromotionNotFound)?)
}

/// Promotions, newest first, one more than `limit`.
pub(crate) async fn page(db: &Db, reached: Reached, limit: u32, after: Option<&Cursor>) -> Result<Vec<Promotion>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM promotions p
         WHERE {WITHIN} AND (p.created_at < $2 OR (p.created_at = $2 AND p.promotion_id < $3))
         ORDER BY p.created_at DESC, p.promotion_id DESC LIMIT $4"
    );
    let rows = seen_by(db, reached).all(&sql, params![within(reached), at, id, i64::from(limit) + 1]).await?;
    rows.iter().map(promotion).collect()
}

/// Promotions that are shown to everybody at `now`, those that end first first, as long as they can be had: also, not
/// those of a store that is closed.
pub(crate) async fn advertised(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Promotion>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM promotions p
         WHERE p.advertised = 1 AND p.removed_at IS NULL AND p.starts_at <= $1 AND COALESCE(p.ends_at, 9223372036854775807) > $1
           AND (p.vendor_id IS NULL OR EXISTS (SELECT 1 FROM vendors v WHERE v.vendor_id = p.vendor_id AND v.open = 1))
           AND p.uses < COALESCE(p.max_uses, p.uses + 1) AND p.spent_minor < COALESCE(p.budget_minor, p.spent_minor + 1)
         ORDER BY COALESCE(p.ends_at, 9223372036854775807), p.promotion_id LIMIT $2"
    );
    db.all(&sql, params![now, limit]).await?.iter().map(promotion).collect()
}

/// Whether any promotion applies by itself at `$2`: part of the first read of a quote.
pub(crate) const SOME_APPLY: &str =
    "CASE WHEN EXISTS (SELECT 1 FROM promotions WHERE code IS NULL AND removed_at IS NULL
    AND starts_at <= $2 AND COALESCE(ends_at, 9223372036854775807) > $2) THEN 1 ELSE 0 END";

/// The keys of its groups as they are kept, each between spaces, so that one is found whole.
fn group_keys(input: &PromotionInput) -> String {
    let keys: Vec<&str> = input.groups.iter().map(Slug::as_str).collect();
    if keys.is_empty() { String::new() } else { format!(" {} ", keys.join(" ")) }
}

/// The name of a group that `p` is for and the account `$3` is in; the first one, if there are several.
const GROUP: &str = "CASE WHEN p.group_keys = '' THEN NULL ELSE (
        SELECT min(g.name) FROM group_members m JOIN customer_groups g ON g.key = m.group_key
        WHERE m.account_id = $3 AND p.group_keys LIKE '% ' || m.group_key || ' %') END";

/// Promotions that apply by themselves to goods of some vendors, and those of some codes, with the uses
/// of a customer and the group by which an account may have it.
pub(crate) fn applicable_query(
    vendors: &[VendorId],
    codes: &[PromoCode],
    customer: &str,
    account: Option<AccountId>,
    now: Timestamp,
) -> (String, Vec<Value>) {
    let mut params = params![now, customer, account];
    let vendors = in_list(&mut params, vendors);
    let by_code = match codes {
        [] => String::new(),
        codes => format!("OR p.code IN ({})", in_list(&mut params, codes)),
    };
    let sql = format!(
        "SELECT {COLUMNS}, COALESCE(c.uses, 0) AS used, {GROUP} AS group_name
         FROM promotions p LEFT JOIN promotion_customers c ON c.promotion_id = p.promotion_id AND c.customer = $2
         WHERE p.removed_at IS NULL
           AND ((p.code IS NULL AND p.starts_at <= $1 AND COALESCE(p.ends_at, 9223372036854775807) > $1
                 AND (p.vendor_id IS NULL OR p.vendor_id IN ({vendors}))) {by_code})
         ORDER BY p.promotion_id"
    );
    (sql, params)
}

/// A row of [`applicable_query`].
pub(crate) fn applicable(row: &Row) -> Result<Promotion> {
    Ok(Promotion { used_by_customer: row.get("used")?, group: row.get("group_name")?, ..promotion(row)? })
}

fn promotion(row: &Row) -> Result<Promotion> {
    Ok(Promotion {
        id: row.get("promotion_id")?,
        vendor_id: row.get("vendor_id")?,
        input: row.json::<PromotionInput>("input")?,
        uses: row.get("uses")?,
        spent_minor: row.get("spent_minor")?,
        used_by_customer: 0,
        group: None,
        counted_by: None,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}
