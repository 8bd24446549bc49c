//! What goes with a product: other products of the same store, in an order, shown on its page.

use contracts::catalog::{
    OwnProductQuery, ProductEdit, ProductInput, ProductQuery, ProductStatus, limits::RELATED_MAX,
};
use kernel::{Error, FieldError, ProductId, Result, VendorId};

use super::{Desk, Room, products::at_version};
use crate::{
    forms::{Fields, Posted},
    pages::portal::{Form, Panel, PortalPage, Words, fields::renamed, or_none},
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled, Html},
    visit::{Path, Visit},
};

/// Products looked at for some to choose.
const FOUND: u32 = 20;
/// What stands before the id of a product in the name of its field.
const PLACE: &str = "place_";
/// The same for what the product is called.
const LABEL: &str = "label_";

/// A product in the form and what it is called.
type Choice = (ProductId, String);

/// What goes with a product, for its page in the portal.
pub(super) async fn panel(desk: &Desk, product: &ProductEdit) -> Html {
    let page = desk.at(&format!("products/{}/related", product.id));
    let panel = Panel::new("Goes with it").link("Choose products", page);
    if product.input.related.is_empty() {
        let words = "Nothing chosen: its page shows others of the same category.";
        return Html::of(&panel.with(&Words::soft(words)));
    }
    let names: Vec<String> = named(desk, &product.input.related).await.into_iter().map(|(_, name)| name).collect();
    Html::of(&panel.with(&Words::new(names.join(", "))))
}

/// The products with their titles, in their order; of those that are not on sale nobody says more.
async fn named(desk: &Desk, ids: &[ProductId]) -> Vec<Choice> {
    if ids.is_empty() {
        return Vec::new();
    }
    let query = ProductQuery { ids: ids.to_vec(), ..ProductQuery::default() };
    let page = or_none("related products", desk.app.catalog.products(&desk.who, &query).await);
    let cards = page.map(|page| page.items).unwrap_or_default();
    let name = |id: &ProductId| {
        let card = cards.iter().find(|card| card.id == *id);
        (*id, card.map_or_else(|| "A product that is not on sale".to_owned(), |card| card.title.clone()))
    };
    ids.iter().map(name).collect()
}

fn place_name(id: ProductId) -> String {
    format!("{PLACE}{id}")
}
fn label_name(id: ProductId) -> String {
    format!("{LABEL}{id}")
}

/// `GET /vendor/{vendor_id}/products/{id}/related`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let product = desk.app.catalog.own_product(&desk.who, vendor_id, id).await?;
    let chosen = named(&desk, &product.input.related).await;
    let places = (1..).zip(&chosen).map(|(place, (id, _)): (i64, &Choice)| (place_name(*id), place.to_string()));
    let filled = Filled::with(places);
    let page = page(&mut desk, &product, &chosen, None, &filled).await?;
    render::page(&page)
}

async fn page(
    desk: &mut Desk,
    product: &ProductEdit,
    chosen: &[Choice],
    found: Option<&[Choice]>,
    filled: &Filled,
) -> Result<PortalPage> {
    let here = desk.at(&format!("products/{}", product.id));
    let fields: Vec<String> = chosen.iter().chain(found.into_iter().flatten()).map(|(id, _)| place_name(*id)).collect();
    let mut labels: Vec<&str> = fields.iter().map(String::as_str).collect();
    labels.extend(["q", "related"]);
    let place = desk.place(format!("What goes with “{}”", product.input.title), Room::Products).await?;
    let words = format!(
        "At most {RELATED_MAX} products of your store, shown on its page from the lowest number to the highest. Empty a \
         number to take a product away. With none its page shows others of the same category."
    );
    let panel = Panel::new("").with(&Words::soft(words)).with(&form(desk, product, chosen, found, filled));
    Ok(PortalPage::new(place)
        .above(&[("Products", &desk.at("products")), (&product.input.title, &here)])
        .errors(filled.summary(&labels))
        .block(&panel))
}

fn form(desk: &Desk, product: &ProductEdit, chosen: &[Choice], found: Option<&[Choice]>, filled: &Filled) -> Form {
    let here = desk.at(&format!("products/{}", product.id));
    let field = |(id, label): &Choice| Field::number(&place_name(*id), label).between(1, 99).optional().filled(filled);
    let form = Form::new(format!("{here}/related"), &desk.csrf(), "Save the choice")
        .hidden("version", product.version.to_string())
        .hidden("sought", filled.value("q"));
    let form = match chosen {
        [] => form.with(&Words::new("Nothing is chosen yet. Search for what goes with it.")),
        chosen => form.with(&Words::new("Chosen, by their places")).fields(chosen.iter().map(field).collect()),
    };
    let form = form.with(&Field::search("q", "Search your products for more").optional().class("small").filled(filled));
    let form = match found {
        None => form,
        Some([]) => form.with(&Words::soft("Nothing else on sale has these words in its title or SKU.")),
        Some(found) => form
            .with(&Words::new("Found: enter a place for what goes with it"))
            .fields(found.iter().map(field).collect()),
    };
    let all = chosen.iter().chain(found.into_iter().flatten());
    let form = all.fold(form, |form, (id, label)| form.hidden(&label_name(*id), label.as_str()));
    form.other("do", "search", "Search").cancel("Cancel", here)
}

