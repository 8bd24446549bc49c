//! Files of variants that are downloaded: adding, replacing, removing.

use contracts::catalog::{ProductEdit, ProductFiles, VariantFile, VariantInput, limits::FILES_MAX};
use kernel::{Kind, ProductId, VariantFileId, VariantId, VendorId};

use super::{
    Desk, Room,
    import_upload::{self, is_refusal},
};
use crate::{
    forms::{Posted, Streamed},
    pages::{
        portal::{Facts, Form, Panel, PortalPage, Words, or_none, words},
        shop::{cards, downloads::size},
    },
    render::{self, Shown},
    session::Message,
    ui::{Html, Upload},
    visit::{Path, Visit},
};

/// What of a product is downloaded, for its page; nothing if the catalogue does not say.
pub(super) async fn panel(desk: &Desk, product: &ProductEdit) -> Option<Html> {
    let asked = desk.app.catalog.files(&desk.who, desk.vendor_id, product.id).await;
    let found = or_none("files", asked)?;
    let page = desk.at(&format!("products/{}/files", product.id));
    let panel = Panel::new("Downloads").link("Add files", page);
    if found.files.is_empty() {
        let words =
            "With a file it is sold as a download: buyers get it with the payment, it needs no stock and no delivery.";
        return Some(Html::of(&panel.with(&Words::soft(words))));
    }
    let fact = |facts: Facts, file: &VariantFile| facts.fact(&file.name, size(file.bytes));
    Some(Html::of(&panel.with(&found.files.iter().fold(Facts::new("Files"), fact))))
}

/// `GET /vendor/{vendor_id}/products/{id}/files`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ProductId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let catalog = &desk.app.catalog;
    let (product, files) =
        futures::join!(catalog.own_product(&desk.who, vendor_id, id), catalog.files(&desk.who, vendor_id, id));
    let (product, files) = (product?, files?);
    let here = desk.at(&format!("products/{id}"));
    let place = desk.place(format!("Downloads of “{}”", product.input.title), Room::Products).await?;
    let words = Words::soft(
        "What has a file is downloaded: buyers get it with the payment, as often as the marketplace allows. It needs no stock \
         and no delivery, and cannot be sent back. Whoever has bought it gets the new file when you replace one.",
    );
    let mut page = PortalPage::new(place)
        .above(&[("Products", &desk.at("products")), (&product.input.title, &here)])
        .block(&Panel::new("").with(&words));
    for variant in &product.input.variants {
        if let Some(variant_id) = variant.id {
            page = page.block(&of_variant(&desk, &here, variant, variant_id, &files));
        }
    }
    render::page(&page)
}

fn of_variant(desk: &Desk, here: &str, variant: &VariantInput, id: VariantId, found: &ProductFiles) -> Panel {
    let name = match variant.options.is_empty() {
        true => "Files".to_owned(),
        false => format!("Files of {}", cards::variant(&variant.options)),
    };
    let files: Vec<&VariantFile> = found.files.iter().filter(|file| file.variant_id == id).collect();
    let mut panel = Panel::new(&name);
    if files.is_empty() {
        panel = panel.with(&Words::soft("No files: it is sent. Add one to sell it as a download."));
    }
    let limit = size(found.limit_bytes);
    for file in &files {
        let change = Form::new(format!("{here}/files"), &desk.csrf(), "Replace")
            .hidden("variant", id.to_string())
            .hidden("instead_of", file.id.to_string())
            .with(&chooser(&file.id.to_string(), format!("Replace {}", file.name), &limit))
            .upload("#main");
        let remove = Form::new(format!("{here}/files/remove"), &desk.csrf(), &format!("Remove {}", file.name))
            .hidden("variant", id.to_string())
            .hidden("file", file.id.to_string())
            .quiet();
        let facts = Facts::new(&file.name).fact(&file.name, size(file.bytes));
        panel = panel.with(&facts).with(&change).with(&remove);
    }
    if files.len() < FILES_MAX {
        let add = Form::new(format!("{here}/files"), &desk.csrf(), "Upload")
            .hidden("variant", id.to_string())
            .with(&chooser(&id.to_string(), "Add a file".to_owned(), &limit))
            .upload("#main");
        panel = panel.with(&add);
    }
    panel
}

fn chooser(name: &str, label: String, limit: &str) -> Upload {
    Upload {
        name: format!("file-{name}"),
        label,
        accept: "",
        multiple: false,
        hint: format!("Of any kind, up to {limit}. Buyers get it under its name."),
        error: None,
    }
}

/// `POST /vendor/{vendor_id}/products/{id}/files`: one more, or one in the place of another.
pub async fn upload(Path((vendor_id, id)): Path<(VendorId, ProductId)>, mut sent: Streamed) -> Shown {
    let kept = import_upload::keep(&mut sent, vendor_id, id).await;
    let mut desk = Desk::of(sent.visit, vendor_id).await?;
    let message = match kept {
        Ok(Some(file)) => Message::good(format!("{} is there.", file.name)),
        Ok(None) => Message::bad("Choose a file first."),
        Err(error) if is_refusal(&error) => Message::bad(words::sentence(&error)),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at(&format!("products/{id}/files"))))
}

/// `POST /vendor/{vendor_id}/products/{id}/files/remove`
pub async fn remove(Path((vendor_id, id)): Path<(VendorId, ProductId)>, posted: Posted) -> Shown {
    let fields = posted.fields;
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let named = (fields.parsed::<VariantId>("variant"), fields.parsed::<VariantFileId>("file"));
    let message = match named {
        (Some(variant), Some(file)) => {
            match desk.app.catalog.remove_file(&desk.who, vendor_id, id, variant, file).await {
                Ok(()) => Message::good("The file was removed."),
                Err(error) if error.is(Kind::Conflict) => Message::bad(words::sentence(&error)),
                Err(error) => return Err(error.into()),
            }
        }
        _ => Message::bad("Choose a file first."),
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at(&format!("products/{id}/files"))))
}
