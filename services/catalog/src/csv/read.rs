//! From the rows of a product to what its vendor wants it to be.

use contracts::catalog::{
    AttributeValue, ImportError, ProductInput, ProductOption, ProductStatus, Translations, VariantInput,
};
use kernel::{CategoryId, Currency, Error, Kind, Money, Slug, Timestamp};

use super::{
    COLUMNS, OF_PRODUCT,
    cell::{TEXTS, split_attributes, split_list},
    complaint,
    sheet::{Header, Row, Sheet, Terms},
};
use crate::{
    model::{Stored, Tree},
    views,
};

const OPTION_NAMES: [&str; 3] = ["option1_name", "option2_name", "option3_name"];
const OPTION_VALUES: [&str; 3] = ["option1_values", "option2_values", "option3_values"];
const OPTIONS: [&str; 3] = ["option1", "option2", "option3"];

struct Reader<'a> {
    header: &'a Header,
    rows: &'a [Row],
    terms: Option<Terms>,
    category_wanted: Option<&'a str>,
    errors: Vec<ImportError>,
}

impl<'a> Reader<'a> {
    fn complain(&mut self, row: i64, column: &str, reason: impl Into<String>) {
        self.errors.push(complaint(row, column, reason));
    }
    /// A cell of the first row; none if the file has no such column.
    fn first(&self, column: &str) -> Option<&'a str> {
        self.rows.first().filter(|_| self.header.has(column)).map(|row| row.cell(self.header, column))
    }
    fn first_row(&self) -> i64 {
        self.rows.first().map_or(0, |row| row.number)
    }
}

/// What the rows say, over what there is already: a column that the file does not have changes
/// nothing. The description is put in separately, since it has been sanitised before.
pub(crate) fn read(sheet: &Sheet, known: Option<&Stored>, tree: &Tree) -> Result<ProductInput, Vec<ImportError>> {
    let Sheet { header, rows, terms, .. } = sheet;
    let category_wanted = sheet.category_wanted.as_deref();
    let mut reader = Reader { header, rows, terms: *terms, category_wanted, errors: Vec::new() };
    check_rows(&mut reader);
    let known_input = known.map(|stored| {
        let offered: Vec<_> = stored.offered().cloned().collect();
        views::product_input(stored.product.clone(), &offered)
    });
    let mut input = match known_input {
        Some(input) => input,
        None => blank(&mut reader, tree).ok_or_else(|| std::mem::take(&mut reader.errors))?,
    };
    // The name in addresses of a known product is not the file's business.
    input.slug = if known.is_some() { None } else { slug_of(&mut reader) };
    read_product(&mut reader, &mut input, tree);
    let before = std::mem::take(&mut input.variants);
    input.variants = rows.iter().map(|row| read_variant(&mut reader, row, &before, &input)).collect();
    read_options(&mut reader, &mut input);
    if reader.errors.is_empty() { Ok(input) } else { Err(reader.errors) }
}

/// Every row is whole, and only the first carries what belongs to the product.
fn check_rows(reader: &mut Reader<'_>) {
    for row in reader.rows {
        if !row.is_whole(reader.header) {
            reader.complain(row.number, "", "This row has another number of cells than the header.");
        }
    }
    let header = reader.header;
    for row in reader.rows.iter().skip(1) {
        for column in &COLUMNS[OF_PRODUCT] {
            let cell = row.cell(reader.header, column);
            if !cell.is_empty() && Some(cell) != reader.first(column) {
                reader.complain(row.number, column, "This belongs to the product and stands in its first row.");
            }
        }
        for (column, place) in header.translated() {
            let (cell, first) = (row.at(*place), reader.rows.first().map(|first| first.at(*place)));
            if !cell.is_empty() && Some(cell) != first {
                let reason = "This belongs to the product and stands in its first row.";
                reader.complain(row.number, &column.name(), reason);
            }
        }
    }
}

