//! Import and export of products: a file is checked first and written only when that was confirmed.

use askama::Template;
use axum::body::Bytes;
use contracts::{
    Call, Method,
    catalog::{ImportStatus, ImportView},
    client::error_of,
};
use kernel::{Currency, Error, ImportId, PageRequest, Result, Slug, VendorId};

use super::{
    Desk, Room,
    import_told::{errors, panels, terms},
};
use crate::{
    chart::share,
    forms::{Fields, Posted, Uploaded},
    pages::portal::{Form, List, Paging, Panel, PortalPage, Split, Tiles, Words, download, or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Link, Notice, Row, Table, Tile, Tone, Upload, component},
    visit::{Path, Query, Visit},
};

/// How long the catalogue may take with a large file.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// `GET /vendor/{vendor_id}/imports`
pub async fn list(visit: Visit, Path(vendor_id): Path<VendorId>, Query(asked): Query) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let paging = Paging::of(desk.at("imports"), &asked, &[]);
    let request = PageRequest { limit: Some(20), after: paging.after() };
    let page = desk.app.catalog.imports(&desk.who, vendor_id, &request).await?;
    let pager = paging.pager(&desk.fmt, page.items.len(), page.next.as_deref(), "import", "imports");
    let list = List::new(table(&desk, &page.items).target("#list"), pager);
    if desk.visit.hx.wants_part() {
        return render::parts(&[&list]);
    }
    let upload = Upload {
        name: "file".to_owned(),
        label: "Choose a CSV file".to_owned(),
        accept: ".csv,text/csv",
        multiple: false,
        hint: "Ours, or the products as Shopify or WooCommerce export them. UTF-8, up to 50 MB. It is checked first; \
               nothing is written before you confirm."
            .to_owned(),
        error: None,
    };
    let categories = or_none("categories", desk.app.categories().await).unwrap_or_default();
    let form = Form::new(desk.at("imports"), &desk.csrf(), "Check file").with(&upload);
    let form = terms(&categories).iter().fold(form, |form, field| form.with(field)).upload("#main");
    let side = vec![
        Panel::new("Import").with(&form),
        Panel::new("Export")
            .with(&Words::soft(
                "All products as a file that can be changed and imported again; it is also the pattern for a new one.",
            ))
            .with(&Download { href: desk.at("products.csv") }),
    ];
    let place = desk.place("Import and export", Room::Imports).await?;
    let main = vec![Panel::new("Imports so far").flush().with(&list)];
    render::page(&PortalPage::new(place).block(&Split { main, side }))
}

#[derive(Debug, Clone, Template)]
#[template(source = r#"<p><a class="btn" href="{{ href }}" download>Download products.csv</a></p>"#, ext = "html")]
struct Download {
    href: String,
}

/// How far an import has come; asks again by itself until it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "vendor/import_progress.html")]
struct Progress {
    href: String,
    under_way: bool,
    text: String,
    percent: i64,
    badge: Badge,
}

component!(Download, Progress);

fn table(desk: &Desk, imports: &[ImportView]) -> Table {
    let columns = [Column::new("Import"), Column::new("State"), Column::number("Rows"), Column::number("New")];
    let columns = columns.into_iter().chain([Column::number("Changed"), Column::number("Errors")]).collect();
    let count = |n| Cell::Number(desk.fmt.count(n));
    let row = |import: &ImportView| Row {
        id: import.id.to_string(),
        cells: vec![
            Cell::Link(
                Link::new(if import.dry_run { "Check" } else { "Import" }, desk.at(&format!("imports/{}", import.id))),
                desk.fmt.relative(import.created_at),
            ),
            Cell::Badge(words::import(import.status)),
            count(import.rows),
            count(import.created),
            count(import.updated),
            count(i64::try_from(import.errors.len()).unwrap_or(i64::MAX)),
        ],
    };
    let empty = Empty::new(
        "upload",
        "No imports yet",
        "Export your products to see how the file looks, then send it back changed.",
    );
    Table::new("Imports", columns, imports.iter().map(row).collect(), empty)
}

