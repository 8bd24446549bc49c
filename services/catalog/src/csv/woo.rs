//! WooCommerce's export of products.

use super::{
    complaint,
    foreign::{
        NOT_COUNTED, Names, Skus, amount, grams, handle_of, is_more, set_brand, set_facts, set_pictures, set_tags,
        set_terms, stock, summary,
    },
    sheet::{Row, Sheet, Terms, Wanted},
    woo_groups::{ID, PARENT, SKU, TYPE},
    woo_sale::{read_sale, tells_sales},
};
use crate::model::{Tree, sanitise};

const BARCODE: &[&str] = &["gtin, upc, ean, or isbn"];
const NAME: &[&str] = &["name"];
const PUBLISHED: &[&str] = &["published"];
const VISIBILITY: &[&str] = &["visibility in catalog"];
const SUMMARY: &[&str] = &["short description"];
const BODY: &[&str] = &["description"];
pub(super) const SALE_STARTS: &[&str] = &["date sale price starts"];
pub(super) const SALE_ENDS: &[&str] = &["date sale price ends"];
const IN_STOCK: &[&str] = &["in stock?"];
const STOCK: &[&str] = &["stock"];
pub(super) const SALE: &[&str] = &["sale price"];
const PRICE: &[&str] = &["regular price"];
const CATEGORIES: &[&str] = &["categories"];
const TAGS: &[&str] = &["tags"];
const BRANDS: &[&str] = &["brands"];
const IMAGES: &[&str] = &["images"];
/// Units of weight a shop may have chosen, and their grams.
const WEIGHTS: [(&str, f64); 4] =
    [("weight (kg)", 1_000.0), ("weight (g)", 1.0), ("weight (lbs)", 453.592_37), ("weight (oz)", 28.349_523_125)];
/// Attributes a row may have at most.
const ATTRIBUTES_MAX: usize = 100;
const OUR_OPTION_NAME: [&str; 3] = ["option1_name", "option2_name", "option3_name"];
const OUR_OPTION: [&str; 3] = ["option1", "option2", "option3"];

const USED: &[&[&str]] = &[
    ID,
    TYPE,
    SKU,
    BARCODE,
    NAME,
    PUBLISHED,
    VISIBILITY,
    SUMMARY,
    BODY,
    SALE_STARTS,
    SALE_ENDS,
    IN_STOCK,
    STOCK,
    SALE,
    PRICE,
    CATEGORIES,
    TAGS,
    BRANDS,
    IMAGES,
    PARENT,
];

/// True if a header is WooCommerce's.
pub(super) fn is_header(names: &Names) -> bool {
    let own = [PRICE, SUMMARY, IN_STOCK, VISIBILITY, &["attribute 1 name"]];
    names.first(NAME).is_some()
        && [ID, SKU].iter().any(|column| names.first(column).is_some())
        && own.iter().any(|column| names.first(column).is_some())
}

/// True if the file says how many there are.
pub(super) fn tells_stock(names: &Names) -> bool {
    names.first(STOCK).is_some()
}

/// True for columns that something is made of.
pub(super) fn is_used(name: &str) -> bool {
    let is_attribute = || {
        let rest = name.strip_prefix("attribute ").and_then(|rest| rest.split_once(' '));
        rest.is_some_and(|(n, what)| n.bytes().all(|b| b.is_ascii_digit()) && matches!(what, "name" | "value(s)"))
    };
    USED.iter().any(|column| column.contains(&name)) || WEIGHTS.iter().any(|(unit, _)| *unit == name) || is_attribute()
}

/// The parts of a list; a comma within one is written `\,`.
fn list(cell: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&',') => part.extend(chars.next()),
            ',' => parts.push(std::mem::take(&mut part)),
            c => part.push(c),
        }
    }
    parts.push(part);
    parts.iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// A text whose line ends are written `\n`; without markup, blank lines part paragraphs.
fn html(cell: &str) -> String {
    let text = cell.replace("\\\\n", "\u{0}").replace("\\r\\n", "\n").replace("\\n", "\n").replace('\u{0}', "\\n");
    let has_blocks = ["<p", "<ul", "<ol", "<h", "<div", "<blockquote", "<table"];
    let lower = text.to_lowercase();
    if has_blocks.iter().any(|tag| lower.contains(tag)) {
        return text;
    }
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    paragraphs.map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>"))).collect()
}

/// Names and values of a row's attributes, in order; an attribute without a value is there all the same.
fn attributes(names: &Names, row: &Row) -> Vec<(String, Vec<String>)> {
    let one = |n: usize| {
        let name = names.cell(row, &[&format!("attribute {n} name")])?;
        Some((name.to_owned(), list(names.text(row, &[&format!("attribute {n} value(s)")]))))
    };
    (1..=ATTRIBUTES_MAX).map_while(one).filter(|(name, _)| !name.is_empty()).collect()
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

struct Reader<'a> {
    names: &'a Names,
    product: &'a Row,
    variations: &'a [Row],
    /// Names of what can be chosen.
    options: Vec<String>,
    sheet: Sheet,
}