/// The name in addresses; made from the title if the file has none.
fn slug_of(reader: &mut Reader<'_>) -> Option<Slug> {
    let handle = reader.first("handle")?;
    let slug = handle.parse().ok();
    if slug.is_none() {
        reader.complain(reader.first_row(), "handle", "Use lower-case letters, digits and single hyphens, at most 80.");
    }
    slug
}

/// What a new product begins with. It needs some columns that a known one can do without; category and
/// currency may be the vendor's terms instead.
fn blank(reader: &mut Reader<'_>, tree: &Tree) -> Option<ProductInput> {
    let category = category_of(reader, tree);
    let currency = match (reader.first("currency"), reader.terms) {
        (None, Some(terms)) => Some(terms.usual_currency),
        (code, _) => Currency::parse(&code.unwrap_or_default().to_uppercase()).ok(),
    };
    for needed in ["title", "category", "currency", "price"] {
        let given = match needed {
            "category" => category.is_some(),
            "currency" => currency.is_some(),
            _ => false,
        };
        if given || reader.first(needed).is_some_and(|cell| !cell.is_empty()) {
            continue;
        }
        let reason = match (needed, reader.terms, reader.category_wanted) {
            ("category", Some(_), Some(wanted)) => format!(
                "No category here is called like “{wanted}”. Choose one for it where the file is checked, or a category for all that has none here."
            ),
            ("category", Some(_), None) => {
                "The file names no category. Import it with a category for all that has none here.".to_owned()
            }
            _ => "A new product needs this.".to_owned(),
        };
        reader.complain(reader.first_row(), needed, reason);
    }
    if let (true, Some(category_id), Some(currency)) = (reader.errors.is_empty(), category, currency) {
        return Some(ProductInput {
            title: String::new(),
            slug: None,
            summary: String::new(),
            description_html: String::new(),
            category_id,
            currency,
            attributes: Vec::new(),
            options: Vec::new(),
            variants: Vec::new(),
            tags: Vec::new(),
            status: ProductStatus::Draft,
            brand: String::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            publish_at: None,
            unpublish_at: None,
            related: Vec::new(),
            translations: Translations::new(),
        });
    }
    if reader.errors.is_empty() {
        // One of the two is unknown; the same words as for a known product.
        check_category_and_currency(reader, tree);
    }
    None
}

fn category_of(reader: &Reader<'_>, tree: &Tree) -> Option<CategoryId> {
    match reader.first("category") {
        Some(slug) => tree.by_slug(slug).map(|category| category.id),
        None => reader.terms.and_then(|terms| terms.category),
    }
}

fn check_category_and_currency(reader: &mut Reader<'_>, tree: &Tree) {
    if let Some(slug) = reader.first("category").filter(|slug| tree.by_slug(slug).is_none()) {
        reader.complain(
            reader.first_row(),
            "category",
            format!("There is no category “{slug}”. Use the name from its address."),
        );
    }
    if let Some(code) = reader.first("currency").filter(|code| Currency::parse(&code.to_uppercase()).is_err()) {
        reader.complain(reader.first_row(), "currency", format!("“{code}” is not a currency. Use a code such as EUR."));
    }
}

