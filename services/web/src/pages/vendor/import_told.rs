//! What an import's page tells beside its counts: what changes, what was left out, how pictures fare.

use contracts::catalog::{
    CategoryView, FetchState, ImportChange, ImportChangeQuery, ImportError, ImportFormat, ImportOutcome, ImportPicture,
    ImportPictureQuery, ImportView,
};
use kernel::Currency;

use super::Desk;
use crate::{
    pages::portal::{Facts, Panel, or_none},
    ui::{Badge, Cell, Column, Empty, Field, Link, Row, Table, Tone},
};

/// Products whose changes are shown, and pictures that could not be had.
const SHOWN: u32 = 100;

/// What the vendor says of a file of another shop system.
pub(super) fn terms(main: Currency, categories: &[CategoryView]) -> [Field; 3] {
    let none = [(String::new(), "None: name what is missing".to_owned())].into_iter();
    let all = categories.iter().map(|category| (category.slug.to_string(), path(categories, category)));
    [
        Field::text("currency", "Currency of its prices")
            .optional()
            .max_length(3)
            .class("w-s")
            .hint(format!("For a file of Shopify or WooCommerce, such as {main}. Empty: that of your products.")),
        Field::select("category", "Category for what has none here", none.chain(all))
            .optional()
            .hint("For such a file: where new products go whose category is not called like one here."),
        Field::number("stock", "Stock of what is new").optional().class("w-s").hint(
            "For such a file: of products and variants of which it does not say how many there are. Empty: none.",
        ),
    ]
}

/// `Home – Mugs`
pub(super) fn path(categories: &[CategoryView], category: &CategoryView) -> String {
    let mut names = vec![category.name.as_str()];
    let mut parent = category.parent_id;
    while let Some(above) = categories.iter().find(|c| Some(c.id) == parent).filter(|_| names.len() < 10) {
        names.push(&above.name);
        parent = above.parent_id;
    }
    names.reverse();
    names.join(" – ")
}

/// The panels of an import that is done.
pub(super) async fn panels(desk: &Desk, import: &ImportView) -> Vec<Panel> {
    let mut panels = Vec::new();
    if let Some(format) = import.format {
        panels.push(Panel::new("The file").with(&facts(desk, import, format)));
    }
    let mut changes = Vec::new();
    for outcome in [ImportOutcome::Created, ImportOutcome::Updated, ImportOutcome::Failed] {
        let query = ImportChangeQuery { outcome: Some(outcome), limit: Some(SHOWN), after: None };
        let page = desk.app.catalog.import_changes(&desk.who, desk.vendor_id, import.id, &query).await;
        changes.extend(or_none("changes of an import", page).into_iter().flat_map(|page| page.items));
    }
    changes.sort_by_key(|change| change.row);
    if !changes.is_empty() {
        let title = if import.dry_run { "What would change" } else { "What has changed" };
        panels.push(Panel::new(title).flush().with(&table(&changes)));
    }
    if !import.notes.is_empty() {
        panels.push(Panel::new("To know, and to do by hand").flush().with(&errors(
            desk,
            "Notes",
            &import.notes,
            import.notes_total,
        )));
    }
    if import.pictures.failed + import.pictures.waiting > 0 {
        let mut troubled = Vec::new();
        for state in [FetchState::Failed, FetchState::Waiting] {
            let query = ImportPictureQuery { state: Some(state), limit: Some(SHOWN), after: None };
            let page = desk.app.catalog.import_pictures(&desk.who, desk.vendor_id, import.id, &query).await;
            let items = or_none("pictures of an import", page).into_iter().flat_map(|page| page.items);
            // One that nobody has asked for yet is in no trouble.
            troubled.extend(items.filter(|picture| !picture.reason.is_empty()));
        }
        if !troubled.is_empty() {
            panels.push(Panel::new("Pictures that could not be had").flush().with(&pictures(desk, &troubled)));
        }
    }
    panels
}

