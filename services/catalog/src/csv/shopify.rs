//! Shopify's export of products, with the column names of before and after their renaming.

use contracts::catalog::{
    ImportError,
    limits::{SEO_DESCRIPTION_MAX, SEO_TITLE_MAX},
};
use kernel::Slug;

use super::{
    complaint,
    foreign::{
        NOT_COUNTED, Names, Skus, amount, grams, is_more, set_brand, set_pictures, set_tags, set_terms, shortened,
        stock, summary,
    },
    sheet::{Row, Sheet, Terms, Wanted},
};
use crate::model::Tree;

const HANDLE: &[&str] = &["url handle", "handle"];
const TITLE: &[&str] = &["title"];
const BODY: &[&str] = &["body (html)", "description"];
const VENDOR: &[&str] = &["vendor"];
const CATEGORY: &[&str] = &["product category", "standardized product type", "standard product type"];
const TYPE: &[&str] = &["type", "custom product type"];
const TAGS: &[&str] = &["tags"];
const PUBLISHED: &[&str] = &["published on online store", "published"];
const STATUS: &[&str] = &["status"];
const SKU: &[&str] = &["variant sku", "sku"];
const GRAMS: &[&str] = &["variant grams", "weight value (grams)"];
const STOCK: &[&str] = &["variant inventory qty", "inventory quantity"];
const TRACKER: &[&str] = &["variant inventory tracker", "inventory tracker"];
const PRICE: &[&str] = &["variant price", "price"];
const COMPARE_AT: &[&str] = &["variant compare at price", "compare-at price"];
const BARCODE: &[&str] = &["variant barcode", "barcode"];
const IMAGE: &[&str] = &["image src", "product image url"];
const POSITION: &[&str] = &["image position"];
const ALT: &[&str] = &["image alt text"];
const VARIANT_IMAGE: &[&str] = &["variant image", "variant image url"];
const GIFT_CARD: &[&str] = &["gift card"];
const SEO_TITLE: &[&str] = &["seo title"];
const SEO_DESCRIPTION: &[&str] = &["seo description"];

const OPTION_NAME: [&str; 3] = ["option1 name", "option2 name", "option3 name"];
const OPTION_VALUE: [&str; 3] = ["option1 value", "option2 value", "option3 value"];
const OPTION_LINK: [&str; 3] = ["option1 linked to", "option2 linked to", "option3 linked to"];
const OUR_OPTION_NAME: [&str; 3] = ["option1_name", "option2_name", "option3_name"];
const OUR_OPTION: [&str; 3] = ["option1", "option2", "option3"];

const USED: &[&[&str]] = &[
    HANDLE,
    TITLE,
    BODY,
    VENDOR,
    CATEGORY,
    TYPE,
    TAGS,
    PUBLISHED,
    STATUS,
    SKU,
    GRAMS,
    STOCK,
    TRACKER,
    PRICE,
    COMPARE_AT,
    BARCODE,
    IMAGE,
    POSITION,
    ALT,
    VARIANT_IMAGE,
    GIFT_CARD,
    SEO_TITLE,
    SEO_DESCRIPTION,
    &OPTION_NAME,
    &OPTION_VALUE,
    &OPTION_LINK,
];

/// Column names that only Shopify gives.
const OWN_WORDS: &[&str] = &[
    "url handle",
    "body (html)",
    "option1 name",
    "option1 value",
    "variant sku",
    "variant price",
    "variant grams",
    "image src",
    "product image url",
    "published on online store",
];

/// True if a header is Shopify's.
pub(super) fn is_header(names: &Names) -> bool {
    names.first(HANDLE).is_some() && OWN_WORDS.iter().any(|word| names.has(word))
}

/// True if the file says how many there are.
pub(super) fn tells_stock(names: &Names) -> bool {
    names.first(STOCK).is_some()
}

/// True for columns that something is made of.
pub(super) fn is_used(name: &str) -> bool {
    USED.iter().any(|column| column.contains(&name))
}

