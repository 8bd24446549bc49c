//! What is in a file: its products, each with the places of its rows. A row takes sixteen bytes here however long it
//! is, so that a large file is worked off product by product without ever being held whole.

use ::csv::StringRecord;
use contracts::catalog::{ImportError, ImportFormat};
use kernel::{Error, Result};

use super::{
    complaint,
    foreign::Names,
    scan::{reader, stand_in},
    sheet::{Header, Row, Sheet, Terms},
    shopify, woo, woo_groups,
};
use crate::model::Tree;

/// Most rows of one product: more than it can have variants and pictures.
const PRODUCT_ROWS_MAX: usize = 1_000;

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
    /// A product of WooCommerce, and why.
    Woo(woo_groups::Trouble),
}

/// Products in the order of the file, and where their rows are.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Rows by product, those of one product in succession.
    spots: Vec<Spot>,
    /// Of each product where its spots begin, and what is wrong with it.
    products: Vec<(u32, Option<Trouble>)>,
}

impl Index {
    /// Begins a product with its first row; the number of the product.
    pub fn begin(&mut self, spot: Spot, trouble: Option<Trouble>) -> u32 {
        self.products.push((place(self.spots.len()), trouble));
        self.spots.push(spot);
        place(self.products.len() - 1)
    }
    /// The product begun last.
    pub fn last(&self) -> u32 {
        place(self.products.len().saturating_sub(1))
    }
    /// Adds a row to the product begun last.
    pub fn push(&mut self, spot: Spot) {
        let Some((begins, trouble)) = self.products.last_mut() else { return };
        if self.spots.len() - *begins as usize == PRODUCT_ROWS_MAX {
            *trouble = Some(Trouble::Endless);
        } else {
            self.spots.push(spot);
        }
    }
    /// Notes what is wrong with a product.
    pub fn trouble(&mut self, product: u32, trouble: Trouble) {
        if let Some(known) = self.products.get_mut(product as usize) {
            known.1 = Some(trouble);
        }
    }
}

/// What a file itself names, if its rows refer to others: eight bytes for each product and each row, sorted.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Products with rows that refer to others, in the order of the file: four bytes each.
    pub linked: Vec<u32>,
    /// Stand-ins of handles.
    pub handles: Vec<u64>,
    /// Stand-ins of SKUs.
    pub skus: Vec<u64>,
}

/// There are fewer rows than this can count.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What a file begins with.
#[derive(Debug)]
pub(super) enum Head {
    Own(Box<Header>),
    Shopify(Names),
    Woocommerce(Names),
}

/// What is in a file.
#[derive(Debug)]
pub(crate) struct Plan {
    head: Head,
    delimiter: u8,
    index: Index,
    named: Named,
    pub rows_total: i64,
}

/// What a file says of one product.
#[derive(Debug)]
pub(crate) struct Told {
    pub handle: String,
    pub sheet: Sheet,
    /// Why its rows cannot be taken at all.
    pub problem: Option<ImportError>,
}

impl Plan {
    pub(super) fn new(head: Head, delimiter: u8, mut index: Index, mut named: Named, rows_total: i64) -> Self {
        index.spots.shrink_to_fit();
        index.products.shrink_to_fit();
        // What cannot be taken at all is not linked either.
        named
            .linked
            .retain(|product| index.products.get(*product as usize).is_some_and(|(_, trouble)| trouble.is_none()));
        named.linked.shrink_to_fit();
        for names in [&mut named.handles, &mut named.skus] {
            names.sort_unstable();
            names.shrink_to_fit();
        }
        Self { head, delimiter, index, named, rows_total }
    }

    /// The products that can be taken with rows that refer to other products or variants.
    pub fn linked(&self) -> &[u32] {
        &self.named.linked
    }

    /// True if the file has rows of a product with this handle.
    pub fn names_product(&self, handle: &str) -> bool {
        self.named.handles.binary_search(&stand_in(handle)).is_ok()
    }

