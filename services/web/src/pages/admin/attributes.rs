//! What products of a category are asked for: by the category itself, and by those above it.

use contracts::catalog::{
    AttributeDef, AttributeKind, CategoryView,
    limits::{KEY_MAX, LABEL_MAX, UNIT_MAX},
};
use kernel::{CategoryId, Error, Result, Slug};

use super::{
    Desk, Room,
    categories::{find, with_attributes},
    said,
};
use crate::{
    forms::{Fields, Posted, Reader},
    pages::portal::{Ask, Form, List, Panel, PortalPage, Words, fields::renamed},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Check, Column, Empty, Field, Filled, Link, Row, Table, Tone},
    visit::{Path, Visit},
};

const FIELDS: [&str; 6] = ["label", "key", "kind", "unit", "options", "position"];
const KINDS: [(&str, &str); 5] =
    [("text", "Text"), ("number", "Number"), ("choice", "One of some words"), ("yes_no", "Yes or no"), ("date", "Day")];

fn at(id: CategoryId, path: &str) -> String {
    format!("/admin/categories/{id}/{path}")
}

/// `GET /admin/categories/{id}/facts`
pub async fn list(visit: Visit, Path(id): Path<CategoryId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let categories = desk.app.catalog.categories(&desk.who).await?;
    let category = categories.iter().find(|known| known.id == id).ok_or_else(|| Error::not_found("category"))?;
    let own = category.attributes.iter().map(|def| row(&desk, id, def, true)).collect();
    let empty = Empty::new("layers", "Nothing is asked for yet", "Facts describe products and narrow a search.")
        .action("Add a fact", at(id, "new-fact"));
    let own = List::whole(Table::new("Facts", columns(), own, empty));
    let csrf = desk.csrf();
    let place = desk.place(format!("What products of “{}” are asked for", category.name), Room::Categories).await;
    let edit = at(id, "");
    let above = [("Categories", "/admin/categories"), (category.name.as_str(), edit.trim_end_matches('/'))];
    let mut page = PortalPage::new(place).above(&above).main("Add a fact", at(id, "new-fact")).block(&own);
    for archived in category.attributes.iter().filter(|def| def.archived) {
        let action = at(id, &format!("facts/{}/restore", archived.key));
        let ask = Form::new(action, &csrf, &format!("Ask for “{}” again", archived.label)).quiet().inline();
        page = page.block(&ask);
    }
    // From the nearest to the top.
    for upper in above_of(&categories, category).into_iter().filter(|upper| !upper.attributes.is_empty()) {
        let rows = upper.attributes.iter().map(|def| row(&desk, upper.id, def, false)).collect();
        let none = Empty::new("layers", "Nothing", "");
        let table = Table::new(format!("Facts of {}", upper.name), columns(), rows, none);
        let title = format!("Also asked for, by {}", upper.name);
        let panel = Panel::new(&title).link("Change these", at(upper.id, "facts")).flush().with(&table);
        page = page.block(&panel);
    }
    render::page(&page)
}

fn above_of<'a>(categories: &'a [CategoryView], category: &CategoryView) -> Vec<&'a CategoryView> {
    let mut above: Vec<&CategoryView> = Vec::new();
    let mut next = category.parent_id;
    // The bound only keeps a broken tree from going round for ever.
    while let Some(upper) = categories.iter().find(|known| Some(known.id) == next).filter(|_| above.len() < 8) {
        above.push(upper);
        next = upper.parent_id;
    }
    above
}

fn columns() -> Vec<Column> {
    let columns = [Column::new("Fact"), Column::new("Kind"), Column::new("Needed"), Column::new("Filter")];
    columns.into_iter().chain([Column::number("Place"), Column::new("State"), Column::new("")]).collect()
}

