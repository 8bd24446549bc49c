//! A first pass over a file: is it readable, whose format has it, which products are in it, where are
//! the rows of each.

use std::{collections::BTreeSet, io::Cursor};

use ::csv::{Position, Reader, ReaderBuilder, StringRecord};
use contracts::catalog::{ImportError, ImportFormat};
use kernel::{Error, Result};

use super::{
    complaint,
    foreign::{Names, handle_of},
    own,
    sheet::{Header, Row, Sheet, Terms},
    shopify, woo,
    woo_groups::Groups,
};
use crate::model::Tree;

/// Where a row is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    /// Counted from 1 with the header.
    pub number: i64,
    byte: u64,
}

/// The rows of one product.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub handle: String,
    /// At least one.
    pub spots: Vec<Spot>,
    /// Why these rows cannot be taken at all.
    pub problem: Option<ImportError>,
}

impl Group {
    pub fn first_row(&self) -> i64 {
        self.spots.first().map_or(0, |spot| spot.number)
    }
}

/// What a file begins with.
#[derive(Debug)]
enum Head {
    Own(Box<Header>),
    Shopify(Names),
    Woocommerce(Names),
}

/// What is in a file.
#[derive(Debug)]
pub(crate) struct Plan {
    head: Head,
    pub groups: Vec<Group>,
    pub rows_total: i64,
}

/// The text of a file; spreadsheets like to put a mark before it.
fn text_of(file: &[u8]) -> Result<&[u8], ImportError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    std::str::from_utf8(file).map_err(|_| complaint(1, "", "The file is not UTF-8. Save it as “CSV UTF-8”."))?;
    if file.contains(&0) {
        Err(complaint(1, "", "The file holds NUL characters, so it is not a text."))
    } else {
        Ok(file)
    }
}

fn reader(text: &[u8]) -> Reader<Cursor<&[u8]>> {
    // German spreadsheets part cells by semicolons; no column name of any format holds one.
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if header.contains(&b';') && !header.contains(&b',') { b';' } else { b',' };
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(Cursor::new(text))
}

fn head_of(record: &StringRecord) -> Result<Head, ImportError> {
    let names = Names::of(record);
    if shopify::is_header(&names) {
        Ok(Head::Shopify(names))
    } else if woo::is_header(&names) {
        Ok(Head::Woocommerce(names))
    } else {
        own::header_of(record).map(|header| Head::Own(Box::new(header)))
    }
}

/// Products of a file whose rows stand together.
#[derive(Default)]
struct Neighbours {
    groups: Vec<Group>,
    seen: BTreeSet<String>,
}

impl Neighbours {
    fn add(&mut self, handle: &str, column: &str, spot: Spot) {
        if let Some(last) = self.groups.last_mut().filter(|last| last.handle == handle && !handle.is_empty()) {
            return last.spots.push(spot);
        }
        let problem = match handle {
            "" => Some("Name the product this row belongs to."),
            known if !self.seen.insert(known.to_owned()) => {
                Some("The rows of a product must stand together; these are apart from its others.")
            }
            _ => None,
        };
        let problem = problem.map(|reason| complaint(spot.number, column, reason));
        self.groups.push(Group { handle: handle.to_owned(), spots: vec![spot], problem });
    }
}

impl Plan {
    /// Looks through a file.
    ///
    /// # Errors
    /// Says why the file cannot be read at all.
    pub fn of(file: &[u8]) -> Result<Self, ImportError> {
        let text = text_of(file)?;
        let mut reader = reader(text);
        let unreadable = |e: ::csv::Error| complaint(1, "", format!("The file cannot be read as CSV: {e}."));
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).map_err(unreadable)? {
            return Err(complaint(1, "", "The file is empty."));
        }
        let head = head_of(&record)?;
        let (mut neighbours, mut families, mut number) = (Neighbours::default(), Groups::default(), 1);
        while reader.read_record(&mut record).map_err(unreadable)? {
            number += 1;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let spot = Spot { number, byte: record.position().map_or(0, Position::byte) };
            let row = Row { number, cells: record.clone() };
            match &head {
                Head::Own(header) => neighbours.add(row.cell(header, "handle"), "handle", spot),
                Head::Shopify(names) => {
                    let handle = shopify::handle(names, &row);
                    let handle = if handle.is_empty() { String::new() } else { handle_of(handle) };
                    neighbours.add(&handle, shopify::handle_column(names), spot);
                }
                Head::Woocommerce(names) => families.add(names, &row, spot),
            }
        }
        let groups = match &head {
            Head::Woocommerce(names) => families.done(names),
            _ => neighbours.groups,
        };
        Ok(Self { head, groups, rows_total: number - 1 })
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

