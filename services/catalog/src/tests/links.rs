//! Related products and parts of bundles in files.

use contracts::catalog::{ImportChange, ImportStatus, ImportView, ProductChanged, ProductPublished};
use kernel::{Page, VendorId};
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::{
    files::{exported, imported},
    support::*,
};

const HEADER: &str = "handle,title,category,currency,status,sku,price,related,parts\n";

async fn count(app: &TestApp, sql: &str) -> i64 {
    app.count("catalog", sql).await
}

/// Parts of all bundles, as `bundle part quantity`.
async fn parts(app: &TestApp) -> Vec<String> {
    let sql =
        "SELECT b.sku AS bundle, p.sku AS part, x.quantity FROM bundle_parts x JOIN variants b ON b.id = x.bundle_id
               JOIN variants p ON p.id = x.part_id ORDER BY b.sku, x.position";
    let rows = app.db("catalog").all(sql, vec![]).await.unwrap();
    let told = |row: &db::Row| {
        let (bundle, part): (String, String) = (row.get("bundle").unwrap(), row.get("part").unwrap());
        format!("{bundle} {part} {}", row.get::<i64>("quantity").unwrap())
    };
    rows.iter().map(told).collect()
}

fn complaints(view: &ImportView) -> Vec<(i64, &str)> {
    view.errors.iter().map(|error| (error.row, error.column.as_str())).collect()
}

async fn changes(app: &TestApp, vendor_id: VendorId, import: &ImportView) -> Vec<ImportChange> {
    let path = format!("/api/v1/vendors/{vendor_id}/imports/{}/changes", import.id);
    owner(app, vendor_id).get(&path).await.expect(200).json::<Page<ImportChange>>().items
}

#[tokio::test]
async fn what_was_exported_comes_back_whatever_stands_first() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        // The bundle stands above its parts.
        let set = created(&app, kiln, &simple(&mugs, "Tea set", "SET", 4900)).await;
        let cup = created(&app, kiln, &simple(&mugs, "Cup", "CUP*|", 900)).await;
        let jug = created(&app, kiln, &simple(&mugs, "Jug", "JUG", 2900)).await;
        let of = |product: &contracts::catalog::ProductEdit| product.input.variants[0].id.unwrap();
        let path = format!("{}/{}/variants/{}/parts", own(kiln), set.id, of(&set));
        let two = json!({"parts": [{"variant_id": of(&cup), "quantity": 2}, {"variant_id": of(&jug), "quantity": 1}]});
        owner(&app, kiln).put(&path, &two).await.expect(200);
        let mut input = serde_json::to_value(&edit(&app, &set).await.input).unwrap();
        input["related"] = json!([jug.id, cup.id]);
        put(&app, &set, &input).await.expect(200);

        let file = exported(&app, kiln).await;
        let line = file.lines().nth(1).unwrap();
        assert!(line.contains(",jug|cup,,SET,") && line.ends_with(",CUP*\\|*2|JUG*1"), "{line}");
        let events = count(&app, "SELECT count(*) FROM outbox").await;
        let again = imported(&app, kiln, &file, false).await;
        assert_eq!((again.unchanged, again.errors.len()), (3, 0), "{again:?}");
        assert_eq!(count(&app, "SELECT count(*) FROM outbox").await, events);

        let moved = imported(&app, loom, &file, false).await;
        assert_eq!((moved.created, moved.updated, moved.failed, moved.errors.len()), (3, 0, 0, 0), "{moved:?}");
        assert_eq!((moved.rows, moved.rows_total), (3, 3));
        assert_eq!(exported(&app, loom).await, file);
        assert_eq!(parts(&app).await, ["SET CUP*| 2", "SET CUP*| 2", "SET JUG 1", "SET JUG 1"]);
        let told = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        assert_eq!((told.product.vendor_id, told.product.variants[0].parts.len()), (loom, 2));
        assert_eq!(imported(&app, loom, &file, false).await.unchanged, 3);
    })
    .await;
}