impl Reader<'_> {
    fn refuse(&mut self, row: i64, column: &[&str], reason: impl Into<String>) {
        let column = self.names.first(column).unwrap_or_default();
        self.sheet.errors.push(complaint(row, column, reason));
    }
    /// Writes a cell, if the file has the column.
    fn set(&mut self, ours: &'static str, column: &[&str], text: &str) {
        if let Some(name) = self.names.first(column) {
            self.sheet.set(ours, name, text);
        }
    }
}

/// The rows of one product in our own format: the product's own row first, then its variations.
pub(super) fn sheet(names: &Names, rows: &[Row], tree: &Tree, terms: Terms) -> Sheet {
    let Some((product, variations)) = rows.split_first() else { return Sheet::foreign(terms) };
    let mut options: Vec<String> = Vec::new();
    for (name, _) in variations.iter().flat_map(|row| attributes(names, row)) {
        if !options.iter().any(|known| same(known, &name)) {
            options.push(name);
        }
    }
    let mut reader = Reader { names, product, variations, options, sheet: Sheet::foreign(terms) };
    reader.sheet.sales = tells_sales(names).then(Vec::new);
    names.check_width(rows, &mut reader.sheet);
    check(&mut reader);
    let mut skus = Skus::default();
    if variations.is_empty() {
        reader.sheet.begin(product.number);
        read_product(&mut reader, tree);
        read_variant(&mut reader, product, &[], &mut skus);
    }
    for (index, row) in variations.iter().enumerate() {
        reader.sheet.begin(row.number);
        if index == 0 {
            read_product(&mut reader, tree);
        }
        let values = choices(&mut reader, row);
        read_variant(&mut reader, row, &values, &mut skus);
    }
    read_pictures(&mut reader);
    reader.sheet
}

fn check(reader: &mut Reader<'_>) {
    let (names, product) = (reader.names, reader.product);
    let types = names.text(product, TYPE).to_lowercase();
    if types.split(',').any(|kind| kind.trim() == "variable") && reader.variations.is_empty() {
        let reason = "The file has no variations of this product. Export “variation” too, or make it “simple”.";
        reader.refuse(product.number, TYPE, reason);
    }
    if reader.options.len() > OUR_OPTION.len() {
        let reason = format!(
            "Its variations differ in {} attributes ({}); here it can be three. Join two of them into one.",
            reader.options.len(),
            reader.options.join(", ")
        );
        reader.refuse(product.number, TYPE, reason);
    }
}

/// What a variation is, in the order of the options.
fn choices(reader: &mut Reader<'_>, row: &Row) -> Vec<String> {
    let of_row = attributes(reader.names, row);
    let options: Vec<String> = reader.options.iter().take(OUR_OPTION.len()).cloned().collect();
    let mut values = Vec::new();
    for (index, option) in options.into_iter().enumerate() {
        let value = of_row.iter().find(|(name, _)| same(name, &option)).map(|(_, values)| values.join(", "));
        let value = value.unwrap_or_default();
        if value.is_empty() {
            let reason =
                format!("This variation stands for any “{option}”. Here each has its own: write one row per choice.");
            reader.refuse(row.number, &["attribute 1 value(s)"], reason);
        }
        reader.sheet.set(OUR_OPTION[index], "Attribute 1 value(s)", &value);
        values.push(value);
    }
    values
}

fn read_product(reader: &mut Reader<'_>, tree: &Tree) {
    let (names, row) = (reader.names, reader.product);
    reader.set("title", NAME, names.text(row, NAME));
    reader.set("description_html", BODY, &html(names.text(row, BODY)));
    let short = sanitise(&html(names.text(row, SUMMARY))).text;
    if !short.is_empty() {
        reader.set("summary", SUMMARY, &summary(&short));
    }
    let paths = list(names.text(row, CATEGORIES));
    set_terms(&mut reader.sheet, tree, names.first(CATEGORIES), &paths);
    read_status(reader);
    if let Some(name) = names.first(TAGS) {
        let tags = list(names.text(row, TAGS));
        set_tags(&mut reader.sheet, name, tags.iter().map(String::as_str));
    }
    for (ours, option) in
        OUR_OPTION_NAME.into_iter().zip(reader.options.clone().into_iter().map(Some).chain(std::iter::repeat(None)))
    {
        reader.sheet.set(ours, "Attribute 1 name", option.as_deref().unwrap_or_default());
    }
    let facts: Vec<(String, String)> = attributes(names, row)
        .into_iter()
        .filter(|(name, _)| !reader.options.iter().any(|option| same(option, name)))
        .map(|(name, values)| (name, values.join(", ")))
        .collect();
    set_facts(&mut reader.sheet, "Attribute 1 value(s)", &facts);
    if let Some(name) = names.first(BRANDS) {
        set_brand(&mut reader.sheet, name, &list(names.text(row, BRANDS)).join(", "));
    }
}

