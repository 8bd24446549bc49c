//! Remembers which categories here a vendor wants for those of a file that was checked, and checks it again: what it
//! would do is another thing then.

use std::{collections::BTreeMap, sync::Arc};

use contracts::catalog::{ChooseImportCategories, ImportView};
use kernel::{CategoryId, Error, FieldError, ImportId, Result, Slug, VendorScope};

use super::start_import::{queue, queued};
use crate::{
    Catalog,
    error::Refused,
    model::path_key,
    store::{self, import_categories, imports::Wish},
};

/// Remembers choices for categories that a dry run lists, and queues another dry run of its file.
pub(crate) async fn choose_categories(
    app: &Arc<Catalog>,
    scope: VendorScope,
    checked: ImportId,
    input: ChooseImportCategories,
) -> Result<ImportView> {
    let import = store::imports::own(&app.db, &scope, checked).await?.ok_or(Refused::NoSuchImport)?;
    let file_id = import.file_id.filter(|_| import.view.can_confirm).ok_or(Refused::CheckOver)?;
    let choices = read(app, &import.view, &input).await?;
    let wish = Wish { dry_run: true, ..import.wish(file_id) };
    let (this, id, now) = (app.clone(), ImportId::new(&app.ids), app.clock.now());
    app.db
        .as_vendor(&scope)
        .write(async move |tx| {
            if !store::imports::take_file(tx, &scope, checked, file_id).await? {
                return Err(Refused::CheckOver.into());
            }
            for (path, category) in &choices {
                match category {
                    Some(category) => import_categories::choose(tx, &scope, path, *category).await?,
                    None => import_categories::forget(tx, &scope, path).await?,
                }
            }
            if !import_categories::are_few(tx, &scope).await? {
                let most = import_categories::CHOSEN_MAX;
                let reason =
                    format!("A store remembers at most {most} of them. Forget some that no file has any longer.");
                return Err(Error::invalid("categories", reason));
            }
            queue(&this, tx, &scope, id, wish, now).await
        })
        .await?;
    Ok(queued(id, true, now))
}

/// Choices by the keys of their paths.
async fn read(
    app: &Catalog,
    view: &ImportView,
    input: &ChooseImportCategories,
) -> Result<BTreeMap<String, Option<CategoryId>>> {
    let tree = store::categories::tree(&app.db).await?;
    let listed: Vec<String> = view.categories.iter().filter_map(|known| path_key(&known.path)).collect();
    let (mut choices, mut errors) = (BTreeMap::new(), Vec::new());
    for (i, choice) in input.categories.iter().enumerate() {
        let mut wrong = |field: &str, reason: String| {
            errors.push(FieldError { field: format!("categories[{i}].{field}"), reason });
        };
        let slug = choice.category.as_deref().map(str::trim).filter(|slug| !slug.is_empty());
        let found = slug.and_then(|slug| tree.by_slug(slug)).map(|category| category.id);
        match path_key(&choice.path).filter(|key| listed.contains(key)) {
            None => wrong("path", "The import lists no such category.".to_owned()),
            Some(_) if slug.is_some() && found.is_none() => {
                let slug = slug.unwrap_or_default();
                wrong("category", format!("There is no category “{slug}”. Use the name from its address."));
            }
            Some(key) => {
                choices.insert(key, found);
            }
        }
    }
    if errors.is_empty() { Ok(choices) } else { Err(Error::invalid_fields(errors)) }
}

/// Says in an import what its vendor has chosen for the categories that it lists.
pub(crate) async fn show_chosen(app: &Catalog, scope: &VendorScope, view: &mut ImportView) -> Result<()> {
    if view.categories.is_empty() {
        return Ok(());
    }
    let chosen = import_categories::chosen(&app.db, scope).await?;
    let chosen: BTreeMap<String, Slug> = chosen.into_iter().map(|(path, _, slug)| (path, slug)).collect();
    for known in &mut view.categories {
        known.category = path_key(&known.path).and_then(|key| chosen.get(&key).cloned());
    }
    Ok(())
}