    /// The rows of some groups that follow each other.
    pub fn rows(&self, file: &[u8], range: std::ops::Range<usize>) -> Result<Vec<Vec<Row>>> {
        let groups = self.groups.get(range).unwrap_or_default();
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let mut reader = reader(text_of(file).map_err(|e| Error::internal(e.reason))?);
        let mut record = StringRecord::new();
        let mut read = |spot: &Spot| {
            let mut position = Position::new();
            position.set_byte(spot.byte);
            reader.seek(position).map_err(Error::internal)?;
            reader.read_record(&mut record).map_err(Error::internal)?;
            Ok(Row { number: spot.number, cells: record.clone() })
        };
        groups.iter().map(|group| group.spots.iter().map(&mut read).collect()).collect()
    }

    /// What some rows say of their product.
    pub fn sheet(&self, rows: Vec<Row>, tree: &Tree, terms: Terms) -> Sheet {
        match &self.head {
            Head::Own(header) => Sheet::own(Header::clone(header), rows),
            Head::Shopify(names) => shopify::sheet(names, &rows, tree, terms),
            Head::Woocommerce(names) => woo::sheet(names, &rows, tree, terms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_found_with_their_rows() {
        let file = b"\xef\xbb\xbfHandle, SKU ,title\nmug,M1,\"A \"\"fine\"\"\nmug\"\nmug,M2,\n,,\nbowl,B1,Bowl\nmug,M3,\n,X,\nbowl,B2\n";
        let plan = Plan::of(file).unwrap();
        assert_eq!((plan.rows_total, plan.format()), (7, ImportFormat::Own));
        let seen: Vec<_> = plan
            .groups
            .iter()
            .map(|g| (g.handle.as_str(), g.first_row(), g.spots.len(), g.problem.is_some()))
            .collect();
        assert_eq!(
            seen,
            [("mug", 2, 2, false), ("bowl", 5, 1, false), ("mug", 6, 1, true), ("", 7, 1, true), ("bowl", 8, 1, true)]
        );
        let Head::Own(header) = &plan.head else { panic!("it is our own") };
        let rows = plan.rows(file, 0..2).unwrap();
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(rows[0][0].cell(header, "title"), "A \"fine\"\nmug");
        assert_eq!((rows[1][0].number, rows[1][0].cell(header, "sku")), (5, "B1"));
        let later = plan.rows(file, 4..5).unwrap();
        assert_eq!((later[0][0].number, later[0][0].is_whole(header)), (8, false));
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
            let error = Plan::of(file).unwrap_err();
            assert_eq!((error.row, error.column.as_str()), (1, column), "{}", error.reason);
        }
        assert_eq!(Plan::of(b"handle,sku\n").unwrap().groups.len(), 0);
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
            assert_eq!(Plan::of(header.as_bytes()).unwrap().format(), format, "{header}");
        }
        let plan = Plan::of(b"Handle,Title,Variant Price,Cost per item,Material (product.metafields.my.x)\n").unwrap();
        assert_eq!(plan.ignored_columns(), ["Cost per item", "Material (product.metafields.my.x)"]);
        let plan = Plan::of(
            b"ID,SKU,Name,Regular price,Tax class,Attribute 1 name,Attribute 1 visible,Weight (lbs),Meta: x\n",
        );
        assert_eq!(plan.unwrap().ignored_columns(), ["Tax class", "Attribute 1 visible", "Meta: x"]);
    }

    #[test]
    fn variations_find_their_parents_anywhere() {
        let file = b"ID,Type,SKU,Name,Regular price,Parent\n1,variable,SHIRT,Shirt,,\n2,simple,,Cup,5,\n3,variation,,,9,SHIRT\n\
            4,variation,,,9,id:5\n5,variable,,Late,,\n6,variation,,,9,id:99\n7,grouped,SET,Set,,\n8,\"simple, virtual\",shirt,Twice,1,\n9,variation,,,1,\n";
        let plan = Plan::of(file).unwrap();
        let seen: Vec<_> = plan
            .groups
            .iter()
            .map(|g| (g.spots.iter().map(|s| s.number).collect(), g.problem.as_ref().map(|p| p.column.as_str())))
            .collect::<Vec<(Vec<i64>, _)>>();
        let expected: [(&[i64], Option<&str>); 7] = [
            (&[2, 4], None),
            (&[3], None),
            (&[6, 5], None),
            (&[7], Some("Parent")),
            (&[8], Some("Type")),
            (&[9], Some("SKU")),
            (&[10], Some("Parent")),
        ];
        assert_eq!(seen, expected.map(|(rows, column)| (rows.to_vec(), column)));
        let rows = plan.rows(file, 2..3).unwrap();
        assert_eq!(rows[0].iter().map(|row| row.number).collect::<Vec<_>>(), [6, 5]);
    }
}
