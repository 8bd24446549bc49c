//! A first pass over a file: is it readable, which products are in it, where does each begin.

use std::{collections::BTreeSet, io::Cursor};

use ::csv::{Position, Reader, ReaderBuilder, StringRecord};
use contracts::catalog::ImportError;
use kernel::{Error, Result, text::unguard_cell};

use super::COLUMNS;

/// Where the columns of a file are.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
}

impl Header {
    /// True if the file has the column.
    pub fn has(&self, column: &str) -> bool {
        self.place(column).is_some()
    }
    fn place(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|known| *known == column).and_then(|index| self.places[index])
    }
}

/// A row of a file.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Counted from 1 with the header.
    pub number: i64,
    cells: StringRecord,
}

impl Row {
    /// A cell without the spaces around it; empty if the file has no such column.
    pub fn cell<'a>(&'a self, header: &Header, column: &str) -> &'a str {
        header.place(column).and_then(|place| self.cells.get(place)).map_or("", |cell| unguard_cell(cell).trim())
    }
    /// True if it has as many cells as the header.
    pub fn is_whole(&self, header: &Header) -> bool {
        self.cells.len() == header.width
    }
}

/// The rows of one product.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub handle: String,
    pub first_row: i64,
    pub rows: usize,
    /// Why these rows cannot be taken at all.
    pub problem: Option<&'static str>,
    start: Position,
}

/// What is in a file.
#[derive(Debug)]
pub(crate) struct Plan {
    pub header: Header,
    pub groups: Vec<Group>,
    pub rows_total: i64,
}

fn broken(row: i64, column: &str, reason: impl Into<String>) -> ImportError {
    ImportError { row, column: column.to_owned(), reason: reason.into() }
}

/// The text of a file; spreadsheets like to put a mark before it.
fn text_of(file: &[u8]) -> Result<&[u8], ImportError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    std::str::from_utf8(file).map_err(|_| broken(1, "", "The file is not UTF-8. Save it as “CSV UTF-8”."))?;
    if file.contains(&0) { Err(broken(1, "", "The file holds NUL characters, so it is not a text.")) } else { Ok(file) }
}

fn reader(text: &[u8]) -> Reader<Cursor<&[u8]>> {
    ReaderBuilder::new().has_headers(false).flexible(true).from_reader(Cursor::new(text))
}

impl Plan {
    /// Looks through a file.
    ///
    /// # Errors
    /// Says why the file cannot be read at all.
    pub fn of(file: &[u8]) -> Result<Self, ImportError> {
        let text = text_of(file)?;
        let mut reader = reader(text);
        let unreadable = |e: ::csv::Error| broken(1, "", format!("The file cannot be read as CSV: {e}."));
        let mut record = StringRecord::new();
        if !reader.read_record(&mut record).map_err(unreadable)? {
            return Err(broken(1, "", "The file is empty."));
        }
        let header = header_of(&record)?;
        let (mut groups, mut seen, mut number): (Vec<Group>, BTreeSet<String>, i64) = (Vec::new(), BTreeSet::new(), 1);
        while reader.read_record(&mut record).map_err(unreadable)? {
            number += 1;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let start = record.position().cloned().unwrap_or_else(Position::new);
            let row = Row { number, cells: record.clone() };
            let handle = row.cell(&header, "handle");
            if let Some(last) = groups.last_mut().filter(|last| last.handle == handle && !handle.is_empty()) {
                last.rows += 1;
                continue;
            }
            let problem = match handle {
                "" => Some("Name the product this row belongs to."),
                known if !seen.insert(known.to_owned()) => {
                    Some("The rows of a product must stand together; these are apart from its others.")
                }
                _ => None,
            };
            groups.push(Group { handle: handle.to_owned(), first_row: number, rows: 1, problem, start });
        }
        Ok(Self { header, groups, rows_total: number - 1 })
    }

    /// The rows of some groups that follow each other.
    pub fn rows(&self, file: &[u8], range: std::ops::Range<usize>) -> Result<Vec<Vec<Row>>> {
        let groups = self.groups.get(range).unwrap_or_default();
        let Some(first) = groups.first() else { return Ok(Vec::new()) };
        let mut reader = reader(text_of(file).map_err(|e| Error::internal(e.reason))?);
        reader.seek(first.start.clone()).map_err(Error::internal)?;
        let (mut all, mut record, mut number) =
            (Vec::with_capacity(groups.len()), StringRecord::new(), first.first_row);
        for group in groups {
            let mut rows = Vec::with_capacity(group.rows);
            while rows.len() < group.rows && reader.read_record(&mut record).map_err(Error::internal)? {
                if record.iter().any(|cell| !cell.trim().is_empty()) {
                    rows.push(Row { number, cells: record.clone() });
                }
                number += 1;
            }
            all.push(rows);
        }
        Ok(all)
    }
}

fn header_of(record: &StringRecord) -> Result<Header, ImportError> {
    let mut places = [None; COLUMNS.len()];
    for (place, cell) in record.iter().enumerate() {
        let name = cell.trim().to_lowercase();
        let Some(index) = COLUMNS.iter().position(|known| *known == name) else {
            let reason = format!("“{}” is not a column. There are: {}.", cell.trim(), COLUMNS.join(", "));
            return Err(broken(1, cell.trim(), reason));
        };
        if places[index].replace(place).is_some() {
            return Err(broken(1, &name, "This column is there twice."));
        }
    }
    let header = Header { places, width: record.len() };
    match ["handle", "sku"].into_iter().find(|needed| !header.has(needed)) {
        Some(missing) => Err(broken(1, missing, "This column is needed.")),
        None => Ok(header),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_found_with_their_rows() {
        let file = b"\xef\xbb\xbfHandle, SKU ,title\nmug,M1,\"A \"\"fine\"\"\nmug\"\nmug,M2,\n,,\nbowl,B1,Bowl\nmug,M3,\n,X,\nbowl,B2\n";
        let plan = Plan::of(file).unwrap();
        assert_eq!(plan.rows_total, 7);
        let seen: Vec<_> =
            plan.groups.iter().map(|g| (g.handle.as_str(), g.first_row, g.rows, g.problem.is_some())).collect();
        assert_eq!(
            seen,
            [("mug", 2, 2, false), ("bowl", 5, 1, false), ("mug", 6, 1, true), ("", 7, 1, true), ("bowl", 8, 1, true)]
        );
        let rows = plan.rows(file, 0..2).unwrap();
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(rows[0][0].cell(&plan.header, "title"), "A \"fine\"\nmug");
        assert_eq!((rows[1][0].number, rows[1][0].cell(&plan.header, "sku")), (5, "B1"));
        let later = plan.rows(file, 4..5).unwrap();
        assert_eq!((later[0][0].number, later[0][0].is_whole(&plan.header)), (8, false));
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
}
