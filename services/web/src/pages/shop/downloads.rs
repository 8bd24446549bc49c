//! Downloads on the page of an order.

use contracts::orders::{Download, OrderView, VendorOrderStatus, VendorOrderView};
use kernel::{Error, LineId, OrderId, VariantFileId};

use super::order::find;
use crate::{
    fmt::Fmt,
    pages::portal::or_none,
    render::Shown,
    session::Message,
    ui::{Link, Progress, Timeline, TimelineItem},
    visit::{Path, Visit},
};

/// A file that can be downloaded.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, and where to get it.
    pub link: Link,
    /// What it belongs to, how large it is, how often it can still be had.
    pub note: String,
}

/// What of an order can be downloaded; asked for only if something can.
pub async fn of(visit: &Visit, order: &OrderView) -> Vec<File> {
    let has_any = order.vendor_orders.iter().flat_map(|part| &part.lines).any(|line| line.digital);
    if order.paid_at.is_none() || !has_any {
        return Vec::new();
    }
    let found = or_none("downloads", visit.orders(order.id).downloads(&visit.who(), order.id).await);
    found.map(|found| found.files.iter().map(|file| shown(&visit.fmt, order.id, file)).collect()).unwrap_or_default()
}

fn shown(fmt: &Fmt, order: OrderId, file: &Download) -> File {
    let left = match file.left {
        0 => "downloaded as often as it can be".to_owned(),
        left => format!("{} left", fmt.counted(left, "download", "downloads")),
    };
    let href = format!("/orders/{order}/downloads/{}/{}", file.line_id, file.file_id);
    File { link: Link::new(&file.name, href), note: format!("{} · {} · {left}", file.title, size(file.bytes)) }
}

/// `34 KB`, `12 MB`
pub fn size(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} KB", (bytes + 999) / 1_000),
        _ => format!("{} MB", (bytes + 500_000) / 1_000_000),
    }
}

/// The way of what is not sent: paid, and there.
pub fn timeline(fmt: &Fmt, order: &OrderView, part: &VendorOrderView) -> Timeline {
    let (title, progress) = match part.status {
        VendorOrderStatus::Pending => ("To be downloaded after the payment", Progress::Next),
        VendorOrderStatus::Cancelled => ("Called off", Progress::Failed),
        _ => ("There to be downloaded", Progress::Now),
    };
    let when = order.paid_at.map(|at| fmt.when(at));
    Timeline { items: vec![TimelineItem { title: title.to_owned(), note: String::new(), when, progress }] }
}

/// `GET /orders/{id}/downloads/{line}/{file}`: to a fresh link, so that no page has one that has expired.
pub async fn fetch(mut visit: Visit, Path((id, line_id, file_id)): Path<(OrderId, LineId, VariantFileId)>) -> Shown {
    // Strangers are sent to the log-in, as they are by the order's page.
    if visit.principal().is_none() {
        find(&visit, id).await?;
    }
    let found = visit.orders(id).downloads(&visit.who(), id).await?;
    let wanted = found.files.into_iter().find(|file| (file.line_id, file.file_id) == (line_id, file_id));
    let wanted = wanted.ok_or_else(|| Error::not_found("download"))?;
    if wanted.left > 0 {
        return Ok(visit.go(&wanted.link));
    }
    let text = "This was downloaded as often as it can be. Write to the shop if you need it again.";
    visit.say(Message::bad(text)).await?;
    Ok(visit.go(&format!("/orders/{id}")))
}
