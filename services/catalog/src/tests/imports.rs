//! Imports: what they do, what they refuse, and that a crash neither loses nor repeats anything.

use std::{sync::Arc, time::Duration};

use contracts::catalog::{ImportStatus, ImportView, ProductChanged, ProductPublished, ProductStatus};
use db::params;
use kernel::Page;
use testkit::on_both_databases;

use super::{
    files::{exported, imported},
    support::*,
};

#[tokio::test]
async fn products_are_created_and_changed_by_handle_and_sku() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = "handle,title,category,currency,status,option1_name,option1,sku,price,initial_stock,tags\n\
                    mug,Mug,mugs,EUR,published,Size,S,M-S,19.00,5,gift\n\
                    mug,,,,,,L,M-L,25,,\n\
                    bowl,Bowl,mugs,EUR,,,,B,9.5,2,\n";
        let done = imported(&app, kiln, file, false).await;
        assert_eq!(done.status, ImportStatus::Done);
        assert_eq!((done.rows, done.rows_total, done.created, done.errors.len()), (3, 3, 2, 0), "{done:?}");
        let view = seen(&app, "mug").await;
        assert_eq!(view.options[0].values, ["S", "L"]);
        assert_eq!(view.variants.iter().map(|v| v.price.amount_minor).collect::<Vec<_>>(), [1900, 2500]);
        let told = app.published::<ProductPublished>("catalog").await;
        assert_eq!(told[0].product.variants.iter().map(|v| v.initial_stock).collect::<Vec<_>>(), [Some(5), Some(0)]);
        let drafts = app.published::<ProductChanged>("catalog").await;
        assert_eq!((drafts.len(), drafts[0].product.status), (1, ProductStatus::Draft));

        // Only prices: everything else stays; a variant that is left out is no longer offered.
        let done = imported(&app, kiln, "handle,sku,price\nmug,M-L,24.00\nbowl,B,9.50\n", false).await;
        assert_eq!((done.created, done.updated, done.unchanged), (0, 1, 1));
        let view = seen(&app, "mug").await;
        assert_eq!(
            (view.title.as_str(), view.tags.as_slice(), view.variants.len()),
            ("Mug", &["gift".to_owned()][..], 1)
        );
        assert_eq!(view.variants[0].price.amount_minor, 2400);
        assert!(
            app.published::<ProductChanged>("catalog").await.last().unwrap().product.variants[0]
                .initial_stock
                .is_none()
        );

        let list = format!("/api/v1/vendors/{kiln}/imports");
        let page: Page<ImportView> = owner(&app, kiln).get(&format!("{list}?limit=1")).await.expect(200).json();
        assert_eq!(page.items[0].updated, 1);
        let page: Page<ImportView> =
            owner(&app, kiln).get(&format!("{list}?after={}", page.next.unwrap())).await.expect(200).json();
        assert_eq!((page.items.len(), page.items[0].created, page.next), (1, 2, None));
    })
    .await;
}

