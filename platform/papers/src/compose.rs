//! From what stands on a paper to where it stands.

use crate::{
    Kind, Line, Paper, Section, Sum,
    flow::{CellText, Column, Flow, PAGE, SIDE, Style, Table},
    pdf,
    tree::Role,
};

const LEFT: f32 = SIDE;
const RIGHT: f32 = PAGE.0 - SIDE;
const MIDDLE: f32 = 330.0;

impl Paper {
    /// The paper as PDF.
    pub fn pdf(&self) -> Vec<u8> {
        let mut flow = Flow::new();
        self.head(&mut flow);
        for section in &self.sections {
            self.section(&mut flow, section);
        }
        self.sums(&mut flow);
        for note in &self.notes {
            flow.skip(10.0);
            flow.paragraph(Role::P, note, Style::TEXT, (LEFT, RIGHT));
        }
        flow.number_pages(&format!("{} · {}", self.issuer, self.title()), self.words);
        pdf::write(&flow, self)
    }

    /// What it is, with its number.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.kind.title(self.words), self.number)
    }

    fn head(&self, flow: &mut Flow) {
        flow.paragraph(Role::P, &self.issuer, Style::STRONG, (LEFT, RIGHT));
        if !self.imprint.is_empty() {
            flow.paragraph(Role::P, &self.imprint.join(" · "), Style::SOFT, (LEFT, RIGHT));
        }
        flow.skip(8.0);
        flow.paragraph(Role::H1, &self.title(), Style::TITLE, (LEFT, RIGHT));
        flow.skip(14.0);
        let top = flow.y();
        for line in &self.to {
            flow.paragraph(Role::P, line, Style::TEXT, (LEFT, MIDDLE - 20.0));
        }
        let left_end = flow.y();
        flow.go_to(top);
        let date = (self.words.date.to_owned(), self.words.date_of(self.date));
        for (name, value) in std::iter::once(&date).chain(&self.facts) {
            flow.paragraph(Role::P, &format!("{name}: {value}"), Style::TEXT, (MIDDLE, RIGHT));
        }
        flow.go_to(flow.y().min(left_end));
    }

    fn section(&self, flow: &mut Flow, section: &Section) {
        flow.skip(20.0);
        flow.keep(90.0);
        flow.paragraph(Role::H2, &section.title, Style::HEADING, (LEFT, RIGHT));
        flow.skip(4.0);
        let table = flow.table(self.columns());
        for line in &section.lines {
            let cells = self.cells(line);
            flow.row(&table, &cells);
        }
    }

    fn columns(&self) -> Vec<Column> {
        let text = |head, left, right| Column { head, left, right, figures: false };
        let figures = |head, left, right| Column { head, left, right, figures: true };
        let words = self.words;
        match self.kind {
            Kind::PackingSlip => return vec![text(words.item, LEFT, 460.0), figures(words.quantity, 470.0, RIGHT)],
            Kind::Statement => {
                return vec![
                    text(words.item, LEFT, 350.0),
                    figures("Change", 360.0, 450.0),
                    figures("Balance", 455.0, RIGHT),
                ];
            }
            _ => {}
        }
        vec![
            text(words.item, LEFT, 310.0),
            figures(words.quantity, 320.0, 375.0),
            figures(words.each, 380.0, 460.0),
            figures(words.amount, 465.0, RIGHT),
        ]
    }

    fn cells(&self, line: &Line) -> Vec<CellText> {
        let money = |amount| vec![(self.locale.money(amount), Style::TEXT)];
        let quantity = line.quantity.map(|quantity| (self.locale.count(quantity), Style::TEXT));
        let mut item = vec![(line.title.clone(), Style::TEXT)];
        if !line.note.is_empty() {
            item.push((line.note.clone(), Style::SOFT));
        }
        let mut cells = vec![item];
        if self.kind != Kind::Statement {
            cells.push(quantity.into_iter().collect());
        }
        if self.kind != Kind::PackingSlip {
            cells.push(line.amounts.and_then(|amounts| amounts.each).map(money).unwrap_or_default());
            cells.push(line.amounts.map(|amounts| money(amounts.total)).unwrap_or_default());
        }
        cells
    }

    fn sums(&self, flow: &mut Flow) {
        if self.sums.is_empty() && self.total.is_none() {
            return;
        }
        flow.skip(20.0);
        let count = self.sums.len() + self.contained.len() + 3;
        flow.keep((count as f32 * 18.0).min(500.0));
        let columns = vec![
            Column { head: self.words.sum, left: 290.0, right: 440.0, figures: false },
            Column { head: self.words.amount, left: 445.0, right: RIGHT, figures: true },
        ];
        let table = flow.table(columns);
        self.rows(flow, &table, &self.sums, Style::TEXT);
        self.rows(flow, &table, self.total.as_slice(), Style::STRONG);
        self.rows(flow, &table, &self.contained, Style::SOFT);
    }

    fn rows(&self, flow: &mut Flow, table: &Table, sums: &[Sum], style: Style) {
        for sum in sums {
            flow.row(table, &[vec![(sum.name.clone(), style)], vec![(self.locale.money(sum.amount), style)]]);
        }
    }
}
