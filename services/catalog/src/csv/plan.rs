//! What is in a file: its products, and where the rows of each are, so that a large file is worked off product by
//! product without ever being held whole.

use std::sync::Arc;

use ::csv::StringRecord;
use contracts::catalog::{ImportError, ImportFormat};
use kernel::{Error, Result};

use super::{
    complaint,
    foreign::Names,
    index::{Index, PRODUCT_ROWS_MAX, Spot, Trouble},
    own,
    scan::{is_blank, reader, stand_in},
    sheet::{Header, Row, Sheet, Terms},
    shopify, woo, woo_groups,
};
use crate::model::Tree;

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

/// What a file begins with.
#[derive(Debug)]
pub(super) enum Head {
    Own(Arc<Header>),
    Shopify(Names),
    Woocommerce(Names),
}

impl Head {
    /// False for a file of another shop system that does not say how many there are of what.
    fn tells_stock(&self) -> bool {
        match self {
            Self::Own(_) => true,
            Self::Shopify(names) => shopify::tells_stock(names),
            Self::Woocommerce(names) => woo::tells_stock(names),
        }
    }
}

/// What is said of a file without a column for stock.
const NO_STOCK: &str = "The file does not say how many there are, so new products begin with none. Check it again with a \
    “Stock of what is new”, or enter it under Stock afterwards.";

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
        index.shrink();
        // What cannot be taken at all is not linked either.
        named.linked.retain(|product| index.trouble_of(*product as usize).is_none());
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
        self.index.len()
    }

    /// How many rows a product has.
    pub fn rows(&self, product: usize) -> usize {
        self.index.rows(product)
    }

    /// Where the rows of a product that are to be read begin, and how many stand together there: of one that cannot be
    /// taken only the first row.
    pub fn runs(&self, product: usize) -> Vec<(Spot, usize)> {
        self.index.runs(product)
    }

    /// The next rows from `at` on, which `text` begins with, but no more than `most`, and none that goes on behind `text`
    /// unless that is the end. `at` is left behind what was taken; it stays where it is if that is nothing.
    pub fn read(&self, at: &mut Spot, text: &[u8], is_end: bool, most: usize) -> Result<Vec<Row>> {
        let (mut reader, mut cells) = (reader(text, self.delimiter), StringRecord::new());
        let (mut rows, begins) = (Vec::new(), at.byte);
        while rows.len() < most {
            let found = match reader.read_record(&mut cells) {
                Ok(found) => found,
                // Half of a letter at the end is no mistake of the file's.
                Err(_) if !is_end => break,
                Err(error) => return Err(Error::internal(error)),
            };
            let end = if found { reader.position().byte() } else { text.len() as u64 };
            // A row that ends where the piece does may go on in the next one.
            if found && !is_end && end == text.len() as u64 {
                break;
            }
            at.byte = begins + end;
            if !found {
                break;
            }
            if !is_blank(&cells) {
                rows.push(Row::read(i64::from(at.number), std::mem::take(&mut cells)));
            }
            at.number += 1;
        }
        Ok(rows)
    }

    /// What the rows of a product say.
    pub fn told(&self, product: usize, rows: Vec<Row>, tree: &Tree, terms: Terms) -> Told {
        let problem = self.index.trouble_of(product).zip(rows.first()).map(|(trouble, row)| self.problem(trouble, row));
        let handle = rows.first().map_or_else(String::new, |row| self.head.handle(row));
        let mut sheet = match &self.head {
            Head::Own(header) => {
                let mut sheet = Sheet::own(header.clone(), rows);
                own::read_pictures(&mut sheet);
                sheet
            }
            Head::Shopify(names) => shopify::sheet(names, &rows, tree, terms),
            Head::Woocommerce(names) => woo::sheet(names, &rows, tree, terms),
        };
        // What holds for the whole file is said with its first product.
        if product == 0 && !self.head.tells_stock() {
            sheet.note_uncounted(1, "", NO_STOCK);
        }
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
            (Trouble::Large, _) => {
                let reason = "The rows of this product have more than 8 MB together. Shorten its texts, or look for a missing \
                    quotation mark.";
                complaint(row.number, column, reason)
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

    /// The rows that are read of a product.
    fn rows(plan: &Plan, file: &[u8], product: usize) -> Vec<Row> {
        let read = |(at, count): (Spot, usize)| plan.read(&mut { at }, &file[at.byte as usize..], true, count).unwrap();
        plan.runs(product).into_iter().flat_map(read).collect()
    }

    /// Rows that are read of each product, and its trouble.
    fn seen(plan: &Plan, file: &[u8]) -> Vec<(Vec<i64>, Option<Trouble>)> {
        let numbers = |n| rows(plan, file, n).iter().map(|row| row.number).collect();
        (0..plan.products()).map(|n| (numbers(n), plan.index.trouble_of(n))).collect()
    }

    #[test]
    fn products_are_found_with_their_rows_in_pieces_of_any_size() {
        let file = "\u{feff}Handle, SKU ,title\nmug,M1,\"A \"\"fïne\"\"\nmug\"\r\n,,\nmug,M2,\n,,\n\n\nbowl,B1,Bowl\nmug,M3,\n,X,\nbowl,B2\n".as_bytes();
        for piece in 1..=file.len() {
            let plan = plan(file, piece).unwrap();
            assert_eq!((plan.rows_total, plan.format()), (8, ImportFormat::Own), "{piece}");
            let (apart, none) = (Some(Trouble::Apart), Some(Trouble::NoHandle));
            let expected = [(vec![2, 4], None), (vec![6], None), (vec![7], apart), (vec![8], none), (vec![9], apart)];
            assert_eq!(seen(&plan, file), expected, "{piece}");
            let Head::Own(header) = &plan.head else { panic!("it is our own") };
            let mug = rows(&plan, file, 0);
            assert_eq!(mug[0].cell(header, "title"), "A \"fïne\"\nmug");
            assert_eq!((mug[1].number, mug[1].cell(header, "sku")), (4, "M2"));
            let later = rows(&plan, file, 4);
            assert_eq!((later[0].cell(header, "sku"), later[0].is_whole(header)), ("B2", false));
        }
        let plan = plan(file, 7).unwrap();
        let (first, title) = (plan.runs(0)[0].0, file.iter().position(|byte| *byte > 0xc0 && *byte != 0xef).unwrap());
        // Cut in the middle of a letter, in the middle of a cell.
        for end in [title + 1, title + 5] {
            let mut at = first;
            assert!(plan.read(&mut at, &file[first.byte as usize..end], false, 9).unwrap().is_empty(), "{end}");
            assert_eq!(at, first, "{end}");
        }
        assert!(plan.runs(5).is_empty() && plan.products() == 5);
    }

    /// Wherever the text is cut, what was taken and what is left are the whole.
    #[test]
    fn rows_are_read_on_from_where_a_piece_ends() {
        let file = "handle,sku,title\r\nmug,M1,\"a\nü\"\r\n,,\r\n\r\nmug,M2,b\r\nmug,M3,c\r\n".as_bytes();
        let plan = plan(file, 6).unwrap();
        let (first, count) = plan.runs(0)[0];
        assert_eq!((plan.products(), first.number, count, plan.rows(0)), (1, 2, 3, 3));
        for cut in first.byte as usize..file.len() {
            let (mut at, mut numbers) = (first, Vec::new());
            let head = plan.read(&mut at, &file[first.byte as usize..cut], false, count).unwrap();
            let (left, rest) = (count - head.len(), &file[at.byte as usize..]);
            assert!(at.byte as usize <= cut, "{cut}");
            let tail = plan.read(&mut at, rest, true, left).unwrap();
            numbers.extend(head.iter().chain(&tail).map(|row| row.number));
            assert_eq!(numbers, [2, 4, 5], "{cut}");
        }
    }

    #[test]
    fn files_that_cannot_be_read() {
        for (file, row, column) in [
            (&b""[..], 1, ""),
            (b"handle,prise,sku\n", 1, "prise"),
            (b"handle,title\n", 1, "sku"),
            (b"handle,sku,SKU\n", 1, "sku"),
            (b"handle,sku\nm\xffg,1\n", 2, ""),
            (b"handle,sku\nm\0g,1\n", 1, ""),
        ] {
            for piece in [1, 5, 100] {
                let error = plan(file, piece).unwrap_err();
                assert_eq!((error.row, error.column.as_str()), (row, column), "{}", error.reason);
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
        assert_eq!((plan.rows(0), plan.rows(1)), (1_000, 1));
        let expected = [(vec![2], Some(Trouble::Endless)), (vec![1_502], None)];
        assert_eq!(seen(&plan, file.as_bytes()), expected);
    }

    #[test]
    fn a_product_with_too_long_rows_is_refused_by_its_first() {
        let long = "x".repeat(3 << 20);
        let file = format!("handle,sku,title\nmug,1,{long}\nmug,2,{long}\nmug,3,{long}\njug,1,{long}\njug,2,{long}\n");
        let plan = plan(file.as_bytes(), 1 << 20).unwrap();
        let expected = [(vec![2], Some(Trouble::Large)), (vec![5, 6], None)];
        assert_eq!(seen(&plan, file.as_bytes()), expected);
        assert_eq!((plan.rows(0), plan.rows(1)), (3, 2));
        let told = plan.problem(Trouble::Large, &rows(&plan, file.as_bytes(), 0)[0]);
        let reason = "The rows of this product have more than 8 MB together. Shorten its texts, or look for a missing \
            quotation mark.";
        assert_eq!((told.row, told.column.as_str(), told.reason.as_str()), (2, "handle", reason));
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
            assert_eq!(seen(&plan, file), expected);
            let Head::Woocommerce(names) = &plan.head else { panic!("it is WooCommerce's") };
            let lost = rows(&plan, file, 3);
            let told = woo_groups::problem(NoParent, names, &lost[0]);
            assert_eq!((told.row, told.column.as_str()), (7, "Parent"));
            assert!(told.reason.contains("“id:99”"), "{}", told.reason);
        }
    }
}
