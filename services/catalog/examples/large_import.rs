//! How fast a large file is imported, and in how much memory.
//!
//! `cargo run --release -p catalog --example large_import [rows] [rows of each product]`
//!
//! The catalogue alone, on a SQLite file whose every commit is on the disk; the file comes in through the API, is kept
//! in a folder and is worked off by jobs, as in an installation. Of the memory, the most that was ever held counts.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use contracts::{
    catalog::{ImportFile, ImportStatus, ImportView, limits::IMPORT_PIECE},
    vendors::{VendorChanged, VendorSnapshot, VendorStatus},
};
use http::Method;
use kernel::VendorId;
use serde_json::json;
use testkit::{As, TestApp, admin, vendor_owner};

#[tokio::main]
async fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (rows, each) = (numbers.first().copied().unwrap_or(1_000_000), numbers.get(1).copied().unwrap_or(1).max(1));
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::in_folder(folder.path(), vec![catalog::service(catalog::Settings::default())]).await;
    let store = open_store(&app).await;
    let who = app.as_user(&vendor_owner(store));
    let base = format!("/api/v1/vendors/{store}");

    let begun = Instant::now();
    let (file, bytes) = send(&who, &base, rows, each).await;
    println!("{rows} rows, {each} to a product, {} MB sent in {:.1} s", bytes >> 20, begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let started: ImportView = who.post(&format!("{base}/imports?file={}", file.id), &()).await.expect(202).json();
    let jobs = app.system.jobs("catalog").expect("the catalogue has jobs");
    let path = format!("{base}/imports/{}", started.id);
    let mut told = Instant::now();
    let done = loop {
        jobs.run_due().await.expect("jobs run");
        let import: ImportView = who.get(&path).await.expect(200).json();
        if matches!(import.status, ImportStatus::Done | ImportStatus::Failed) {
            break import;
        }
        if told.elapsed() > Duration::from_secs(20) {
            told = Instant::now();
            println!("{} of {} rows, {} MB", import.rows, import.rows_total, most_memory() >> 10);
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!((done.status, done.rows, done.errors.len()), (ImportStatus::Done, rows as i64, 0), "{done:?}");
    println!("{} products in {seconds:.1} s: {:.0} rows/s", done.created, rows as f64 / seconds);
    println!("most memory ever held: {} MB", most_memory() >> 10);
}

async fn open_store(app: &TestApp) -> VendorId {
    let vendor_id = VendorId::derived("example", &["kiln"]);
    let vendor = VendorSnapshot {
        slug: "kiln".parse().expect("a slug"),
        name: "The kiln".to_owned(),
        status: VendorStatus::Approved,
        commission_bp: 1000,
        country: "PT".parse().expect("a country"),
        logo_url: None,
        owners: vec![],
        refused_methods: vec![],
    };
    app.deliver("catalog", &VendorChanged { vendor_id, vendor }).await;
    app.as_user(&admin()).post("/api/v1/admin/categories", &json!({"name": "Mugs"})).await.expect(201);
    vendor_id
}

/// Writes the file and sends it, a piece at a time.
async fn send(who: &As, base: &str, rows: usize, each: usize) -> (ImportFile, usize) {
    let mut file: ImportFile = who.post(&format!("{base}/import-files"), &()).await.expect(201).json();
    let mut text =
        "handle,title,summary,category,currency,status,option1_name,option1,sku,price,initial_stock\n".to_owned();
    let (mut number, mut bytes) = (0, 0);
    for row in 0..rows {
        let (product, variant) = (row / each, row % each);
        let of_product = "\"Fits the hand, and the dishwasher.\",mugs,EUR,published,Size";
        let named = if variant == 0 { format!("Product {product},{of_product}") } else { ",,,,,".to_owned() };
        writeln!(text, "p-{product},{named},S{variant},SKU-{product}-{variant},{}.90,10", 5 + row % 95)
            .expect("a text");
        while text.len() >= IMPORT_PIECE || row + 1 == rows && !text.is_empty() {
            let rest = text.split_off(IMPORT_PIECE.min(text.len()));
            let piece = std::mem::replace(&mut text, rest);
            bytes += piece.len();
            let path = format!("{base}/import-files/{}/pieces/{number}", file.id);
            let sent = who.send(Method::PUT, &path, Some("application/octet-stream"), piece.into()).await;
            file = sent.expect(200).json();
            number += 1;
        }
    }
    (file, bytes)
}

/// Kilobytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
