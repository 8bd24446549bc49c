//! Adds, changes and removes categories.

use std::{collections::BTreeSet, sync::Arc};

use contracts::catalog::{AttributeDef, CategoryInput, CategoryTexts, CategoryView, Translations};
use db::{ResultExt, Tx};
use kernel::{CategoryId, Error, FieldError, Result, Slug};

use super::retell_category::Retell;
use crate::{
    Catalog,
    error::Refused,
    jobs,
    model::{Category, check_category, is_alike, numbered_slug, strange_languages},
    store,
};

fn category(id: CategoryId, slug: Slug, input: &CategoryInput) -> Category {
    Category {
        id,
        slug,
        name: input.name.clone(),
        description: input.description.trim().to_owned(),
        parent_id: input.parent_id,
        position: input.position,
        picture_url: input.picture_url.clone(),
        attributes: input.attributes.clone(),
        seo_title: input.seo_title.clone(),
        seo_description: input.seo_description.clone(),
        translations: input.translations.clone(),
    }
}

/// Translations are into the shop's languages.
fn refuse_strange(
    app: &Catalog,
    before: Option<&Translations<CategoryTexts>>,
    wanted: &Translations<CategoryTexts>,
) -> Result<()> {
    let errors = strange_languages(&app.languages, before, wanted);
    if errors.is_empty() { Ok(()) } else { Err(Error::invalid_fields(errors)) }
}

/// The names of categories stand in most answers, and they seldom change.
fn forget_all(app: &Catalog, tx: &mut Tx) {
    let answers = app.answers.clone();
    tx.after_commit(move || answers.forget_all());
}

/// Adds a category.
pub(crate) async fn add_category(app: &Arc<Catalog>, mut input: CategoryInput) -> Result<CategoryView> {
    check_category(&mut input)?;
    refuse_strange(app, None, &input.translations)?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            store::categories::lock_tree(tx).await?;
            let mut tree = store::categories::tree_in(tx).await?;
            let wanted = input.slug.clone().unwrap_or_else(|| Slug::from_title(&input.name, "category"));
            let mut added = category(CategoryId::new(&this.ids), wanted.clone(), &input);
            tree.put(added.clone());
            tree.check(added.id)?;
            tree.check_asked(added.id)?;
            let mut n = 1;
            while !store::categories::claim_slug(tx, &added.slug, added.id).await? {
                // A name that was asked for is given or refused; one made from the title is numbered.
                if input.slug.is_some() {
                    return Err(Refused::CategorySlugTaken.into());
                }
                n += 1;
                added.slug = numbered_slug(&wanted, n);
            }
            store::categories::insert(tx, &added).await?;
            store::categories::put_closure(tx, &tree.closure()).await?;
            forget_all(&this, tx);
            Ok(tree.view(&added))
        })
        .await
}

fn is_of_another_kind(before: &Category, def: &AttributeDef) -> bool {
    before.attributes.iter().any(|known| known.key == def.key && !is_alike(&known.kind, &def.kind))
}

/// What is asked after a change: what products have values of keeps its kind, and is archived where it was left out.
async fn changed_attributes(tx: &mut Tx, before: &Category, wanted: Vec<AttributeDef>) -> Result<Vec<AttributeDef>> {
    let mut errors = Vec::new();
    for (index, def) in wanted.iter().enumerate() {
        if is_of_another_kind(before, def) && store::categories::is_answered(tx, before.id, &def.key).await? {
            let reason =
                "Products have values of this. Archive it and add another of the new kind, or with the new unit.";
            errors.push(FieldError { field: format!("attributes[{index}].kind"), reason: reason.to_owned() });
        }
    }
    if !errors.is_empty() {
        return Err(Error::invalid_fields(errors));
    }
    let kept: BTreeSet<String> = wanted.iter().map(|def| def.key.clone()).collect();
    let mut after = wanted;
    for gone in &before.attributes {
        if !kept.contains(&gone.key) && store::categories::is_answered(tx, before.id, &gone.key).await? {
            after.push(AttributeDef { archived: true, ..gone.clone() });
        }
    }
    Ok(after)
}

/// Changes a category. Where its name, its place or what it is filtered by changed, its products are told anew by a job.
pub(crate) async fn update_category(
    app: &Arc<Catalog>,
    id: CategoryId,
    mut input: CategoryInput,
) -> Result<CategoryView> {
    check_category(&mut input)?;
    let this = app.clone();
    app.db
        .write(async move |tx| {
            let version = store::categories::lock_tree(tx).await?;
            let mut tree = store::categories::tree_in(tx).await?;
            let before = tree.get(id).cloned().ok_or(Refused::NoSuchCategory)?;
            refuse_strange(&this, Some(&before.translations), &input.translations)?;
            let mut after = category(id, input.slug.clone().unwrap_or_else(|| before.slug.clone()), &input);
            let wanted = std::mem::take(&mut after.attributes);
            after.attributes = changed_attributes(tx, &before, wanted).await?;
            tree.put(after.clone());
            tree.check(id)?;
            tree.check_asked(id)?;
            if after.slug != before.slug && !store::categories::claim_slug(tx, &after.slug, id).await? {
                return Err(Refused::CategorySlugTaken.into());
            }
            store::categories::update(tx, &after).await?;
            if after.parent_id != before.parent_id {
                store::categories::put_closure(tx, &tree.closure()).await?;
            }
            let is_told_otherwise = (&after.slug, &after.name, after.parent_id)
                != (&before.slug, &before.name, before.parent_id)
                || after.unfiltered() != before.unfiltered()
                || !after.names().eq(before.names());
            if is_told_otherwise {
                let key = format!("{id}:{version}");
                this.jobs
                    .enqueue(tx, jobs::RETELL_CATEGORY, &key, &Retell { category_id: id, version, after: 0 })
                    .await?;
            }
            forget_all(&this, tx);
            Ok(tree.view(&after))
        })
        .await
}

/// Removes a category that has neither children nor products.
pub(crate) async fn remove_category(app: &Arc<Catalog>, id: CategoryId) -> Result<()> {
    let this = app.clone();
    app.db
        .write(async move |tx| {
            store::categories::lock_tree(tx).await?;
            let in_use = || Error::from(Refused::CategoryInUse);
            // A product that comes in at the same moment is seen by the foreign key.
            if !store::categories::remove(tx, id).await.on_foreign_key(in_use)? {
                let known = store::categories::tree_in(tx).await?.get(id).is_some();
                return Err(if known { in_use() } else { Refused::NoSuchCategory.into() });
            }
            forget_all(&this, tx);
            Ok(())
        })
        .await
}