#[tokio::test]
async fn every_complaint_names_row_and_column() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        created(&app, kiln, &simple(&mugs, "Old", "TAKEN", 100)).await;
        let file = "handle,title,category,currency,status,option1_name,option1,sku,price,compare_at,weight_g,attributes\n\
                    good,Good,mugs,EUR,published,,,G,1,,,\n\
                    Bad Handle,X1,mugs,EUR,,,,X1,1,,,\n\
                    no-title,,mugs,EUR,,,,X2,1,,,\n\
                    no-category,Title,nowhere,EUR,,,,X3,1,,,\n\
                    no-currency,Title,mugs,XXX,,,,X4,1,,,\n\
                    no-price,Title,mugs,EUR,,,,X5,cheap,,,\n\
                    dear-before,Title,mugs,EUR,,,,X6,5,4,,\n\
                    heavy,Title,mugs,EUR,,,,X7,5,,1.5kg,\n\
                    taken,Title,mugs,EUR,,,,TAKEN,5,,,\n\
                    two,Title,mugs,EUR,,Size,S,X8,5,,,\n\
                    two,,,,,,S,X9,5,,,\n\
                    status,Title,mugs,EUR,sold,,,X10,5,,,\n\
                    facts,Title,mugs,EUR,,,,X11,5,,,material\n\
                    later,Title,mugs,EUR,,Size,S,X12,5,,,\n\
                    later,Other,,,,,L,X13,5,,,\n\
                    good,Again,mugs,EUR,,,,X14,5,,,\n\
                    ,Title,mugs,EUR,,,,X15,5,,,\n\
                    ragged,Title,mugs,EUR,,,,X16,5\n\
                    short,T,mugs,EUR,,,,X17,5,,,\n\
                    last,Last,mugs,EUR,published,,,L,1,,,\n";
        let done = imported(&app, kiln, file, false).await;
        let seen: Vec<_> = done.errors.iter().map(|e| (e.row, e.column.as_str())).collect();
        let expected = [
            (3, "handle"),
            (4, "title"),
            (5, "category"),
            (6, "currency"),
            (7, "price"),
            (8, "compare_at"),
            (9, "weight_g"),
            (10, "sku"),
            (12, "option1"),
            (13, "status"),
            (14, "attributes"),
            (16, "title"),
            (17, "handle"),
            (18, "handle"),
            (19, ""),
            (20, "title"),
        ];
        assert_eq!(seen, expected, "{:#?}", done.errors);
        assert!(done.errors.iter().all(|e| e.reason.ends_with('.')), "{:#?}", done.errors);
        assert_eq!((done.status, done.created, done.rows), (ImportStatus::Done, 2, 20));
        assert_eq!(titles(&cards(&app, "sort=price_asc&vendor=kiln").await), ["Old", "Good", "Last"]);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_all_and_does_nothing() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        created(&app, kiln, &simple(&mugs, "Jug", "J", 100)).await;
        let before = exported(&app, kiln).await;
        let file = "handle,title,category,currency,sku,price\nmug,Mug,mugs,EUR,M,2\njug,Jug,mugs,EUR,J,1\nnew,New,mugs,EUR,N,1\nbad,Bad,mugs,EUR,B,x\n";
        let outbox = app.count("catalog", "SELECT count(*) FROM outbox").await;
        let done = imported(&app, kiln, file, true).await;
        assert!(done.dry_run);
        assert_eq!((done.status, done.created, done.updated, done.unchanged, done.errors.len()), (ImportStatus::Done, 1, 1, 1, 1), "{done:?}");
        assert_eq!(exported(&app, kiln).await, before);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM outbox").await, outbox);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM product_slugs").await, 2);
        let real = imported(&app, kiln, file, false).await;
        assert_eq!((real.created, real.updated, real.unchanged, real.errors.len()), (1, 1, 1, 1));
    })
    .await;
}

#[tokio::test]
async fn files_that_cannot_be_read_fail() {
    on_both_databases(under_test, |app| async move {
        let kiln = open_store(&app, "kiln").await;
        for (file, column) in [("handle,prise,sku\n", "prise"), ("title\n", "handle"), ("handle,sku,sku\n", "sku")] {
            let done = imported(&app, kiln, file, false).await;
            assert_eq!(
                (done.status, done.errors[0].row, done.errors[0].column.as_str()),
                (ImportStatus::Failed, 1, column)
            );
        }
        let path = format!("/api/v1/vendors/{kiln}/imports");
        let who = owner(&app, kiln);
        send(&who, &path, "application/json", "{}").await.expect_problem(415, "not_csv");
        send(&who, &path, "text/csv", "").await.expect_invalid("file");
        send(&who, &format!("{path}?dry_run=maybe"), "text/csv", "handle,sku\n").await.expect(422);
        let latin = send(&who, &path, "text/csv; charset=latin1", &b"handle,sku\nm\xfcg,1\n"[..])
            .await
            .expect(202)
            .json::<ImportView>();
        app.settle().await;
        let done: ImportView = who.get(&format!("{path}/{}", latin.id)).await.expect(200).json();
        assert_eq!(done.status, ImportStatus::Failed);
        let empty = imported(&app, kiln, "handle,sku\n", false).await;
        assert_eq!((empty.status, empty.rows_total), (ImportStatus::Done, 0));
        for _ in 0..5 {
            send(&who, &path, "text/csv", "handle,sku\n").await.expect(202);
        }
        send(&who, &path, "text/csv", "handle,sku\n").await.expect_problem(409, "imports_under_way");
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_product_stays_off_sale() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mug = created(&app, kiln, &simple(&mugs, "Mug", "M", 100)).await;
        let file = exported(&app, kiln).await;
        let path = format!("/api/v1/admin/products/{}/withdraw", mug.id);
        app.as_user(&testkit::admin()).post(&path, &()).await.expect(200);
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!(done.errors.iter().map(|e| (e.row, e.column.as_str())).collect::<Vec<_>>(), [(2, "status")]);
        assert_eq!(edit(&app, &mug).await.input.status, ProductStatus::Archived);
    })
    .await;
}