/// `POST /vendor/{vendor_id}/imports`: a file to be checked.
pub async fn check(Path(vendor_id): Path<VendorId>, uploaded: Uploaded) -> Shown {
    let mut desk = Desk::of(uploaded.visit, vendor_id).await?;
    let Some(file) = uploaded.files.into_iter().next() else {
        desk.visit.say(Message::bad("Choose a file first.")).await?;
        return Ok(desk.visit.go(&desk.at("imports")));
    };
    let said = match said(&uploaded.fields) {
        Ok(said) => said,
        Err(error) => {
            desk.visit.say(Message::bad(words::sentence(&error))).await?;
            return Ok(desk.visit.go(&desk.at("imports")));
        }
    };
    match start(&desk, file.bytes.clone(), &said, true).await {
        Ok(import) => {
            keep(&desk, import.id, &said, &file.bytes).await?;
            Ok(desk.visit.go(&desk.at(&format!("imports/{}", import.id))))
        }
        Err(error) if matches!(error.kind(), kernel::Kind::Internal | kernel::Kind::Unavailable) => Err(error.into()),
        Err(error) => {
            desk.visit.say(Message::bad(words::sentence(&error))).await?;
            Ok(desk.visit.go(&desk.at("imports")))
        }
    }
}

/// What the vendor says of the file, as it stands in a query.
fn said(fields: &Fields) -> Result<String> {
    let mut said = String::new();
    if let Some(code) = fields.some("currency") {
        let currency = Currency::parse(&code.to_uppercase())?;
        said.push_str(&format!("&currency={currency}"));
    }
    if let Some(category) = fields.parsed::<Slug>("category") {
        said.push_str(&format!("&category={category}"));
    }
    Ok(said)
}

async fn start(desk: &Desk, file: Bytes, said: &str, dry_run: bool) -> Result<ImportView> {
    let path = format!("/api/v1/vendors/{}/imports?dry_run={dry_run}{said}", desk.vendor_id);
    let mut call = Call::new(Method::post, path, desk.who.clone());
    call.headers.push(("content-type", "text/csv".to_owned()));
    call.body = file;
    call.timeout = PATIENCE;
    let reply = desk.app.catalog_raw.raw(call).await?;
    if reply.status >= 400 {
        return Err(error_of(&reply));
    }
    serde_json::from_slice(&reply.body).map_err(Error::from)
}

// Between check and confirmation the file is kept here, one per store: a line with the name of its check
// and what its vendor said of it, then the file.

fn kept_at(desk: &Desk) -> String {
    format!("web/imports/{}", desk.vendor_id)
}

async fn keep(desk: &Desk, id: ImportId, said: &str, file: &Bytes) -> Result<()> {
    let mut kept = format!("{id}{said}\n").into_bytes();
    kept.extend_from_slice(file);
    desk.app.files.put(&kept_at(desk), kept.into()).await
}

/// The file that was checked as `id`, if no other was checked since, behind what was said of it.
async fn kept(desk: &Desk, id: ImportId) -> Result<Option<(String, Bytes)>> {
    let id = id.to_string();
    let Some(kept) = desk.app.files.get(&kept_at(desk)).await? else { return Ok(None) };
    let Some(end) = kept.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
    let said = std::str::from_utf8(&kept[..end]).ok().and_then(|line| line.strip_prefix(&id)).map(str::to_owned);
    Ok(said.map(|said| (said, kept.slice(end + 1..))))
}

/// `GET /vendor/{vendor_id}/imports/{id}`
pub async fn show(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ImportId)>) -> Shown {
    let mut desk = Desk::of(visit, vendor_id).await?;
    let import = desk.app.catalog.import(&desk.who, vendor_id, id).await?;
    let progress = progress(&desk, &import);
    if desk.visit.hx.wants_part() {
        // Done: the whole page has more to say than this part of it.
        let here = desk.at(&format!("imports/{id}"));
        return if progress.under_way { render::parts(&[&progress]) } else { Ok(desk.visit.go(&here)) };
    }
    let done = import.status == ImportStatus::Done;
    let writable = done && import.dry_run && import.created + import.updated > 0;
    let ready = writable && kept(&desk, id).await?.is_some();
    let title = if import.dry_run { "Check of a file" } else { "Import of a file" };
    let place = desk.place(title, Room::Imports).await?;
    let mut page = PortalPage::new(place)
        .above(&[("Import and export", &desk.at("imports"))])
        .badge(words::import(import.status))
        .notice(notice(&import, ready))
        .reload(progress.under_way);
    if progress.under_way {
        page = page.block(&Panel::new("How far it is").with(&progress));
    } else {
        page = page.block(&tiles(&desk, &import));
    }
    if ready {
        let verb = format!("Import {}", desk.fmt.counted(import.created + import.updated, "product", "products"));
        let form =
            Form::new(desk.at(&format!("imports/{id}")), &desk.csrf(), &verb).cancel("Leave it", desk.at("imports"));
        page = page.block(&Panel::new("Write it").with(&form));
    }
    if !import.errors.is_empty() {
        page = page.block(&Panel::new("What is wrong").flush().with(&errors("Errors", &import.errors)));
    }
    if !progress.under_way {
        for panel in panels(&desk, &import).await {
            page = page.block(&panel);
        }
    }
    render::page(&page)
}