/// What the file calls the product of a row.
pub(super) fn handle<'a>(names: &Names, row: &'a Row) -> &'a str {
    names.text(row, HANDLE)
}

/// What the column with that name is called in this file.
pub(super) fn handle_column(names: &Names) -> &str {
    names.first(HANDLE).unwrap_or("Handle")
}

struct Reader<'a> {
    names: &'a Names,
    rows: &'a [Row],
    sheet: Sheet,
}

impl Reader<'_> {
    /// The first cell of a column that is not empty; none without the column.
    fn product(&self, column: &[&str]) -> Option<String> {
        self.names.first(column)?;
        let cells = self.rows.iter().map(|row| self.names.text(row, column));
        Some(cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default().to_owned())
    }
    fn name(&self, column: &[&str]) -> String {
        self.names.first(column).unwrap_or_default().to_owned()
    }
    fn refuse(&mut self, row: i64, column: &[&str], reason: &str) {
        let column = self.name(column);
        self.sheet.errors.push(complaint(row, &column, reason));
    }
    fn note(&mut self, row: i64, column: &[&str], reason: String) {
        let column = self.name(column);
        self.sheet.notes.push(ImportError { row, column, reason });
    }
}

/// The rows of one product in our own format.
pub(super) fn sheet(names: &Names, rows: &[Row], tree: &Tree, terms: Terms) -> Sheet {
    let mut reader = Reader { names, rows, sheet: Sheet::foreign(terms) };
    names.check_width(rows, &mut reader.sheet);
    check_rows(&mut reader);
    let variants = variant_rows(names, rows);
    let simple = is_simple(names, &variants);
    let mut skus = Skus::default();
    for (index, row) in variants.iter().enumerate() {
        reader.sheet.begin(row.number);
        if index == 0 {
            read_product(&mut reader, tree, simple);
        }
        read_variant(&mut reader, row, simple, &mut skus);
    }
    read_pictures(&mut reader);
    reader.sheet
}

/// The rows that are variants; the others only carry a picture. A product has at least one.
fn variant_rows<'a>(names: &Names, rows: &'a [Row]) -> Vec<&'a Row> {
    let says = |row: &&Row| [SKU, PRICE, &OPTION_VALUE[..1]].iter().any(|column| !names.text(row, column).is_empty());
    let variants: Vec<&Row> = rows.iter().filter(says).collect();
    if variants.is_empty() { rows.iter().take(1).collect() } else { variants }
}

/// A product without choices has one variant, which Shopify calls “Default Title”.
fn is_simple(names: &Names, variants: &[&Row]) -> bool {
    let [only] = variants else { return false };
    let value = names.text(only, &OPTION_VALUE[..1]);
    value.is_empty() || value == "Default Title"
}

fn check_rows(reader: &mut Reader<'_>) {
    let truth = |text: &str| text.eq_ignore_ascii_case("true");
    if let Some(row) = reader.rows.iter().find(|row| truth(reader.names.text(row, GIFT_CARD))) {
        let reason = "Gift cards are not sold here. Take the product out of the file.";
        reader.refuse(row.number, GIFT_CARD, reason);
    }
    let title = reader.product(TITLE).unwrap_or_default();
    let other = reader.rows.iter().find(|row| {
        let own = reader.names.text(row, TITLE);
        !own.is_empty() && own != title
    });
    if let Some(row) = other {
        let reason = "Rows of one handle are one product, but this row has another title. Give it a handle of its own.";
        reader.refuse(row.number, TITLE, reason);
    }
}