/// On sale is what is published and not hidden; private products, drafts and those that wait for a review are drafts.
fn read_status(reader: &mut Reader<'_>) {
    let (names, row) = (reader.names, reader.product);
    let hidden = names.text(row, VISIBILITY).eq_ignore_ascii_case("hidden");
    let ours = match names.cell(row, PUBLISHED) {
        None => return,
        Some("1") if hidden => "draft",
        Some("1") => "published",
        Some("0" | "-1" | "2" | "") => "draft",
        Some(_) => return reader.refuse(row.number, PUBLISHED, "Use 1 for published, 0 for private, -1 for a draft."),
    };
    reader.set("status", PUBLISHED, ours);
}

fn read_variant(reader: &mut Reader<'_>, row: &Row, values: &[String], skus: &mut Skus) {
    let (names, product) = (reader.names, reader.product);
    let own = names.text(row, SKU);
    // Some exports repeat the parent's SKU at variations that have none.
    let is_parents = row.number != product.number && same(own, names.text(product, SKU));
    let sku = if own.is_empty() || is_parents {
        let handle = match names.text(product, SKU) {
            "" => format!("woo-{}", names.text(product, ID)),
            sku => sku.to_owned(),
        };
        skus.make(&handle_of(&handle), values)
    } else {
        own.to_owned()
    };
    reader.sheet.set("sku", names.first(SKU).unwrap_or("SKU"), &sku);
    reader.set("barcode", BARCODE, names.text(row, BARCODE).trim_start_matches('\''));
    read_price(reader, row);
    if let Some((unit, unit_g)) = WEIGHTS.into_iter().find(|(unit, _)| names.has(unit)) {
        let texts = [names.text(row, &[unit]), names.text(product, &[unit])];
        if let Some(text) = texts.into_iter().find(|text| !text.is_empty()) {
            reader.set("weight_g", &[unit], &grams(text, unit_g));
        }
    }
    if names.first(STOCK).is_some() {
        let left = read_stock(reader, row);
        reader.set("initial_stock", STOCK, &left);
    }
}

/// A reduced price without dates is the price, with the regular one struck. With dates it is a discount.
fn read_price(reader: &mut Reader<'_>, row: &Row) {
    let names = reader.names;
    if names.first(PRICE).is_none() {
        return;
    }
    let (regular, sale) = (amount(names.text(row, PRICE)), amount(names.text(row, SALE)));
    let has_dates = [SALE_STARTS, SALE_ENDS].iter().any(|column| !names.text(row, column).is_empty());
    if has_dates && !sale.is_empty() {
        read_sale(names, row, (&regular, &sale), &mut reader.sheet);
    }
    if !has_dates && !sale.is_empty() && is_more(&regular, &sale) {
        reader.sheet.set("price", names.first(SALE).unwrap_or("Sale price"), &sale);
        reader.set("compare_at", PRICE, &regular);
    } else {
        reader.set("price", PRICE, &regular);
        reader.set("compare_at", SALE, "");
    }
}

/// Stock of a variation. What is not counted there is nothing here, and somebody has to say how much there is.
fn read_stock(reader: &mut Reader<'_>, row: &Row) -> String {
    let (names, text) = (reader.names, reader.names.text(row, STOCK));
    if !text.is_empty() && !text.eq_ignore_ascii_case("parent") {
        return stock(text);
    }
    let reason = match (text, names.text(row, IN_STOCK)) {
        ("", "1" | "backorder") => NOT_COUNTED,
        ("", "0") => return "0".to_owned(),
        ("", _) => return String::new(),
        _ => "Its variations share one stock there; here each has its own, and begins with none. Enter it under Stock.",
    };
    reader.sheet.note_uncounted(row.number, names.first(STOCK).unwrap_or_default(), reason);
    String::new()
}

/// The product's pictures, then those of its variations.
fn read_pictures(reader: &mut Reader<'_>) {
    let names = reader.names;
    let rows = std::iter::once(reader.product).chain(reader.variations);
    let wanted = rows.flat_map(|row| {
        let urls = list(names.text(row, IMAGES));
        urls.into_iter().map(|url| (row.number, Wanted { url, alt: String::new() }))
    });
    let wanted: Vec<(i64, Wanted)> = wanted.collect();
    set_pictures(&mut reader.sheet, names.first(IMAGES).unwrap_or("Images"), wanted);
}
