//! The rows of one product in our own format, wherever they come from.

use std::sync::Arc;

use ::csv::StringRecord;
use contracts::catalog::{ImportError, ProductTexts};
use kernel::{CategoryId, Currency, Timestamp, text::unguard_cell};

use super::{COLUMNS, complaint};

/// What a file of another shop system does not say and the vendor does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Currency of all prices; none if products that are here keep theirs.
    pub currency: Option<Currency>,
    /// Currency of new products, unless another is set.
    pub usual_currency: Currency,
    /// Category of new products whose own has no namesake here.
    pub category: Option<CategoryId>,
    /// How many there are of a new variant of which the file does not say that.
    pub stock: Option<i64>,
}

/// Where the columns of some rows are.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    places: [Option<usize>; COLUMNS.len()],
    translated: Vec<(Translated, usize)>,
    width: usize,
}

/// A column of texts in a further language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Translated {
    /// Code of the language.
    pub language: &'static str,
    /// Which of [`ProductTexts::NAMES`].
    pub text: usize,
}

impl Translated {
    /// `title@de`.
    pub fn name(&self) -> String {
        format!("{}@{}", ProductTexts::NAMES.get(self.text).copied().unwrap_or_default(), self.language)
    }
}

impl Header {
    /// A header without a column of ours so far.
    pub(super) fn wide(width: usize) -> Self {
        Self { places: [None; COLUMNS.len()], translated: Vec::new(), width }
    }
    pub(super) fn put(&mut self, column: &str, place: usize) {
        if let Some(index) = COLUMNS.iter().position(|known| *known == column) {
            self.places[index] = Some(place);
        }
    }
    /// Notes where a column of a further language is; false if there is one already.
    pub(super) fn put_translated(&mut self, column: Translated, place: usize) -> bool {
        let is_new = self.translated.iter().all(|(known, _)| *known != column);
        if is_new {
            self.translated.push((column, place));
        }
        is_new
    }
    /// The columns of further languages, and where they are.
    pub(super) fn translated(&self) -> &[(Translated, usize)] {
        &self.translated
    }
    /// True if there is such a column.
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
    cells: Cells,
}

#[derive(Debug, Clone)]
enum Cells {
    /// As they stand in a file.
    Read(StringRecord),
    /// Made one by one from those of another row, with no mark to keep a spreadsheet from taking them for a formula.
    Made(Vec<String>),
}

impl Row {
    pub(super) fn read(number: i64, cells: StringRecord) -> Self {
        Self { number, cells: Cells::Read(cells) }
    }
    fn made(number: i64) -> Self {
        Self { number, cells: Cells::Made(vec![String::new(); COLUMNS.len()]) }
    }
    /// Its cells, of which nobody has need any longer.
    pub(super) fn into_record(self) -> StringRecord {
        match self.cells {
            Cells::Read(cells) => cells,
            Cells::Made(cells) => StringRecord::from(cells),
        }
    }
    /// How many cells it has.
    pub(super) fn width(&self) -> usize {
        match &self.cells {
            Cells::Read(cells) => cells.len(),
            Cells::Made(cells) => cells.len(),
        }
    }
    /// A cell without the spaces around it; empty if the file has no such column.
    pub fn cell<'a>(&'a self, header: &Header, column: &str) -> &'a str {
        header.place(column).map_or("", |place| self.at(place))
    }
    pub(super) fn at(&self, place: usize) -> &str {
        match &self.cells {
            Cells::Read(cells) => cells.get(place).map_or("", |cell| unguard_cell(cell).trim()),
            Cells::Made(cells) => cells.get(place).map_or("", |cell| cell.trim()),
        }
    }
    /// Bytes of its cells.
    pub fn bytes(&self) -> usize {
        match &self.cells {
            Cells::Read(cells) => cells.as_slice().len(),
            Cells::Made(cells) => cells.iter().map(String::len).sum(),
        }
    }
    /// True if it has as many cells as the header.
    pub fn is_whole(&self, header: &Header) -> bool {
        self.width() == header.width
    }
}

/// A picture that a file names by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub url: String,
    pub alt: String,
}