fn read_product(reader: &mut Reader<'_>, input: &mut ProductInput, tree: &Tree) {
    check_category_and_currency(reader, tree);
    if let Some(title) = reader.first("title") {
        input.title = title.to_owned();
    }
    for (column, text) in [
        ("summary", &mut input.summary),
        ("brand", &mut input.brand),
        ("seo_title", &mut input.seo_title),
        ("seo_description", &mut input.seo_description),
    ] {
        if let Some(cell) = reader.first(column) {
            cell.clone_into(text);
        }
    }
    if let Some(row) = reader.rows.first() {
        for (column, place) in reader.header.translated() {
            let texts = input.translations.entry(column.language.to_owned()).or_default();
            if let Some(text) = texts.all_mut().into_iter().nth(column.text) {
                row.at(*place).clone_into(text);
            }
        }
    }
    for (column, moment) in [("publish_at", &mut input.publish_at), ("unpublish_at", &mut input.unpublish_at)] {
        match reader.first(column).map(|cell| (cell.is_empty(), cell.parse::<Timestamp>())) {
            None => {}
            Some((true, _)) => *moment = None,
            Some((false, Ok(at))) => *moment = Some(at),
            Some((false, Err(_))) => {
                reader.complain(reader.first_row(), column, "Use a moment such as 2026-11-20T13:45:00Z.");
            }
        }
    }
    if let Some(category) = reader.first("category").and_then(|slug| tree.by_slug(slug)) {
        input.category_id = category.id;
    }
    if let Some(currency) = reader.first("currency").and_then(|code| Currency::parse(&code.to_uppercase()).ok()) {
        input.currency = currency;
    }
    match reader.first("status").map(str::to_lowercase).as_deref() {
        None => {}
        Some("" | "draft") => input.status = ProductStatus::Draft,
        Some("published") => input.status = ProductStatus::Published,
        Some("archived") => input.status = ProductStatus::Archived,
        Some("scheduled") => input.status = ProductStatus::Scheduled,
        Some(_) => reader.complain(reader.first_row(), "status", "Use draft, scheduled, published or archived."),
    }
    if let Some(cell) = reader.first("tags") {
        input.tags = split_list(cell, TEXTS);
    }
    match reader.first("attributes").map(split_attributes) {
        None => {}
        Some(Ok(attributes)) if reader.terms.is_some() => lay_over(&mut input.attributes, attributes),
        Some(Ok(attributes)) => input.attributes = attributes,
        Some(Err(reason)) => reader.complain(reader.first_row(), "attributes", reason),
    }
}

/// Another system's file knows nothing of facts that were added here; those it knows, it changes.
fn lay_over(known: &mut Vec<AttributeValue>, told: Vec<AttributeValue>) {
    for value in told {
        match known.iter_mut().find(|fact| fact.key == value.key) {
            // Its label and its unit are this market's matter.
            Some(fact) => fact.value = value.value,
            None => known.push(value),
        }
    }
}

fn read_variant(reader: &mut Reader<'_>, row: &Row, before: &[VariantInput], product: &ProductInput) -> VariantInput {
    let header = reader.header;
    let cell = |column: &str| header.has(column).then(|| row.cell(header, column));
    let sku = row.cell(header, "sku");
    if sku.is_empty() {
        reader.complain(row.number, "sku", "Give it a SKU.");
    }
    let known = before.iter().find(|variant| variant.sku == sku);
    let mut variant = known.cloned().unwrap_or_else(|| VariantInput {
        id: None,
        sku: sku.to_owned(),
        options: Vec::new(),
        price_minor: 0,
        compare_at_minor: None,
        weight_g: 0,
        barcode: None,
        picture_id: None,
        initial_stock: None,
    });
    if OPTIONS.iter().any(|column| header.has(column)) {
        let values = OPTIONS.map(|column| row.cell(header, column).to_owned());
        let used = values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
        variant.options = values.into_iter().take(used).collect();
    }
    match cell("price") {
        Some("") | None if known.is_none() => reader.complain(row.number, "price", "A new variant needs a price."),
        Some("") | None => {}
        Some(text) => match amount(text, product.currency) {
            Ok(minor) => variant.price_minor = minor,
            Err(reason) => reader.complain(row.number, "price", reason),
        },
    }
    match cell("compare_at") {
        None => {}
        Some("") => variant.compare_at_minor = None,
        Some(text) => match amount(text, product.currency) {
            Ok(minor) => variant.compare_at_minor = Some(minor),
            Err(reason) => reader.complain(row.number, "compare_at", reason),
        },
    }
    for (column, target) in
        [("weight_g", &mut variant.weight_g), ("initial_stock", variant.initial_stock.get_or_insert(0))]
    {
        match cell(column).filter(|text| !text.is_empty()).map(str::parse::<i64>) {
            None => {}
            Some(Ok(number)) => *target = number,
            Some(Err(_)) => reader.complain(row.number, column, "Use a whole number."),
        }
    }
    let is_told = cell("initial_stock").is_some_and(|text| !text.is_empty());
    if known.is_none()
        && !is_told
        && let Some(stock) = reader.terms.and_then(|terms| terms.stock)
    {
        variant.initial_stock = Some(stock);
    }
    if let Some(text) = cell("barcode") {
        variant.barcode = Some(text.to_owned()).filter(|text| !text.is_empty());
    }
    variant
}

