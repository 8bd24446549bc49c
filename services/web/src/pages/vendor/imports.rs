//! Import and export of products: a file is checked first and written only when that was confirmed.

use askama::Template;
use contracts::catalog::{ImportStatus, ImportView};
use kernel::{ImportId, PageRequest, VendorId};

use super::{
    Desk, Room, import_categories,
    import_told::{errors, panels, terms},
    import_upload::{self, is_refusal},
};
use crate::{
    chart::share,
    forms::{Posted, Streamed},
    pages::portal::{Form, List, Paging, Panel, PortalPage, Split, Tiles, Words, download, or_none, words},
    render::{self, Shown},
    session::Message,
    ui::{Badge, Cell, Column, Empty, Link, Notice, Row, Table, Tile, Tone, Upload, component},
    visit::{Path, Query, Visit},
};

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
        hint:
            "Ours, or the products as Shopify or WooCommerce export them. UTF-8, also large ones. It is checked first; \
               nothing is written before you confirm."
                .to_owned(),
        error: None,
    };
    let categories = or_none("categories", desk.app.categories().await).unwrap_or_default();
    let form = Form::new(desk.at("imports"), &desk.csrf(), "Check file").with(&upload);
    let form =
        terms(desk.visit.purse.main(), &categories).iter().fold(form, |form, field| form.with(field)).upload("#main");
    let side = vec![
        Panel::new("Import").with(&form),
        Panel::new("Export")
            .with(&Words::soft(
                "All products as a file that can be changed and imported again; it is also the pattern for a new one.",
            ))
            .with(&Download { href: desk.at("products.csv"), text: "Download products.csv" }),
    ];
    let place = desk.place("Import and export", Room::Imports).await?;
    let main = vec![Panel::new("Imports so far").flush().with(&list)];
    render::page(&PortalPage::new(place).block(&Split { main, side }))
}

#[derive(Debug, Clone, Template)]
#[template(source = r#"<p><a class="btn" href="{{ href }}" download>{{ text }}</a></p>"#, ext = "html")]
struct Download {
    href: String,
    text: &'static str,
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
            count(import.errors_total.max(import.errors.len() as i64)),
        ],
    };
    let empty = Empty::new(
        "upload",
        "No imports yet",
        "Choose the file that your old shop exports, or export your products here to see how ours looks.",
    )
    .action("Add a product by hand", desk.at("products/new"));
    Table::new("Imports", columns, imports.iter().map(row).collect(), empty)
}

/// `POST /vendor/{vendor_id}/imports`: a file to be checked.
pub async fn check(Path(vendor_id): Path<VendorId>, mut sent: Streamed) -> Shown {
    let checked = import_upload::check(&mut sent, vendor_id).await;
    let mut desk = Desk::of(sent.visit, vendor_id).await?;
    let why = match checked {
        Ok(Some(import)) => return Ok(desk.visit.go(&desk.at(&format!("imports/{}", import.id)))),
        Ok(None) => "Choose a file first.".to_owned(),
        Err(error) if is_refusal(&error) => words::sentence(&error),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(Message::bad(why)).await?;
    Ok(desk.visit.go(&desk.at("imports")))
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
    let ready = writable && import.can_confirm;
    let title = if import.dry_run { "Check of a file" } else { "Import of a file" };
    let place = desk.place(title, Room::Imports).await?;
    let categories = or_none("categories", desk.app.categories().await);
    let mut page = PortalPage::new(place)
        .above(&[("Import and export", &desk.at("imports"))])
        .badge(words::import(import.status))
        .notice(notice(&import, ready, categories.as_ref().is_none_or(|all| !all.is_empty())))
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
    if let Some(panel) = import_categories::panel(&desk, &import, categories.as_deref().map_or(&[], Vec::as_slice)) {
        page = page.block(&panel);
    }
    if !import.errors.is_empty() {
        if !progress.under_way && import.errors_total > import.errors.len() as i64 {
            let href = desk.at(&format!("imports/{id}/errors.csv"));
            page = page.block(&Download { href, text: "Download all that is wrong" });
        }
        page = page.block(&Panel::new("What is wrong").flush().with(&errors(
            &desk,
            "Errors",
            &import.errors,
            import.errors_total,
        )));
    }
    if !progress.under_way {
        for panel in panels(&desk, &import).await {
            page = page.block(&panel);
        }
    }
    render::page(&page)
}

fn notice(import: &ImportView, ready: bool, has_categories: bool) -> Option<Notice> {
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
            "The file was imported, or is not kept any longer. Check it again to import it.",
        )),
        (ImportStatus::Done, true) if errors && !has_categories => Some(Notice::new(
            Tone::Danger,
            "There is nowhere to put your products yet.",
            "This market has no categories. Whoever runs it adds them; check the file again then.",
        )),
        (ImportStatus::Done, true) if errors && import.can_confirm && !import.categories.is_empty() => {
            Some(Notice::new(
                Tone::Warning,
                "Say where its products go.",
                "Nothing here is called like the categories of the file. Choose one for each below, and it is checked again.",
            ))
        }
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
    let wrong = import.errors_total.max(i64::try_from(import.errors.len()).unwrap_or(i64::MAX));
    tiles.push(Tile::new("Things that are wrong", desk.fmt.count(wrong)).href("#h-what-is-wrong").urgent(wrong > 0));
    Tiles { tiles }
}

/// `POST /vendor/{vendor_id}/imports/{id}`: writes what was checked.
pub async fn confirm(Path((vendor_id, id)): Path<(VendorId, ImportId)>, posted: Posted) -> Shown {
    let mut desk = Desk::of(posted.visit, vendor_id).await?;
    let why = match desk.app.catalog.confirm_import(&desk.who, vendor_id, id).await {
        Ok(import) => return Ok(desk.visit.go(&desk.at(&format!("imports/{}", import.id)))),
        Err(error) if error.code() == "check_over" => {
            "This check is over. Check the file again to import it.".to_owned()
        }
        Err(error) if is_refusal(&error) => words::sentence(&error),
        Err(error) => return Err(error.into()),
    };
    desk.visit.say(Message::bad(why)).await?;
    Ok(desk.visit.go(&desk.at("imports")))
}

/// `GET /vendor/{vendor_id}/products.csv`
pub async fn export(visit: Visit, Path(vendor_id): Path<VendorId>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/products.csv");
    download::csv(&desk.app.catalog_raw, &desk.who, path, "products.csv").await
}

/// `GET /vendor/{vendor_id}/imports/{id}/errors.csv`
pub async fn complaints(visit: Visit, Path((vendor_id, id)): Path<(VendorId, ImportId)>) -> Shown {
    let desk = Desk::of(visit, vendor_id).await?;
    let path = format!("/api/v1/vendors/{vendor_id}/imports/{id}/errors.csv");
    download::csv(&desk.app.catalog_raw, &desk.who, path, "errors.csv").await
}
