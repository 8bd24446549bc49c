//! Pictures of a product: adding, describing, ordering, removing.

use askama::Template;
use contracts::catalog::{ArrangePictures, Picture as Stored, PictureText, ProductEdit, limits::ALT_MAX};
use kernel::{MediaId, ProductId, Result, VendorId};

use super::{Desk, products::at_version};
use crate::{
    forms::{File, Posted, Uploaded},
    pages::{
        portal::words,
        shop::cards,
        upload::{self, ACCEPT},
    },
    render::Shown,
    session::Message,
    ui::{Field, Html, Picture, Upload, component},
    visit::Path,
};

/// One picture in the form.
#[derive(Debug, Clone)]
struct Row {
    id: String,
    picture: Picture,
    alt: Field,
    place: Field,
}

/// The panel of pictures.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/pictures.html")]
struct Pictures {
    rows: Vec<Row>,
    upload: Upload,
    alt: Field,
    action: String,
    csrf: String,
    version: i64,
}

component!(Pictures);

/// The panel for one product.
pub(super) fn panel(desk: &Desk, product: &ProductEdit) -> Html {
    let row = |(i, stored): (usize, &Stored)| Row {
        id: stored.id.to_string(),
        picture: cards::thumb(stored),
        alt: Field::text(&format!("alt-{}", stored.id), "What it shows")
            .optional()
            .max_length(ALT_MAX)
            .value(&stored.alt)
            .class("small"),
        place: Field::number(&format!("place-{}", stored.id), "Place")
            .between(1, 20)
            .value((i + 1).to_string())
            .class("num small w-s"),
    };
    Html::of(&Pictures {
        rows: product.pictures.iter().enumerate().map(row).collect(),
        upload: Upload {
            name: "picture".to_owned(),
            label: "Add pictures".to_owned(),
            accept: ACCEPT,
            multiple: true,
            hint: "JPEG, PNG, WebP or GIF, up to 10 MB each, six at once.".to_owned(),
            error: None,
        },
        alt: Field::text("alt", "What they show").optional().max_length(ALT_MAX).hint("For those who cannot see them."),
        action: desk.at(&format!("products/{}/pictures", product.id)),
        csrf: desk.csrf(),
        version: product.version,
    })
}

/// `POST /vendor/{vendor_id}/products/{id}/pictures`
pub async fn add(Path((vendor_id, id)): Path<(VendorId, ProductId)>, uploaded: Uploaded) -> Shown {
    let mut desk = Desk::of(uploaded.visit, vendor_id).await?;
    let alt = uploaded.fields.get("alt").trim().to_owned();
    let path = format!("/api/v1/vendors/{vendor_id}/products/{id}/pictures");
    let (mut added, mut refused) = (0, Vec::new());
    for file in uploaded.files {
        let name = file.name.clone();
        match send(&desk, &path, file, &alt).await {
            Ok(_) => added += 1,
            Err(error) if error.is(kernel::Kind::NotFound) => return Err(error.into()),
            Err(error) => refused.push(format!("{name}: {}", words::sentence(&error))),
        }
    }
    let message = match (added, refused.is_empty()) {
        (0, true) => Message::bad("Choose a picture first."),
        (n, true) => Message::good(format!("{} added.", desk.fmt.counted(n, "picture", "pictures"))),
        (_, false) => Message::bad(refused.join(" ")),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at(&format!("products/{id}"))))
}

/// Hands a picture to the catalogue.
pub(super) async fn send(desk: &Desk, path: &str, file: File, alt: &str) -> Result<Stored> {
    upload::send(&desk.app.catalog_raw, &desk.who, path, file, alt).await
}

/// `POST /vendor/{vendor_id}/products/{id}/pictures/arrange`: texts, order, and which stay.
pub async fn arrange(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let ids = fields.all("picture").filter_map(|id| id.parse::<MediaId>().ok());
    let gone: Vec<&str> = fields.all("remove").collect();
    let stays = ids.filter(|id| !gone.contains(&id.to_string().as_str()));
    let mut kept: Vec<(i64, PictureText)> = stays
        .map(|id| {
            let place = fields.parsed(&format!("place-{id}")).unwrap_or(i64::MAX);
            (place, PictureText { id, alt: fields.get(&format!("alt-{id}")).trim().to_owned() })
        })
        .collect();
    kept.sort_by_key(|(place, _)| *place);
    let input = ArrangePictures { pictures: kept.into_iter().map(|(_, text)| text).collect() };
    let version = fields.parsed("version").unwrap_or_default();
    let result = at_version(&desk, version).arrange_pictures(&desk.who, vendor_id, id, &input).await;
    let message = match result {
        Ok(product) => Message::good(format!("Pictures saved: {}.", product.pictures.len())),
        Err(error) if error.is(kernel::Kind::NotFound) => return Err(error.into()),
        Err(error) => Message::bad(words::sentence(&error)),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at(&format!("products/{id}"))))
}
