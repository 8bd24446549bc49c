//! The rows of one product in our own format, wherever they come from.

use ::csv::StringRecord;
use contracts::catalog::{ImportError, ProductTexts};
use kernel::{
    CategoryId, Currency,
    text::{guard_cell, unguard_cell},
};

use super::COLUMNS;

/// What a file of another shop system does not say and the vendor does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// Currency of all prices; none if products that are here keep theirs.
    pub currency: Option<Currency>,
    /// Currency of new products, unless another is set.
    pub usual_currency: Currency,
    /// Category of new products whose own has no namesake here.
    pub category: Option<CategoryId>,
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
    pub(super) cells: StringRecord,
}

impl Row {
    /// A cell without the spaces around it; empty if the file has no such column.
    pub fn cell<'a>(&'a self, header: &Header, column: &str) -> &'a str {
        header.place(column).map_or("", |place| self.at(place))
    }
    pub(super) fn at(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |cell| unguard_cell(cell).trim())
    }
    /// Bytes of its cells.
    pub fn bytes(&self) -> usize {
        self.cells.as_slice().len()
    }
    /// True if it has as many cells as the header.
    pub fn is_whole(&self, header: &Header) -> bool {
        self.cells.len() == header.width
    }
}

/// A picture that a file names by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub url: String,
    pub alt: String,
}

/// What a file says of one product, in our own columns.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub header: Header,
    pub rows: Vec<Row>,
    /// Pictures to fetch, in order.
    pub pictures: Vec<Wanted>,
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
}

impl Sheet {
    /// Rows of a file of our own.
    pub(super) fn own(header: Header, rows: Vec<Row>) -> Self {
        let (pictures, notes, errors, names) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { header, rows, pictures, notes, errors, terms: None, names, category_wanted: None }
    }
    /// No row yet of a file of another shop system.
    pub(super) fn foreign(terms: Terms) -> Self {
        Self { terms: Some(terms), ..Self::own(Header::wide(COLUMNS.len()), Vec::new()) }
    }
    /// Begins a row that stands at `number` in the file.
    pub(super) fn begin(&mut self, number: i64) {
        let cells = StringRecord::from(vec![""; COLUMNS.len()]);
        self.rows.push(Row { number, cells });
    }
    /// Writes a cell of the row begun last, which the file has in its column `name`.
    pub(super) fn set(&mut self, column: &'static str, name: &str, text: &str) {
        let Some(place) = COLUMNS.iter().position(|known| *known == column) else { return };
        self.header.put(column, place);
        self.call(column, name);
        if let Some(row) = self.rows.last_mut() {
            let guarded = guard_cell(text);
            let cell = |(at, before)| if at == place { guarded.as_str() } else { before };
            row.cells = row.cells.iter().enumerate().map(cell).collect();
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
