//! Where the rows of each product of a file are. A product takes sixteen bytes here however many rows it has and however
//! long they are; only rows that stand apart from their product's first take some more.

use contracts::catalog::limits::IMPORT_PIECE;

use super::woo_groups;

/// Most rows of one product: more than it can have variants and pictures.
pub(super) const PRODUCT_ROWS_MAX: u16 = 1_000;
/// Most bytes of the rows of one product: they are held while it is worked off.
pub(super) const PRODUCT_BYTES_MAX: u64 = 2 * IMPORT_PIECE as u64;

/// Where a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Counted from 1 with the header.
    pub number: u32,
    /// Where it begins in the file.
    pub byte: u64,
}

/// Why the rows of a product cannot be taken at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing names their product.
    NoHandle,
    /// They stand apart from others of the same product.
    Apart,
    /// There are too many.
    Endless,
    /// They are too long.
    Large,
    /// A product of WooCommerce, and why.
    Woo(woo_groups::Trouble),
}

/// A product: its first row, and how many stand together with it.
#[derive(Debug, Clone, Copy)]
struct Begin {
    byte: u64,
    number: u32,
    rows: u16,
    trouble: Option<Trouble>,
}

/// A row that stands apart from the first one of its product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stray {
    /// The number of its product; before that is known, a stand-in of its name.
    pub of: u64,
    pub byte: u64,
    pub number: u32,
    pub bytes: u32,
}

/// Products in the order of the file, and where their rows are.
#[derive(Debug, Default)]
pub(super) struct Index {
    products: Vec<Begin>,
    /// By product, those of one product in the order of the file.
    strays: Vec<Stray>,
    /// Bytes of the rows that the product begun last has so far.
    open: u64,
}

