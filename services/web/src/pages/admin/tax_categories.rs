//! Kinds of goods that are taxed alike.

use contracts::taxes::{STANDARD, TaxCategory, ZERO};
use kernel::{Result, Slug};

use super::{Desk, Room, taxes};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, fields::renamed},
    render::{self, Shown},
    session::Message,
    ui::{Cell, Column, Empty, Field, Filled, Link, Row, Table},
    visit::{Path, Visit},
};

/// The categories, and the form that adds one.
pub(super) fn panel(csrf: &str, categories: &[TaxCategory], filled: &Filled) -> Panel {
    let row = |category: &TaxCategory| {
        let stays = [STANDARD, ZERO].contains(&category.key.as_str());
        let remove = Link::new("Remove", format!("/admin/taxes/categories/{}/remove", category.key));
        Row {
            id: format!("category-{}", category.key),
            cells: vec![
                Cell::Text(category.name.clone(), category.key.to_string()),
                Cell::Actions(if stays { Vec::new() } else { vec![remove] }),
            ],
        }
    };
    let empty = Empty::new("tag", "No categories", "Goods are taxed like the standard.");
    let columns = vec![Column::new("Category"), Column::new("")];
    let table = Table::new("Tax categories", columns, categories.iter().map(row).collect(), empty);
    let form = Form::new("/admin/taxes/categories", csrf, "Save category").fields(vec![
        Field::text("key", "Key")
            .max_length(40)
            .hint("Such as books; one that there is gets the new name.")
            .filled(filled),
        Field::text("category_name", "Name that vendors choose by").max_length(60).filled(filled),
    ]);
    Panel::new("Categories of goods").with(&List::whole(table)).with(&form)
}

/// `POST /admin/taxes/categories`
pub async fn save(posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let result = match read(&posted.fields) {
        Ok(category) => desk.app.pricing.set_tax_category(&desk.who, category.key.as_str(), &category).await,
        Err(error) => Err(error),
    };
    match result {
        Ok(category) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", category.name))).await?;
            Ok(desk.visit.go("/admin/taxes"))
        }
        Err(error) => {
            let form_name = |field: &str| if field == "name" { "category_name" } else { field }.to_owned();
            let (status, filled) = posted.fields.refused(renamed(error, form_name))?;
            let areas = desk.app.pricing.tax_areas(&desk.who).await?;
            let page = taxes::page(&mut desk, &areas, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

fn read(sent: &Fields) -> Result<TaxCategory> {
    let mut reader = Reader::new(sent);
    let key = reader.parsed::<Slug>("key", "Use lower-case letters, digits and hyphens, such as books.");
    let name = reader.text("category_name", "Enter the name that vendors choose by.");
    match key {
        Some(key) if reader.ok() => Ok(TaxCategory { key, name }),
        _ => Err(reader.error()),
    }
}

/// `GET /admin/taxes/categories/{key}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path(key): Path<Slug>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let form = Form::new(format!("/admin/taxes/categories/{key}/remove"), &desk.csrf(), "Remove category");
    let place = desk.place(format!("Remove the tax category “{key}”?"), Room::Taxes).await;
    let ask = Ask {
        effect: "Vendors can no longer choose it, and its rates count for nothing. Only a category that no product is in \
                 can be removed.",
        form,
        back: Link::new("Keep it", "/admin/taxes"),
    };
    render::page(&ask.page(place, &[("Taxes", "/admin/taxes")]))
}

/// `POST /admin/taxes/categories/{key}/remove`
pub async fn remove(Path(key): Path<Slug>, posted: Posted) -> Shown {
    let mut desk = Desk::open(posted.visit).await?;
    let message = match desk.app.pricing.delete_tax_category(&desk.who, key.as_str()).await {
        Ok(()) => Message::good(format!("The category “{key}” is removed.")),
        Err(error) if error.is(kernel::Kind::Conflict) => Message::bad(error.detail().to_owned()),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go("/admin/taxes"))
}
