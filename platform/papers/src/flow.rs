//! Text that flows down pages: lines are broken where they are too long, rows are not torn apart where they fit on a
//! page, and a table that goes on has its head again.

use words::Words;

use crate::{
    font::Face,
    tree::{Role, Tree},
};

/// A4, in points.
pub const PAGE: (f32, f32) = (595.0, 842.0);
/// White at the sides.
pub const SIDE: f32 = 50.0;
const TOP: f32 = 792.0;
const BOTTOM: f32 = 64.0;
const FOOT: f32 = 36.0;
const LEADING: f32 = 1.4;

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Weight.
    pub face: Face,
    /// Size in points.
    pub size: f32,
    /// Grey instead of black.
    pub soft: bool,
}

impl Style {
    /// For text.
    pub const TEXT: Self = Self { face: Face::Regular, size: 9.5, soft: false };
    /// For what matters less.
    pub const SOFT: Self = Self { face: Face::Regular, size: 8.5, soft: true };
    /// For totals and heads of tables.
    pub const STRONG: Self = Self { face: Face::Bold, size: 9.5, soft: false };
    /// For parts.
    pub const HEADING: Self = Self { face: Face::Bold, size: 11.5, soft: false };
    /// For the whole.
    pub const TITLE: Self = Self { face: Face::Bold, size: 20.0, soft: false };

    fn leading(self) -> f32 {
        self.size * LEADING
    }
}

/// What is drawn.
#[derive(Debug)]
pub enum Item {
    /// A line of text from a point on.
    Text {
        /// Where.
        at: (f32, f32),
        /// What.
        text: String,
        /// How.
        style: Style,
        /// Its number on the page; none for what repeats.
        mark: Option<i32>,
    },
    /// A thin line across.
    Rule {
        /// From.
        left: f32,
        /// To.
        right: f32,
        /// How high.
        y: f32,
    },
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// What stands above it.
    pub head: &'static str,
    /// From.
    pub left: f32,
    /// To.
    pub right: f32,
    /// Figures stand at the right.
    pub figures: bool,
}

/// Paragraphs of a cell, each in its own style.
pub type CellText = Vec<(String, Style)>;

/// A table that is being filled.
pub struct Table {
    element: usize,
    columns: Vec<Column>,
}

/// Pages that are being filled.
pub struct Flow {
    /// What is drawn on each.
    pub pages: Vec<Vec<Item>>,
    /// The structure of all.
    pub tree: Tree,
    y: f32,
}

impl Flow {
    /// One page without anything on it.
    pub fn new() -> Self {
        Self { pages: vec![Vec::new()], tree: Tree::new(), y: TOP }
    }