fn facts(desk: &Desk, import: &ImportView, format: ImportFormat) -> Facts {
    let name = match format {
        ImportFormat::Own => "Ours",
        ImportFormat::Shopify => "Products of Shopify",
        ImportFormat::Woocommerce => "Products of WooCommerce",
    };
    let ignored = (!import.ignored_columns.is_empty()).then(|| import.ignored_columns.join(", "));
    let counts = import.pictures;
    let fetched = (counts.waiting + counts.kept + counts.failed > 0).then(|| {
        let count = |n| desk.fmt.count(n);
        format!(
            "{} fetched, {} on their way, {} not to be had",
            count(counts.kept),
            count(counts.waiting),
            count(counts.failed)
        )
    });
    let failed = (import.failed > 0).then(|| desk.fmt.count(import.failed));
    Facts::new("The file")
        .fact("Format", name)
        .maybe("Columns nothing was made of", ignored)
        .maybe("Products that cannot be taken", failed)
        .maybe("Pictures", fetched)
}

fn outcome(outcome: ImportOutcome) -> Badge {
    match outcome {
        ImportOutcome::Created => Badge::new("New", Tone::Success),
        ImportOutcome::Updated => Badge::new("Changed", Tone::Accent),
        ImportOutcome::Unchanged => Badge::new("As it was", Tone::Neutral),
        ImportOutcome::Failed => Badge::new("Cannot be taken", Tone::Danger),
    }
}

fn table(changes: &[ImportChange]) -> Table {
    let columns = [Column::new("Product"), Column::new("Outcome"), Column::new("What")];
    let row = |(i, change): (usize, &ImportChange)| {
        let name = if change.title.is_empty() { &change.handle } else { &change.title };
        Row {
            id: format!("change-{i}"),
            cells: vec![
                Cell::Text(name.clone(), format!("Row {}", change.row)),
                Cell::Badge(outcome(change.outcome)),
                Cell::text(said(change)),
            ],
        }
    };
    let empty = Empty::new("check", "Nothing changes", "");
    Table::new("Changes", columns.into(), changes.iter().enumerate().map(row).collect(), empty)
}

/// `title: Mug → Large mug; variant M-L: added`
fn said(change: &ImportChange) -> String {
    let field = |field: &contracts::catalog::FieldChange| match (&field.before, &field.after) {
        (Some(before), Some(after)) => format!("{}: {before} → {after}", field.field),
        (None, Some(after)) if change.outcome == ImportOutcome::Created => format!("{}: {after}", field.field),
        (None, Some(after)) => format!("{}: added, {after}", field.field),
        (Some(before), None) => format!("{}: removed, was {before}", field.field),
        (None, None) => field.field.clone(),
    };
    change.fields.iter().map(field).collect::<Vec<_>>().join("; ")
}

fn pictures(desk: &Desk, pictures: &[ImportPicture]) -> Table {
    let columns = [Column::new("Product"), Column::new("Address"), Column::new("Why")];
    let row = |(i, picture): (usize, &ImportPicture)| Row {
        id: format!("picture-{i}"),
        cells: vec![
            Cell::Link(
                Link::new(&picture.title, desk.at(&format!("products/{}", picture.product_id))),
                if picture.state == FetchState::Waiting { "It is tried again.".to_owned() } else { String::new() },
            ),
            Cell::text(&picture.url),
            Cell::text(&picture.reason),
        ],
    };
    let empty = Empty::new("check", "All pictures were fetched", "");
    Table::new("Pictures", columns.into(), pictures.iter().enumerate().map(row).collect(), empty)
}

/// Complaints or notes, by row, and how many more of `total` there are.
pub(super) fn errors(desk: &Desk, caption: &str, errors: &[ImportError], total: i64) -> Table {
    let columns = [Column::new("Row"), Column::new("Column"), Column::new("What to mend")];
    let row = |(i, error): (usize, &ImportError)| Row {
        id: format!("{}-{i}", caption.to_lowercase()),
        cells: vec![Cell::text(format!("Row {}", error.row)), Cell::text(&error.column), Cell::text(&error.reason)],
    };
    let empty = Empty::new("check", "Nothing is wrong", "");
    let mut rows: Vec<Row> = errors.iter().enumerate().map(row).collect();
    let more = total - errors.len() as i64;
    if more > 0 {
        let text = format!("And {} more, which are not shown here.", desk.fmt.count(more));
        rows.push(Row {
            id: format!("{}-more", caption.to_lowercase()),
            cells: vec![Cell::text(""), Cell::text(""), Cell::text(text)],
        });
    }
    Table::new(caption, columns.into(), rows, empty)
}