/// There are fewer rows than this can count.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl Index {
    /// Begins a product with its first row of so many bytes; the number of the product.
    pub fn begin(&mut self, spot: Spot, bytes: u64, trouble: Option<Trouble>) -> u32 {
        let Spot { number, byte } = spot;
        self.products.push(Begin { byte, number, rows: 1, trouble });
        self.open = bytes;
        self.last()
    }

    /// The product begun last.
    pub fn last(&self) -> u32 {
        place(self.products.len().saturating_sub(1))
    }

    /// Adds a row, which nothing but blank rows parts from those before it, to the product begun last.
    pub fn push(&mut self, bytes: u64) {
        let Some(product) = self.products.last_mut() else { return };
        self.open += bytes;
        if product.rows == PRODUCT_ROWS_MAX {
            product.trouble = Some(Trouble::Endless);
        } else {
            product.rows += 1;
        }
        if self.open > PRODUCT_BYTES_MAX {
            product.trouble = product.trouble.or(Some(Trouble::Large));
        }
    }

    /// Notes what is wrong with a product.
    pub fn trouble(&mut self, product: u32, trouble: Trouble) {
        if let Some(known) = self.products.get_mut(product as usize) {
            known.trouble = Some(trouble);
        }
    }

    /// Takes in rows that stand apart from the first of their product, by its number, and those of which nothing is the
    /// product, as products for themselves. `bytes` are those that each product has so far.
    pub fn take_in(&mut self, mut strays: Vec<Stray>, bytes: &[u32], lost: Vec<Spot>) {
        strays.sort_unstable_by_key(|row| (row.of, row.number));
        for rows in strays.chunk_by(|one, next| one.of == next.of) {
            let product = usize::try_from(rows[0].of).unwrap_or(usize::MAX);
            let Some(known) = self.products.get_mut(product) else { continue };
            let together = bytes.get(product).map_or(0, |bytes| u64::from(*bytes));
            if usize::from(known.rows) + rows.len() > usize::from(PRODUCT_ROWS_MAX) {
                known.trouble = Some(Trouble::Endless);
            } else if rows.iter().fold(together, |sum, row| sum + u64::from(row.bytes)) > PRODUCT_BYTES_MAX {
                known.trouble = known.trouble.or(Some(Trouble::Large));
            }
        }
        if !lost.is_empty() {
            for row in &mut strays {
                let product = usize::try_from(row.of).unwrap_or(usize::MAX);
                let number = self.products.get(product).map_or(0, |begin| begin.number);
                // So many come to stand before its product.
                row.of += lost.partition_point(|lost| lost.number < number) as u64;
            }
            let trouble = Some(Trouble::Woo(woo_groups::Trouble::NoParent));
            let lost = lost.into_iter().map(|Spot { number, byte }| Begin { byte, number, rows: 1, trouble });
            self.products.extend(lost);
            self.products.sort_unstable_by_key(|begin| begin.number);
        }
        self.strays = strays;
    }

    /// Gives back the room that nothing stands in.
    pub fn shrink(&mut self) {
        self.products.shrink_to_fit();
        self.strays.shrink_to_fit();
    }

    /// Products of the file, among them those that cannot be taken.
    pub fn len(&self) -> usize {
        self.products.len()
    }

    /// Why a product cannot be taken at all.
    pub fn trouble_of(&self, product: usize) -> Option<Trouble> {
        self.products.get(product).and_then(|begin| begin.trouble)
    }

    fn strays_of(&self, product: usize) -> &[Stray] {
        let (product, strays) = (product as u64, &self.strays);
        let from = strays.partition_point(|row| row.of < product);
        let count = strays[from..].partition_point(|row| row.of == product);
        &strays[from..from + count]
    }

    /// How many rows a product has; of one with more than it may have, at least so many.
    pub fn rows(&self, product: usize) -> usize {
        self.products.get(product).map_or(0, |begin| usize::from(begin.rows) + self.strays_of(product).len())
    }

    /// Where the rows of a product are: where some that stand together begin, and how many those are. Of a product that
    /// cannot be taken only the first is told.
    pub fn runs(&self, product: usize) -> Vec<(Spot, usize)> {
        let Some(Begin { byte, number, rows, trouble }) = self.products.get(product).copied() else {
            return Vec::new();
        };
        let first = Spot { number, byte };
        if trouble.is_some() {
            return vec![(first, 1)];
        }
        let strays = self.strays_of(product).iter().map(|row| (Spot { number: row.number, byte: row.byte }, 1));
        std::iter::once((first, usize::from(rows))).chain(strays).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(number: u32) -> Spot {
        Spot { number, byte: u64::from(number) * 100 }
    }

    /// The numbers of the rows a product is read from, how many rows there are, and what is wrong with it.
    type Seen = (Vec<(u32, usize)>, usize, Option<Trouble>);

    fn seen(index: &Index) -> Vec<Seen> {
        let runs = |n| index.runs(n).into_iter().map(|(spot, rows)| (spot.number, rows)).collect();
        (0..index.len()).map(|n| (runs(n), index.rows(n), index.trouble_of(n))).collect()
    }

    #[test]
    fn a_product_takes_sixteen_bytes_and_a_stray_row_twenty_four() {
        assert_eq!((size_of::<Begin>(), size_of::<Stray>()), (16, 24));
    }

    #[test]
    fn rows_are_counted_and_their_bytes_bounded() {
        let mut index = Index::default();
        index.begin(spot(2), PRODUCT_BYTES_MAX - 10, None);
        index.push(10);
        index.begin(spot(4), PRODUCT_BYTES_MAX - 10, None);
        index.push(11);
        index.begin(spot(6), 1, None);
        for _ in 1..PRODUCT_ROWS_MAX {
            index.push(1);
        }
        assert_eq!(index.trouble_of(2), None);
        index.push(1);
        let (large, endless) = (Some(Trouble::Large), Some(Trouble::Endless));
        assert_eq!(seen(&index), [(vec![(2, 2)], 2, None), (vec![(4, 1)], 2, large), (vec![(6, 1)], 1_000, endless)]);
        assert!(index.runs(3).is_empty() && index.rows(3) == 0);
    }

    #[test]
    fn stray_rows_come_to_their_products() {
        let stray = |of, number, bytes| Stray { of, byte: u64::from(number) * 100, number, bytes };
        let mut index = Index::default();
        for number in [2, 4, 7, 9] {
            index.begin(spot(number), 1, None);
        }
        let far = u32::try_from(PRODUCT_BYTES_MAX).unwrap();
        let strays = vec![stray(2, 8, far), stray(1, 6, 5), stray(1, 3, far - 6), stray(3, 11, far - 1)];
        index.take_in(strays, &[1, 1, 1, 1], vec![spot(5), spot(10)]);
        let lost = Some(Trouble::Woo(woo_groups::Trouble::NoParent));
        assert_eq!(
            seen(&index),
            [
                (vec![(2, 1)], 1, None),
                (vec![(4, 1), (3, 1), (6, 1)], 3, None),
                (vec![(5, 1)], 1, lost),
                (vec![(7, 1)], 2, Some(Trouble::Large)),
                (vec![(9, 1), (11, 1)], 2, None),
                (vec![(10, 1)], 1, lost),
            ]
        );
    }
}
