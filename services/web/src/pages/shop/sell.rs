//! Becoming a maker: what it takes, the application, and what became of it.

use askama::Template;
use axum::http::StatusCode;
use contracts::vendors::{ApplyAsVendor, VendorStatus, VendorView};
use kernel::{Country, Email, Kind, Result};

use super::{cart, countries};
use crate::{
    forms::{Fields, Posted, Reader},
    render::{self, Shown},
    session::Message,
    ui::{Badge, ErrorSummary, Field, Filled, Link, Shell, Tone},
    visit::Visit,
};

/// A store this person has applied for or belongs to.
#[derive(Debug, Clone)]
pub struct Mine {
    /// Its place in the portal.
    pub link: Link,
    /// Where it stands.
    pub badge: Badge,
    /// What that means.
    pub note: String,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/sell.html")]
pub struct Sell {
    /// Head and foot.
    pub shell: Shell,
    /// Stores there are already.
    pub mine: Vec<Mine>,
    /// True if somebody has logged in and may apply.
    pub may_apply: bool,
    /// What is wrong, if the form was refused.
    pub errors: Option<ErrorSummary>,
    /// The application.
    pub fields: Vec<Field>,
}

/// `GET /sell`
pub async fn show(mut visit: Visit) -> Shown {
    let mut filled = Filled::with([("country", cart::country(&visit).to_string())]);
    if visit.principal().is_some() {
        let me = visit.app.identity.me(&visit.who()).await?;
        filled =
            Filled::with([("country", cart::country(&visit).to_string()), ("contact_email", me.email.to_string())]);
    }
    page(&mut visit, StatusCode::OK, &filled).await
}

/// `POST /sell`
pub async fn apply(Posted { mut visit, fields }: Posted) -> Shown {
    visit.account()?;
    let applied = match read(&fields) {
        Ok(input) => visit.app.vendors.apply(&visit.who(), &input).await,
        Err(error) => Err(error),
    };
    match applied {
        Ok(vendor) => {
            let text = format!(
                "{} is on the list. You hear from us by mail; meanwhile, prepare the stall.",
                vendor.store.name
            );
            visit.say(Message::good(text)).await?;
            Ok(visit.go("/sell"))
        }
        Err(error) => {
            let (status, filled) = fields.refused(error)?;
            page(&mut visit, status, &filled).await
        }
    }
}

fn read(fields: &Fields) -> Result<ApplyAsVendor> {
    let mut reader = Reader::new(fields);
    let name = reader.text("name", "Enter the name of the stall.");
    let country: Option<Country> = reader.parsed("country", "Choose the country you send from.");
    let contact_email: Option<Email> = reader.parsed("contact_email", "Enter an e-mail address for questions.");
    let text = |name: &str| fields.some(name).unwrap_or_default();
    match (country, contact_email, reader.ok()) {
        (Some(country), Some(contact_email), true) => Ok(ApplyAsVendor {
            name,
            tagline: text("tagline"),
            story: text("story"),
            country,
            city: text("city"),
            contact_email,
        }),
        _ => Err(reader.error()),
    }
}

async fn page(visit: &mut Visit, status: StatusCode, filled: &Filled) -> Shown {
    let may_apply = visit.principal().is_some();
    let (app, who) = (visit.app.clone(), visit.who());
    let mine = async { if may_apply { app.vendors.mine(&who).await } else { Ok(Vec::new()) } };
    let (shell, mine) = futures::join!(visit.shell("Sell here"), mine);
    let mine = match mine {
        // The tokens may be older than the store.
        Err(error) if error.is(Kind::Forbidden) => Vec::new(),
        mine => mine?,
    };
    let names = ["name", "tagline", "story", "country", "city", "contact_email"];
    let page = Sell {
        shell: Shell { description: "Open a stall of your own.".to_owned(), ..shell },
        mine: mine.iter().map(store).collect(),
        may_apply,
        errors: filled.summary(&names),
        fields: fields(filled),
    };
    render::page_with(status, &page)
}

fn fields(filled: &Filled) -> Vec<Field> {
    let fields = [
        Field::text("name", "Name of the stall").max_length(80),
        Field::text("tagline", "In one line").hint("What you make, and where.").optional().max_length(140),
        Field::select("country", "You send from", countries::all()).autocomplete("country"),
        Field::text("city", "Town").optional().autocomplete("address-level2").max_length(80),
        Field::email("contact_email", "E-mail for questions").hint("Buyers do not see it before they ask."),
        Field::lines("story", "About you", 5).hint("Who makes it, how, and since when.").optional().max_length(4_000),
    ];
    fields.into_iter().map(|field| field.filled(filled)).collect()
}

fn store(vendor: &VendorView) -> Mine {
    let (badge, note) = match vendor.status {
        VendorStatus::Applied => {
            (Badge::new("Being looked at", Tone::Warning), "You can prepare everything; it opens once it is approved.")
        }
        VendorStatus::Approved => (Badge::new("Open", Tone::Success), "Buyers see it."),
        VendorStatus::Suspended => (Badge::new("Suspended", Tone::Danger), "Buyers do not see it for now."),
        VendorStatus::Rejected => (Badge::new("Turned down", Tone::Danger), "It was not accepted."),
    };
    let reason = vendor.status_reason.as_ref().map(|reason| format!(" {reason}")).unwrap_or_default();
    Mine {
        link: Link::new(&vendor.store.name, format!("/vendor/{}", vendor.store.id)),
        badge,
        note: format!("{note}{reason}"),
    }
}
