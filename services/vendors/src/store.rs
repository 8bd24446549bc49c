//! SQL and nothing else.

use contracts::vendors::VendorStatus;
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Error, PageRequest, Result, Slug, Timestamp, VendorId, VendorRole, VendorScope};

use crate::model::{Vendor, role_of, role_text, status_of, status_text};

macro_rules! columns {
    () => {
        "id, slug, name, tagline, story, policies, country, city, contact_email, logo_url, banner_url, status, \
         status_reason, commission_bp, refused_methods, owner_count, member_count, approved_at, created_at, version"
    };
}

fn vendor(row: &Row) -> Result<Vendor> {
    Ok(Vendor {
        id: row.get("id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        tagline: row.get("tagline")?,
        story: row.get("story")?,
        policies: row.get("policies")?,
        country: row.get("country")?,
        city: row.get("city")?,
        contact_email: row.get("contact_email")?,
        logo_url: row.get("logo_url")?,
        banner_url: row.get("banner_url")?,
        status: status_of(&row.get::<String>("status")?)?,
        status_reason: row.get("status_reason")?,
        commission_bp: row.get("commission_bp")?,
        refused_methods: row.get::<String>("refused_methods")?.split_whitespace().map(str::to_owned).collect(),
        owner_count: row.get("owner_count")?,
        member_count: row.get("member_count")?,
        approved_at: row.get("approved_at")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

fn one(row: Option<Row>) -> Result<Vendor> {
    row.as_ref().map(vendor).transpose()?.ok_or_else(|| Error::not_found("vendor"))
}

/// Stores a new vendor; `false` if its slug is taken.
pub(crate) async fn insert(tx: &mut Tx, v: &Vendor) -> Result<bool> {
    let stored = tx
        .exec(
            "INSERT INTO vendors (id, slug, name, name_key, search_text, tagline, story, policies, country, city, contact_email,
                                  logo_url, banner_url, status, status_reason, commission_bp, owner_count, member_count,
                                  approved_at, created_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
             ON CONFLICT (slug) DO NOTHING",
            params![
                v.id,
                &v.slug,
                &v.name,
                v.name_key(),
                v.search_text(),
                &v.tagline,
                &v.story,
                &v.policies,
                &v.country,
                &v.city,
                &v.contact_email,
                &v.logo_url,
                &v.banner_url,
                status_text(v.status),
                &v.status_reason,
                v.commission_bp,
                v.owner_count,
                v.member_count,
                v.approved_at,
                v.created_at,
                v.version
            ],
        )
        .await?;
    Ok(stored == 1)
}

/// Gives the vendor its next version and holds it until the transaction is over: changes to one vendor
/// come one after the other, and each sees the one before.
pub(crate) async fn hold(tx: &mut Tx, scope: &VendorScope) -> Result<Vendor> {
    let sql = concat!("UPDATE vendors SET version = version + 1 WHERE id = $1 RETURNING ", columns!());
    one(tx.opt(sql, params![scope.vendor_id()]).await?)
}

/// Stores what can change of a vendor that is held.
pub(crate) async fn update(tx: &mut Tx, v: &Vendor) -> Result<()> {
    tx.defer(
        "UPDATE vendors SET name = $2, name_key = $3, search_text = $4, tagline = $5, story = $6, policies = $7, city = $8,
                contact_email = $9, logo_url = $10, banner_url = $11, status = $12, status_reason = $13, commission_bp = $14,
                owner_count = $15, member_count = $16, approved_at = $17, refused_methods = $18
         WHERE id = $1",
        params![
            v.id,
            &v.name,
            v.name_key(),
            v.search_text(),
            &v.tagline,
            &v.story,
            &v.policies,
            &v.city,
            &v.contact_email,
            &v.logo_url,
            &v.banner_url,
            status_text(v.status),
            &v.status_reason,
            v.commission_bp,
            v.owner_count,
            v.member_count,
            v.approved_at,
            v.refused_methods.join(" ")
        ],
    ).await
}

/// A vendor.
pub(crate) async fn get(db: &Db, scope: &VendorScope) -> Result<Vendor> {
    one(db
        .as_vendor(scope)
        .opt(concat!("SELECT ", columns!(), " FROM vendors WHERE id = $1"), params![scope.vendor_id()])
        .await?)
}

/// An open store.
pub(crate) async fn open_by_slug(db: &Db, slug: &Slug) -> Result<Vendor> {
    let sql = concat!("SELECT ", columns!(), " FROM vendors WHERE slug = $1 AND status = 'approved'");
    let row = db.opt(sql, params![slug]).await?;
    row.as_ref().map(vendor).transpose()?.ok_or_else(|| Error::not_found("store"))
}

/// Open stores by name; one more than the page holds.
pub(crate) async fn open(db: &Db, page: &PageRequest) -> Result<Vec<Vendor>> {
    let (name, id) = match page.cursor()? {
        Some(cursor) => (cursor.text(0)?.to_owned(), cursor.text(1)?.to_owned()),
        None => (String::new(), String::new()),
    };
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM vendors WHERE status = 'approved' AND (name_key > $1 OR (name_key = $1 AND id > $2))
          ORDER BY name_key, id LIMIT $3"
    );
    db.all(sql, params![name, id, page.limit()? + 1]).await?.iter().map(vendor).collect()
}

/// All vendors with this status whose name contains `q`, if `ids` names any only of those, newest first; one more
/// than the page holds.
pub(crate) async fn search(
    db: &Db,
    status: Option<VendorStatus>,
    q: Option<&str>,
    ids: &[VendorId],
    page: &PageRequest,
) -> Result<Vec<Vendor>> {
    let pattern =
        q.map(|q| format!("%{}%", q.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")));
    let (before, before_id) = match page.cursor()? {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let mut params: Vec<Value> = params![status.map(status_text), pattern, before, before_id, page.limit()? + 1];
    let named = if ids.is_empty() {
        String::new()
    } else {
        format!("AND id IN ({})", placeholders(params.len() + 1, ids.len()))
    };
    params.extend(ids.iter().map(Value::from));
    let sql = format!(
        "SELECT {} FROM vendors
          WHERE (CAST($1 AS TEXT) IS NULL OR status = $1)
            AND (CAST($2 AS TEXT) IS NULL OR search_text LIKE $2 ESCAPE '\\')
            AND (created_at < $3 OR (created_at = $3 AND id < $4)) {named}
          ORDER BY created_at DESC, id DESC LIMIT $5",
        columns!()
    );
    db.all(&sql, params).await?.iter().map(vendor).collect()
}

/// The vendors an account belongs to, by name.
pub(crate) async fn of_account(db: &Db, account_id: AccountId) -> Result<Vec<Vendor>> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM members JOIN vendors ON vendors.id = members.vendor_id
          WHERE members.account_id = $1 ORDER BY name_key, vendors.id LIMIT 100"
    );
    db.all(sql, params![account_id]).await?.iter().map(vendor).collect()
}

/// A member as it is stored.
pub(crate) struct Member {
    pub(crate) account_id: AccountId,
    pub(crate) role: VendorRole,
    pub(crate) since: Timestamp,
}

/// Members, the first first; a vendor has at most 50.
pub(crate) async fn members(db: &Db, scope: &VendorScope) -> Result<Vec<Member>> {
    let sql = "SELECT account_id, role, since FROM members WHERE vendor_id = $1 ORDER BY since, account_id LIMIT 50";
    let member = |row: &Row| {
        Ok(Member {
            account_id: row.get("account_id")?,
            role: role_of(&row.get::<String>("role")?)?,
            since: row.get("since")?,
        })
    };
    db.as_vendor(scope).all(sql, params![scope.vendor_id()]).await?.iter().map(member).collect()
}

/// Owners, the first first.
pub(crate) async fn owners(tx: &mut Tx, vendor_id: VendorId) -> Result<Vec<AccountId>> {
    let sql = "SELECT account_id FROM members WHERE vendor_id = $1 AND role = 'owner' ORDER BY since, account_id";
    tx.all(sql, params![vendor_id]).await?.iter().map(|row| row.get("account_id")).collect()
}

/// Stores a member, or another role of one; since when it is one.
pub(crate) async fn set_member(
    tx: &mut Tx,
    vendor_id: VendorId,
    account_id: AccountId,
    role: VendorRole,
    now: Timestamp,
) -> Result<Timestamp> {
    let sql = "INSERT INTO members (vendor_id, account_id, role, since) VALUES ($1, $2, $3, $4)
               ON CONFLICT (vendor_id, account_id) DO UPDATE SET role = excluded.role RETURNING since";
    tx.one(sql, params![vendor_id, account_id, role_text(role), now]).await?.get("since")
}

/// What a member may do, if the account is one.
pub(crate) async fn role(tx: &mut Tx, vendor_id: VendorId, account_id: AccountId) -> Result<Option<VendorRole>> {
    let sql = "SELECT role FROM members WHERE vendor_id = $1 AND account_id = $2";
    let row = tx.opt(sql, params![vendor_id, account_id]).await?;
    row.map(|row| role_of(&row.get::<String>("role")?)).transpose()
}

/// Stores that an account belongs to.
pub(crate) async fn stores_of(tx: &mut Tx, account_id: AccountId) -> Result<Vec<VendorId>> {
    let sql = "SELECT vendor_id FROM members WHERE account_id = $1 ORDER BY vendor_id";
    tx.all(sql, params![account_id]).await?.iter().map(|row| row.get("vendor_id")).collect()
}

/// Removes a member.
pub(crate) async fn remove_member(tx: &mut Tx, vendor_id: VendorId, account_id: AccountId) -> Result<()> {
    tx.defer("DELETE FROM members WHERE vendor_id = $1 AND account_id = $2", params![vendor_id, account_id]).await
}

/// Counts one more store of an owner; `false` if it has as many as anybody may.
pub(crate) async fn count_store(tx: &mut Tx, account_id: AccountId) -> Result<bool> {
    let sql = "INSERT INTO owners (account_id, stores) VALUES ($1, 1)
               ON CONFLICT (account_id) DO UPDATE SET stores = owners.stores + 1 WHERE owners.stores < 5";
    Ok(tx.exec(sql, vec![Value::from(account_id)]).await? == 1)
}

/// Counts one store of an owner less.
pub(crate) async fn uncount_store(tx: &mut Tx, account_id: AccountId) -> Result<()> {
    tx.defer("UPDATE owners SET stores = stores - 1 WHERE account_id = $1", params![account_id]).await
}
