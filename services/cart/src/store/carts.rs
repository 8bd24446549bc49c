//! The row of a cart. Every change of a cart begins with its row, which makes changes of one cart wait
//! for each other.

use db::{Row, Rows, Tx, Value, params, rows_sql};
use kernel::{AccountId, CartId, Currency, Result, Timestamp};

use crate::{
    error::CartError,
    model::key::{Key, TokenHash, cart_of},
};

/// A cart that this transaction changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touched {
    pub id: CartId,
    pub version: i64,
}

impl Touched {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get("cart_id")?, version: row.get("version")? })
    }
}

/// Stores a guest's new cart.
pub(crate) async fn insert_guest(
    tx: &mut Tx,
    id: CartId,
    token: &TokenHash,
    currency: Option<Currency>,
    now: Timestamp,
) -> Result<()> {
    tx.gather(&GUESTS, params![id, &token.0, currency, 1, 0, now, now]).await
}

static GUESTS: Rows = Rows::new(&["carts", "lines"], |carts| {
    let into = "INSERT INTO carts (cart_id, token_hash, currency, version, told_version, created_at, updated_at)";
    rows_sql(into, 7, carts)
});

/// Touches a cart that is to take something in this currency; opens an account's cart.
///
/// # Errors
/// If the token opens nothing, or if the cart holds something in another currency.
pub(crate) async fn touch_to_add(tx: &mut Tx, key: &Key, currency: Currency, now: Timestamp) -> Result<Touched> {
    if let Some(touched) = touch_in(tx, key, currency, now).await? {
        return Ok(touched);
    }
    if let Key::Account(account) = key {
        open_for(tx, *account, Some(currency), now).await?;
        if let Some(touched) = touch_in(tx, key, currency, now).await? {
            return Ok(touched);
        }
    }
    Err(why_not(tx, key, now).await?.into())
}

/// Touches a cart that is empty or holds things in this currency.
async fn touch_in(tx: &mut Tx, key: &Key, currency: Currency, now: Timestamp) -> Result<Option<Touched>> {
    let set = ", currency = $4";
    let having = "AND (currency = $4 OR NOT EXISTS (SELECT 1 FROM lines WHERE lines.cart_id = carts.cart_id))";
    touch(tx, key, now, set, having, Some(currency.into())).await?.as_ref().map(Touched::from_row).transpose()
}

/// Touches a cart. `set` is what else is written into its row, `having` what must be true of it; both may name
/// `carts.cart_id`, and `value` as `$4`.
async fn touch(
    tx: &mut Tx,
    key: &Key,
    now: Timestamp,
    set: &str,
    having: &str,
    value: Option<Value>,
) -> Result<Option<Row>> {
    let sql = format!(
        "UPDATE carts SET version = version + 1, updated_at = $2{set} WHERE {} = $1 AND updated_at > $3 {having}
         RETURNING cart_id, version, codes",
        key.column()
    );
    let mut params = vec![key.value(), now.into(), key.alive_after(now).into()];
    params.extend(value);
    tx.opt(&sql, params).await
}

/// Touches a cart, opening an account's; none if the token opens nothing.
pub(super) async fn touch_or_open(
    tx: &mut Tx,
    key: &Key,
    now: Timestamp,
    set: &str,
    value: Option<Value>,
) -> Result<Option<Row>> {
    if let Key::Account(account) = key {
        open_for(tx, *account, None, now).await?;
    }
    touch(tx, key, now, set, "", value).await
}

/// Opens an account's cart unless it has one. No index is named: of two who open it at once, one may meet the
/// other in the index of ids or in that of accounts.
async fn open_for(tx: &mut Tx, account: AccountId, currency: Option<Currency>, now: Timestamp) -> Result<()> {
    tx.defer(
        "INSERT INTO carts (cart_id, account_id, currency, version, told_version, created_at, updated_at)
         VALUES ($1, $2, $3, 0, 0, $4, $4) ON CONFLICT DO NOTHING",
        params![cart_of(account), account, currency, now],
    )
    .await
}

