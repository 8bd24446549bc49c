//! Pieces that were taken out of a part before they were handed over.

use contracts::{orders::ReturnWithdrawalWanted, shipping::ShippedLine};
use db::{Tx, params, rows_sql};
use kernel::Result;

/// Notes what was taken out.
pub(crate) async fn put(tx: &mut Tx, of: &ReturnWithdrawalWanted, taken: &[ShippedLine]) -> Result<()> {
    const INTO: &str = "INSERT INTO withdrawn_lines (return_id, vendor_id, vendor_order_id, line_id, quantity)";
    let mut values = Vec::with_capacity(taken.len() * 5);
    for line in taken {
        values.extend(params![of.return_id, of.vendor_id, of.vendor_order_id, line.line_id, line.quantity]);
    }
    tx.defer(rows_sql(INTO, 5, taken.len()), values).await
}
