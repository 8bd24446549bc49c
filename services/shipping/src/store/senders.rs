//! Where vendors' parcels come from.

use contracts::shared::Address;
use db::{Db, Row, Tx, json, params};
use kernel::{Result, VendorScope};

/// A vendor's address.
#[derive(Debug, Clone)]
pub(crate) struct Sender {
    pub address: Address,
    pub version: i64,
}

const SQL: &str = "SELECT address, version FROM senders WHERE vendor_id = $1";

/// The address of a vendor, if it has said it.
pub(crate) async fn find(db: &Db, scope: &VendorScope) -> Result<Option<Sender>> {
    db.as_vendor(scope).opt(SQL, params![scope.vendor_id()]).await?.as_ref().map(read).transpose()
}

/// The same, within a transaction.
pub(crate) async fn find_within(tx: &mut Tx, scope: &VendorScope) -> Result<Option<Sender>> {
    tx.opt(SQL, params![scope.vendor_id()]).await?.as_ref().map(read).transpose()
}

/// The same, and nobody else changes it until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, scope: &VendorScope) -> Result<Option<Sender>> {
    tx.lock(SQL, params![scope.vendor_id()]).await?.as_ref().map(read).transpose()
}

/// Stores it, unless somebody else has changed it since `sender.version - 1`.
pub(crate) async fn put(tx: &mut Tx, scope: &VendorScope, sender: &Sender) -> Result<bool> {
    let stored = tx
        .exec(
            "INSERT INTO senders (vendor_id, address, version) VALUES ($1, $2, $3)
             ON CONFLICT (vendor_id) DO UPDATE SET address = excluded.address, version = excluded.version
             WHERE senders.version = excluded.version - 1",
            params![scope.vendor_id(), json(&sender.address)?, sender.version],
        )
        .await?;
    Ok(stored == 1)
}

fn read(row: &Row) -> Result<Sender> {
    Ok(Sender { address: row.json("address")?, version: row.get("version")? })
}
