//! What readers of other shop systems' exports have in common.

use std::collections::{BTreeSet, HashMap};

use ::csv::StringRecord;
use contracts::catalog::{
    AttributeValue, ImportError, ValueKind,
    limits::{ALT_MAX, BRAND_MAX, FACT_MAX, KEY_MAX, LABEL_MAX, PICTURES_MAX, SKU_MAX, SUMMARY_MAX, TAG_MAX, TAGS_MAX},
};
use kernel::{ProductId, Slug};

use super::{
    cell::{TEXTS, join_attributes, join_list},
    complaint,
    sheet::{Row, Sheet, Wanted},
};
use crate::model::{Category, Tree};

/// Why somebody has to say how many there are of something.
pub(super) const NOT_COUNTED: &str =
    "Its stock is not counted there; here it is. A new product begins with none: enter it under Stock.";

/// Most bytes of an address.
const URL_MAX: usize = 2_000;

/// The column names of a foreign file, compared without regard to case.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    written: Vec<String>,
    places: HashMap<String, usize>,
}

impl Names {
    pub(super) fn of(record: &StringRecord) -> Self {
        let written: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        let mut places = HashMap::new();
        for (place, name) in written.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            // Of two columns with one name the first counts.
            places.entry(name.to_lowercase()).or_insert(place);
        }
        Self { written, places }
    }
    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }
    /// The first of some names that there is, as it is written in the file.
    pub(super) fn first(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.places.get(*name)).map(|place| self.written[*place].as_str())
    }
    /// The cell of the first of some columns that there is; none without one.
    pub(super) fn cell<'a>(&self, row: &'a Row, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.places.get(*name)).map(|place| row.at(*place))
    }
    /// The cell, empty without a column.
    pub(super) fn text<'a>(&self, row: &'a Row, names: &[&str]) -> &'a str {
        self.cell(row, names).unwrap_or_default()
    }
    /// The first column whose lower-case name fulfils `wanted`.
    pub(super) fn find(&self, wanted: impl Fn(&str) -> bool) -> Option<usize> {
        self.written.iter().position(|name| wanted(&name.to_lowercase()))
    }
    /// Columns of which `used` does not know, as they are written.
    pub(super) fn ignored(&self, used: impl Fn(&str) -> bool) -> Vec<String> {
        self.written.iter().filter(|name| !name.is_empty() && !used(&name.to_lowercase())).cloned().collect()
    }
    /// Rows with another number of cells than the header.
    pub(super) fn check_width(&self, rows: &[Row], sheet: &mut Sheet) {
        for row in rows.iter().filter(|row| row.width() != self.written.len()) {
            let reason = "This row has another number of cells than the header. A quotation mark may be missing in it or above it.";
            sheet.errors.push(complaint(row.number, "", reason));
        }
    }
}

/// What our records call a product of a foreign file: its own name for it where that can stand in an
/// address, else one made from it, the same every time.
pub(super) fn handle_of(raw: &str) -> String {
    if raw.parse::<Slug>().is_ok() {
        return raw.to_owned();
    }
    let plain: String = Slug::from_title(raw, "product").as_str().chars().take(SKU_MAX).collect();
    format!("{}-{}", plain.trim_matches('-'), digest(&[raw]))
}

/// Eight digits that are the same for the same texts.
fn digest(texts: &[&str]) -> String {
    ProductId::derived("import", texts).to_string().chars().filter(char::is_ascii_hexdigit).take(8).collect()
}

/// SKUs for variants that have none: made from the product and the choices, so that the same file
/// always means the same variants.
#[derive(Debug, Default)]
pub(super) struct Skus {
    given: BTreeSet<String>,
}

impl Skus {
    pub fn make(&mut self, handle: &str, values: &[String]) -> String {
        let parts: Vec<String> = std::iter::once(handle.to_owned())
            .chain(values.iter().map(|value| Slug::from_title(value, "x").to_string()))
            .collect();
        let plain = parts.join(".");
        let sku = if plain.len() <= SKU_MAX && !self.given.contains(&plain) {
            plain
        } else {
            let texts: Vec<&str> = std::iter::once(handle).chain(values.iter().map(String::as_str)).collect();
            let short: String = plain.chars().take(SKU_MAX - 9).collect();
            format!("{short}.{}", digest(&texts))
        };
        self.given.insert(sku.clone());
        sku
    }
}

/// The category here that is called like the last part of one of some paths (`Home > Mugs`). Of several
/// namesakes the one counts whose parent is called like the part before it.
pub(super) fn category<'a>(tree: &'a Tree, paths: &[String]) -> Option<&'a Category> {
    paths.iter().find_map(|path| {
        let parts: Vec<String> = path.split('>').map(|part| part.trim().to_lowercase()).collect();
        let (last, above) = parts.split_last()?;
        let namesakes = tree.called(last);
        let parent_fits = |c: &&&Category| {
            let parent = c.parent_id.and_then(|id| tree.get(id)).map(|parent| parent.name.to_lowercase());
            parent.is_some() && parent.as_ref() == above.last()
        };
        match namesakes.as_slice() {
            [one] => Some(*one),
            several => {
                let mut fitting = several.iter().filter(parent_fits);
                fitting.next().copied().filter(|_| fitting.next().is_none())
            }
        }
    })
}