fn read_product(reader: &mut Reader<'_>, tree: &Tree, simple: bool) {
    let handle = reader.rows.first().map(|row| handle(reader.names, row)).unwrap_or_default();
    let slug = Slug::from_title(handle, "product").to_string();
    let name = handle_column(reader.names).to_owned();
    reader.sheet.set("handle", &name, &slug);
    for (ours, column) in [("title", TITLE), ("description_html", BODY)] {
        if let Some(text) = reader.product(column) {
            let name = reader.name(column);
            reader.sheet.set(ours, &name, &text);
        }
    }
    // An empty one would take away what was written here by hand.
    if let Some(text) = reader.product(SEO_DESCRIPTION).filter(|text| !text.is_empty()) {
        let name = reader.name(SEO_DESCRIPTION);
        reader.sheet.set("summary", &name, &summary(&text));
        reader.sheet.set("seo_description", &name, &shortened(&text, SEO_DESCRIPTION_MAX));
    }
    if let Some(text) = reader.product(SEO_TITLE).filter(|text| !text.is_empty()) {
        let name = reader.name(SEO_TITLE);
        reader.sheet.set("seo_title", &name, &shortened(&text, SEO_TITLE_MAX));
    }
    let of_category = [TYPE, CATEGORY].map(|column| reader.product(column).unwrap_or_default());
    let paths: Vec<String> = of_category.into_iter().filter(|path| !path.is_empty()).collect();
    let name = [TYPE, CATEGORY].iter().find_map(|column| reader.names.first(column));
    set_terms(&mut reader.sheet, tree, name, &paths);
    read_status(reader);
    if let Some(tags) = reader.product(TAGS) {
        let name = reader.name(TAGS);
        set_tags(&mut reader.sheet, &name, tags.split(','));
    }
    if let Some(brand) = reader.product(VENDOR) {
        let name = reader.name(VENDOR);
        set_brand(&mut reader.sheet, &name, &brand);
    }
    if reader.names.has(OPTION_NAME[0]) {
        for (ours, column) in OUR_OPTION_NAME.into_iter().zip(OPTION_NAME) {
            let text = reader.product(&[column]).filter(|_| !simple).unwrap_or_default();
            let name = reader.name(&[column]);
            reader.sheet.set(ours, &name, &text);
        }
    }
}

/// On sale is what is active and not kept off the online store.
fn read_status(reader: &mut Reader<'_>) {
    let (status, published) = (reader.product(STATUS), reader.product(PUBLISHED));
    let column = if status.is_some() { STATUS } else { PUBLISHED };
    let off = published.as_deref().is_some_and(|text| text.eq_ignore_ascii_case("false"));
    let row = reader.rows.first().map_or(0, |row| row.number);
    let ours = match status.as_deref().map(str::to_lowercase).as_deref() {
        Some("draft") => "draft",
        Some("archived") => "archived",
        Some("active") if off => "draft",
        Some("active") => "published",
        Some("unlisted") => {
            let reason = "Products without a place in lists do not exist here; it becomes a draft.";
            reader.note(row, STATUS, reason.to_owned());
            "draft"
        }
        Some("") | None => match published.as_deref() {
            None => return,
            Some(text) if text.eq_ignore_ascii_case("true") => "published",
            Some(_) => "draft",
        },
        Some(_) => return reader.refuse(row, STATUS, "Use active, draft or archived."),
    };
    let name = reader.name(column);
    reader.sheet.set("status", &name, ours);
}

fn read_variant(reader: &mut Reader<'_>, row: &Row, simple: bool, skus: &mut Skus) {
    let names = reader.names;
    let mut values = Vec::new();
    if names.has(OPTION_VALUE[0]) {
        for index in 0..3 {
            let value = if simple { String::new() } else { option_value(reader, row, index) };
            let name = names.first(&OPTION_VALUE[index..=index]).unwrap_or(OPTION_VALUE[index]);
            reader.sheet.set(OUR_OPTION[index], name, &value);
            values.push(value);
        }
        values.retain(|value| !value.is_empty());
    }
    // An apostrophe keeps a spreadsheet from taking a code for a number.
    let code = |column| names.text(row, column).trim_start_matches('\'').trim();
    let sku = match code(SKU) {
        "" => skus.make(&super::foreign::handle_of(handle(names, row)), &values),
        sku => sku.to_owned(),
    };
    reader.sheet.set("sku", names.first(SKU).unwrap_or("Variant SKU"), &sku);
    let picture = names.text(row, VARIANT_IMAGE);
    if !picture.is_empty() {
        reader.sheet.variant_pictures.push((sku, picture.to_owned()));
    }
    if let Some(name) = names.first(PRICE) {
        let price = amount(names.text(row, PRICE));
        reader.sheet.set("price", name, &price);
        if let Some(name) = names.first(COMPARE_AT) {
            let before = amount(names.text(row, COMPARE_AT));
            let kept = if is_more(&before, &price) || !is_number(&before) { before } else { String::new() };
            reader.sheet.set("compare_at", name, &kept);
        }
    }
    if let Some(name) = names.first(GRAMS) {
        let text = names.text(row, GRAMS);
        reader.sheet.set("weight_g", name, &if text.is_empty() { String::new() } else { grams(text, 1.0) });
    }
    if let Some(name) = names.first(BARCODE) {
        reader.sheet.set("barcode", name, code(BARCODE));
    }
    if let Some(name) = names.first(STOCK) {
        let left = read_stock(reader, row);
        reader.sheet.set("initial_stock", name, &left);
    }
}