async fn why_not(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<CartError> {
    let sql = format!("SELECT currency FROM carts WHERE {} = $1 AND updated_at > $2", key.column());
    let row = tx.opt(&sql, vec![key.value(), key.alive_after(now).into()]).await?;
    let currency: Option<Currency> = row.map_or(Ok(None), |row| row.get("currency"))?;
    Ok(currency.map_or(CartError::NotFound, |currency| CartError::OtherCurrency(currency, "variant_id")))
}

/// Touches a cart if it has a line of this variant.
pub(crate) async fn touch_with_line(
    tx: &mut Tx,
    key: &Key,
    variant: kernel::VariantId,
    now: Timestamp,
) -> Result<Option<Touched>> {
    let having = "AND EXISTS (SELECT 1 FROM lines WHERE lines.cart_id = carts.cart_id AND lines.variant_id = $4)";
    touch(tx, key, now, "", having, Some(variant.into())).await?.as_ref().map(Touched::from_row).transpose()
}

/// Touches a cart if it has any line.
pub(crate) async fn touch_with_lines(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<Option<Touched>> {
    let having = "AND EXISTS (SELECT 1 FROM lines WHERE lines.cart_id = carts.cart_id)";
    touch(tx, key, now, "", having, None).await?.as_ref().map(Touched::from_row).transpose()
}

/// A guest's cart that is about to be merged.
pub(crate) struct Guest {
    pub id: CartId,
    pub version: i64,
    /// Of its lines; none if it has none.
    pub currency: Option<Currency>,
    /// In what it is to be paid.
    pub pay_currency: Option<Currency>,
}

/// Touches the guest's cart so that nobody else changes or merges it; none if the token opens nothing.
pub(crate) async fn touch_guest(tx: &mut Tx, token: &TokenHash, now: Timestamp) -> Result<Option<Guest>> {
    let key = Key::Guest(token.clone());
    let row = tx
        .opt(
            "UPDATE carts SET version = version + 1 WHERE token_hash = $1 AND updated_at > $2
             RETURNING cart_id, version,
                CASE WHEN EXISTS (SELECT 1 FROM lines WHERE lines.cart_id = carts.cart_id) THEN currency END AS currency,
                pay_currency",
            params![&token.0, key.alive_after(now)],
        )
        .await?;
    let guest = |row: Row| {
        Ok(Guest {
            id: row.get("cart_id")?,
            version: row.get("version")?,
            currency: row.get("currency")?,
            pay_currency: row.get("pay_currency")?,
        })
    };
    row.map(guest).transpose()
}

/// Touches the account's cart to take over a guest's lines, opening it when needed. Its version moves on by
/// the guest's, which makes places for the guest's lines behind its own. It is to be paid in what the guest
/// wanted, unless it says otherwise. Returns the cart, the last place of its own lines and the currency it has now.
pub(crate) async fn touch_to_merge(
    tx: &mut Tx,
    account: AccountId,
    guest: &Guest,
    now: Timestamp,
) -> Result<(Touched, i64, Option<Currency>)> {
    open_for(tx, account, guest.currency, now).await?;
    let row = tx
        .one(
            "UPDATE carts SET version = version + $2, updated_at = $3,
                 currency = CASE WHEN EXISTS (SELECT 1 FROM lines WHERE lines.cart_id = carts.cart_id) THEN currency ELSE $4 END,
                 pay_currency = COALESCE(pay_currency, $5)
             WHERE cart_id = $1 RETURNING cart_id, version, currency",
            params![cart_of(account), guest.version, now, guest.currency, guest.pay_currency],
        )
        .await?;
    let touched = Touched::from_row(&row)?;
    Ok((touched, touched.version - guest.version, row.get("currency")?))
}

/// Removes a cart with its lines; its token opens nothing from now on.
pub(crate) async fn delete(tx: &mut Tx, id: CartId) -> Result<()> {
    tx.defer("DELETE FROM carts WHERE cart_id = $1", params![id]).await
}

/// Touches the cart an order was made from; its codes were for that order. An account's cart only for an order of that account.
pub(crate) async fn touch_ordered(tx: &mut Tx, id: CartId, account: Option<AccountId>, now: Timestamp) -> Result<bool> {
    let touched = tx
        .exec(
            "UPDATE carts SET version = version + 1, updated_at = $2, codes = ''
             WHERE cart_id = $1 AND (account_id IS NULL OR account_id = CAST($3 AS TEXT))",
            params![id, now, account],
        )
        .await?;
    Ok(touched == 1)
}

/// Touches a cart and says in what it is to be paid, opening an account's; false if the token opens nothing.
pub(crate) async fn set_pay_currency(tx: &mut Tx, key: &Key, wanted: Option<Currency>, now: Timestamp) -> Result<bool> {
    Ok(touch_or_open(tx, key, now, ", pay_currency = $4", Some(wanted.into())).await?.is_some())
}

/// An account's cart that has not been touched for long.
pub(crate) struct Quiet {
    pub id: CartId,
    pub account_id: AccountId,
    pub version: i64,
    pub items: i64,
    /// The account does not want to hear of it.
    pub unwanted: bool,
}

/// Account carts untouched since `before` whose present version nobody was told of, longest untouched first.
pub(crate) async fn quiet(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<Vec<Quiet>> {
    let rows = tx
        .all(
            "SELECT cart_id, account_id, version,
                    (SELECT CAST(COALESCE(sum(quantity), 0) AS BIGINT) FROM lines
                     WHERE lines.cart_id = carts.cart_id AND later = 0) AS items,
                    CASE WHEN EXISTS (SELECT 1 FROM no_letters n WHERE n.account_id = carts.account_id) THEN 1 ELSE 0 END AS unwanted
             FROM carts WHERE account_id IS NOT NULL AND told_version < version AND updated_at <= $1
             ORDER BY updated_at LIMIT $2",
            params![before, limit],
        )
        .await?;
    let quiet = |row: &Row| {
        Ok(Quiet {
            id: row.get("cart_id")?,
            account_id: row.get("account_id")?,
            version: row.get("version")?,
            items: row.get("items")?,
            unwanted: row.get("unwanted")?,
        })
    };
    rows.iter().map(quiet).collect()
}

/// Notes that this version of a cart was dealt with; false if it was before, or was changed since.
pub(crate) async fn mark_told(tx: &mut Tx, cart: &Quiet) -> Result<bool> {
    let sql = "UPDATE carts SET told_version = version WHERE cart_id = $1 AND version = $2 AND told_version < version";
    Ok(tx.exec(sql, params![cart.id, cart.version]).await? == 1)
}

/// Notes that an account does not want to hear of carts that it left.
pub(crate) async fn stop_letters(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO no_letters (account_id, since) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING";
    tx.defer(sql, params![account, now]).await
}

/// Removes an account's cart with its lines, and which letters it did not want.
pub(crate) async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.defer("DELETE FROM carts WHERE account_id = $1", params![account]).await?;
    tx.defer("DELETE FROM no_letters WHERE account_id = $1", params![account]).await
}

/// Removes guests' carts untouched since `before`; how many.
pub(crate) async fn prune(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    tx.exec(
        "DELETE FROM carts WHERE cart_id IN
            (SELECT cart_id FROM carts WHERE token_hash IS NOT NULL AND updated_at <= $1 ORDER BY updated_at LIMIT $2)",
        params![before, limit],
    )
    .await
}
