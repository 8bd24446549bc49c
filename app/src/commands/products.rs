//! `souk import` and `souk export`: a vendor's products as CSV, from the terminal.

use std::{path::Path, process::ExitCode, sync::Arc, time::Duration};

use contracts::{
    Call, Method, Reply,
    catalog::{CatalogClient, ImportQuery, ImportStatus, ImportView, limits::IMPORT_PIECE},
    client::error_of,
    vendors::{VendorQuery, VendorsClient},
};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{AccountId, Error, Identity, Principal, Result, Role, SessionId, VendorId, VendorMembership, VendorRole};

use tokio::io::AsyncReadExt;

use super::{output, serve};
use crate::{compose::Souk, config::Config};

/// How long a large file may take to be handed over.
const HAND_OVER: Duration = Duration::from_secs(300);

/// Imports `file` into the store `vendor`.
pub async fn import(config: Config, vendor: &str, dry_run: bool, file: &Path) -> Result<ExitCode> {
    let unreadable = |e| Error::invalid("file", format!("{} cannot be read: {e}.", file.display()));
    let mut csv = tokio::fs::File::open(file).await.map_err(unreadable)?;
    let souk = serve::start(&config, &[]).await?;
    let (vendor_id, operator) = operator_for(&souk, vendor).await?;
    let catalog: CatalogClient = souk.system.client();
    let begun = catalog.begin_import_file(&operator, vendor_id).await?;
    for number in 0.. {
        let mut piece = Vec::with_capacity(IMPORT_PIECE);
        (&mut csv).take(IMPORT_PIECE as u64).read_to_end(&mut piece).await.map_err(unreadable)?;
        if piece.is_empty() {
            break;
        }
        catalog.put_piece(&operator, vendor_id, begun.id, number, piece.into()).await?;
    }
    let query = ImportQuery { dry_run, file: Some(begun.id), ..ImportQuery::default() };
    let started = catalog.start_import(&operator, vendor_id, &query).await?;
    let done = follow(&souk, vendor_id, &operator, started).await?;
    souk.system.stop().await;
    report(&done)?;
    Ok(if done.errors.is_empty() && done.status == ImportStatus::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints the products of the store `vendor`.
pub async fn export(config: Config, vendor: &str) -> Result<ExitCode> {
    let souk = serve::start(&config, &[]).await?;
    let (vendor_id, operator) = operator_for(&souk, vendor).await?;
    let call = Call::new(Method::get, format!("/api/v1/vendors/{vendor_id}/products.csv"), operator);
    let reply = send(&souk, call).await?;
    souk.system.stop().await;
    output::print(&reply.body)?;
    Ok(ExitCode::SUCCESS)
}

async fn send(souk: &Souk, mut call: Call) -> Result<Reply> {
    call.timeout = HAND_OVER;
    let reply = souk.system.client::<CatalogClient>().0.raw(call).await?;
    if reply.status >= 400 { Err(error_of(&reply)) } else { Ok(reply) }
}

/// Whoever may start this program on the data may act for every vendor.
async fn operator_for(souk: &Souk, vendor: &str) -> Result<(VendorId, Identity)> {
    let session_id = SessionId::derived("command line", &[]);
    let account_id = AccountId::derived("command line", &[]);
    let person = |vendors| {
        let roles = vec![Role::Admin];
        Identity::User(Arc::new(Principal { account_id, session_id, roles, vendors, email_verified: true }))
    };
    let vendors: VendorsClient = souk.system.client();
    let mut query = VendorQuery { limit: Some(100), ..VendorQuery::default() };
    loop {
        let page = vendors.all(&person(vec![]), &query).await?;
        if let Some(found) = page.items.iter().find(|v| v.store.slug.as_str() == vendor) {
            let vendor_id = found.store.id;
            return Ok((vendor_id, person(vec![VendorMembership { vendor_id, role: VendorRole::Owner }])));
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return Err(Error::invalid("vendor", format!("There is no store “{vendor}”."))),
        }
    }
}

async fn follow(souk: &Souk, vendor_id: VendorId, operator: &Identity, mut import: ImportView) -> Result<ImportView> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows").map_err(Error::internal)?;
    let bar = ProgressBar::new(1).with_style(style);
    let catalog: CatalogClient = souk.system.client();
    while matches!(import.status, ImportStatus::Queued | ImportStatus::Running) {
        souk.system.settle().await?;
        import = catalog.import(operator, vendor_id, import.id).await?;
        bar.set_length(import.rows_total.max(1).unsigned_abs());
        bar.set_position(import.rows.unsigned_abs());
    }
    bar.finish_and_clear();
    Ok(import)
}

fn report(import: &ImportView) -> Result<()> {
    let would = if import.dry_run { " (nothing was written)" } else { "" };
    output::print_line(&format!(
        "{} rows: {} products created, {} changed, {} as they were{would}",
        import.rows, import.created, import.updated, import.unchanged
    ))?;
    for error in &import.errors {
        let column = if error.column.is_empty() { String::new() } else { format!(", column “{}”", error.column) };
        output::print_line(&format!("row {}{column}: {}", error.row, error.reason))?;
    }
    let more = import.errors_total - import.errors.len() as i64;
    if more > 0 {
        output::print_line(&format!("and {more} more"))?;
    }
    Ok(())
}