/// A variant that costs less for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnSale {
    pub row: i64,
    pub price: String,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
}

/// What a file says of one product, in our own columns.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// That of the file, or one of its own.
    pub header: Arc<Header>,
    pub rows: Vec<Row>,
    /// Pictures to fetch, in order.
    pub pictures: Vec<Wanted>,
    /// SKUs of variants with the addresses of the pictures that show them.
    pub variant_pictures: Vec<(String, String)>,
    /// Its variants that cost less for a time, in their order; none if the file says nothing of that.
    pub sales: Option<Vec<OnSale>>,
    /// What was taken otherwise than it stands there.
    pub notes: Vec<ImportError>,
    /// Why it cannot be taken at all.
    pub errors: Vec<ImportError>,
    /// What the vendor said of a file of another shop system; none for our own format.
    pub terms: Option<Terms>,
    /// What our columns are called in the file, where that differs.
    names: Vec<(&'static str, String)>,
    /// What the file calls the product's category, if nothing here is called that.
    pub category_wanted: Option<String>,
    /// True once it was noted that somebody has to say how many there are.
    uncounted: bool,
}

impl Sheet {
    /// Rows of a file of our own.
    pub(super) fn own(header: Arc<Header>, rows: Vec<Row>) -> Self {
        let (pictures, notes, errors, names) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (variant_pictures, sales, terms, category_wanted, uncounted) = (Vec::new(), None, None, None, false);
        Self {
            header,
            rows,
            pictures,
            variant_pictures,
            sales,
            notes,
            errors,
            terms,
            names,
            category_wanted,
            uncounted,
        }
    }
    /// No row yet of a file of another shop system.
    pub(super) fn foreign(terms: Terms) -> Self {
        Self { terms: Some(terms), ..Self::own(Arc::new(Header::wide(COLUMNS.len())), Vec::new()) }
    }
    /// Begins a row that stands at `number` in the file.
    pub(super) fn begin(&mut self, number: i64) {
        self.rows.push(Row::made(number));
    }
    /// Writes a cell of the row begun last, which the file has in its column `name`.
    pub(super) fn set(&mut self, column: &'static str, name: &str, text: &str) {
        let Some(place) = COLUMNS.iter().position(|known| *known == column) else { return };
        // Nobody else has this header, so it is not copied.
        Arc::make_mut(&mut self.header).places[place] = Some(place);
        self.call(column, name);
        if let Some(Row { cells: Cells::Made(cells), .. }) = self.rows.last_mut() {
            text.clone_into(&mut cells[place]);
        }
    }
    /// Notes, once for a product, that somebody has to say how many there are of its new variants, unless the vendor has.
    pub(super) fn note_uncounted(&mut self, row: i64, column: &str, reason: &str) {
        let is_said = self.uncounted || self.terms.is_some_and(|terms| terms.stock.is_some());
        if !is_said {
            self.uncounted = true;
            self.notes.push(complaint(row, column, reason));
        }
    }
    /// Says what a column of ours is called in the file, for complaints.
    pub(super) fn call(&mut self, column: &'static str, name: &str) {
        if !self.names.iter().any(|(known, _)| *known == column) {
            self.names.push((column, name.to_owned()));
        }
    }
    /// Complaints about our columns as complaints about those of the file.
    pub fn told(&self, mut errors: Vec<ImportError>) -> Vec<ImportError> {
        for error in &mut errors {
            // Others have no column for all values of an option; the cells of the variants say them.
            let ours = error.column.strip_suffix("_values").unwrap_or(&error.column);
            let ours = if self.terms.is_some() { ours } else { &error.column };
            if let Some((_, name)) = self.names.iter().find(|(column, _)| *column == ours) {
                error.column.clone_from(name);
            }
        }
        errors
    }
    /// What the file calls the product; empty if it has no such column.
    pub fn title(&self) -> String {
        self.rows.first().map_or_else(String::new, |row| row.cell(&self.header, "title").chars().take(200).collect())
    }
    /// The first row's number.
    pub fn first_row(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.number)
    }
}
