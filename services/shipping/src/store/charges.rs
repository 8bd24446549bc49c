//! What buyers have paid for deliveries, and whether that was an estimate.

use db::{Rows, Tx, params, rows_sql};
use kernel::{Money, Result, VendorId, VendorOrderId};

/// Notes what was paid for the delivery of a vendor's part, once.
pub(crate) async fn put(tx: &mut Tx, vendor: VendorId, part: VendorOrderId, shipping: Money) -> Result<()> {
    tx.gather(&CHARGES, params![part, vendor, shipping.currency, shipping.amount_minor]).await
}

static CHARGES: Rows = Rows::new(&["charges"], |charges| {
    let insert = rows_sql("INSERT INTO charges (vendor_order_id, vendor_id, currency, shipping_minor)", 4, charges);
    format!("{insert} ON CONFLICT (vendor_order_id) DO NOTHING")
});

/// Notes that what was paid was an estimate of what the carrier would take.
pub(crate) async fn mark_estimated(tx: &mut Tx, part: VendorOrderId) -> Result<()> {
    tx.defer("UPDATE charges SET estimated = 1 WHERE vendor_order_id = $1", params![part]).await
}
