//! The category tree. What products of each category are asked for has pages of its own.

use contracts::catalog::{
    AttributeDef, CategoryInput, CategoryView,
    limits::{SEO_DESCRIPTION_MAX, SEO_TITLE_MAX},
};
use kernel::{CategoryId, Error, Languages, Result, Slug};

use super::{Desk, Room, said};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, PortalPage, fields::renamed, translations, tree},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Visit},
};

const FIELDS: [&str; 8] =
    ["name", "slug", "parent_id", "position", "description", "picture_url", "seo_title", "seo_description"];

/// `GET /admin/categories`
pub async fn list(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let categories = desk.app.catalog.categories(&desk.who).await?;
    let rows = tree::in_order(&categories, None).into_iter().map(|(category, depth)| row(&desk, category, depth));
    let columns = vec![Column::new("Category"), Column::new("Address"), Column::new("Asked for"), Column::new("")];
    let empty = Empty::new("layers", "No categories yet", "Products cannot be added without one.")
        .action("Add a category", "/admin/categories/new");
    let list = List::whole(Table::new("Categories", columns, rows.collect(), empty));
    let place = desk.place("Categories", Room::Categories).await;
    render::page(&PortalPage::new(place).main("Add a category", "/admin/categories/new").block(&list))
}

fn row(desk: &Desk, category: &CategoryView, depth: usize) -> Row {
    let name = tree::indented(category, depth);
    let href = format!("/admin/categories/{}", category.id);
    let asked = category.attributes.iter().chain(&category.inherited).filter(|def| !def.archived).count();
    let facts = i64::try_from(asked).unwrap_or(i64::MAX);
    Row {
        id: category.id.to_string(),
        cells: vec![
            Cell::Link(Link::new(name, &href), category.description.clone()),
            Cell::link(format!("/c/{}", category.slug), format!("/c/{}", category.slug)),
            Cell::link(desk.fmt.counted(facts, "fact", "facts"), format!("{href}/facts")),
            Cell::Actions(vec![Link::new("Change", &href), Link::new("Remove", format!("{href}/remove"))]),
        ],
    }
}

/// `GET /admin/categories/new`
pub async fn new(visit: Visit) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let page = form(&mut desk, None, &Filled::with([("position", "0")])).await?;
    render::page(&page)
}

