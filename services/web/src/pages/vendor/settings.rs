//! The store page: texts, logo, banner.

use contracts::vendors::{UpdateStore, VendorView};
use kernel::{Email, Error, Result, VendorId};

use super::{Desk, Room, pictures};
use crate::{
    forms::{Fields, Posted, Reader, Uploaded},
    pages::portal::{Form, Panel, PortalPage, Split, Words, words},
    render::{self, Shown},
    session::Message,
    ui::{Field, Filled, Picture, Upload},
    visit::{Path, Visit},
};

const FIELDS: [&str; 6] = ["name", "tagline", "story", "policies", "city", "contact_email"];

/// `GET /vendor/{vendor_id}/settings`
pub async fn show(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let mut desk = Desk::of_owner(visit, vendor_id).await?;
    let vendor = desk.app.vendors.vendor(&desk.who, vendor_id).await?;
    let store = &vendor.store;
    let filled = Filled::with([
        ("name", store.name.clone()),
        ("tagline", store.tagline.clone()),
        ("story", store.story.clone()),
        ("policies", store.policies.clone()),
        ("city", store.city.clone()),
        ("contact_email", vendor.contact_email.to_string()),
    ]);
    let page = page(&mut desk, &vendor, &filled).await?;
    render::page(&page)
}

async fn page(desk: &mut Desk, vendor: &VendorView, filled: &Filled) -> Result<PortalPage> {
    let store = &vendor.store;
    let short = vec![
        Field::text("name", "Name").max_length(80).filled(filled),
        Field::text("tagline", "In one line").optional().max_length(140).filled(filled),
        Field::text("city", "Town").optional().max_length(80).filled(filled),
        Field::email("contact_email", "E-mail for questions").filled(filled),
    ];
    let story = Field::lines("story", "Your story", 8).optional().max_length(4_000).filled(filled);
    let policies = Field::lines("policies", "Returns, care, delivery", 6).optional().max_length(4_000).filled(filled);
    let form = Form::new(desk.at("settings"), &desk.csrf(), "Save store page")
        .hidden("version", vendor.version.to_string())
        .fields(short)
        .with(&story)
        .with(&policies);
    let mut side = vec![
        picture_panel(desk, "Logo", "logo", store.logo_url.as_deref(), (320, 320)),
        picture_panel(desk, "Banner", "banner", store.banner_url.as_deref(), (1_200, 400)),
    ];
    if !vendor.refused_methods.is_empty() {
        let ways: Vec<String> = vendor.refused_methods.iter().map(|way| words::plain(way)).collect();
        let text = format!("Not offered for your goods: {}. The marketplace decides that.", ways.join(", "));
        side.push(Panel::new("Ways to pay").with(&Words::soft(text)));
    }
    let place = desk.place("Store page", Room::Settings).await?;
    Ok(PortalPage::new(place)
        .badge(words::vendor(vendor.status))
        .errors(filled.summary(&FIELDS))
        .block(&Split { main: vec![Panel::new("Words").with(&form)], side }))
}

fn picture_panel(desk: &Desk, title: &str, which: &str, url: Option<&str>, size: (u32, u32)) -> Panel {
    let panel = Panel::new(title);
    let panel = match url {
        Some(url) => panel.with(&Picture::new(url, format!("{title} of your store"), size.0, size.1)),
        None => panel.with(&Words::soft(format!("No {which} yet."))),
    };
    let upload = Upload {
        name: format!("{which}-file"),
        label: format!("Choose a {which}"),
        accept: "image/jpeg,image/png,image/webp,image/gif",
        multiple: false,
        hint: "JPEG, PNG, WebP or GIF, up to 10 MB.".to_owned(),
        error: None,
    };
    let form = Form::new(desk.at("settings/picture"), &desk.csrf(), "Upload")
        .hidden("which", which)
        .quiet()
        .with(&upload)
        .upload("#main");
    panel.with(&form)
}

/// `POST /vendor/{vendor_id}/settings`
pub async fn save(Path(vendor_id): Path<VendorId>, posted: Posted) -> Shown {
    let mut desk = Desk::of_owner(posted.visit, vendor_id).await?;
    let vendor = desk.app.vendors.vendor(&desk.who, vendor_id).await?;
    let result = match read(&posted.fields, &vendor) {
        Ok(input) => {
            let version = posted.fields.parsed("version").unwrap_or(vendor.version);
            store(&desk, version, &input).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(_) => {
            desk.visit.say(Message::good("Your store page is saved.")).await?;
            Ok(desk.visit.go(&desk.at("settings")))
        }
        Err(error) => {
            let (status, filled) = posted.fields.refused(error)?;
            let page = page(&mut desk, &vendor, &filled).await?;
            render::page_with(status, &page)
        }
    }
}

async fn store(desk: &Desk, version: i64, input: &UpdateStore) -> Result<VendorView> {
    let client = desk.app.vendors.with_header("if-match", format!("\"{version}\""));
    client.update_store(&desk.who, desk.vendor_id, input).await
}

fn read(sent: &Fields, vendor: &VendorView) -> Result<UpdateStore> {
    let mut reader = Reader::new(sent);
    let name = reader.text("name", "Your store needs a name.");
    let email = reader.parsed::<Email>("contact_email", "Enter an e-mail address for questions.");
    let text = |name: &str| sent.get(name).trim().to_owned();
    match email {
        Some(contact_email) if reader.ok() => Ok(UpdateStore {
            name,
            tagline: text("tagline"),
            story: text("story"),
            policies: text("policies"),
            city: text("city"),
            contact_email,
            logo_url: vendor.store.logo_url.clone(),
            banner_url: vendor.store.banner_url.clone(),
        }),
        _ => Err(reader.error()),
    }
}

/// `POST /vendor/{vendor_id}/settings/picture`
pub async fn picture(Path(vendor_id): Path<VendorId>, uploaded: Uploaded) -> Shown {
    let mut desk = Desk::of_owner(uploaded.visit, vendor_id).await?;
    let banner = uploaded.fields.get("which") == "banner";
    let message = match uploaded.files.into_iter().next() {
        None => Message::bad("Choose a picture first."),
        Some(file) => match keep(&desk, file, banner).await {
            Ok(()) => Message::good(if banner { "The banner is saved." } else { "The logo is saved." }),
            Err(error) if matches!(error.kind(), kernel::Kind::Internal | kernel::Kind::Unavailable) => {
                return Err(error.into());
            }
            Err(error) => Message::bad(words::sentence(&error)),
        },
    };
    desk.visit.say(message).await?;
    Ok(desk.visit.go(&desk.at("settings")))
}

async fn keep(desk: &Desk, file: crate::forms::File, banner: bool) -> Result<()> {
    let path = format!("/api/v1/vendors/{}/media", desk.vendor_id);
    let stored = pictures::send(desk, &path, file, "").await?;
    let size = if banner { stored.sizes.last() } else { stored.sizes.first() };
    let url = size.map(|size| size.url.clone());
    let url = url.ok_or_else(|| Error::internal("a stored picture has no size"))?;
    let vendor = desk.app.vendors.vendor(&desk.who, desk.vendor_id).await?;
    let old = vendor.store;
    let (logo_url, banner_url) = if banner { (old.logo_url, Some(url)) } else { (Some(url), old.banner_url) };
    let input = UpdateStore {
        name: old.name,
        tagline: old.tagline,
        story: old.story,
        policies: old.policies,
        city: old.city,
        contact_email: vendor.contact_email,
        logo_url,
        banner_url,
    };
    store(desk, vendor.version, &input).await.map(|_| ())
}
