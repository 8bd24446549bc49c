//! Which stores are open.

use contracts::vendors::VendorStatus;
use db::{Tx, params};
use kernel::{Result, VendorId};

/// Takes over where a store stands; until the end of the transaction nobody else changes its methods.
pub(crate) async fn put(tx: &mut Tx, vendor_id: VendorId, status: VendorStatus) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (vendor_id, open, turn) VALUES ($1, $2, 1)
         ON CONFLICT (vendor_id) DO UPDATE SET open = excluded.open, turn = vendors.turn + 1",
        params![vendor_id, status == VendorStatus::Approved],
    )
    .await
}

/// Takes the vendor's turn: changes of its methods are told in the order in which they were made.
pub(crate) async fn lock(tx: &mut Tx, vendor_id: VendorId) -> Result<()> {
    tx.defer(
        "INSERT INTO vendors (vendor_id, open, turn) VALUES ($1, 0, 1)
         ON CONFLICT (vendor_id) DO UPDATE SET turn = vendors.turn + 1",
        params![vendor_id],
    )
    .await
}