/// `GET /admin/categories/{id}`
pub async fn show(visit: Visit, Path(id): Path<CategoryId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let category = find(&desk, id).await?;
    let mut filled = [
        ("name", category.name.clone()),
        ("slug", category.slug.to_string()),
        ("parent_id", category.parent_id.map(|id| id.to_string()).unwrap_or_default()),
        ("position", category.position.to_string()),
        ("description", category.description.clone()),
        ("picture_url", category.picture_url.clone().unwrap_or_default()),
        ("seo_title", category.seo_title.clone()),
        ("seo_description", category.seo_description.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec();
    filled.extend(translations::of_category(&category.translations));
    let filled = Filled::with(filled);
    let page = form(&mut desk, Some(&category), &filled).await?;
    render::page(&page)
}

pub(super) async fn find(desk: &Desk, id: CategoryId) -> Result<CategoryView> {
    let categories = desk.app.catalog.categories(&desk.who).await?;
    categories.into_iter().find(|category| category.id == id).ok_or_else(|| Error::not_found("category"))
}

async fn form(desk: &mut Desk, category: Option<&CategoryView>, filled: &Filled) -> Result<PortalPage> {
    let own = category.map(|category| category.id);
    let all = desk.app.catalog.categories(&desk.who).await?;
    let parents = [(String::new(), "None: a top category".to_owned())].into_iter().chain(tree::choices(&all, own));
    let short = vec![
        Field::text("name", "Name").max_length(80).filled(filled),
        Field::select("parent_id", "Under", parents).filled(filled),
        Field::text("slug", "Name in the address")
            .optional()
            .before("/c/")
            .hint("Made from the name if left empty.")
            .filled(filled),
        Field::number("position", "Place among its siblings").between(0, 10_000).filled(filled),
        Field::text("picture_url", "Address of its picture").optional().max_length(300).filled(filled),
    ];
    let description = Field::lines("description", "A sentence about it", 2).optional().max_length(500).filled(filled);
    let seo_title = Field::text("seo_title", "Title for search engines")
        .optional()
        .max_length(SEO_TITLE_MAX)
        .hint("The name if left empty.")
        .filled(filled);
    let seo_description = Field::lines("seo_description", "Description for search engines", 2)
        .optional()
        .max_length(SEO_DESCRIPTION_MAX)
        .hint("The sentence about it if left empty.")
        .filled(filled);
    let (title, action) = match category {
        Some(category) => (category.name.clone(), format!("/admin/categories/{}", category.id)),
        None => ("Add a category".to_owned(), "/admin/categories".to_owned()),
    };
    let form = Form::new(action, &desk.csrf(), "Save category")
        .fields(short)
        .with(&description)
        .with(&seo_title)
        .with(&seo_description);
    let folds = translations::category_folds(&desk.app.languages, filled);
    let form = folds.iter().fold(form, |form, fold| form.with(fold)).cancel("Cancel", "/admin/categories");
    let translated = translations::category_names(&desk.app.languages);
    let names: Vec<&str> = FIELDS.into_iter().chain(translated.iter().map(String::as_str)).collect();
    let place = desk.place(title, Room::Categories).await;
    let page = PortalPage::new(place);
    let page = match category {
        Some(category) => {
            page.action("What products are asked for", format!("/admin/categories/{}/facts", category.id))
        }
        None => page,
    };
    Ok(page
        .above(&[("Categories", "/admin/categories")])
        .errors(filled.summary(&names))
        .block(&Panel::new("").with(&form)))
}

/// The input that would leave a category as it is, but for what it asks.
pub(super) fn with_attributes(category: &CategoryView, attributes: Vec<AttributeDef>) -> CategoryInput {
    CategoryInput {
        name: category.name.clone(),
        slug: Some(category.slug.clone()),
        description: category.description.clone(),
        parent_id: category.parent_id,
        position: category.position,
        picture_url: category.picture_url.clone(),
        attributes,
        seo_title: category.seo_title.clone(),
        seo_description: category.seo_description.clone(),
        translations: category.translations.clone(),
    }
}

fn read(sent: &Fields, shop: &Languages, known: Option<&CategoryView>) -> Result<CategoryInput> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Give it a name.");
    let slug = reader.optional_parsed::<Slug>("slug");
    let parent_id = sent.parsed::<CategoryId>("parent_id");
    // What cannot be read must not pass for "a top category".
    if parent_id.is_none() && sent.some("parent_id").is_some() {
        reader.wrong("parent_id", "Choose one of these.");
    }
    let position = reader.whole("position", 0..=10_000);
    if !reader.ok() {
        return Err(reader.error());
    }
    Ok(CategoryInput {
        name,
        slug,
        description: sent.get("description").trim().to_owned(),
        parent_id,
        position,
        picture_url: sent.some("picture_url"),
        attributes: known.map(|known| known.attributes.clone()).unwrap_or_default(),
        seo_title: sent.get("seo_title").trim().to_owned(),
        seo_description: sent.get("seo_description").trim().to_owned(),
        translations: translations::category(shop, known.map(|known| &known.translations), |name| sent.get(name)),
    })
}

/// `POST /admin/categories`
pub async fn create(posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields, &desk.app.languages, None) {
        Ok(input) => desk.app.catalog.add_category(&desk.who, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, None, &posted.fields, result).await
}

/// `POST /admin/categories/{id}`
pub async fn save(Path(id): Path<CategoryId>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let category = find(&desk, id).await?;
    let result = match read(&posted.fields, &desk.app.languages, Some(&category)) {
        Ok(input) => desk.app.catalog.update_category(&desk.who, id, &input).await,
        Err(error) => Err(error),
    };
    answer(desk, Some(category), &posted.fields, result).await
}

async fn answer(mut desk: Desk, category: Option<CategoryView>, sent: &Fields, result: Result<CategoryView>) -> Shown {
    match result {
        Ok(saved) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", saved.name))).await?;
            // A new category is asked for nothing yet.
            match category {
                Some(_) => Ok(desk.visit.go("/admin/categories")),
                None => Ok(desk.visit.go(&format!("/admin/categories/{}/facts", saved.id))),
            }
        }
        Err(error) => {
            let whole = |field: &str| field.split('[').next().unwrap_or_default().to_owned();
            let (status, filled) = sent.refused(renamed(error, whole))?;
            let page = form(&mut desk, category.as_ref(), &filled).await?;
            render::page_with(status, &page)
        }
    }
}

/// `GET /admin/categories/{id}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path(id): Path<CategoryId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let category = find(&desk, id).await?;
    let form = Form::new(format!("/admin/categories/{id}/remove"), &desk.csrf(), "Remove category");
    let place = desk.place(format!("Remove “{}”?", category.name), Room::Categories).await;
    let ask = Ask {
        effect: "Its page disappears. Only a category without products and without categories under it can be removed. \
                 This cannot be undone.",
        form,
        back: Link::new("Keep it", "/admin/categories"),
    };
    render::page(&ask.page(place, &[("Categories", "/admin/categories")]))
}

/// `POST /admin/categories/{id}/remove`
pub async fn remove(Path(id): Path<CategoryId>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.catalog.remove_category(&desk.who, id).await {
        Ok(()) => Message::good("The category is removed."),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/categories"))
}
