//! What the catalogue keeps of the stores.

use contracts::vendors::VendorStatus;
use db::{Db, Row, Tx, params};
use kernel::{Error, Result, VendorId};

use crate::model::Vendor;

fn status_text(status: VendorStatus) -> &'static str {
    match status {
        VendorStatus::Applied => "applied",
        VendorStatus::Approved => "approved",
        VendorStatus::Suspended => "suspended",
        VendorStatus::Rejected => "rejected",
    }
}

fn vendor(row: &Row) -> Result<Vendor> {
    let status = match row.get::<String>("status")?.as_str() {
        "applied" => VendorStatus::Applied,
        "approved" => VendorStatus::Approved,
        "suspended" => VendorStatus::Suspended,
        "rejected" => VendorStatus::Rejected,
        other => return Err(Error::internal(format!("unknown status {other:?} of a vendor"))),
    };
    Ok(Vendor { id: row.get("vendor_id")?, slug: row.get("slug")?, name: row.get("name")?, status })
}

/// Takes over what a store is now. False if it was like that.
pub(crate) async fn put(tx: &mut Tx, vendor: &Vendor) -> Result<bool> {
    let changed = tx
        .exec(
            "INSERT INTO vendors (vendor_id, slug, name, status) VALUES ($1, $2, $3, $4)
             ON CONFLICT (vendor_id) DO UPDATE SET slug = excluded.slug, name = excluded.name, status = excluded.status
             WHERE vendors.slug <> excluded.slug OR vendors.name <> excluded.name OR vendors.status <> excluded.status",
            params![vendor.id, &vendor.slug, &vendor.name, status_text(vendor.status)],
        )
        .await?;
    Ok(changed > 0)
}

/// A store that is open, by its name in addresses.
pub(crate) async fn open_by_slug(db: &Db, slug: &str) -> Result<Option<Vendor>> {
    let sql = "SELECT vendor_id, slug, name, status FROM vendors WHERE slug = $1 AND status = 'approved'";
    db.opt(sql, params![slug]).await?.as_ref().map(vendor).transpose()
}

/// A store, if it is open.
pub(crate) async fn open(db: &Db, id: VendorId) -> Result<Option<Vendor>> {
    let sql = "SELECT vendor_id, slug, name, status FROM vendors WHERE vendor_id = $1 AND status = 'approved'";
    db.opt(sql, params![id]).await?.as_ref().map(vendor).transpose()
}

/// Adds to the bytes of pictures a vendor keeps; false, and nothing added, beyond `quota`.
pub(crate) async fn use_media(tx: &mut Tx, id: VendorId, bytes: i64, quota: i64) -> Result<bool> {
    let changed = tx
        .exec(
            "INSERT INTO media_usage (vendor_id, bytes) VALUES ($1, $2)
             ON CONFLICT (vendor_id) DO UPDATE SET bytes = media_usage.bytes + excluded.bytes
             WHERE media_usage.bytes + excluded.bytes <= $3",
            params![id, bytes, quota],
        )
        .await?;
    Ok(changed > 0)
}

/// Takes off the bytes of pictures that a vendor no longer keeps.
pub(crate) async fn free_media(tx: &mut Tx, id: VendorId, bytes: i64) -> Result<()> {
    tx.defer("UPDATE media_usage SET bytes = bytes - $2 WHERE vendor_id = $1", params![id, bytes]).await
}

/// Bytes of pictures a vendor keeps.
pub(crate) async fn media_used(db: &Db, id: VendorId) -> Result<i64> {
    let row = db.opt("SELECT bytes FROM media_usage WHERE vendor_id = $1", params![id]).await?;
    row.map_or(Ok(0), |row| row.get("bytes"))
}
