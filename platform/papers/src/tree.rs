//! The structure of a paper: what is a heading, a paragraph, a cell, in the order in which it is read.

pub use pdf_writer::types::StructRole as Role;

/// A piece of text on a page: its page and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Of which page, from 0.
    pub page: usize,
    /// Which one there, from 0.
    pub id: i32,
}

/// What an element consists of.
#[derive(Debug, Clone, Copy)]
pub enum Kid {
    /// Another element.
    Element(usize),
    /// Text.
    Text(Mark),
}

/// A heading, a paragraph, a table, a row, a cell.
#[derive(Debug)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// What it is within; nothing for the whole.
    pub parent: Option<usize>,
    /// What it consists of.
    pub kids: Vec<Kid>,
}

/// All elements; the first is the whole.
#[derive(Debug)]
pub struct Tree {
    /// Parents before their kids.
    pub elements: Vec<Element>,
    /// How many marks each page has.
    marks: Vec<i32>,
}

impl Tree {
    /// The whole, without content.
    pub fn new() -> Self {
        Self { elements: vec![Element { role: Role::Document, parent: None, kids: Vec::new() }], marks: Vec::new() }
    }
    /// The whole.
    pub const ROOT: usize = 0;

    /// A new element at the end of `parent`.
    pub fn add(&mut self, parent: usize, role: Role) -> usize {
        let id = self.elements.len();
        self.elements.push(Element { role, parent: Some(parent), kids: Vec::new() });
        self.elements[parent].kids.push(Kid::Element(id));
        id
    }
    /// A new piece of text at the end of `element`, on `page`.
    pub fn mark(&mut self, element: usize, page: usize) -> i32 {
        if self.marks.len() <= page {
            self.marks.resize(page + 1, 0);
        }
        let id = self.marks[page];
        self.marks[page] += 1;
        self.elements[element].kids.push(Kid::Text(Mark { page, id }));
        id
    }
    /// The element of each mark of a page, in their order.
    pub fn owners(&self, page: usize) -> Vec<usize> {
        let count = self.marks.get(page).copied().unwrap_or_default();
        let mut owners = vec![Self::ROOT; usize::try_from(count).unwrap_or_default()];
        for (at, element) in self.elements.iter().enumerate() {
            for kid in &element.kids {
                if let Kid::Text(mark) = kid
                    && mark.page == page
                    && let Some(owner) = usize::try_from(mark.id).ok().and_then(|id| owners.get_mut(id))
                {
                    *owner = at;
                }
            }
        }
        owners
    }
}