/// Category and currency of a product, as far as they are known.
pub(super) fn set_terms(sheet: &mut Sheet, tree: &Tree, name: Option<&str>, paths: &[String]) {
    let name = name.unwrap_or("category");
    sheet.call("category", name);
    if let Some(currency) = sheet.terms.and_then(|terms| terms.currency) {
        sheet.set("currency", "currency", currency.code());
    }
    match category(tree, paths) {
        Some(found) => sheet.set("category", name, found.slug.as_str()),
        None => {
            if let Some(chosen) = paths.first().and_then(|path| tree.chosen(path)) {
                sheet.set("category", name, chosen.slug.as_str());
            }
            sheet.category_wanted = paths.first().cloned();
        }
    }
}

/// An amount as it is written with a comma, or with more decimals than it needs: `19,9000` → `19.9`.
pub(super) fn amount(text: &str) -> String {
    let mut plain = text.replace(['\u{a0}', ' '], "");
    if plain.contains(',') {
        // The last of the two is the decimal one: 1.234,50 and 1,234.50.
        let point = plain.rfind('.').unwrap_or(0);
        let comma = plain.rfind(',').unwrap_or(0);
        plain = if comma > point { plain.replace('.', "").replace(',', ".") } else { plain.replace(',', "") };
    }
    match plain.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => {
            let fraction = fraction.trim_end_matches('0');
            if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        _ => plain,
    }
}

/// True if `more` is the higher of two amounts that [`amount`] has written.
pub(super) fn is_more(more: &str, less: &str) -> bool {
    let scaled = |text: &str| -> Option<i128> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (fraction.len() <= 6).then(|| format!("{whole}{fraction:0<6}").parse().ok()).flatten()
    };
    scaled(more).zip(scaled(less)).is_some_and(|(more, less)| more > less)
}

/// A weight in whole grams; the text itself if it is no number, for a complaint.
pub(super) fn grams(text: &str, unit_g: f64) -> String {
    match amount(text).parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => format!("{:.0}", number * unit_g),
        _ => text.to_owned(),
    }
}

/// How many there are: a stock below nothing is nothing. The text itself if it is no number.
pub(super) fn stock(text: &str) -> String {
    match amount(text).parse::<f64>() {
        Ok(number) if number.is_finite() => format!("{:.0}", number.max(0.0).floor()),
        _ => text.to_owned(),
    }
}

/// At most `max` characters, cut between words.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let cut: String = text.chars().take(max - 1).collect();
    let end = cut.rfind(char::is_whitespace).filter(|end| *end > max / 2).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

/// A summary; what is too long is shortened.
pub(super) fn summary(text: &str) -> String {
    shortened(text, SUMMARY_MAX)
}

/// Tags, in the cell of our own format. Those beyond the 20th are left out, with a note.
pub(super) fn set_tags<'a>(sheet: &mut Sheet, name: &str, tags: impl Iterator<Item = &'a str>) {
    let (mut all, mut seen): (Vec<String>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    for tag in tags.map(str::trim).filter(|tag| !tag.is_empty()) {
        if seen.insert(tag.to_lowercase()) {
            all.push(shortened(tag, TAG_MAX));
        }
    }
    if all.len() > TAGS_MAX {
        let reason = format!("Of {} tags the first {TAGS_MAX} are taken.", all.len());
        sheet.notes.push(complaint(sheet.first_row(), name, reason));
        all.truncate(TAGS_MAX);
    }
    sheet.set("tags", name, &join_list(&all, TEXTS));
}

/// Facts, in the cell of our own format. Their keys are made from their names: `Made in` → `made_in`.
pub(super) fn set_facts(sheet: &mut Sheet, name: &str, facts: &[(String, String)]) {
    let mut all: Vec<AttributeValue> = Vec::new();
    for (label, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let key: String = Slug::from_title(label, "fact").as_str().replace('-', "_").chars().take(KEY_MAX).collect();
        if all.iter().all(|known| known.key != key) {
            let (value, label) = (shortened(value.trim(), FACT_MAX), label.chars().take(LABEL_MAX).collect());
            all.push(AttributeValue { key, label, value, unit: None, kind: ValueKind::Text });
        }
    }
    if !all.is_empty() {
        sheet.set("attributes", name, &join_attributes(&all));
    }
}

/// The brand. One that is left empty changes nothing.
pub(super) fn set_brand(sheet: &mut Sheet, name: &str, brand: &str) {
    if !brand.trim().is_empty() {
        sheet.set("brand", name, &shortened(brand.trim(), BRAND_MAX));
    }
}

/// Pictures in their order, each address once, and no more than a product may have.
pub(super) fn set_pictures(sheet: &mut Sheet, name: &str, wanted: Vec<(i64, Wanted)>) {
    let mut note = |row, reason: String| sheet.notes.push(ImportError { row, column: name.to_owned(), reason });
    let mut taken: Vec<Wanted> = Vec::new();
    let mut left_out = None;
    for (row, picture) in wanted {
        let lower = picture.url.to_ascii_lowercase();
        let is_address = lower.starts_with("http://") || lower.starts_with("https://");
        if !is_address || picture.url.len() > URL_MAX || picture.url.chars().any(char::is_control) {
            note(row, format!("“{}” is not the address of a picture.", shortened(&picture.url, 80)));
        } else if taken.iter().any(|known| known.url == picture.url) {
        } else if taken.len() == PICTURES_MAX {
            left_out.get_or_insert(row);
        } else {
            taken.push(Wanted { alt: shortened(&picture.alt, ALT_MAX), ..picture });
        }
    }
    if let Some(row) = left_out {
        note(row, format!("A product has at most {PICTURES_MAX} pictures; the others are left out."));
    }
    sheet.pictures = taken;
}
