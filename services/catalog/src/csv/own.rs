//! The header of our own format: what is not known there is refused, since it is most likely misspelt.

use ::csv::StringRecord;
use contracts::catalog::ImportError;
use kernel::Languages;

use super::{COLUMNS, complaint, sheet::Header, translated_columns};

/// Where the columns are, in a shop of these languages.
pub(super) fn header_of(record: &StringRecord, languages: &Languages) -> Result<Header, ImportError> {
    let mut header = Header::wide(record.len());
    for (place, cell) in record.iter().enumerate() {
        let name = cell.trim().to_lowercase();
        if let Some(column) = translated_columns(languages).find(|column| column.name() == name) {
            if !header.put_translated(column, place) {
                return Err(complaint(1, &name, "This column is there twice."));
            }
            continue;
        }
        let Some(known) = COLUMNS.iter().find(|known| **known == name) else {
            let translated = translated_columns(languages).map(|column| column.name());
            let all: Vec<String> = COLUMNS.map(str::to_owned).into_iter().chain(translated).collect();
            let reason = format!(
                "“{}” is not a column. There are: {}. A file of Shopify or WooCommerce is known by their own, English column names.",
                cell.trim(),
                all.join(", ")
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