    /// How high the pen is.
    pub fn y(&self) -> f32 {
        self.y
    }
    /// Puts the pen somewhere on this page.
    pub fn go_to(&mut self, y: f32) {
        self.y = y;
    }
    /// Leaves some white.
    pub fn skip(&mut self, height: f32) {
        self.y -= height;
    }
    /// Begins a new page unless there is this much room.
    pub fn keep(&mut self, height: f32) {
        if self.y - height < BOTTOM && self.y < TOP {
            self.turn();
        }
    }
    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }
    fn page(&self) -> usize {
        self.pages.len() - 1
    }
    fn draw(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    /// A paragraph between two edges.
    pub fn paragraph(&mut self, role: Role, text: &str, style: Style, (left, right): (f32, f32)) {
        let element = self.tree.add(Tree::ROOT, role);
        for line in broken(text, style, right - left) {
            self.keep(style.leading());
            self.y -= style.leading();
            self.put(element, (left, self.y), line, style);
        }
    }

    fn put(&mut self, element: usize, at: (f32, f32), text: String, style: Style) {
        let mark = Some(self.tree.mark(element, self.page()));
        self.draw(Item::Text { at, text, style, mark });
    }

    /// A thin line from edge to edge.
    pub fn rule(&mut self, left: f32, right: f32) {
        let y = self.y;
        self.draw(Item::Rule { left, right, y });
    }

    /// A table with its head.
    pub fn table(&mut self, columns: Vec<Column>) -> Table {
        // Never the head alone at the foot of a page.
        self.keep(4.0 * Style::STRONG.leading());
        let table = Table { element: self.tree.add(Tree::ROOT, Role::Table), columns };
        let row = self.tree.add(table.element, Role::TR);
        self.head(&table, Some(row));
        table
    }

    fn head(&mut self, table: &Table, row: Option<usize>) {
        let style = Style { size: 8.5, ..Style::STRONG };
        self.y -= style.leading();
        for column in &table.columns {
            let at = (column.start(column.head, style), self.y);
            match row.map(|row| self.tree.add(row, Role::TH)) {
                Some(cell) => self.put(cell, at, column.head.to_owned(), style),
                None => self.draw(Item::Text { at, text: column.head.to_owned(), style, mark: None }),
            }
        }
        self.y -= 4.0;
        let (left, right) =
            (table.columns.first().map_or(SIDE, |c| c.left), table.columns.last().map_or(SIDE, |c| c.right));
        self.rule(left, right);
    }

    /// A row of a table: a cell per column.
    pub fn row(&mut self, table: &Table, cells: &[CellText]) {
        let cells: Vec<Vec<(String, Style)>> = table
            .columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| {
                let lines = cell.iter().flat_map(|(text, style)| {
                    broken(text, *style, column.right - column.left).into_iter().map(|line| (line, *style))
                });
                lines.collect()
            })
            .collect();
        let height = |at: usize| {
            cells.iter().filter_map(|cell| cell.get(at)).map(|(_, style)| style.leading()).fold(0.0, f32::max)
        };
        let count = cells.iter().map(Vec::len).max().unwrap_or_default();
        let whole: f32 = (0..count).map(height).sum();
        let fits_on_a_page = whole < TOP - BOTTOM - 3.0 * Style::STRONG.leading();
        if self.y - whole - 4.0 < BOTTOM && fits_on_a_page {
            self.turn();
            self.head(table, None);
        }
        self.y -= 4.0;
        let row = self.tree.add(table.element, Role::TR);
        let elements: Vec<usize> = cells.iter().map(|_| self.tree.add(row, Role::TD)).collect();
        for at in 0..count {
            if self.y - height(at) < BOTTOM {
                self.turn();
                self.head(table, None);
            }
            self.y -= height(at);
            for ((cell, column), element) in cells.iter().zip(&table.columns).zip(&elements) {
                if let Some((text, style)) = cell.get(at) {
                    self.put(*element, (column.start(text, *style), self.y), text.clone(), *style);
                }
            }
        }
    }

    /// Writes on every page which one it is.
    pub fn number_pages(&mut self, of: &str, words: &Words) {
        let number = |pages: usize| i64::try_from(pages).unwrap_or(i64::MAX);
        let count = number(self.pages.len());
        for (at, page) in self.pages.iter_mut().enumerate() {
            let style = Style { size: 8.0, ..Style::SOFT };
            let text = words.page(number(at + 1), count);
            let right = PAGE.0 - SIDE - style.face.width(&text, style.size);
            page.push(Item::Text { at: (SIDE, FOOT), text: of.to_owned(), style, mark: None });
            page.push(Item::Text { at: (right, FOOT), text, style, mark: None });
        }
    }
}

impl Column {
    fn start(&self, text: &str, style: Style) -> f32 {
        if self.figures { self.right - style.face.width(text, style.size) } else { self.left }
    }
}

/// A text in lines that are not wider than `width`. Words stay whole where they fit in a line.
fn broken(text: &str, style: Style, width: f32) -> Vec<String> {
    let wide = |text: &str| style.face.width(text, style.size);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in printable(paragraph).split(' ').filter(|word| !word.is_empty()) {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if wide(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                line.push(c);
                if wide(&line) > width && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, c.to_string()));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

/// Without what has no picture: controls, marks of direction and of joining.
fn printable(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    text.chars()
        .filter(|c| !invisible(*c))
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .collect()
}