fn notice(import: &ImportView, ready: bool) -> Option<Notice> {
    let errors = !import.errors.is_empty();
    match (import.status, import.dry_run) {
        (ImportStatus::Failed, _) => {
            Some(Notice::new(Tone::Danger, "The file cannot be read.", "Nothing was written."))
        }
        (ImportStatus::Done, true) if ready && errors => Some(Notice::new(
            Tone::Warning,
            "Some rows are wrong.",
            "They will be left out. Mend the file and check it again, or import the rest.",
        )),
        (ImportStatus::Done, true) if ready => {
            Some(Notice::new(Tone::Success, "The file is fine.", "Nothing has been written yet."))
        }
        (ImportStatus::Done, true) if import.created + import.updated > 0 => Some(Notice::new(
            Tone::Neutral,
            "This check is over.",
            "Another file was checked since, or this one was imported. Check it again to import it.",
        )),
        (ImportStatus::Done, true) if errors => {
            Some(Notice::new(Tone::Danger, "No row can be imported.", "Mend the file and check it again."))
        }
        (ImportStatus::Done, true) => {
            Some(Notice::new(Tone::Success, "Nothing to do.", "All products are already like that."))
        }
        (ImportStatus::Done, false) => Some(Notice::new(Tone::Success, "The import is done.", "")),
        _ => None,
    }
}

fn progress(desk: &Desk, import: &ImportView) -> Progress {
    let under_way = matches!(import.status, ImportStatus::Queued | ImportStatus::Running);
    let (rows, total) = (desk.fmt.count(import.rows), desk.fmt.count(import.rows_total));
    let text = match import.status {
        ImportStatus::Queued => "It waits for its turn.".to_owned(),
        _ => format!("{rows} of {total} rows. You may leave this page; it goes on."),
    };
    Progress {
        href: desk.at(&format!("imports/{}", import.id)),
        under_way,
        text,
        percent: share(import.rows, import.rows_total),
        badge: words::import(import.status),
    }
}

fn tiles(desk: &Desk, import: &ImportView) -> Tiles {
    let would = if import.dry_run { "would be " } else { "" };
    let tile = |label: String, n: i64| Tile::new(label, desk.fmt.count(n)).href(desk.at("products"));
    let mut tiles = vec![
        tile(format!("Products that {}created", if import.dry_run { would } else { "were " }), import.created),
        tile(format!("Products that {}changed", if import.dry_run { would } else { "were " }), import.updated),
        tile("Products already like that".to_owned(), import.unchanged),
    ];
    let wrong = i64::try_from(import.errors.len()).unwrap_or(i64::MAX);
    tiles.push(Tile::new("Things that are wrong", desk.fmt.count(wrong)).href("#h-what-is-wrong").urgent(wrong > 0));
    Tiles { tiles }
}

/// `POST /vendor/{vendor_id}/imports/{id}`: writes what was checked.
pub async fn confirm(Path((vendor_id, id)): Path<(VendorId, ImportId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let Some((said, file)) = kept(&desk, id).await? else {
        desk.visit.say(Message::bad("This check is over. Check the file again to import it.")).await?;
        return Ok(desk.visit.go(&desk.at("imports")));
    };
    let import = start(&desk, file, &said, false).await?;
    desk.app.files.delete(&kept_at(&desk)).await?;
    Ok(desk.visit.go(&desk.at(&format!("imports/{}", import.id))))
}

/// `GET /vendor/{vendor_id}/products.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/products.csv");
    download::csv(&desk.app.catalog_raw, &desk.who, path, "products.csv").await
}