    /// True if the file has a row with this SKU.
    pub fn names_variant(&self, sku: &str) -> bool {
        self.named.skus.binary_search(&stand_in(sku)).is_ok()
    }

    /// Products of the file, among them those that cannot be taken.
    pub fn products(&self) -> usize {
        self.index.products.len()
    }

    /// Where the rows of a product are; at least one, unless there is no such product.
    pub fn spots(&self, product: usize) -> &[Spot] {
        let begins = |product: usize| self.index.products.get(product).map(|(begins, _)| *begins as usize);
        let Some(from) = begins(product) else { return &[] };
        &self.index.spots[from..begins(product + 1).unwrap_or(self.index.spots.len())]
    }

    /// The row at `spot`, which `text` begins with; none if the row goes on behind it and `text` is not the end.
    pub fn row(&self, spot: Spot, text: &[u8], is_end: bool) -> Result<Option<Row>> {
        let (mut reader, mut cells) = (reader(text, self.delimiter), StringRecord::new());
        let found = match reader.read_record(&mut cells) {
            Ok(found) => found,
            // Half of a letter at the end is no mistake of the file's.
            Err(_) if !is_end => return Ok(None),
            Err(error) => return Err(Error::internal(error)),
        };
        let is_cut = !is_end && reader.position().byte() == text.len() as u64;
        Ok((found && !is_cut).then(|| Row { number: i64::from(spot.number), cells }))
    }

    /// What the rows of a product say.
    pub fn told(&self, product: usize, rows: Vec<Row>, tree: &Tree, terms: Terms) -> Told {
        let trouble = self.index.products.get(product).and_then(|(_, trouble)| *trouble);
        let problem = trouble.zip(rows.first()).map(|(trouble, row)| self.problem(trouble, row));
        let handle = rows.first().map_or_else(String::new, |row| self.head.handle(row));
        let sheet = match &self.head {
            Head::Own(header) => Sheet::own(Header::clone(header), rows),
            Head::Shopify(names) => shopify::sheet(names, &rows, tree, terms),
            Head::Woocommerce(names) => woo::sheet(names, &rows, tree, terms),
        };
        Told { handle, sheet, problem }
    }

    fn problem(&self, trouble: Trouble, row: &Row) -> ImportError {
        let column = match &self.head {
            Head::Own(_) => "handle",
            Head::Shopify(names) => shopify::handle_column(names),
            Head::Woocommerce(names) => names.first(woo_groups::SKU).unwrap_or("SKU"),
        };
        match (trouble, &self.head) {
            (Trouble::Woo(trouble), Head::Woocommerce(names)) => woo_groups::problem(trouble, names, row),
            (Trouble::NoHandle | Trouble::Woo(_), _) => {
                complaint(row.number, column, "Name the product this row belongs to.")
            }
            (Trouble::Apart, _) => {
                let reason = "The rows of a product must stand together; these are apart from its others.";
                complaint(row.number, column, reason)
            }
            (Trouble::Endless, _) => {
                complaint(row.number, column, format!("A product has at most {PRODUCT_ROWS_MAX} rows."))
            }
        }
    }

    /// Whose format the file has.
    pub fn format(&self) -> ImportFormat {
        match self.head {
            Head::Own(_) => ImportFormat::Own,
            Head::Shopify(_) => ImportFormat::Shopify,
            Head::Woocommerce(_) => ImportFormat::Woocommerce,
        }
    }

