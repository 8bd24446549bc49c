//! What rows say of other products: those that go with theirs, and what bundles are made of.

use std::collections::{BTreeMap, BTreeSet};

use contracts::catalog::{
    ImportError, PartView,
    limits::{PART_QUANTITY_MAX, PARTS_MAX, RELATED_MAX},
};
use kernel::{ProductId, VariantId};

use crate::model::StoredPicture;

use super::{
    cell::{NAMES, join_list, split_list},
    complaint,
    sheet::Sheet,
};

/// What lies in a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub sku: String,
    pub quantity: i64,
}

/// What a row wants its variant to be made of; of nothing: to be no bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bundle {
    /// Which of the product's rows it is, from 0.
    pub index: usize,
    /// Counted from 1 with the header of the file.
    pub row: i64,
    pub sku: String,
    pub parts: Vec<Part>,
}

/// What the rows of a product say of others; a column that the file does not have says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Links {
    /// Number of the first row.
    pub row: i64,
    /// Handles, or names in addresses.
    pub related: Option<Vec<String>>,
    pub bundles: Vec<Bundle>,
}

impl Links {
    pub fn of(sheet: &Sheet) -> Result<Self, Vec<ImportError>> {
        let (header, row, mut errors) = (&sheet.header, sheet.first_row(), Vec::new());
        let mut links = Self { row, ..Self::default() };
        if let Some(first) = sheet.rows.first().filter(|_| header.has("related")) {
            let related = split_list(first.cell(header, "related"), NAMES);
            check_related(&related, first.cell(header, "handle"), row, &mut errors);
            links.related = Some(related);
        }
        for (index, row) in sheet.rows.iter().enumerate().filter(|_| header.has("parts")) {
            let sku = row.cell(header, "sku").to_owned();
            match parts_of(row.cell(header, "parts"), &sku) {
                Ok(parts) => links.bundles.push(Bundle { index, row: row.number, sku, parts }),
                Err(reason) => errors.push(complaint(row.number, "parts", reason)),
            }
        }
        if errors.is_empty() { Ok(links) } else { Err(errors) }
    }

    /// True if the rows name no others.
    pub fn are_silent(&self) -> bool {
        self.related.as_ref().is_none_or(Vec::is_empty) && self.bundles.iter().all(|bundle| bundle.parts.is_empty())
    }
}

fn check_related(names: &[String], own: &str, row: i64, errors: &mut Vec<ImportError>) {
    let mut complain = |reason: String| errors.push(complaint(row, "related", reason));
    if names.len() > RELATED_MAX {
        complain(format!("Name at most {RELATED_MAX} products."));
    }
    if names.iter().any(|name| name == own) {
        complain("A product does not go with itself. Leave its own name out.".to_owned());
    }
}

/// `CUP*2|JUG*1`; without a number it is one.
fn parts_of(cell: &str, own: &str) -> Result<Vec<Part>, String> {
    let names = split_list(cell, NAMES);
    if names.len() > PARTS_MAX {
        return Err(format!("A bundle has at most {PARTS_MAX} parts."));
    }
    let (mut parts, mut seen) = (Vec::with_capacity(names.len()), BTreeSet::new());
    for name in names {
        let (sku, quantity) = name.rsplit_once('*').map_or((name.as_str(), "1"), |(sku, n)| (sku.trim(), n.trim()));
        let quantity = quantity.parse::<i64>().ok().filter(|n| (1..=PART_QUANTITY_MAX).contains(n));
        let Some(quantity) = quantity.filter(|_| !sku.is_empty()) else {
            return Err(format!("“{name}” is not written as SKU*number, with a number from 1 to {PART_QUANTITY_MAX}."));
        };
        if sku == own {
            return Err("A bundle cannot lie in itself.".to_owned());
        }
        if !seen.insert(sku.to_owned()) {
            return Err(format!("“{sku}” is there twice. Enter its number instead."));
        }
        parts.push(Part { sku: sku.to_owned(), quantity });
    }
    Ok(parts)
}

/// Names of products in one cell.
pub(crate) fn told_related(names: &[String]) -> String {
    join_list(names, NAMES)
}

/// Parts in one cell.
pub(crate) fn told_parts(parts: &[Part]) -> String {
    join_list(parts.iter().map(|part| format!("{}*{}", part.sku, part.quantity)), NAMES)
}

/// What other products are called in a file that is written.
#[derive(Debug, Default)]
pub(crate) struct Others {
    /// Handles.
    pub handles: BTreeMap<ProductId, String>,
    /// Parts of bundles.
    pub parts: BTreeMap<VariantId, Vec<PartView>>,
    /// What an address of ours begins with for who is elsewhere.
    pub public_url: String,
}

impl Others {
    /// Where the largest form of a picture is, for another installation, too.
    pub(super) fn address_of(&self, stored: &StoredPicture) -> Option<String> {
        let url = &stored.picture.sizes.last()?.url;
        Some(if url.starts_with('/') { format!("{}{url}", self.public_url) } else { url.clone() })
    }
    pub(super) fn related(&self, related: &[ProductId]) -> String {
        join_list(related.iter().filter_map(|id| self.handles.get(id)), NAMES)
    }
    pub(super) fn parts(&self, bundle: VariantId) -> String {
        let parts = self.parts.get(&bundle).into_iter().flatten();
        let parts: Vec<Part> = parts.map(|part| Part { sku: part.sku.clone(), quantity: part.quantity }).collect();
        told_parts(&parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(cell: &str) -> Result<Vec<(String, i64)>, String> {
        Ok(parts_of(cell, "SET")?.into_iter().map(|part| (part.sku, part.quantity)).collect())
    }

    #[test]
    fn parts_are_read_as_they_are_written() {
        let two = vec![Part { sku: "A|B".to_owned(), quantity: 2 }, Part { sku: "C*3".to_owned(), quantity: 1_000 }];
        assert_eq!(told_parts(&two), "A\\|B*2|C*3*1000");
        assert_eq!(parts_of(&told_parts(&two), "SET"), Ok(two));
        assert_eq!(parts(" CUP | JUG * 2 |"), Ok(vec![("CUP".to_owned(), 1), ("JUG".to_owned(), 2)]));
        assert_eq!(parts(""), Ok(vec![]));
    }

    #[test]
    fn what_no_bundle_can_be_made_of_is_refused() {
        let many = vec!["X"; PARTS_MAX + 1].join("|");
        for cell in ["CUP*0", "CUP*1001", "CUP*two", "*2", "CUP|CUP*2", "SET*1", &many] {
            assert!(parts(cell).is_err(), "{cell}");
        }
    }
}