fn row(desk: &Desk, id: CategoryId, def: &AttributeDef, own: bool) -> Row {
    let href = at(id, &format!("facts/{}", def.key));
    let yes_no = |yes: bool| Cell::text(if yes { "Yes" } else { "No" });
    let state = if def.archived { ("Archived", Tone::Neutral) } else { ("Asked for", Tone::Success) };
    let remove = Link::new(format!("Remove “{}”", def.label), format!("{href}/remove"));
    let actions = if own && !def.archived { vec![remove] } else { Vec::new() };
    let name = if own { Cell::Link(Link::new(&def.label, &href), def.key.clone()) } else { named(def) };
    Row {
        id: def.key.clone(),
        cells: vec![
            name,
            Cell::text(kind(&def.kind)),
            yes_no(def.required),
            yes_no(def.filterable),
            Cell::Number(desk.fmt.count(def.position)),
            Cell::Badge(Badge::new(state.0, state.1)),
            Cell::Actions(actions),
        ],
    }
}

fn named(def: &AttributeDef) -> Cell {
    Cell::Text(def.label.clone(), def.key.clone())
}

/// A kind in words: `Number in cm`, `Stoneware, Glass`.
fn kind(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::Text => "Text".to_owned(),
        AttributeKind::Number { unit: None } => "Number".to_owned(),
        AttributeKind::Number { unit: Some(unit) } => format!("Number in {unit}"),
        AttributeKind::Choice { options } => options.join(", "),
        AttributeKind::YesNo => "Yes or no".to_owned(),
        AttributeKind::Date => "Day".to_owned(),
    }
}

fn kind_name(kind: &AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Text => "text",
        AttributeKind::Number { .. } => "number",
        AttributeKind::Choice { .. } => "choice",
        AttributeKind::YesNo => "yes_no",
        AttributeKind::Date => "date",
    }
}

/// `GET /admin/categories/{id}/new-fact`
pub async fn new(visit: Visit, Path(id): Path<CategoryId>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let category = find(&desk, id).await?;
    let page =
        form(&mut desk, &category, None, &Filled::with([("kind", "text"), ("position", "0"), ("filterable", "yes")]))
            .await;
    render::page(&page)
}

/// `GET /admin/categories/{id}/facts/{key}`
pub async fn show(visit: Visit, Path((id, key)): Path<(CategoryId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let category = find(&desk, id).await?;
    let def = def_of(&category, &key)?;
    let (unit, options) = match &def.kind {
        AttributeKind::Number { unit } => (unit.clone().unwrap_or_default(), String::new()),
        AttributeKind::Choice { options } => (String::new(), options.join("\n")),
        _ => Default::default(),
    };
    let tick = |ticked: bool| if ticked { "yes".to_owned() } else { String::new() };
    let filled = Filled::with([
        ("label", def.label.clone()),
        ("key", def.key.clone()),
        ("kind", kind_name(&def.kind).to_owned()),
        ("unit", unit),
        ("options", options),
        ("required", tick(def.required)),
        ("filterable", tick(def.filterable)),
        ("position", def.position.to_string()),
    ]);
    let page = form(&mut desk, &category, Some(def), &filled).await;
    render::page(&page)
}

fn def_of<'a>(category: &'a CategoryView, key: &str) -> Result<&'a AttributeDef> {
    category.attributes.iter().find(|def| def.key == key).ok_or_else(|| Error::not_found("fact"))
}

