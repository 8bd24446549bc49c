//! The header of our own format: what is not known there is refused, since it is most likely misspelt.

use ::csv::StringRecord;
use contracts::catalog::ImportError;
use kernel::Languages;

use super::{
    COLUMNS,
    cell::{NAMES, split_list},
    complaint,
    foreign::set_pictures,
    sheet::{Header, Sheet, Wanted},
    translated_columns,
};

const PICTURES: &str = "pictures";

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

/// The product's pictures, each as its address and, behind a blank, what it shows. A variant's own is one of them.
pub(super) fn read_pictures(sheet: &mut Sheet) {
    let Some(first) = sheet.rows.first().filter(|_| sheet.header.has(PICTURES)) else { return };
    let wanted = split_list(first.cell(&sheet.header, PICTURES), NAMES).into_iter().map(|text| {
        let (url, alt) = text.split_once(' ').unwrap_or((&text, ""));
        (first.number, Wanted { url: url.to_owned(), alt: alt.trim().to_owned() })
    });
    set_pictures(sheet, PICTURES, wanted.collect());
    let shown = sheet.rows.iter().filter_map(|row| {
        let (sku, url) = (row.cell(&sheet.header, "sku"), row.cell(&sheet.header, "picture"));
        let is_one = sheet.pictures.iter().any(|picture| picture.url == url);
        is_one.then(|| (sku.to_owned(), url.to_owned()))
    });
    sheet.variant_pictures = shown.collect();
}