/// How many there are. Where that is not counted there, nobody looks after the number that stands in the file.
fn read_stock(reader: &mut Reader<'_>, row: &Row) -> String {
    let (names, text) = (reader.names, reader.names.text(row, STOCK));
    if names.cell(row, TRACKER) == Some("") {
        reader.sheet.note_uncounted(row.number, names.first(STOCK).unwrap_or_default(), NOT_COUNTED);
        return String::new();
    }
    if text.is_empty() { String::new() } else { stock(text) }
}

/// Empty, or something of which a higher price can be said.
fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// A choice. One that is linked to a metafield may be a reference; then the metafield's column says the word.
fn option_value(reader: &mut Reader<'_>, row: &Row, index: usize) -> String {
    let value = reader.names.text(row, &OPTION_VALUE[index..=index]).to_owned();
    if !value.starts_with("gid://") {
        return value;
    }
    let link = reader.product(&OPTION_LINK[index..=index]).filter(|link| !link.is_empty());
    let place = link.and_then(|link| {
        let wanted = format!("({})", link.to_lowercase());
        reader.names.find(|name| name.ends_with(&wanted))
    });
    match place.map(|place| row.at(place)).filter(|word| !word.is_empty() && !word.contains("gid://")) {
        Some(word) => word.to_owned(),
        None => {
            let reason = format!(
                "“{}” is a reference into Shopify and not a word. Write the choice itself into this cell.",
                shortened(&value, 60)
            );
            reader.refuse(row.number, &OPTION_VALUE[index..=index], &reason);
            value
        }
    }
}

/// The product's pictures by their positions, then those of single variants.
fn read_pictures(reader: &mut Reader<'_>) {
    let names = reader.names;
    let mut placed: Vec<(i64, i64, Wanted)> = Vec::new();
    let mut last = 0;
    for row in reader.rows.iter().filter(|row| !names.text(row, IMAGE).is_empty()) {
        last = names.text(row, POSITION).parse().unwrap_or(last + 1);
        let picture = Wanted { url: names.text(row, IMAGE).to_owned(), alt: names.text(row, ALT).to_owned() };
        placed.push((last, row.number, picture));
    }
    placed.sort_by_key(|(position, ..)| *position);
    let mut wanted: Vec<(i64, Wanted)> = placed.into_iter().map(|(_, row, picture)| (row, picture)).collect();
    let of_variants = reader.rows.iter().map(|row| (row.number, names.text(row, VARIANT_IMAGE)));
    wanted.extend(
        of_variants
            .filter(|(_, url)| !url.is_empty())
            .map(|(row, url)| (row, Wanted { url: url.to_owned(), alt: String::new() })),
    );
    let name = reader.name(IMAGE);
    set_pictures(&mut reader.sheet, &name, wanted);
    // One that cannot be had, or is one too many, shows no variant either.
    let pictures = &reader.sheet.pictures;
    reader.sheet.variant_pictures.retain(|(_, url)| pictures.iter().any(|picture| picture.url == *url));
}