#[tokio::test]
async fn names_that_nothing_has_are_told_and_nothing_is_written() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        created(&app, loom, &simple(&mugs, "Cup", "CUP", 900)).await;
        created(&app, kiln, &simple(&mugs, "Set", "SET", 4900)).await;
        let events = count(&app, "SELECT count(*) FROM outbox").await;
        // Both are another store's.
        let file =
            format!("{HEADER}set,Set,mugs,EUR,published,SET,1.00,cup,CUP*2\nnew,New,mugs,EUR,draft,NEW,1.00,,OLD\n");
        for dry_run in [true, false] {
            let done = imported(&app, kiln, &file, dry_run).await;
            assert_eq!((done.failed, done.created, done.updated), (2, 0, 0), "{done:?}");
            assert_eq!(complaints(&done), [(2, "related"), (2, "parts"), (3, "parts")]);
            assert!(done.errors[1].reason.contains("“CUP”"), "{:?}", done.errors);
        }
        assert_eq!(count(&app, "SELECT count(*) FROM outbox").await, events);
        assert!(parts(&app).await.is_empty());
        assert_eq!(seen(&app, "set").await.variants[0].price.amount_minor, 4900);
        // What cannot be read is told as well.
        let file =
            format!("{HEADER}set,Set,mugs,EUR,published,SET,1.00,set,SET*1\nset2,Set,mugs,EUR,draft,S2,1.00,,X*0\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!(complaints(&done), [(2, "related"), (2, "parts"), (3, "parts")]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_shows_what_stands_further_below_and_the_import_makes_it() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = format!(
            "initial_stock,{HEADER}10,set,Set,mugs,EUR,published,SET,9.00,cup,CUP*2\n\
             7,cup,Cup,mugs,EUR,published,CUP,5.00,,\n"
        );
        let dry = imported(&app, kiln, &file, true).await;
        assert_eq!((dry.created, dry.errors.len()), (2, 0), "{dry:?}");
        assert_eq!(count(&app, "SELECT count(*) FROM products").await, 0);
        let told = changes(&app, kiln, &dry).await;
        let fields = &told.iter().find(|change| change.handle == "set").unwrap().fields;
        let after = |field: &str| fields.iter().find(|f| f.field == field).and_then(|f| f.after.as_deref());
        assert_eq!((after("related"), after("parts of SET")), (Some("cup"), Some("CUP*2")));
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.updated, done.errors.len()), (2, 0, 0), "{done:?}");
        assert_eq!(parts(&app).await, ["SET CUP 2"]);
        assert_eq!(seen(&app, "set").await.related.len(), 1);
        let told = app.published::<ProductPublished>("catalog").await;
        let set = told.iter().find(|event| event.product.variants[0].sku == "SET").unwrap();
        assert_eq!(set.product.variants[0].initial_stock, Some(0), "no stock of its own while it waits for its parts");

        // Without the column all stays, with an empty cell it is no bundle any more.
        let short = "handle,sku,price\nset,SET,8.00\n";
        assert_eq!(imported(&app, kiln, short, false).await.updated, 1);
        assert_eq!(parts(&app).await, ["SET CUP 2"]);
        let more = format!(
            "{HEADER}big,Big,mugs,EUR,draft,BIG,9.00,,SET\ncup,Cup,mugs,EUR,published,CUP,5.00,,JUG\n\
                            jug,Jug,mugs,EUR,published,JUG,5.00,,\n"
        );
        let refused = imported(&app, kiln, &more, false).await;
        assert_eq!((refused.failed, refused.created), (2, 1), "a bundle holds none, and what lies in one is none");
        assert_eq!(complaints(&refused), [(2, "parts"), (3, "parts")]);
        let plain = "handle,sku,parts,related\nset,SET,,\n";
        assert_eq!(imported(&app, kiln, plain, false).await.updated, 1);
        assert!(parts(&app).await.is_empty());
        assert_eq!(count(&app, "SELECT count(*) FROM products WHERE related <> '[]'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_product_that_is_refused_is_told_once() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file =
            format!("{HEADER}set,Set,mugs,EUR,published,SET,9.00,,CUP*2\ncup,Cup,mugs,EUR,published,CUP,much,,\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.failed), (1, 1), "{done:?}");
        assert_eq!(complaints(&done), [(3, "price"), (2, "parts")]);
        assert!(parts(&app).await.is_empty());
        let mended = file.replace("much", "5.00");
        let done = imported(&app, kiln, &mended, false).await;
        assert_eq!((done.created, done.updated, done.errors.len()), (1, 1, 0), "{done:?}");
        assert_eq!(parts(&app).await, ["SET CUP 2"]);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_stays_refused_whatever_comes_further_below() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        // The file has no product of this handle, and one whose name in addresses becomes it.
        let file =
            format!("{HEADER}a,Ale,mugs,EUR,published,A1,9.00,nice-mug,\nm1,Nice mug,mugs,EUR,published,M1,5.00,,\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.failed), (1, 1), "{done:?}");
        assert_eq!(complaints(&done), [(2, "related")]);
        assert_eq!(count(&app, "SELECT count(*) FROM products").await, 1);
    })
    .await;
}

/// Versions of all products, as `handle version`.
async fn versions(app: &TestApp) -> Vec<String> {
    let rows = app.db("catalog").all("SELECT handle, version FROM products ORDER BY handle", vec![]).await.unwrap();
    let told = |row: &db::Row| {
        let handle: String = row.get("handle").unwrap();
        format!("{handle} {}", row.get::<i64>("version").unwrap())
    };
    rows.iter().map(told).collect()
}

/// A bundle above its part, a product that goes with one above it, and one that names nothing.
const FOUR: &str = "set,Set,mugs,EUR,published,SET,9.00,jug,CUP*2\ncup,Cup,mugs,EUR,published,CUP,5.00,,\n\
                    tin,Tin,mugs,EUR,published,TIN,4.00,cup,\njug,Jug,mugs,EUR,published,JUG,3.00,,\n";

#[tokio::test]
async fn only_what_waits_is_written_again() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = format!("{HEADER}{FOUR}");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.updated, done.unchanged, done.failed), (4, 0, 0, 0), "{done:?}");
        assert_eq!((done.rows, done.rows_total, done.errors.len()), (4, 4, 0));
        // Four turns, and one more each for the two that name others.
        assert_eq!(count(&app, "SELECT position FROM imports").await, 6);
        assert_eq!(versions(&app).await, ["cup 1", "jug 1", "set 2", "tin 1"]);
        let changed = app.published::<ProductChanged>("catalog").await;
        let skus: Vec<&str> = changed.iter().map(|event| event.product.variants[0].sku.as_str()).collect();
        assert_eq!(skus, ["SET"]);
        assert_eq!(app.published::<ProductPublished>("catalog").await.len(), 4);
        assert_eq!(parts(&app).await, ["SET CUP 2"]);
        assert_eq!(seen(&app, "set").await.related.len(), 1);
        assert_eq!(seen(&app, "tin").await.related.len(), 1);

        let again = imported(&app, kiln, &file, false).await;
        assert_eq!((again.unchanged, again.updated), (4, 0), "{again:?}");
        assert_eq!(versions(&app).await, ["cup 1", "jug 1", "set 2", "tin 1"]);
        let dry = imported(&app, kiln, &file, true).await;
        assert_eq!((dry.unchanged, dry.rows), (4, 4), "{dry:?}");
        assert_eq!(count(&app, "SELECT min(position) FROM imports").await, 4, "a dry run has one pass");
    })
    .await;
}

