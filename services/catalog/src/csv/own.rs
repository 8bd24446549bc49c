//! The header of our own format: what is not known there is refused, since it is most likely misspelt.

use ::csv::StringRecord;
use contracts::catalog::ImportError;

use super::{COLUMNS, complaint, sheet::Header};

/// Where the columns are.
pub(super) fn header_of(record: &StringRecord) -> Result<Header, ImportError> {
    let mut header = Header::wide(record.len());
    for (place, cell) in record.iter().enumerate() {
        let name = cell.trim().to_lowercase();
        let Some(known) = COLUMNS.iter().find(|known| **known == name) else {
            let reason = format!(
                "“{}” is not a column. There are: {}. A file of Shopify or WooCommerce is known by their own, English column names.",
                cell.trim(),
                COLUMNS.join(", ")
            );
            return Err(complaint(1, cell.trim(), reason));
        };
        if header.has(known) {
            return Err(complaint(1, &name, "This column is there twice."));
        }
        header.put(known, place);
    }
    match ["handle", "sku"].into_iter().find(|needed| !header.has(needed)) {
        Some(missing) => Err(complaint(1, missing, "This column is needed.")),
        None => Ok(header),
    }
}
