//! Which rows of WooCommerce's export are one product. Variations name their parent, by SKU or number, and
//! need not stand beside it: names and places of all are gathered, and put together once the file is at its end.

use contracts::catalog::ImportError;

use super::{
    complaint,
    foreign::{Names, handle_of},
    plan::{self, Index, Spot},
    scan::stand_in,
    sheet::Row,
};

pub(super) const ID: &[&str] = &["id"];
pub(super) const TYPE: &[&str] = &["type"];
pub(super) const SKU: &[&str] = &["sku"];
pub(super) const PARENT: &[&str] = &["parent"];

/// Why a product cannot be taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::csv) enum Trouble {
    Grouped,
    External,
    UnknownType,
    /// Nothing names it.
    NoName,
    /// Another product has its SKU.
    SameSku,
    /// Another product has its number.
    SameId,
    /// A variation of nothing.
    NoParent,
}

/// What is wrong, in words about the product's first row.
pub(super) fn problem(trouble: Trouble, names: &Names, row: &Row) -> ImportError {
    const SAME: &str = "Another product of the file has the same. Give each its own.";
    let column = |column, otherwise| names.first(column).unwrap_or(otherwise);
    let (column, reason) = match trouble {
        Trouble::Grouped => (
            column(TYPE, "Type"),
            "Groups of products cannot be taken. Their products are, if they stand in the file by themselves."
                .to_owned(),
        ),
        Trouble::External => (
            column(TYPE, "Type"),
            "Products that another site sells cannot be taken. Take this row out of the file.".to_owned(),
        ),
        Trouble::UnknownType => (
            column(TYPE, "Type"),
            "Products of this type cannot be taken. Make it “simple” or “variable”, or take this row out.".to_owned(),
        ),
        Trouble::NoName => {
            (column(SKU, "SKU"), "Give the product a SKU, by which it is known again in later files.".to_owned())
        }
        Trouble::SameSku => (column(SKU, "SKU"), SAME.to_owned()),
        Trouble::SameId => (column(ID, "ID"), SAME.to_owned()),
        Trouble::NoParent => (
            column(PARENT, "Parent"),
            match names.text(row, PARENT) {
                "" => "Name the product this variation belongs to: its SKU, or id: and its number.".to_owned(),
                parent => format!("No product of the file is “{parent}”. Export it together with its variations."),
            },
        ),
    };
    complaint(row.number, column, reason)
}

/// What a row is.
enum Part {
    Product,
    Variation,
    /// Something that is not sold here, and why.
    Other(Trouble),
}

fn part(types: &str) -> Part {
    let types = types.to_lowercase();
    let mut unknown = None;
    for kind in types.split(',').map(str::trim) {
        match kind {
            "variation" => return Part::Variation,
            "grouped" => return Part::Other(Trouble::Grouped),
            "external" => return Part::Other(Trouble::External),
            "simple" | "variable" | "virtual" | "downloadable" | "" => {}
            _ => unknown = Some(Trouble::UnknownType),
        }
    }
    unknown.map_or(Part::Product, Part::Other)
}

/// What our records call the product of a row; empty if nothing does.
pub(super) fn handle(names: &Names, row: &Row) -> String {
    match (names.text(row, SKU), names.text(row, ID), part(names.text(row, TYPE))) {
        (_, _, Part::Variation) | ("", "", _) => String::new(),
        ("", id, _) => handle_of(&format!("woo-{id}")),
        (sku, ..) => handle_of(sku),
    }
}

/// Finds the products of a file, row by row.
#[derive(Default)]
pub(super) struct Families {
    products: Vec<(Spot, Option<Trouble>)>,
    /// Stand-ins of the SKUs and numbers of products, each with its product, and whether it is a number.
    keys: Vec<(u64, u32, bool)>,
    /// Variations, each with the stand-in of its parent.
    variations: Vec<(u64, Spot)>,
}

fn sku_key(sku: &str) -> u64 {
    stand_in(&format!("sku:{}", sku.to_lowercase()))
}

fn id_key(id: &str) -> u64 {
    stand_in(&format!("id:{id}"))
}

impl Families {
    pub fn add(&mut self, names: &Names, row: &Row, spot: Spot) {
        let (id, sku) = (names.text(row, ID), names.text(row, SKU));
        let trouble = match part(names.text(row, TYPE)) {
            Part::Variation => {
                let parent = names.text(row, PARENT);
                let key = parent.strip_prefix("id:").map_or_else(|| sku_key(parent), |id| id_key(id.trim()));
                return self.variations.push((key, spot));
            }
            Part::Other(trouble) => Some(trouble),
            Part::Product => None,
        };
        let nameless = (sku.is_empty() && id.is_empty()).then_some(Trouble::NoName);
        let product = u32::try_from(self.products.len()).unwrap_or(u32::MAX);
        self.products.push((spot, nameless.or(trouble)));
        if !sku.is_empty() {
            self.keys.push((sku_key(sku), product, false));
        }
        if !id.is_empty() {
            self.keys.push((id_key(id), product, true));
        }
    }

    /// All products in the order of the file, with their variations.
    pub fn done(mut self) -> Index {
        self.keys.sort_unstable();
        for pair in self.keys.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
            let (_, product, is_number) = pair[1];
            let known = &mut self.products[product as usize].1;
            if is_number || *known != Some(Trouble::SameId) {
                *known = Some(if is_number { Trouble::SameId } else { Trouble::SameSku });
            }
        }
        let parent = |key: u64| {
            let first = self.keys.partition_point(|known| known.0 < key);
            self.keys.get(first).filter(|known| known.0 == key).map(|known| known.1)
        };
        let mut children: Vec<(u32, Spot)> = Vec::with_capacity(self.variations.len());
        let mut lost: Vec<Spot> = Vec::new();
        for (key, spot) in self.variations {
            match parent(key) {
                Some(product) => children.push((product, spot)),
                None => lost.push(spot),
            }
        }
        children.sort_by_key(|(product, spot)| (*product, spot.number));
        let (mut index, mut children, mut lost) =
            (Index::default(), children.into_iter().peekable(), lost.into_iter().peekable());
        for (product, (spot, trouble)) in (0_u32..).zip(self.products) {
            while let Some(orphan) = lost.next_if(|orphan| orphan.number < spot.number) {
                index.begin(orphan, Some(plan::Trouble::Woo(Trouble::NoParent)));
            }
            index.begin(spot, trouble.map(plan::Trouble::Woo));
            while let Some((_, child)) = children.next_if(|(of, _)| *of == product) {
                index.push(child);
            }
        }
        for orphan in lost {
            index.begin(orphan, Some(plan::Trouble::Woo(Trouble::NoParent)));
        }
        index
    }
}
