//! Accounts.

use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Email, Error, PageRequest, Result, Secret, Timestamp};

use crate::model::{Account, ERASED_NAME, LOCALE_DEFAULT, erased_email, search_text};

macro_rules! columns {
    () => {
        "id, email, name, phone, locale, password_hash, is_customer, is_admin, verified_at, disabled, erased_at, created_at, version"
    };
}

fn account(row: &Row) -> Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        email: row.get("email")?,
        name: row.get("name")?,
        phone: row.get("phone")?,
        locale: row.get("locale")?,
        password_hash: Secret::new(row.get::<String>("password_hash")?),
        is_customer: row.get("is_customer")?,
        is_admin: row.get("is_admin")?,
        verified_at: row.get("verified_at")?,
        disabled: row.get("disabled")?,
        erased_at: row.get("erased_at")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

fn optional(row: Option<Row>) -> Result<Option<Account>> {
    row.as_ref().map(account).transpose()
}

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM accounts WHERE id = $1");
// The address of an erased account is nobody's.
const BY_EMAIL: &str = concat!("SELECT ", columns!(), " FROM accounts WHERE email = $1 AND erased_at IS NULL");
const HOLD: &str = concat!("UPDATE accounts SET version = version + 1 WHERE id = $1 RETURNING ", columns!());

fn missing() -> Error {
    Error::not_found("account")
}

/// Stores a new account; `false` if its address has one.
pub(crate) async fn insert(tx: &mut Tx, a: &Account) -> Result<bool> {
    let stored = tx
        .exec(
            "INSERT INTO accounts (id, email, name, phone, locale, search_text, password_hash, is_customer, is_admin,
                                   verified_at, disabled, last_login_at, address_count, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, 0, $12, $13) ON CONFLICT (email) DO NOTHING",
            params![
                a.id,
                &a.email,
                &a.name,
                &a.phone,
                &a.locale,
                search_text(&a.name, &a.email),
                a.password_hash.expose(),
                a.is_customer,
                a.is_admin,
                a.verified_at,
                a.disabled,
                a.created_at,
                a.version
            ],
        )
        .await?;
    Ok(stored == 1)
}

/// The account with this id.
pub(crate) async fn by_id(db: &Db, id: AccountId) -> Result<Account> {
    optional(db.opt(BY_ID, params![id]).await?)?.ok_or_else(missing)
}

/// The account with this id, within a transaction.
pub(crate) async fn by_id_in(tx: &mut Tx, id: AccountId) -> Result<Account> {
    optional(tx.opt(BY_ID, params![id]).await?)?.ok_or_else(missing)
}

/// The account with this address, if there is one.
pub(crate) async fn by_email(db: &Db, email: &Email) -> Result<Option<Account>> {
    optional(db.opt(BY_EMAIL, params![email]).await?)
}

/// The account with this address, within a transaction.
pub(crate) async fn by_email_in(tx: &mut Tx, email: &Email) -> Result<Account> {
    optional(tx.opt(BY_EMAIL, params![email]).await?)?.ok_or_else(missing)
}

/// Those of the accounts that exist and are not erased.
pub(crate) async fn by_ids(db: &Db, ids: &[AccountId]) -> Result<Vec<Account>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {} FROM accounts WHERE id IN ({}) AND erased_at IS NULL ORDER BY id",
        columns!(),
        placeholders(1, ids.len())
    );
    db.all(&sql, ids.iter().map(Value::from).collect()).await?.iter().map(account).collect()
}

