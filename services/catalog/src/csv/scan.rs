//! A first pass over a file, piece by piece: is it readable, whose format has it, which products are in it, where are
//! the rows of each. Of a row nothing stays, unless it stands apart from the others of its product.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use ::csv::{ByteRecord, ReaderBuilder, StringRecord};
use contracts::catalog::{ImportError, limits::IMPORT_PIECE};
use kernel::Languages;

use super::{
    complaint,
    foreign::{Names, handle_of},
    index::{Index, Spot, Trouble},
    own,
    plan::{Head, Named, Plan},
    sheet::{Header, Row},
    shopify, woo,
    woo_groups::Families,
};

/// Most rows of a file: what is kept of each product is bounded, so this bounds the whole.
const ROWS_MAX: u32 = 2_000_000;
/// Most bytes of a row. Longer is only what misses its closing quotation mark.
pub(super) const ROW_MAX: usize = IMPORT_PIECE;

/// What is said of a file whose letters are not UTF-8: most often of one that a spreadsheet has saved.
const NOT_UTF8: &str = "The file is not UTF-8: this row has a letter that cannot be read, as in Windows-1252, in which spreadsheets \
                        save “CSV”. Save it as “CSV UTF-8”, or export it again and leave it as it is.";

/// The mark that spreadsheets like to put before a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Eight bytes that stand for a text: two texts of a file that share them are taken for one.
pub(super) fn stand_in(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A stand-in with a number, in twelve bytes; sorted by the stand-in first.
pub(super) type Mark = [u32; 3];

pub(super) fn mark(stand_in: u64, number: u32) -> Mark {
    [(stand_in >> 32) as u32, stand_in as u32, number]
}

/// The stand-in of a mark.
pub(super) fn marked([high, low, _]: Mark) -> u64 {
    (u64::from(high) << 32) | u64::from(low)
}

/// True for rows that say nothing.
pub(super) fn is_blank(cells: &StringRecord) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// A file that is being looked through.
#[derive(Default)]
pub(crate) struct Scan {
    /// What was read and not understood yet: the beginning of a row.
    rest: Vec<u8>,
    /// Where `rest` begins in the file.
    at: u64,
    begun: bool,
    /// Number of the last row.
    number: u32,
    delimiter: u8,
    head: Option<Head>,
    finder: Finder,
    named: Named,
    /// Of the shop, for the columns of our own format.
    languages: Languages,
}

/// What finds products, by the format of the file.
enum Finder {
    Neighbours(Neighbours),
    Families(Families),
}

impl Default for Finder {
    fn default() -> Self {
        Self::Neighbours(Neighbours::default())
    }
}

/// Products of a file whose rows stand together.
#[derive(Default)]
struct Neighbours {
    index: Index,
    /// What the last row calls its product, and what that is called here.
    written: String,
    last: String,
    /// Stand-ins of all names, each with the number of its product.
    seen: Vec<Mark>,
}

impl Neighbours {
    fn add(&mut self, head: &Head, row: &Row, (spot, bytes): (Spot, u64)) {
        let written = head.written_handle(row);
        if !written.is_empty() && written == self.written {
            return self.index.push(bytes);
        }
        written.clone_into(&mut self.written);
        let handle = head.handle(row);
        if !handle.is_empty() && handle == self.last {
            return self.index.push(bytes);
        }
        let product = self.index.begin(spot, bytes, handle.is_empty().then_some(Trouble::NoHandle));
        if !handle.is_empty() {
            self.seen.push(mark(stand_in(&handle), product));
        }
        self.last = handle;
    }

    fn done(mut self) -> Index {
        self.seen.sort_unstable();
        for pair in self.seen.windows(2).filter(|pair| marked(pair[0]) == marked(pair[1])) {
            self.index.trouble(pair[1][2], Trouble::Apart);
        }
        self.index
    }
}

impl Named {
    /// Notes what a row of a product is called, in a file that may refer to it, and whether it refers to others.
    fn note(&mut self, header: &Header, row: &Row, product: u32) {
        let names_others = ["related", "parts"].into_iter().any(|column| !row.cell(header, column).is_empty());
        if names_others && self.linked.last() != Some(&product) {
            self.linked.push(product);
        }
        if header.has("parts") {
            self.skus.push(stand_in(row.cell(header, "sku")));
        }
    }
}

impl Scan {
    /// In a shop of these languages.
    pub fn of(languages: &Languages) -> Self {
        Self { languages: languages.clone(), ..Self::default() }
    }

    /// Takes in the next piece of the file.
    ///
    /// # Errors
    /// Says why the file cannot be read at all.
    pub fn feed(&mut self, piece: &[u8], is_last: bool) -> Result<(), ImportError> {
        self.rest.extend_from_slice(piece);
        if !self.begun {
            // Neither the mark nor what parts cells can be told from half of the first line.
            if !is_last && !self.rest.contains(&b'\n') {
                return self.check_length();
            }
            self.begin();
        }
        let text = std::mem::take(&mut self.rest);
        let taken = self.rows(&text, is_last)?;
        self.at += taken as u64;
        self.rest = text;
        self.rest.drain(..taken);
        self.check_length()
    }

    fn begin(&mut self) {
        self.begun = true;
        if self.rest.starts_with(MARK) {
            self.rest.drain(..MARK.len());
            self.at = MARK.len() as u64;
        }
        // German spreadsheets part cells by semicolons. Names of columns may hold commas ("GTIN, UPC, EAN, or ISBN").
        let header = self.rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let cells = |delimiter: u8| header.split(|byte| *byte == delimiter).count();
        self.delimiter = if cells(b';') > cells(b',') { b';' } else { b',' };
    }

    /// Takes in the rows that `text` holds whole; how many bytes they have.
    fn rows(&mut self, text: &[u8], is_last: bool) -> Result<usize, ImportError> {
        let mut reader = reader(text, self.delimiter);
        let (mut record, mut taken) = (ByteRecord::new(), 0);
        let unreadable = |e: ::csv::Error| complaint(1, "", format!("The file cannot be read as CSV: {e}."));
        // The ends of lines before a row belong to none.
        let begins = |taken: usize| taken + text[taken..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        while reader.read_byte_record(&mut record).map_err(unreadable)? {
            let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
            // A row that ends where the piece does may go on in the next one.
            if end == text.len() && !is_last {
                break;
            }
            if text[taken..end].contains(&0) {
                return Err(complaint(1, "", "The file holds NUL characters, so it is not a text."));
            }
            let cells = StringRecord::from_byte_record(record)
                .map_err(|_| complaint(i64::from(self.number) + 1, "", NOT_UTF8))?;
            let begins = begins(taken);
            record = self.row(cells, self.at + begins as u64, (end - begins) as u64)?.into_byte_record();
            taken = end;
        }
        Ok(begins(taken))
    }

    /// Takes in a row of so many bytes; gives its cells back, for their room is used again.
    fn row(&mut self, cells: StringRecord, byte: u64, bytes: u64) -> Result<StringRecord, ImportError> {
        self.number += 1;
        if self.number > ROWS_MAX {
            let reason = format!("A file has at most {ROWS_MAX} rows. Send it in several, each with whole products.");
            return Err(complaint(i64::from(self.number), "", reason));
        }
        let Some(head) = &self.head else {
            let head = head_of(&cells, &self.languages)?;
            if matches!(head, Head::Woocommerce(_)) {
                self.finder = Finder::Families(Families::default());
            }
            self.head = Some(head);
            return Ok(cells);
        };
        if is_blank(&cells) {
            return Ok(cells);
        }
        let place = (Spot { number: self.number, byte }, bytes);
        let row = Row::read(i64::from(self.number), cells);
        match (&mut self.finder, head) {
            (Finder::Families(families), Head::Woocommerce(names)) => families.add(names, &row, place),
            (Finder::Neighbours(neighbours), head) => {
                neighbours.add(head, &row, place);
                if let Head::Own(header) = head {
                    self.named.note(header, &row, neighbours.index.last());
                }
            }
            (Finder::Families(_), _) => {}
        }
        Ok(row.into_record())
    }

    fn check_length(&self) -> Result<(), ImportError> {
        if self.rest.len() <= ROW_MAX {
            return Ok(());
        }
        let reason = "This row has more than 4 MB. A quotation mark may be missing in it or above it.";
        Err(complaint(i64::from(self.number) + 1, "", reason))
    }

    /// What is in the file, once all of it was taken in.
    ///
    /// # Errors
    /// If there is nothing in it.
    pub fn done(self) -> Result<Plan, ImportError> {
        let Some(head) = self.head else { return Err(complaint(1, "", "The file is empty.")) };
        let mut named = if self.named.linked.is_empty() { Named::default() } else { self.named };
        let index = match self.finder {
            Finder::Neighbours(neighbours) => {
                if !named.linked.is_empty() {
                    named.handles = neighbours.seen.iter().map(|handle| marked(*handle)).collect();
                }
                neighbours.done()
            }
            Finder::Families(families) => families.done(),
        };
        Ok(Plan::new(head, self.delimiter, index, named, i64::from(self.number) - 1))
    }
}

pub(super) fn reader(text: &[u8], delimiter: u8) -> ::csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text)
}

fn head_of(record: &StringRecord, languages: &Languages) -> Result<Head, ImportError> {
    let names = Names::of(record);
    if shopify::is_header(&names) {
        Ok(Head::Shopify(names))
    } else if woo::is_header(&names) {
        Ok(Head::Woocommerce(names))
    } else {
        own::header_of(record, languages).map(|header| Head::Own(Arc::new(header)))
    }
}

impl Head {
    /// What a file whose products are neighbours calls the product of a row.
    fn written_handle<'a>(&self, row: &'a Row) -> &'a str {
        match self {
            Self::Own(header) => row.cell(header, "handle"),
            Self::Shopify(names) => shopify::handle(names, row),
            Self::Woocommerce(_) => "",
        }
    }

    /// What our records call the product of a row; empty if nothing does.
    pub(super) fn handle(&self, row: &Row) -> String {
        match self {
            Self::Own(header) => row.cell(header, "handle").to_owned(),
            Self::Shopify(names) => match shopify::handle(names, row) {
                "" => String::new(),
                handle => handle_of(handle),
            },
            Self::Woocommerce(names) => super::woo_groups::handle(names, row),
        }
    }
}