    /// Columns that nothing is made of.
    pub fn ignored_columns(&self) -> Vec<String> {
        match &self.head {
            Head::Own(_) => Vec::new(),
            Head::Shopify(names) => names.ignored(shopify::is_used),
            Head::Woocommerce(names) => names.ignored(woo::is_used),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::scan::{ROW_MAX, Scan};

    /// The file, come in pieces of so many bytes.
    fn plan(file: &[u8], piece: usize) -> Result<Plan, ImportError> {
        let mut scan = Scan::default();
        for part in file.chunks(piece.max(1)) {
            scan.feed(part, false)?;
        }
        scan.feed(b"", true)?;
        scan.done()
    }

    /// Rows and trouble of each product.
    fn seen(plan: &Plan) -> Vec<(Vec<u32>, Option<Trouble>)> {
        let rows = |n: usize| plan.spots(n).iter().map(|spot| spot.number).collect();
        plan.index.products.iter().enumerate().map(|(n, (_, trouble))| (rows(n), *trouble)).collect()
    }

    fn rows(plan: &Plan, file: &[u8], product: usize) -> Vec<Row> {
        let row = |spot: &Spot| plan.row(*spot, &file[spot.byte as usize..], true).unwrap().unwrap();
        plan.spots(product).iter().map(row).collect()
    }

    #[test]
    fn products_are_found_with_their_rows_in_pieces_of_any_size() {
        let file = "\u{feff}Handle, SKU ,title\nmug,M1,\"A \"\"fïne\"\"\nmug\"\r\nmug,M2,\n,,\n\n\nbowl,B1,Bowl\nmug,M3,\n,X,\nbowl,B2\n".as_bytes();
        for piece in 1..=file.len() {
            let plan = plan(file, piece).unwrap();
            assert_eq!((plan.rows_total, plan.format()), (7, ImportFormat::Own), "{piece}");
            let (apart, none) = (Some(Trouble::Apart), Some(Trouble::NoHandle));
            let expected = [(vec![2, 3], None), (vec![5], None), (vec![6], apart), (vec![7], none), (vec![8], apart)];
            assert_eq!(seen(&plan), expected, "{piece}");
            let Head::Own(header) = &plan.head else { panic!("it is our own") };
            let mug = rows(&plan, file, 0);
            assert_eq!(mug[0].cell(header, "title"), "A \"fïne\"\nmug");
            assert_eq!((mug[1].number, mug[1].cell(header, "sku")), (3, "M2"));
            let later = rows(&plan, file, 4);
            assert_eq!((later[0].cell(header, "sku"), later[0].is_whole(header)), ("B2", false));
        }
        let plan = plan(file, 7).unwrap();
        let (spot, title) = (plan.spots(0)[0], file.iter().position(|byte| *byte > 0xc0 && *byte != 0xef).unwrap());
        // Cut in the middle of a letter, in the middle of a cell, at the end of the row.
        for end in [title + 1, title + 5] {
            assert!(plan.row(spot, &file[spot.byte as usize..end], false).unwrap().is_none(), "{end}");
        }
        assert!(plan.spots(5).is_empty() && plan.products() == 5);
    }

    #[test]
    fn files_that_cannot_be_read() {
        for (file, column) in [
            (&b""[..], ""),
            (b"handle,prise,sku\n", "prise"),
            (b"handle,title\n", "sku"),
            (b"handle,sku,SKU\n", "sku"),
            (b"handle,sku\nm\xffg,1\n", ""),
            (b"handle,sku\nm\0g,1\n", ""),
        ] {
            for piece in [1, 5, 100] {
                let error = plan(file, piece).unwrap_err();
                assert_eq!((error.row, error.column.as_str()), (1, column), "{}", error.reason);
            }
        }
        assert_eq!(plan(b"handle,sku\n", 4).unwrap().products(), 0);
    }

    #[test]
    fn products_that_refer_to_others_are_known() {
        let file =
            b"handle,sku,related,parts\na,A,,\nb,B,,\nb,B2,,A*1\nb,B3,,A*2\nc,C,a,\nd,D,,\nb,B4,a,\n,E,a,\nf,F,a|c,A\n";
        for piece in [1, 9, 1_000] {
            let plan = plan(file, piece).unwrap();
            // Neither what stands apart nor what is called nothing.
            assert_eq!((plan.products(), plan.linked()), (7, &[1, 2, 6][..]), "{piece}");
            assert!(plan.names_product("d") && plan.names_variant("B2") && !plan.names_product("B2"));
        }
        let silent = plan(b"handle,sku,related,parts\na,A,,\nb,B,,\n", 9).unwrap();
        assert!(silent.linked().is_empty() && !silent.names_product("a"));
    }

    #[test]
    fn a_row_without_an_end_and_a_product_without_one_are_refused() {
        let mut file = b"handle,sku\nmug,1\njug,\"2\n".to_vec();
        file.resize(ROW_MAX + 1_000, b'x');
        let error = plan(&file, 1 << 20).unwrap_err();
        assert_eq!((error.row, error.column.as_str()), (3, ""), "{}", error.reason);

        let file = format!("handle,sku\n{}jug,1\n", "mug,1\n".repeat(1_500));
        let plan = plan(file.as_bytes(), 4_000).unwrap();
        assert_eq!((plan.products(), plan.spots(0).len(), plan.spots(1)[0].number), (2, 1_000, 1_502));
        assert_eq!((seen(&plan)[0].1, seen(&plan)[1].1), (Some(Trouble::Endless), None));
    }

    #[test]
    fn formats_are_known_by_their_headers() {
        for (header, format) in [
            ("Handle,Title,Body (HTML),Variant Price", ImportFormat::Shopify),
            ("Title,URL handle,Description,SKU,Price", ImportFormat::Shopify),
            ("ID;Type;SKU;Name;Regular price", ImportFormat::Woocommerce),
            ("\u{feff}SKU,Name,Short description", ImportFormat::Woocommerce),
            ("handle,title,option1_name,option1,sku,price", ImportFormat::Own),
        ] {
            assert_eq!(plan(header.as_bytes(), 3).unwrap().format(), format, "{header}");
        }
        let header = b"Handle,Title,Variant Price,Cost per item,Material (product.metafields.my.x)\n";
        let ignored = plan(header, 100).unwrap().ignored_columns();
        assert_eq!(ignored, ["Cost per item", "Material (product.metafields.my.x)"]);
        let header = b"ID,SKU,Name,Regular price,Tax class,Attribute 1 name,Attribute 1 visible,Weight (lbs),Meta: x\n";
        assert_eq!(plan(header, 100).unwrap().ignored_columns(), ["Tax class", "Attribute 1 visible", "Meta: x"]);
    }

    #[test]
    fn variations_find_their_parents_anywhere() {
        use woo_groups::Trouble::{Grouped, NoParent, SameSku};
        let file = b"ID,Type,SKU,Name,Regular price,Parent\n1,variable,SHIRT,Shirt,,\n2,simple,,Cup,5,\n3,variation,,,9,SHIRT\n\
            4,variation,,,9,id:5\n5,variable,,Late,,\n6,variation,,,9,id:99\n7,grouped,SET,Set,,\n8,\"simple, virtual\",shirt,Twice,1,\n9,variation,,,1,\n";
        for piece in [1, 10, 1_000] {
            let plan = plan(file, piece).unwrap();
            let expected = [
                (vec![2, 4], None),
                (vec![3], None),
                (vec![6, 5], None),
                (vec![7], Some(Trouble::Woo(NoParent))),
                (vec![8], Some(Trouble::Woo(Grouped))),
                (vec![9], Some(Trouble::Woo(SameSku))),
                (vec![10], Some(Trouble::Woo(NoParent))),
            ];
            assert_eq!(seen(&plan), expected);
            let Head::Woocommerce(names) = &plan.head else { panic!("it is WooCommerce's") };
            let lost = rows(&plan, file, 3);
            let told = woo_groups::problem(NoParent, names, &lost[0]);
            assert_eq!((told.row, told.column.as_str()), (7, "Parent"));
            assert!(told.reason.contains("“id:99”"), "{}", told.reason);
        }
    }
}
