//! Files that come in pieces: what is here stays here, nothing is held whole, and what nobody needs goes.

use std::time::Duration;

use contracts::catalog::{ImportFile, ImportStatus, ImportView, limits::IMPORT_PIECE};
use kernel::{ImportFileId, VendorId};
use runtime::ServiceDef;
use testkit::{TestApp, on_both_databases};

use super::support::*;
use crate::Settings;

const HEADER: &str = "handle,title,summary,category,currency,sku,price\n";

/// A file of so many products, some of whose rows are long.
fn long_file(products: usize) -> String {
    let mut file = HEADER.to_owned();
    for n in 0..products {
        let summary = "ü".repeat(if n % 2 == 0 { 300 } else { 1 });
        file.push_str(&format!("p-{n},Product {n},{summary},mugs,EUR,A-{n},1\n"));
    }
    file
}

async fn start(app: &TestApp, vendor_id: VendorId, query: &str) -> ImportView {
    let path = format!("/api/v1/vendors/{vendor_id}/imports?{query}");
    let started: ImportView = owner(app, vendor_id).post(&path, &()).await.expect(202).json();
    app.settle().await;
    let path = format!("/api/v1/vendors/{vendor_id}/imports/{}", started.id);
    owner(app, vendor_id).get(&path).await.expect(200).json()
}

/// Sends a file in pieces.
async fn sent(app: &TestApp, vendor_id: VendorId, content: &[u8]) -> ImportFileId {
    let id = file(app, vendor_id).await.id;
    for (n, part) in (0..).zip(content.chunks(IMPORT_PIECE)) {
        piece(app, vendor_id, id, n, part.to_vec()).await.expect(200);
    }
    id
}

#[tokio::test]
async fn a_file_in_pieces_is_checked_confirmed_once_and_forgotten() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        // Blank lines count for nothing, so a file of some pieces need not have many products.
        let (head, tail) = (format!("{HEADER}a,Aa,,mugs,EUR,A,1\n"), "b,Bb,,mugs,EUR,B,2\n");
        let content = format!("{head}{}{tail}", "\n".repeat(2 * IMPORT_PIECE - head.len() - 7));
        let id = sent(&app, kiln, content.as_bytes()).await;
        let checked = start(&app, kiln, &format!("dry_run=true&file={id}")).await;
        assert_eq!((checked.status, checked.created, checked.rows_total), (ImportStatus::Done, 2, 2), "{checked:?}");
        assert!(checked.can_confirm);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 0);

        let confirm = format!("/api/v1/vendors/{kiln}/imports/{}/confirmation", checked.id);
        let loom = open_store(&app, "loom").await;
        let foreign = confirm.replace(&kiln.to_string(), &loom.to_string());
        owner(&app, loom).post(&foreign, &()).await.expect_problem(404, "not_found");
        let begun: ImportView = owner(&app, kiln).post(&confirm, &()).await.expect(202).json();
        owner(&app, kiln).post(&confirm, &()).await.expect_problem(409, "check_over");
        app.settle().await;
        let path = format!("/api/v1/vendors/{kiln}/imports/{}", begun.id);
        let done: ImportView = owner(&app, kiln).get(&path).await.expect(200).json();
        assert_eq!((done.status, done.dry_run, done.created), (ImportStatus::Done, false, 2));
        assert_eq!((done.can_confirm, files(&app).await), (false, 0));
        let files = &app.system.env("catalog").unwrap().files;
        for n in 0..3 {
            assert_eq!(files.get(&format!("imports/{id}/{n}")).await.unwrap(), None, "piece {n}");
        }
    })
    .await;
}

