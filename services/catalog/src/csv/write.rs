//! From a product to its rows.

use ::csv::{Terminator, WriterBuilder};
use contracts::catalog::{AttributeDef, AttributeValue, ImportError};
use kernel::{Error, Languages, Money, Result, Timestamp, text::guard_cell};

use super::{
    COLUMNS,
    cell::{NAMES, TEXTS, join_attributes, join_list},
    links::Others,
    sheet::Translated,
    translated_columns,
};
use crate::model::{Product, StoredPicture, Tree, Variant, fit, status_text};

/// The header.
pub(crate) fn header_line(languages: &Languages) -> Result<Vec<u8>> {
    let translated = translated_columns(languages).map(|column| column.name());
    lines(vec![COLUMNS.map(str::to_owned).into_iter().chain(translated).collect()])
}

/// The rows of a product with the variants on offer; `others` has what it names.
pub(crate) fn product_lines(
    product: &Product,
    variants: &[Variant],
    tree: &Tree,
    languages: &Languages,
    others: &Others,
) -> Result<Vec<u8>> {
    let rows = variants.iter().enumerate().map(|(index, variant)| {
        let mut row = vec![product.handle.clone()];
        row.extend(if index == 0 {
            product_cells(product, tree, others)
        } else {
            std::array::from_fn(|_| String::new())
        });
        row.extend(variant_cells(product, variant, others));
        row.extend(translated_columns(languages).map(|column| match index {
            0 => translated_cell(product, column),
            _ => String::new(),
        }));
        row
    });
    lines(rows.collect())
}

/// A file of complaints begins with this.
pub(crate) fn complaint_header() -> Result<Vec<u8>> {
    lines(vec![["row", "column", "reason"].map(str::to_owned).to_vec()])
}

/// Rows of a file of complaints.
pub(crate) fn complaint_lines(complaints: Vec<ImportError>) -> Result<Vec<u8>> {
    lines(complaints.into_iter().map(|told| vec![told.row.to_string(), told.column, told.reason]).collect())
}

fn lines(rows: Vec<Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| guard_cell(cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|e| Error::internal(e.error()))
}

fn product_cells(product: &Product, tree: &Tree, others: &Others) -> [String; 21] {
    let category = tree.get(product.category_id);
    let asked = tree.asked(product.category_id);
    let moment = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let option = |index: usize| product.options.get(index);
    let name = |index| option(index).map_or_else(String::new, |o| o.name.clone());
    let values = |index| option(index).map_or_else(String::new, |o| join_list(&o.values, TEXTS));
    [
        product.title.clone(),
        product.summary.clone(),
        product.description_html.clone(),
        category.map_or_else(String::new, |c| c.slug.to_string()),
        product.currency.to_string(),
        status_text(product.status).to_owned(),
        join_list(&product.tags, TEXTS),
        join_attributes(&short(&product.attributes, &asked)),
        product.brand.clone(),
        product.seo_title.clone(),
        product.seo_description.clone(),
        moment(product.publish_at),
        moment(product.unpublish_at),
        name(0),
        values(0),
        name(1),
        values(1),
        name(2),
        values(2),
        others.related(&product.related),
        pictures(product, others),
    ]
}

/// Where each picture is, and what it shows: what [`super::own::read_pictures`] reads.
fn pictures(product: &Product, others: &Others) -> String {
    let one = |stored: &StoredPicture| {
        let address = others.address_of(stored)?;
        Some(format!("{address} {}", stored.picture.alt).trim_end().to_owned())
    };
    join_list(product.pictures.iter().filter_map(one), NAMES)
}

fn translated_cell(product: &Product, column: Translated) -> String {
    let texts = product.translations.get(column.language);
    texts.and_then(|texts| texts.all().get(column.text).copied().cloned()).unwrap_or_default()
}

/// The facts without the labels and units that the category gives them anyway.
fn short(attributes: &[AttributeValue], asked: &[AttributeDef]) -> Vec<AttributeValue> {
    let shorter = |full: &AttributeValue| {
        let bare = AttributeValue { label: String::new(), unit: None, ..full.clone() };
        let without_label = AttributeValue { label: String::new(), ..full.clone() };
        // Of what kind a value is nobody writes down: the category says it.
        let is_it = |fitted: &AttributeValue| AttributeValue { kind: full.kind, ..fitted.clone() } == *full;
        let gives_back = |short: &AttributeValue| {
            fit(asked, std::slice::from_ref(short), &[]).is_ok_and(|fitted| fitted.first().is_some_and(is_it))
        };
        [bare, without_label].into_iter().find(gives_back).unwrap_or_else(|| full.clone())
    };
    attributes.iter().map(shorter).collect()
}

/// Where the picture is that shows a variant.
fn picture(product: &Product, variant: &Variant, others: &Others) -> String {
    let known = product.pictures.iter().find(|stored| variant.picture_id == Some(stored.picture.id));
    known.and_then(|stored| others.address_of(stored)).unwrap_or_default()
}

fn variant_cells(product: &Product, variant: &Variant, others: &Others) -> [String; 11] {
    let money = |minor| Money::new(minor, product.currency).decimal();
    let option = |index: usize| variant.options.get(index).cloned().unwrap_or_default();
    [
        variant.sku.clone(),
        option(0),
        option(1),
        option(2),
        money(variant.price_minor),
        variant.compare_at_minor.map_or_else(String::new, money),
        variant.weight_g.to_string(),
        variant.barcode.clone().unwrap_or_default(),
        picture(product, variant, others),
        // Stock belongs to the inventory once a variant is known.
        String::new(),
        others.parts(variant.id),
    ]
}
