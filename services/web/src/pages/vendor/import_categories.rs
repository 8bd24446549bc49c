//! Categories that a checked file names and nothing here is called like: which of ours the vendor wants for them.

use contracts::catalog::{
    CategoryView, ChooseImportCategories, ChosenImportCategory, ImportView, limits::IMPORT_CATEGORIES_MAX,
};
use kernel::{ImportId, VendorId};

use super::{Desk, import_told::path, import_upload::is_refusal};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{Form, Panel, Words, words},
    render::Shown,
    session::Message,
    ui::Field,
    visit::Path,
};

/// Most that are asked for at once: each has all categories to choose from.
const ASKED_MAX: usize = 40;

/// A choice for each, while the check can be made again.
pub(super) fn panel(desk: &Desk, import: &ImportView, categories: &[CategoryView]) -> Option<Panel> {
    if !import.can_confirm || import.categories.is_empty() || categories.is_empty() {
        return None;
    }
    let mut wanted: Vec<_> = import.categories.iter().collect();
    // Those that wait for a choice stand first, and of them those of most products.
    wanted.sort_by_key(|known| (known.category.is_some(), -known.products));
    let action = desk.at(&format!("imports/{}/categories", import.id));
    let mut form = Form::new(action, &desk.csrf(), "Remember and check again").quiet();
    for (i, known) in wanted.iter().take(ASKED_MAX).enumerate() {
        let none = [(String::new(), "None: as what has no category here".to_owned())].into_iter();
        let all = categories.iter().map(|category| (category.slug.to_string(), path(categories, category)));
        let chosen = known.category.as_ref().map(ToString::to_string).unwrap_or_default();
        let field = Field::select(&format!("category_{i}"), &known.path, none.chain(all))
            .optional()
            .value(chosen)
            .hint(desk.fmt.counted(known.products, "product", "products"));
        form = form.hidden(&format!("path_{i}"), &known.path).with(&field);
    }
    let why =
        "Nothing here is called like these categories of the file. What you choose is remembered for your next files.";
    let mut panel = Panel::new("Categories of the file").with(&Words::soft(why));
    let further = wanted.len().saturating_sub(ASKED_MAX);
    if further > 0 {
        let further = desk.fmt.count(i64::try_from(further).unwrap_or(i64::MAX));
        panel = panel.with(&Words::soft(format!("Choose for these first: {further} more are asked for afterwards.")));
    }
    if import.categories_rest > 0 {
        let rest = desk.fmt.counted(import.categories_rest, "product", "products");
        let text = format!(
            "The file names more categories than are listed: {rest} of those go where goes what has none here."
        );
        panel = panel.with(&Words::soft(text));
    }
    Some(panel.with(&form))
}

/// `POST /vendor/{vendor_id}/imports/{id}/categories`: remembers them and checks the file again.
pub async fn choose(Path((vendor_id, id)): Path<(VendorId, ImportId)>, posted: Posted) -> Shown {
    let input = read(&posted.fields);
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let why = match desk.app.catalog.choose_import_categories(&desk.who, vendor_id, id, &input).await {
        Ok(import) => return Ok(desk.visit.go(&desk.at(&format!("imports/{}", import.id)))),
        Err(error) if is_refusal(&error) => words::sentence(&error),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(Message::bad(why)).await?;
    Ok(desk.visit.go(&desk.at(&format!("imports/{id}"))))
}

fn read(fields: &Fields) -> ChooseImportCategories {
    let choice = |i: usize| {
        let path = fields.some(&format!("path_{i}"))?;
        Some(ChosenImportCategory { path, category: fields.some(&format!("category_{i}")) })
    };
    ChooseImportCategories { categories: (0..IMPORT_CATEGORIES_MAX).map_while(choice).collect() }
}
