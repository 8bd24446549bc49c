//! Which rows of WooCommerce's export are one product. Variations name their parent, by SKU or number, and
//! need not stand beside it: names of products and places of variations that stand elsewhere are gathered, and put
//! together once the file is at its end.

use contracts::catalog::ImportError;

use super::{
    complaint,
    foreign::{Names, handle_of},
    index::{self, Index, Spot, Stray},
    scan::{Mark, mark, marked, stand_in},
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
    index: Index,
    /// Of each product, what its rows have so far.
    bytes: Vec<u32>,
    /// Stand-ins of the SKUs and numbers of products, each with its product and, in the lowest bit, whether it is a number.
    keys: Vec<Mark>,
    /// Variations that stand apart from their parents, each with the stand-in of that.
    strays: Vec<Stray>,
    /// Those of the product to which the row before this one belongs.
    open: [Option<u64>; 2],
}

fn sku_key(sku: &str) -> u64 {
    stand_in(&format!("sku:{}", sku.to_lowercase()))
}

fn id_key(id: &str) -> u64 {
    stand_in(&format!("id:{id}"))
}

/// Bytes of a row, or of some; a row is far from having more than this can count.
fn counted(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

impl Families {
    pub fn add(&mut self, names: &Names, row: &Row, (spot, bytes): (Spot, u64)) {
        let (id, sku) = (names.text(row, ID), names.text(row, SKU));
        let trouble = match part(names.text(row, TYPE)) {
            Part::Variation => {
                let parent = names.text(row, PARENT);
                let key = parent.strip_prefix("id:").map_or_else(|| sku_key(parent), |id| id_key(id.trim()));
                return self.add_variation(key, (spot, bytes));
            }
            Part::Other(trouble) => Some(trouble),
            Part::Product => None,
        };
        let nameless = (sku.is_empty() && id.is_empty()).then_some(Trouble::NoName);
        let product = self.index.begin(spot, bytes, nameless.or(trouble).map(index::Trouble::Woo));
        self.bytes.push(counted(bytes));
        let key = |name: &str, key: fn(&str) -> u64| Some(name).filter(|name| !name.is_empty()).map(key);
        self.open = [key(sku, sku_key), key(id, id_key)];
        for (key, is_number) in self.open.into_iter().zip([0, 1]) {
            self.keys.extend(key.map(|key| mark(key, (product << 1) | is_number)));
        }
    }

    fn add_variation(&mut self, key: u64, (spot, bytes): (Spot, u64)) {
        if !self.open.contains(&Some(key)) {
            self.open = [None; 2];
            let Spot { number, byte } = spot;
            return self.strays.push(Stray { of: key, byte, number, bytes: counted(bytes) });
        }
        self.index.push(bytes);
        if let Some(sum) = self.bytes.last_mut() {
            *sum = sum.saturating_add(counted(bytes));
        }
    }

    /// All products in the order of the file, with their variations.
    pub fn done(self) -> Index {
        let Self { mut index, bytes, mut keys, mut strays, .. } = self;
        keys.sort_unstable();
        for pair in keys.windows(2).filter(|pair| marked(pair[0]) == marked(pair[1])) {
            let (product, is_number) = (pair[1][2] >> 1, (pair[1][2] & 1) == 1);
            let same_id = index::Trouble::Woo(Trouble::SameId);
            if is_number {
                index.trouble(product, same_id);
            } else if index.trouble_of(product as usize) != Some(same_id) {
                index.trouble(product, index::Trouble::Woo(Trouble::SameSku));
            }
        }
        let mut lost: Vec<Spot> = Vec::new();
        strays.retain_mut(|row| {
            let first = keys.partition_point(|known| marked(*known) < row.of);
            let parent = keys.get(first).filter(|known| marked(**known) == row.of).map(|known| known[2] >> 1);
            match parent {
                Some(product) => row.of = u64::from(product),
                None => lost.push(Spot { number: row.number, byte: row.byte }),
            }
            parent.is_some()
        });
        drop(keys);
        index.take_in(strays, &bytes, lost);
        index
    }
}