async fn form(desk: &mut Desk, category: &CategoryView, def: Option<&AttributeDef>, filled: &Filled) -> PortalPage {
    let mut short = vec![Field::text("label", "What it is called").max_length(LABEL_MAX).filled(filled)];
    if def.is_none() {
        let key = Field::text("key", "Code").optional().max_length(KEY_MAX).filled(filled);
        short.push(key.hint(
            "Lower-case letters, digits and hyphens, for files and addresses. Made from the name if left empty.",
        ));
    }
    short.push(Field::select("kind", "Kind", KINDS).filled(filled));
    short.push(
        Field::text("unit", "Unit").optional().max_length(UNIT_MAX).hint("Of a number: cm, g, W.").filled(filled),
    );
    short.push(Field::number("position", "Place").between(0, 10_000).hint("The lowest comes first.").filled(filled));
    let options = Field::lines("options", "Words to choose from", 5).optional();
    let options = options.hint("One per line, for the kind “One of some words”.").filled(filled);
    let required = Check::new("required", "Needed before a product goes on sale").filled(filled);
    let filterable = Check::new("filterable", "A filter of the search").filled(filled);
    let filterable = filterable.note("Words and days by value, numbers from and to.");
    let (title, action) = match def {
        Some(def) => (def.label.clone(), at(category.id, &format!("facts/{}", def.key))),
        None => ("Add a fact".to_owned(), at(category.id, "facts")),
    };
    let form = Form::new(action, &desk.csrf(), "Save fact")
        .fields(short)
        .with(&options)
        .with(&required)
        .with(&filterable)
        .cancel("Cancel", at(category.id, "facts"));
    let place = desk.place(title, Room::Categories).await;
    let words = Words::soft("Products of this category are asked for it, and those of all categories under it.");
    PortalPage::new(place)
        .above(&[("Categories", "/admin/categories"), (&category.name, &at(category.id, "facts"))])
        .errors(filled.summary(&FIELDS))
        .block(&Panel::new("").with(&words).with(&form))
}

fn read(sent: &Fields, known: Option<&AttributeDef>) -> Result<AttributeDef> {
    let mut reader = Reader::new(sent);
    let label = reader.text("label", "Say what it is called.");
    let position = reader.whole("position", 0..=10_000);
    let options: Vec<String> =
        sent.get("options").lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    let kind = match sent.get("kind") {
        "number" => AttributeKind::Number { unit: sent.some("unit") },
        "choice" => AttributeKind::Choice { options },
        "yes_no" => AttributeKind::YesNo,
        "date" => AttributeKind::Date,
        _ => AttributeKind::Text,
    };
    let made = || Slug::from_title(&label, "fact").to_string().chars().take(KEY_MAX).collect();
    let key = known.map(|def| def.key.clone()).or_else(|| sent.some("key")).unwrap_or_else(made);
    if !reader.ok() {
        return Err(reader.error());
    }
    let (required, filterable) = (reader.ticked("required"), reader.ticked("filterable"));
    let archived = known.is_some_and(|def| def.archived);
    Ok(AttributeDef { key, label, kind, required, filterable, position, archived })
}

/// `POST /admin/categories/{id}/facts`
pub async fn create(Path(id): Path<CategoryId>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let category = find(&desk, id).await?;
    let read = read(&posted.fields, None);
    store(desk, category, None, &posted.fields, read).await
}

/// `POST /admin/categories/{id}/facts/{key}`
pub async fn save(Path((id, key)): Path<(CategoryId, String)>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let category = find(&desk, id).await?;
    let known = def_of(&category, &key)?.clone();
    let read = read(&posted.fields, Some(&known));
    store(desk, category, Some(known), &posted.fields, read).await
}

async fn store(
    mut desk: Desk,
    category: CategoryView,
    known: Option<AttributeDef>,
    sent: &Fields,
    read: Result<AttributeDef>,
) -> Shown {
    let result = match read {
        Ok(def) => {
            let mut all = category.attributes.clone();
            let index = known.as_ref().and_then(|known| all.iter().position(|def| def.key == known.key));
            match index {
                Some(index) => all[index] = def,
                None => all.push(def),
            }
            let changed = with_attributes(&category, all);
            desk.app.catalog.update_category(&desk.who, category.id, &changed).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good(format!("“{}” is saved.", sent.get("label").trim()))).await?;
            Ok(desk.visit.go(&at(category.id, "facts")))
        }
        Err(error) => {
            let is_choice = sent.get("kind") == "choice";
            let name = |field: &str| match field.rsplit('.').next().unwrap_or(field) {
                "kind" if is_choice => "options".to_owned(),
                "attributes" => "label".to_owned(),
                last => last.to_owned(),
            };
            let (status, filled) = sent.refused(renamed(error, name))?;
            let page = form(&mut desk, &category, known.as_ref(), &filled).await;
            render::page_with(status, &page)
        }
    }
}