#[tokio::test]
async fn the_second_pass_goes_on_where_it_was_and_leaves_all_but_links_alone() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = format!("{HEADER}{FOUR}");
        let done = imported(&app, kiln, &file, false).await;
        // As if the worker had died after the first pass, and somebody had named the bundle otherwise meanwhile.
        let back = [
            "UPDATE imports SET status = 'running', position = 4",
            "DELETE FROM bundle_parts",
            "UPDATE variants SET bundle = 0",
            "UPDATE products SET title = 'Tea set', version = 7 WHERE handle = 'set'",
        ];
        for sql in back {
            app.db("catalog").write(async move |tx| tx.exec(sql, vec![]).await).await.unwrap();
        }
        put_back(&app, kiln, done.id, &file).await;
        let env = app.system.env("catalog").unwrap();
        let another = std::sync::Arc::new(crate::Catalog::new(env, &crate::Settings::default()));
        for _ in 0..2 {
            crate::ops::work_import(&another, done.id).await.unwrap();
            let path = format!("/api/v1/vendors/{kiln}/imports/{}", done.id);
            let view: ImportView = owner(&app, kiln).get(&path).await.expect(200).json();
            assert_eq!((view.status, view.rows, view.created), (ImportStatus::Done, 4, 4), "{view:?}");
            assert_eq!((view.updated, view.unchanged, view.failed, view.errors.len()), (0, 0, 0, 0));
            assert_eq!(parts(&app).await, ["SET CUP 2"]);
            assert_eq!(versions(&app).await, ["cup 1", "jug 1", "set 8", "tin 1"]);
        }
        assert_eq!(count(&app, "SELECT count(*) FROM products WHERE title = 'Tea set'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_is_not_made_when_its_name_is_given_further_below() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        created(&app, loom, &simple(&mugs, "Jug", "JUG", 900)).await;
        // The other store has the name in addresses, so that this one's becomes the one that the first row asks for.
        let file = format!("{HEADER}a,Ale,mugs,EUR,published,A1,9.00,jug-2,\njug,Jug,mugs,EUR,published,JUG,5.00,a,\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.failed), (1, 1), "{done:?}");
        assert_eq!(complaints(&done), [(2, "related"), (3, "related")]);
        assert_eq!(seen(&app, "jug-2").await.vendor.id, kiln);
        assert_eq!(versions(&app).await, ["jug 1", "jug 1"]);
    })
    .await;
}