/// Products with a place, in the order of the form, each with the place as it was typed.
fn sent(fields: &Fields) -> Vec<(ProductId, String, String)> {
    let mut sent = Vec::new();
    for (name, value) in fields.pairs() {
        let Some(id) = name.strip_prefix(PLACE).and_then(|id| id.parse::<ProductId>().ok()) else { continue };
        if !value.trim().is_empty() {
            let label = fields.some(&label_name(id)).unwrap_or_else(|| "Product".to_owned());
            sent.push((id, value.trim().to_owned(), label.chars().take(300).collect()));
        }
    }
    sent
}

/// The products by their places; of two with the same place the one that stands first in the form.
fn read(sent: &[(ProductId, String, String)]) -> Result<Vec<ProductId>> {
    let (mut placed, mut errors) = (Vec::with_capacity(sent.len()), Vec::new());
    for (id, typed, _) in sent {
        match typed.parse::<i64>().ok().filter(|place| (1..=99).contains(place)) {
            Some(place) => placed.push((place, *id)),
            None => errors.push(FieldError {
                field: place_name(*id),
                reason: "Enter a whole number from 1 to 99, or nothing.".to_owned(),
            }),
        }
    }
    if placed.len() > RELATED_MAX {
        let reason = format!("Choose at most {RELATED_MAX} products.");
        errors.push(FieldError { field: "related".to_owned(), reason });
    }
    placed.sort_by_key(|(place, _)| *place);
    if errors.is_empty() {
        Ok(placed.into_iter().map(|(_, id)| id).collect())
    } else {
        Err(Error::invalid_fields(errors))
    }
}

/// `POST /vendor/{vendor_id}/products/{id}/related`: searches and keeps what was typed, or saves.
pub async fn save(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let product = desk.app.catalog.own_product(&desk.who, vendor_id, id).await?;
    let sent = sent(&fields);
    let chosen: Vec<Choice> = sent.iter().map(|(id, _, label)| (*id, label.clone())).collect();
    // Who presses Enter in the search field has not finished.
    let seeks = !fields.get("q").trim().is_empty() && fields.get("q") != fields.get("sought");
    if fields.get("do") == "search" || seeks {
        let found = search(&desk, &fields, id, &chosen).await?;
        let page = page(&mut desk, &product, &chosen, Some(found.as_slice()), &fields.filled()).await?;
        return render::page(&page);
    }
    let related = match read(&sent) {
        Ok(related) => related,
        Err(error) => return refused(desk, &product, &fields, &chosen, error).await,
    };
    let version = fields.parsed("version").unwrap_or(product.version);
    let input = ProductInput { related: related.clone(), ..product.input.clone() };
    match at_version(&desk, version).update_product(&desk.who, vendor_id, id, &input).await {
        Ok(saved) => {
            let count = i64::try_from(saved.input.related.len()).unwrap_or(i64::MAX);
            let text = match count {
                0 => "Saved: its page shows others of the same category.".to_owned(),
                count => format!("Saved: {} with it.", desk.fmt.counted(count, "product goes", "products go")),
            };
            desk.visit.say(Message::good(text)).await?;
            Ok(desk.visit.go(&desk.at(&format!("products/{id}"))))
        }
        Err(error) => {
            let error = renamed(error, |field| field_of(field, &related));
            refused(desk, &product, &fields, &chosen, error).await
        }
    }
}

async fn refused(mut desk: Desk, product: &ProductEdit, fields: &Fields, chosen: &[Choice], error: Error) -> Shown {
    let (status, filled) = fields.refused(error)?;
    let page = page(&mut desk, product, chosen, None, &filled).await?;
    render::page_with(status, &page)
}

/// `related[1]` is wrong at the field of the second product.
fn field_of(field: &str, related: &[ProductId]) -> String {
    let index = field.strip_prefix("related[").and_then(|rest| rest.strip_suffix(']')).and_then(|n| n.parse().ok());
    let product = index.and_then(|index: usize| related.get(index));
    product.map_or_else(|| field.to_owned(), |id| place_name(*id))
}

/// Products on sale whose title or SKUs have the words, but for this one and those that are in the form already.
async fn search(desk: &Desk, fields: &Fields, of: ProductId, known: &[Choice]) -> Result<Vec<Choice>> {
    let query = OwnProductQuery {
        q: fields.some("q"),
        status: Some(ProductStatus::Published),
        limit: Some(FOUND),
        after: None,
    };
    let page = desk.app.catalog.own_products(&desk.who, desk.vendor_id, &query).await?;
    let is_new = |product: &&ProductEdit| product.id != of && known.iter().all(|(id, _)| *id != product.id);
    Ok(page.items.iter().filter(is_new).map(|product| (product.id, product.input.title.clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_make_the_order() {
        let id = |name: &str| ProductId::derived("test", &[name]);
        let row = |name: &str, place: &str| (id(name), place.to_owned(), name.to_owned());
        assert_eq!(read(&[row("a", "3"), row("b", "1"), row("c", "3")]).unwrap(), [id("b"), id("a"), id("c")]);
        let wrong = read(&[row("a", "0"), row("b", "x")]).unwrap_err();
        assert_eq!(wrong.fields().len(), 2);
        let many: Vec<_> = (0..13).map(|n| row(&n.to_string(), "1")).collect();
        assert_eq!(read(&many).unwrap_err().fields()[0].field, "related");
        assert_eq!(field_of("related[1]", &[id("a"), id("b")]), place_name(id("b")));
        assert_eq!(field_of("title", &[]), "title");
    }
}