#[tokio::test]
async fn rows_are_cut_anywhere_and_read_whole() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        for cut in [1, 10, 11, 12, 60] {
            // The row begins so many bytes before the end of the first piece: within a cell, within a letter.
            let head = "handle,title,category,currency,sku,price\n";
            let row = format!("a-{cut},\"Grüße, {}\",mugs,EUR,A-{cut},1\n", "ü".repeat(40));
            let content = format!("{head}{}{row}", "\n".repeat(IMPORT_PIECE - head.len() - cut));
            let id = sent(&app, kiln, content.as_bytes()).await;
            let done = start(&app, kiln, &format!("file={id}")).await;
            assert_eq!((done.created, done.errors.len()), (1, 0), "{cut}: {done:?}");
        }
        let whole = "SELECT count(*) FROM products WHERE title LIKE 'Grüße, üüü%ü'";
        assert_eq!(app.count("catalog", whole).await, 5);
    })
    .await;
}

#[tokio::test]
async fn a_product_lies_in_several_pieces() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let head = "handle,title,category,currency,status,option1_name,option1,sku,price\n";
        let first = "mug,Mug,mugs,EUR,published,Size,S,M-S,1\n";
        // Blank lines, and a blank row, between the rows of one product.
        let far = "\n".repeat(IMPORT_PIECE);
        let content =
            format!("{head}{first}{far},,,,,,,,\nmug,,,,,,M,M-M,2\n{far}mug,,,,,,L,M-L,3\njug,Jug,mugs,EUR,,,,J,4");
        let id = sent(&app, kiln, content.as_bytes()).await;
        let done = start(&app, kiln, &format!("file={id}")).await;
        assert_eq!((done.created, done.errors.len(), done.rows), (2, 0, 5), "{done:?}");
        let prices: Vec<i64> = seen(&app, "mug").await.variants.iter().map(|v| v.price.amount_minor).collect();
        assert_eq!(prices, [100, 200, 300]);
    })
    .await;
}

#[tokio::test]
async fn a_product_with_too_many_bytes_is_refused_and_the_next_one_is_not() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let long = "x".repeat(3 << 20);
        let mut content = HEADER.to_owned();
        for n in 1..=3 {
            content.push_str(&format!("mug,Mug,{long},mugs,EUR,M-{n},1\n"));
        }
        content.push_str("jug,Jug,,mugs,EUR,J,1\n");
        let id = sent(&app, kiln, content.as_bytes()).await;
        let done = start(&app, kiln, &format!("file={id}")).await;
        assert_eq!((done.created, done.failed, done.rows, done.rows_total), (1, 1, 4, 4));
        let told: Vec<_> = done.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        assert_eq!(told, [(2, "handle")]);
        assert!(done.errors[0].reason.starts_with("The rows of this product have more than 8 MB"), "{:?}", done.errors);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 1);
    })
    .await;
}

#[tokio::test]
async fn pieces_come_in_order_and_may_come_again() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom) = (open_store(&app, "kiln").await, open_store(&app, "loom").await);
        let begun = file(&app, kiln).await;
        assert_eq!((begun.bytes, begun.piece_bytes), (0, IMPORT_PIECE as i64));
        let whole = vec![b'x'; IMPORT_PIECE];
        piece(&app, kiln, begun.id, 1, whole.clone()).await.expect_problem(409, "wrong_piece");
        piece(&app, kiln, begun.id, 0, "").await.expect_problem(409, "wrong_piece");
        piece(&app, loom, begun.id, 0, "x").await.expect_problem(404, "not_found");
        for _ in 0..2 {
            let kept: ImportFile = piece(&app, kiln, begun.id, 0, whole.clone()).await.expect(200).json();
            assert_eq!(kept.bytes, IMPORT_PIECE as i64);
        }
        let kept: ImportFile = piece(&app, kiln, begun.id, 1, "end").await.expect(200).json();
        assert_eq!(kept.bytes, IMPORT_PIECE as i64 + 3);
        // A shorter one is the last.
        piece(&app, kiln, begun.id, 2, "more").await.expect_problem(409, "wrong_piece");
        let path = format!("/api/v1/vendors/{loom}/imports?file={}", begun.id);
        owner(&app, loom).post(&path, &()).await.expect_problem(404, "not_found");
        let nothing = file(&app, kiln).await.id;
        let path = format!("/api/v1/vendors/{kiln}/imports?file={nothing}");
        owner(&app, kiln).post(&path, &()).await.expect_invalid("file");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports").await, 0);
    })
    .await;
}