#[tokio::test]
async fn complaints_are_short_however_long_the_cell() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = format!("{HEADER}a,Ale,mugs,EUR,published,A1,9.00,{},\n", "x".repeat(5_000));
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.failed, complaints(&done)), (1, vec![(2, "related")]));
        let reason = &done.errors[0].reason;
        assert_eq!(reason.chars().count(), 1_001);
        assert!(reason.starts_with("None of your products is called “xxx") && reason.ends_with("x…"), "{reason}");
        assert_eq!(count(&app, "SELECT count(*) FROM products").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_stays_refused_with_more_complaints_than_are_kept() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        created(&app, kiln, &simple(&mugs, "Set", "SET", 4900)).await;
        let mut file = HEADER.to_owned();
        for n in 0..200 {
            file.push_str(&format!("p-{n},Product {n},mugs,EUR,draft,P{n},much,,\n"));
        }
        file.push_str("set,Set,mugs,EUR,published,SET,much,cup,\ntin,Tin,mugs,EUR,published,TIN,4.00,cup,\n");
        file.push_str("cup,Cup,mugs,EUR,published,CUP,5.00,,\n");
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.updated, done.failed), (2, 0, 201), "{done:?}");
        assert_eq!((done.rows, done.errors.len(), done.errors_total), (203, 200, 201));
        assert_eq!(versions(&app).await, ["cup 1", "set 1", "tin 2"]);
        assert!(seen(&app, "set").await.related.is_empty());
        assert_eq!(seen(&app, "tin").await.related.len(), 1);
    })
    .await;
}