/// Accounts whose name or address contains `q`, newest first; one more than the page holds.
pub(crate) async fn search(db: &Db, q: Option<&str>, page: &PageRequest) -> Result<Vec<Account>> {
    let pattern =
        q.map(|q| format!("%{}%", q.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")));
    let (before, before_id) = match page.cursor()? {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM accounts
          WHERE (CAST($1 AS TEXT) IS NULL OR search_text LIKE $1 ESCAPE '\\')
            AND (created_at < $2 OR (created_at = $2 AND id < $3))
          ORDER BY created_at DESC, id DESC LIMIT $4"
    );
    db.all(sql, params![pattern, before, before_id, page.limit()? + 1]).await?.iter().map(account).collect()
}

/// Notes a successful log-in, and a better hash if there is one. `false` if the account was closed or
/// its password changed since `checked` was read. Holds the row, so that whoever changes the password
/// or the roles meanwhile sees the session that is about to be opened, and ends it.
pub(crate) async fn note_login(
    tx: &mut Tx,
    id: AccountId,
    checked: &Secret,
    rehashed: Option<&Secret>,
    now: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE accounts SET last_login_at = $3, password_hash = $4 WHERE id = $1 AND password_hash = $2 AND disabled = 0";
    let hash = rehashed.unwrap_or(checked);
    Ok(tx.exec(sql, params![id, checked.expose(), now, hash.expose()]).await? == 1)
}

/// Marks the address as verified; `false` if it was already, or is not the account's any more.
pub(crate) async fn verify(tx: &mut Tx, id: AccountId, email: &Email, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE accounts SET verified_at = $3, version = version + 1 WHERE id = $1 AND email = $2 AND verified_at IS NULL";
    Ok(tx.exec(sql, params![id, email, now]).await? == 1)
}

/// Sets the password by a link that was mailed to `email`; `false` if the address is not the account's
/// any more or the account is closed.
pub(crate) async fn reset_password(tx: &mut Tx, id: AccountId, email: &Email, hash: &Secret) -> Result<bool> {
    let sql =
        "UPDATE accounts SET password_hash = $3, version = version + 1 WHERE id = $1 AND email = $2 AND disabled = 0";
    Ok(tx.exec(sql, params![id, email, hash.expose()]).await? == 1)
}

/// Replaces the password that was `checked`; `false` if it has changed since.
pub(crate) async fn change_password(tx: &mut Tx, id: AccountId, checked: &Secret, hash: &Secret) -> Result<bool> {
    let sql = "UPDATE accounts SET password_hash = $3, version = version + 1 WHERE id = $1 AND password_hash = $2";
    Ok(tx.exec(sql, params![id, checked.expose(), hash.expose()]).await? == 1)
}

/// Stores what the owner may change of `a`, which is held.
pub(crate) async fn update_profile(tx: &mut Tx, a: &Account) -> Result<()> {
    tx.defer(
        "UPDATE accounts SET name = $2, phone = $3, locale = $4, search_text = $5 WHERE id = $1",
        params![a.id, &a.name, &a.phone, &a.locale, search_text(&a.name, &a.email)],
    )
    .await
}

/// Stores what an admin may change of `a`, which is held.
pub(crate) async fn update_roles(tx: &mut Tx, a: &Account) -> Result<()> {
    tx.defer(
        "UPDATE accounts SET is_customer = $2, is_admin = $3, disabled = $4 WHERE id = $1",
        params![a.id, a.is_customer, a.is_admin, a.disabled],
    )
    .await
}

/// Gives the account its next version and holds it until the transaction is over: changes to one
/// account come one after the other, and each sees the one before.
pub(crate) async fn hold(tx: &mut Tx, id: AccountId) -> Result<Account> {
    optional(tx.opt(HOLD, params![id]).await?)?.ok_or_else(missing)
}

/// Takes one place in the address book; `false` if it is full.
pub(crate) async fn take_address_place(tx: &mut Tx, id: AccountId) -> Result<bool> {
    let sql = "UPDATE accounts SET address_count = address_count + 1 WHERE id = $1 AND address_count < 50";
    Ok(tx.exec(sql, params![id]).await? == 1)
}

/// Gives a place in the address book back.
pub(crate) async fn free_address_place(tx: &mut Tx, id: AccountId) -> Result<()> {
    tx.defer("UPDATE accounts SET address_count = address_count - 1 WHERE id = $1", params![id]).await
}

/// Takes everything from an account that says whose it is, so that its address is free again; nobody knows `locked`, the
/// password of which it now has the hash. The account must be held.
pub(crate) async fn erase(tx: &mut Tx, id: AccountId, locked: &Secret, now: Timestamp) -> Result<()> {
    let (email, name) = (erased_email(id)?, ERASED_NAME);
    tx.exec(
        "UPDATE accounts SET email = $2, name = $3, phone = NULL, locale = $4, search_text = '', password_hash = $5,
                is_customer = 0, is_admin = 0, verified_at = NULL, disabled = 1, last_login_at = NULL, address_count = 0,
                erased_at = $6
         WHERE id = $1",
        params![id, &email, name, LOCALE_DEFAULT, locked.expose(), now],
    )
    .await
    .map(drop)
}

/// True if somebody else can run the platform.
pub(crate) async fn other_admin_exists(tx: &mut Tx, id: AccountId) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM accounts WHERE is_admin = 1 AND disabled = 0 AND id <> $1 LIMIT 1";
    Ok(tx.opt(sql, params![id]).await?.is_some())
}

/// True if somebody can run the platform.
pub(crate) async fn admin_exists(tx: &mut Tx) -> Result<bool> {
    Ok(tx.opt("SELECT 1 AS one FROM accounts WHERE is_admin = 1 AND disabled = 0 LIMIT 1", params![]).await?.is_some())
}