/// The work of a job that crashed in the middle, or of one that lost its lease, is not done twice.
#[tokio::test]
async fn a_crash_neither_loses_nor_repeats() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut file = "handle,title,category,currency,status,sku,price,initial_stock\n".to_owned();
        for n in 0..120 {
            file.push_str(&format!("p-{n},Product {n},mugs,EUR,published,SKU-{n},1.00,4\n"));
        }
        let path = format!("/api/v1/vendors/{kiln}/imports");
        let queued: ImportView = send(&owner(&app, kiln), &path, "text/csv", file).await.expect(202).json();
        // Two workers at once: one goes on, the other finds that it has been overtaken.
        let env = app.system.env("catalog").unwrap();
        let workers: Vec<_> = (0..2).map(|_| Arc::new(crate::Catalog::new(env, &crate::Settings::default()))).collect();
        let outcomes =
            futures::future::join_all(workers.iter().map(|worker| crate::ops::work_import(worker, queued.id))).await;
        for outcome in outcomes {
            if let Err(error) = outcome {
                assert_eq!(error.code(), "lease_lost");
            }
        }
        // Whoever comes next takes up where the note says.
        app.settle().await;
        let done: ImportView = owner(&app, kiln).get(&format!("{path}/{}", queued.id)).await.expect(200).json();
        assert_eq!(
            (done.status, done.created, done.updated, done.unchanged),
            (ImportStatus::Done, 120, 0, 0),
            "{done:?}"
        );
        assert_eq!(app.published::<ProductPublished>("catalog").await.len(), 120);

        // As if the worker had died after the 50th product: the note is what counts.
        let back =
            "UPDATE imports SET status = 'running', position = 50, rows_done = 50, created = 50 WHERE position = 120";
        app.db("catalog").write(async move |tx| tx.exec(back, params![]).await).await.unwrap();
        let mut again = "handle,title,category,currency,status,sku,price,initial_stock\n".to_owned();
        for n in 0..120 {
            again.push_str(&format!("p-{n},Product {n},mugs,EUR,published,SKU-{n},1.00,4\n"));
        }
        put_back(&app, kiln, queued.id, &again).await;
        crate::ops::work_import(&workers[0], queued.id).await.unwrap();
        let done: ImportView = owner(&app, kiln).get(&format!("{path}/{}", queued.id)).await.expect(200).json();
        assert_eq!((done.status, done.rows, done.created, done.unchanged), (ImportStatus::Done, 120, 50, 70));
        app.settle().await;
        assert_eq!(files(&app).await, 0, "the file is not kept");
    })
    .await;
}

#[tokio::test]
async fn long_files_go_from_job_to_job() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut file = "handle,title,category,currency,sku,price\n".to_owned();
        for n in 0..2_600 {
            file.push_str(&format!("p-{n},Product {n},mugs,EUR,SKU-{n},1.00\n"));
        }
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.status, done.created, done.rows), (ImportStatus::Done, 2_600, 2_600));
        assert_eq!(app.count("catalog", "SELECT count(*) FROM jobs WHERE kind = 'import'").await, 0);
    })
    .await;
}

/// A batch asks once which SKUs are taken; what its own products take and give up counts all the same.
#[tokio::test]
async fn skus_change_places_within_a_file() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let header = "handle,title,category,currency,sku,price\n";
        let file = format!("{header}a,Ale,mugs,EUR,X,1\nb,Bowl,mugs,EUR,Y,1\nc,Cup,mugs,EUR,Y,1\n");
        let done = imported(&app, kiln, &file, false).await;
        let places = |done: &ImportView| done.errors.iter().map(|e| (e.row, e.column.clone())).collect::<Vec<_>>();
        assert_eq!((done.created, done.failed, places(&done)), (2, 1, vec![(4, "sku".to_owned())]), "{done:?}");

        // The first gives up what the second takes.
        let done = imported(&app, kiln, "handle,sku,price\na,Z,1\nb,X,1\n", false).await;
        assert_eq!((done.updated, done.failed), (2, 0), "{done:?}");
        // The first wants what the second still has, and gets it the next time.
        let file = "handle,sku,price\na,X,1\nb,W,1\n";
        let done = imported(&app, kiln, file, false).await;
        assert_eq!((done.updated, done.failed, places(&done)), (1, 1, vec![(2, "sku".to_owned())]), "{done:?}");
        let done = imported(&app, kiln, file, true).await;
        assert_eq!((done.updated, done.unchanged, done.failed), (1, 1, 0), "{done:?}");
        let active = "SELECT count(*) FROM variants WHERE active = 1 AND sku IN ('Z', 'W')";
        assert_eq!(app.count("catalog", active).await, 2, "nothing is written in a dry run");
        let done = imported(&app, kiln, file, false).await;
        assert_eq!((done.updated, done.unchanged, done.failed), (1, 1, 0), "{done:?}");
        let active = "SELECT count(*) FROM variants WHERE active = 1 AND sku IN ('X', 'W')";
        assert_eq!(app.count("catalog", active).await, 2);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM variants WHERE active = 1").await, 2);
    })
    .await;
}