fn with_little_room() -> Vec<ServiceDef> {
    vec![crate::service(Settings { import_limit: IMPORT_PIECE as u64 + 10, ..Settings::default() })]
}

#[tokio::test]
async fn what_is_too_long_is_refused_and_leaves_nothing() {
    on_both_databases(with_little_room, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        let path = format!("/api/v1/vendors/{kiln}/imports");
        let who = owner(&app, kiln);
        let long = vec![b'x'; IMPORT_PIECE + 11];
        let told = send(&who, &path, "text/csv", long.clone()).await.expect_problem(413, "file_too_large");
        assert!(told["detail"].as_str().unwrap().contains("at most 4 MB"), "{told}");
        let said = who.header("content-length", long.len().to_string());
        send(&said, &path, "text/csv", "x").await.expect_problem(413, "file_too_large");
        app.settle().await;
        assert_eq!((files(&app).await, app.count("catalog", "SELECT count(*) FROM imports").await), (0, 0));

        let begun = file(&app, kiln).await.id;
        piece(&app, kiln, begun, 0, long[..IMPORT_PIECE].to_vec()).await.expect(200);
        piece(&app, kiln, begun, 1, "x".repeat(11)).await.expect_problem(413, "file_too_large");
        piece(&app, kiln, begun, 1, "x".repeat(10)).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn files_that_nobody_uses_are_forgotten() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let content = format!("{HEADER}a,Aa,,mugs,EUR,A,1\n");
        let first = sent(&app, kiln, content.as_bytes()).await;
        let checked = start(&app, kiln, &format!("dry_run=true&file={first}")).await;
        // The fifth behind it drives it out.
        for _ in 0..5 {
            file(&app, kiln).await;
        }
        assert_eq!(files(&app).await, 5);
        let path = format!("/api/v1/vendors/{kiln}/imports/{}", checked.id);
        let over: ImportView = owner(&app, kiln).get(&path).await.expect(200).json();
        assert!(!over.can_confirm);
        owner(&app, kiln).post(&format!("{path}/confirmation"), &()).await.expect_problem(409, "check_over");
        app.advance(Duration::from_secs(26 * 3600)).await;
        app.settle().await;
        assert_eq!(files(&app).await, 0);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM jobs WHERE kind = 'forget_file'").await, 0);
    })
    .await;
}

/// Two workers see one file: neither its plan nor its pieces are kept by the one that went.
#[tokio::test]
async fn a_long_file_goes_on_where_it_was_after_a_crash() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let content = long_file(130);
        let id = sent(&app, kiln, content.as_bytes()).await;
        let done = start(&app, kiln, &format!("file={id}")).await;
        assert_eq!((done.status, done.created, done.rows), (ImportStatus::Done, 130, 130), "{done:?}");
        let back = "UPDATE imports SET status = 'running', position = 75, rows_done = 75, created = 75";
        app.db("catalog").write(async move |tx| tx.exec(back, vec![]).await).await.unwrap();
        put_back(&app, kiln, done.id, &content).await;
        let env = app.system.env("catalog").unwrap();
        let another = std::sync::Arc::new(crate::Catalog::new(env, &Settings::default()));
        crate::ops::work_import(&another, done.id).await.unwrap();
        let path = format!("/api/v1/vendors/{kiln}/imports/{}", done.id);
        let done: ImportView = owner(&app, kiln).get(&path).await.expect(200).json();
        assert_eq!((done.status, done.rows, done.created, done.unchanged), (ImportStatus::Done, 130, 75, 55));
    })
    .await;
}
