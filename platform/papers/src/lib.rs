//! Receipts, credit notes, order confirmations, packing slips, invoices and statements as PDF.
//!
//! [`Paper`] says what stands on it, [`Paper::pdf`] makes the bytes: a pure function, the same bytes for the same
//! paper. Text is real text with a structure (headings, paragraphs, tables), so it can be searched, copied and read
//! aloud. What the fonts cannot draw shows as a replacement and is copied as what it is.

mod compose;
mod flow;
mod font;
mod paper;
mod pdf;
#[cfg(test)]
mod tests;
mod tree;

pub use paper::{Amounts, Kind, Line, Paper, Section, Sum};