/// `GET /admin/categories/{id}/facts/{key}/remove`: asks.
pub async fn ask_remove(visit: Visit, Path((id, key)): Path<(CategoryId, String)>) -> Shown {
    let mut desk = Desk::open(visit).await?;
    let category = find(&desk, id).await?;
    let def = def_of(&category, &key)?;
    let form = Form::new(at(id, &format!("facts/{key}/remove")), &desk.csrf(), "Remove fact");
    let place = desk.place(format!("Remove “{}”?", def.label), Room::Categories).await;
    let ask = Ask {
        effect: "Products are no longer asked for it, and nobody can filter by it. If products have it, it is archived: \
                 they keep it and show it, and you can ask for it again.",
        form,
        back: Link::new("Keep it", at(id, "facts")),
    };
    let facts = at(id, "facts");
    render::page(&ask.page(place, &[("Categories", "/admin/categories"), (&category.name, &facts)]))
}

/// `POST /admin/categories/{id}/facts/{key}/remove`
pub async fn remove(Path((id, key)): Path<(CategoryId, String)>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let category = find(&desk, id).await?;
    def_of(&category, &key)?;
    let rest: Vec<AttributeDef> = category.attributes.iter().filter(|def| def.key != key).cloned().collect();
    let archived = |saved: &CategoryView| saved.attributes.iter().any(|def| def.key == key);
    change(desk, &category, rest, |saved| match archived(saved) {
        true => "It is archived: products that have it keep it.".to_owned(),
        false => "The fact is removed.".to_owned(),
    })
    .await
}

/// `POST /admin/categories/{id}/facts/{key}/restore`
pub async fn restore(Path((id, key)): Path<(CategoryId, String)>, posted: Posted) -> Shown {
    let desk = Desk::open(posted.visit).await?;
    let category = find(&desk, id).await?;
    def_of(&category, &key)?;
    let mut all = category.attributes.clone();
    for def in all.iter_mut().filter(|def| def.key == key) {
        def.archived = false;
    }
    change(desk, &category, all, |_| "Products are asked for it again.".to_owned()).await
}

async fn change(
    mut desk: Desk,
    category: &CategoryView,
    attributes: Vec<AttributeDef>,
    done: impl Fn(&CategoryView) -> String,
) -> Shown {
    let changed = with_attributes(category, attributes);
    let message = match desk.app.catalog.update_category(&desk.who, category.id, &changed).await {
        Ok(saved) => Message::good(done(&saved)),
        Err(error) => said(error)?,
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&at(category.id, "facts")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_as_they_are_typed() {
        let read = |form: &str, known: Option<&AttributeDef>| read(&Fields::parse(form.as_bytes()), known);
        let glaze = read("label=Glaze&kind=choice&options=matt%0A+glossy+%0A&position=3&required=yes", None).unwrap();
        assert_eq!((glaze.key.as_str(), glaze.position, glaze.required, glaze.filterable), ("glaze", 3, true, false));
        assert_eq!(glaze.kind, AttributeKind::Choice { options: vec!["matt".to_owned(), "glossy".to_owned()] });
        let height = read("label=How+high&key=height&kind=number&unit=+cm&position=0&filterable=yes", None).unwrap();
        assert_eq!((height.key.as_str(), height.filterable), ("height", true));
        assert_eq!(height.kind, AttributeKind::Number { unit: Some("cm".to_owned()) });
        // One that is known keeps its key whatever is sent.
        let renamed = read("label=Height&key=other&kind=number&unit=cm&position=0", Some(&height)).unwrap();
        assert_eq!((renamed.key.as_str(), renamed.label.as_str()), ("height", "Height"));
        let wrong = read("label=+&kind=text&position=x", None).unwrap_err();
        assert_eq!(wrong.fields().iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["label", "position"]);
    }
}
