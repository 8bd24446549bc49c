//! Following a parcel by the link from a mail.

use askama::Template;
use axum::http::StatusCode;
use contracts::shipping::{ShipmentStatus, TrackedLine, TrackingView};
use kernel::Kind;

use super::{cards, order::history};
use crate::{
    render::{self, Shown},
    ui::{Badge, Field, Filled, Notice, Shell, Specs, Timeline, Tone},
    visit::{Path, Query, Visit},
};

/// A parcel's page.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/track.html")]
pub struct Track {
    /// Head and foot.
    pub shell: Shell,
    /// Number of the vendor's part.
    pub number: String,
    /// Where it is.
    pub badge: Badge,
    /// Where it is, in a sentence.
    pub lead: &'static str,
    /// Which of several parcels it is.
    pub which: String,
    /// What lies in it.
    pub contents: Vec<String>,
    /// Carrier and number.
    pub specs: Specs,
    /// What has happened.
    pub timeline: Timeline,
}

/// Where the code from a mail is typed.
#[derive(Debug, Clone, Template)]
#[template(path = "shop/track_form.html")]
pub struct TrackForm {
    /// Head and foot.
    pub shell: Shell,
    /// The code was not known.
    pub notice: Option<Notice>,
    /// The code.
    pub code: Field,
}

/// `GET /track`
pub async fn form(visit: Visit, Query(asked): Query) -> Shown {
    // Somebody may paste the whole link.
    let code = asked.get("code").trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    if code.is_empty() {
        return ask(visit, StatusCode::OK, "", None).await;
    }
    Ok(visit.go(&format!("/track/{}", contracts::client::segment(&code))))
}

/// `GET /track/{token}`
pub async fn show(mut visit: Visit, Path(token): Path<String>) -> Shown {
    let found = match visit.app.shipping.track(&visit.who(), &token).await {
        Ok(found) => found,
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Invalid) => {
            let notice = Notice::new(Tone::Danger, "There is no such parcel.", "Copy the whole code from the mail.");
            return ask(visit, StatusCode::NOT_FOUND, &token, Some(notice)).await;
        }
        Err(error) => return Err(error.into()),
    };
    let shell = Shell { private: true, ..visit.shell(format!("Parcel {}", found.number)).await };
    let (badge, lead) = state(&found);
    let which = if found.parcels > 1 { format!("Parcel {} of {}", found.parcel, found.parcels) } else { String::new() };
    let content = |line: TrackedLine| match line.options.as_slice() {
        [] => format!("{} × {}", line.quantity, line.title),
        options => format!("{} × {}, {}", line.quantity, line.title, cards::variant(options)),
    };
    let contents = found.lines.into_iter().map(content).collect();
    let carrier = found.carrier.filter(|_| !found.pickup).map(|carrier| ("Carrier".to_owned(), carrier));
    let what = if found.pickup { "Code to show" } else { "Number" };
    let number = found.tracking_number.map(|number| (what.to_owned(), number));
    let specs = Specs { caption: "Particulars".to_owned(), rows: carrier.into_iter().chain(number).collect() };
    let timeline = history(&visit.fmt, &found.timeline);
    render::page(&Track { shell, number: found.number, badge, lead, which, contents, specs, timeline })
}

async fn ask(mut visit: Visit, status: StatusCode, typed: &str, notice: Option<Notice>) -> Shown {
    let shell = Shell { private: true, ..visit.shell("Track a parcel").await };
    let code =
        Field::text("code", "Code or link from the mail").max_length(500).filled(&Filled::with([("code", typed)]));
    render::page_with(status, &TrackForm { shell, notice, code })
}

fn state(found: &TrackingView) -> (Badge, &'static str) {
    match found.status {
        ShipmentStatus::Preparing if found.pickup => {
            (Badge::new("Being packed", Tone::Warning), "It is not ready to be fetched yet.")
        }
        ShipmentStatus::Shipped if found.pickup => {
            (Badge::new("Ready to be fetched", Tone::Accent), "Show the code where you fetch it.")
        }
        ShipmentStatus::Delivered if found.pickup => (Badge::new("Fetched", Tone::Success), "You have fetched it."),
        ShipmentStatus::Preparing => (Badge::new("Being packed", Tone::Warning), "The maker is packing it."),
        ShipmentStatus::Shipped => (Badge::new("On its way", Tone::Accent), "It is with the carrier."),
        ShipmentStatus::Delivered => (Badge::new("Delivered", Tone::Success), "It has arrived."),
        ShipmentStatus::Cancelled => (Badge::new("Called off", Tone::Danger), "It will not be sent."),
    }
}
