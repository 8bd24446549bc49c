//! Which rows of WooCommerce's export are one product. Variations name their parent, by SKU or number, and
//! need not stand beside it.

use std::collections::HashMap;

use super::{
    complaint,
    foreign::{Names, handle_of},
    plan::{Group, Spot},
    sheet::Row,
};

pub(super) const ID: &[&str] = &["id"];
pub(super) const TYPE: &[&str] = &["type"];
pub(super) const SKU: &[&str] = &["sku"];
pub(super) const PARENT: &[&str] = &["parent"];

/// What a row is.
enum Part {
    Product,
    Variation,
    /// Something that is not sold here, and why.
    Other(&'static str),
}

fn part(types: &str) -> Part {
    let types = types.to_lowercase();
    let mut unknown = None;
    for kind in types.split(',').map(str::trim) {
        match kind {
            "variation" => return Part::Variation,
            "grouped" => {
                return Part::Other(
                    "Groups of products cannot be taken. Their products are, if they stand in the file by themselves.",
                );
            }
            "external" => {
                return Part::Other("Products that another site sells cannot be taken. Take this row out of the file.");
            }
            "simple" | "variable" | "virtual" | "downloadable" | "" => {}
            _ => {
                unknown =
                    Some("Products of this type cannot be taken. Make it “simple” or “variable”, or take this row out.")
            }
        }
    }
    unknown.map_or(Part::Product, Part::Other)
}

/// Finds the products of a file, row by row.
#[derive(Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    by_key: HashMap<String, usize>,
    variations: Vec<(String, Spot)>,
}

fn sku_key(sku: &str) -> String {
    format!("sku:{}", sku.to_lowercase())
}

impl Groups {
    pub fn add(&mut self, names: &Names, row: &Row, spot: Spot) {
        let (id, sku) = (names.text(row, ID), names.text(row, SKU));
        let mut group = Group { handle: String::new(), spots: vec![spot], problem: None };
        let type_name = names.first(TYPE).unwrap_or("Type");
        match part(names.text(row, TYPE)) {
            Part::Variation => {
                let parent = names.text(row, PARENT);
                let key = match parent.strip_prefix("id:") {
                    Some(id) => format!("id:{}", id.trim()),
                    None => sku_key(parent),
                };
                return self.variations.push((key, spot));
            }
            Part::Other(reason) => group.problem = Some(complaint(spot.number, type_name, reason)),
            Part::Product => {}
        }
        group.handle = match (sku, id) {
            ("", "") => {
                let reason = "Give the product a SKU, by which it is known again in later files.";
                group.problem = Some(complaint(spot.number, names.first(SKU).unwrap_or("SKU"), reason));
                String::new()
            }
            ("", id) => handle_of(&format!("woo-{id}")),
            (sku, _) => handle_of(sku),
        };
        let keys = [(!sku.is_empty()).then(|| sku_key(sku)), (!id.is_empty()).then(|| format!("id:{id}"))];
        for key in keys.into_iter().flatten() {
            if self.by_key.contains_key(&key) {
                let name = names.first(if key.starts_with("sku:") { SKU } else { ID }).unwrap_or("SKU");
                let reason = "Another product of the file has the same. Give each its own.";
                group.problem = Some(complaint(spot.number, name, reason));
            } else {
                self.by_key.insert(key, self.groups.len());
            }
        }
        self.groups.push(group);
    }

    /// All products in the order of the file, with their variations.
    pub fn done(mut self, names: &Names) -> Vec<Group> {
        let mut lost = Vec::new();
        for (key, spot) in self.variations {
            match self.by_key.get(&key) {
                Some(index) => self.groups[*index].spots.push(spot),
                None => {
                    let parent = key.strip_prefix("sku:").unwrap_or(&key);
                    let reason = match parent {
                        "" => "Name the product this variation belongs to: its SKU, or id: and its number.".to_owned(),
                        _ => format!("No product of the file is “{parent}”. Export it together with its variations."),
                    };
                    let problem = Some(complaint(spot.number, names.first(PARENT).unwrap_or("Parent"), reason));
                    lost.push(Group { handle: String::new(), spots: vec![spot], problem });
                }
            }
        }
        self.groups.extend(lost);
        self.groups.sort_by_key(Group::first_row);
        self.groups
    }
}