fn amount(text: &str, currency: Currency) -> Result<i64, String> {
    let amount = Money::parse_decimal(text, currency).ok().filter(|amount| !amount.is_negative());
    amount
        .map(|amount| amount.amount_minor)
        .ok_or_else(|| format!("“{text}” is not an amount in {currency} such as {}.", currency.example(1_999)))
}

/// The options: named in the first row; their values too, else as they first appear in the rows.
fn read_options(reader: &mut Reader<'_>, input: &mut ProductInput) {
    if !OPTION_NAMES.iter().any(|column| reader.header.has(column)) {
        return;
    }
    input.options.clear();
    for (index, (name, values)) in OPTION_NAMES.iter().zip(OPTION_VALUES).enumerate() {
        let Some(name) = reader.first(name).filter(|name| !name.is_empty()) else { continue };
        let mut values = reader.first(values).map(|cell| split_list(cell, TEXTS)).unwrap_or_default();
        if values.is_empty() {
            for value in input.variants.iter().filter_map(|variant| variant.options.get(index)) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        input.options.push(ProductOption { name: name.to_owned(), values });
    }
}

/// A refusal of the rules as complaints about cells; none if it is not about the input.
pub(crate) fn errors_of(error: &Error, rows: &[Row]) -> Option<Vec<ImportError>> {
    let first = rows.first().map_or(0, |row| row.number);
    match error.kind() {
        Kind::Invalid => Some(
            error
                .fields()
                .iter()
                .map(|e| {
                    let (row, column) = translated_place(&e.field, first)
                        .or_else(|| place_of(&e.field, rows).map(|(row, column)| (row, column.to_owned())))
                        .unwrap_or((first, String::new()));
                    complaint(row, &column, e.reason.as_str())
                })
                .collect(),
        ),
        Kind::Conflict if error.code() == "product_withdrawn" => Some(vec![complaint(first, "status", error.detail())]),
        _ => None,
    }
}

/// Row and column of a field such as `translations.de.title`.
fn translated_place(field: &str, first: i64) -> Option<(i64, String)> {
    let (language, text) = field.strip_prefix("translations.")?.split_once('.')?;
    Some((first, format!("{text}@{language}")))
}

/// Row and column of a field such as `variants[2].price_minor`.
fn place_of(field: &str, rows: &[Row]) -> Option<(i64, &'static str)> {
    let index = |text: &str| text.split(['[', ']']).nth(1).and_then(|n| n.parse::<usize>().ok());
    let mut parts = field.split('.');
    let (head, tail) = (parts.next()?, parts.next().unwrap_or_default());
    let column = match head.split('[').next()? {
        "variants" => {
            let row = rows.get(index(head)?)?.number;
            let column = match tail.split('[').next()? {
                "price_minor" => "price",
                "compare_at_minor" => "compare_at",
                "picture_id" => "picture",
                "options" => "option1",
                other => COLUMNS.into_iter().find(|column| *column == other).unwrap_or(""),
            };
            return Some((row, column));
        }
        "options" => match tail.split('[').next()? {
            "values" => *OPTION_VALUES.get(index(head)?)?,
            _ => *OPTION_NAMES.get(index(head).unwrap_or(0))?,
        },
        "category_id" => "category",
        "slug" => "handle",
        other => COLUMNS.into_iter().find(|column| *column == other).unwrap_or(""),
    };
    Some((rows.first()?.number, column))
}