#[tokio::test]
async fn names_in_addresses_are_numbered_on() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom) = (open_store(&app, "kiln").await, open_store(&app, "loom").await);
        let mugs = mugs(&app).await;
        for n in 1..=22 {
            created(&app, kiln, &simple(&mugs, "Mug", &format!("M-{n}"), 100)).await;
        }
        let numbered = "SELECT count(*) FROM products WHERE slug = 'mug' OR slug LIKE 'mug-%'";
        assert_eq!(app.count("catalog", numbered).await, 22);
        for n in 2..=20 {
            let one = format!("SELECT count(*) FROM products WHERE slug = 'mug-{n}'");
            assert_eq!(app.count("catalog", &one).await, 1, "{n}");
        }
        // Two have a number that nobody counts to.
        let long = "SELECT count(*) FROM products WHERE slug LIKE 'mug-%' AND length(slug) > 6";
        assert_eq!(app.count("catalog", long).await, 2);
        // Another store's file may call a product so; it is known by that again, whatever its address.
        let file = "handle,title,category,currency,status,sku,price\nmug,Mug,mugs,EUR,published,A,1\n";
        assert_eq!(imported(&app, loom, file, false).await.created, 1);
        assert_eq!(imported(&app, loom, file, false).await.unchanged, 1);
        assert_eq!(app.count("catalog", numbered).await, 23);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM product_slugs").await, 23);
    })
    .await;
}

#[tokio::test]
async fn complaints_beyond_those_that_are_kept_are_counted() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut file = "handle,title,category,currency,sku,price\n".to_owned();
        for n in 0..205 {
            file.push_str(&format!("p-{n},Product {n},mugs,EUR,P{n},much\n"));
        }
        file.push_str("last,Last,mugs,EUR,L,1\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.failed, done.errors.len(), done.errors_total), (1, 205, 200, 205));
        assert_eq!((done.errors[199].row, done.notes_total), (201, 0));
        // A file has them all.
        let path = format!("/api/v1/vendors/{kiln}/imports");
        let file = owner(&app, kiln).get(&format!("{path}/{}/errors.csv", done.id)).await.expect(200).text();
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!((lines.len(), lines[0]), (206, "row,column,reason"));
        assert!(lines[1].starts_with("2,price,") && lines[205].starts_with("206,price,"), "{file}");
        // One that cannot be read says so in it.
        let none = imported(&app, kiln, "handle,prise,sku\n", false).await;
        let file = owner(&app, kiln).get(&format!("{path}/{}/errors.csv", none.id)).await.expect(200).text();
        assert_eq!((none.status, file.lines().count()), (ImportStatus::Failed, 2), "{file}");
        owner(&app, kiln)
            .get(&format!("{path}/{}/errors.csv", kernel::ImportId::derived("no", &["such"])))
            .await
            .expect(404);
        // Of the products that failed, as many are told one by one.
        assert_eq!(app.count("catalog", "SELECT count(*) FROM import_changes").await, 201);
    })
    .await;
}

#[tokio::test]
async fn what_old_imports_did_is_forgotten() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = "handle,title,category,currency,sku,price\nmug,Mug,mugs,EUR,M,1\njug,Jug,mugs,EUR,J,1\n";
        let complaints = "SELECT count(*) FROM import_complaints";
        let wrong = "handle,title,category,currency,sku,price\nbad,Bad,mugs,EUR,B,much\n";
        imported(&app, kiln, wrong, true).await;
        assert_eq!(app.count("catalog", complaints).await, 1);
        for n in 0..22 {
            let done = imported(&app, kiln, file, true).await;
            assert_eq!(done.created, 2, "{n}");
        }
        // Of the newest twenty it is kept.
        assert_eq!(app.count("catalog", complaints).await, 0);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM import_changes").await, 40);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports WHERE told = 1").await, 20);
        app.advance(Duration::from_secs(29 * 24 * 3600)).await;
        app.settle().await;
        assert_eq!(app.count("catalog", "SELECT count(*) FROM import_changes").await, 40);
        app.advance(Duration::from_secs(26 * 3600)).await;
        app.settle().await;
        assert_eq!(app.count("catalog", "SELECT count(*) FROM import_changes").await, 0);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports WHERE told = 0 AND created = 2").await, 22);
    })
    .await;
}
