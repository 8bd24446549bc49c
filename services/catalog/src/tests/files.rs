//! Export, and that what was exported comes back.

use contracts::catalog::ImportView;
use kernel::VendorId;
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::support::*;

pub async fn exported(app: &TestApp, vendor_id: VendorId) -> String {
    let answer = owner(app, vendor_id).get(&format!("{}.csv", own(vendor_id))).await.expect(200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    answer.text()
}

pub async fn imported(app: &TestApp, vendor_id: VendorId, file: &str, dry_run: bool) -> ImportView {
    let path = format!("/api/v1/vendors/{vendor_id}/imports");
    let who = owner(app, vendor_id);
    let queued: ImportView =
        send(&who, &format!("{path}?dry_run={dry_run}"), "text/csv", file.to_owned()).await.expect(202).json();
    app.settle().await;
    who.get(&format!("{path}/{}", queued.id)).await.expect(200).json()
}

#[tokio::test]
async fn a_file_says_everything_and_comes_back() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        let header = "handle,title,summary,description_html,category,currency,status,tags,attributes,brand,seo_title,seo_description,publish_at,unpublish_at,option1_name,option1_values,\
                      option2_name,option2_values,option3_name,option3_values,related,pictures,sku,option1,option2,option3,price,compare_at,weight_g,barcode,picture,initial_stock,parts\r\n";
        assert_eq!(exported(&app, kiln).await, header);
        created(&app, kiln, &optioned(&mugs, "Mug")).await;
        created(&app, kiln, &json!({
            "title": "=cmd|' /C calc'!A0", "summary": "-5 \"quoted\", 'tis", "category_id": mugs.id, "currency": "EUR", "status": "draft",
            "tags": ["a;b", "c\\d", "@home"], "description_html": "<p>One,</p>\n<p>two</p>",
            "attributes": [{"key": "made_in", "value": "Porto: north; south", "unit": "x", "label": "Made in"}, {"key": "k", "value": "v", "label": "Other"}],
            "variants": [{"sku": "+49", "price_minor": 5}],
        })).await;
        created(&app, kiln, &json!({"title": "Kimono", "category_id": mugs.id, "currency": "JPY", "status": "archived",
            "brand": "Nishijin; Kyoto", "seo_title": "Silk kimono", "seo_description": "Woven in Kyoto, dyed by hand.",
            "variants": [{"sku": "K", "price_minor": 25_000, "compare_at_minor": 30_000}]})).await;
        created(&app, kiln, &json!({"title": "Later", "category_id": mugs.id, "currency": "EUR", "status": "scheduled",
            "publish_at": "2027-01-02T09:00:00Z", "unpublish_at": "2027-02-03T10:00:00Z",
            "variants": [{"sku": "LATER", "price_minor": 100}]})).await;
        let file = exported(&app, kiln).await;
        let lines: Vec<&str> = file.split("\r\n").collect();
        assert_eq!(lines[1], "mug,Mug,Fits the hand.,<p>A <strong>fine</strong> mug.</p>,mugs,EUR,published,gift;tea,material:Stoneware,,,,,,\
                              Size,S;L,Colour,Sand;Moss,,,,,S-SAND,S,Sand,,19.00,,300,,,,");
        assert_eq!(lines[2], "mug,,,,,,,,,,,,,,,,,,,,,,S-MOSS,S,Moss,,19.00,24.00,0,,,,");
        assert!(lines[4].contains("'=cmd|") && lines[4].contains("\"'-5 \"\"quoted\"\", 'tis\""), "{}", lines[4]);
        assert!(file.contains(",'+49,") && file.contains("a\\;b;c\\\\d;@home") && file.contains(",25000,30000,"), "{file}");
        assert!(file.contains(",archived,,,Nishijin; Kyoto,Silk kimono,\"Woven in Kyoto, dyed by hand.\",,,"), "{file}");
        assert!(file.contains(",scheduled,,,,,,2027-01-02T09:00:00Z,2027-02-03T10:00:00Z,"), "{file}");
        assert!(!file.contains(",=") && !file.contains("\n=") && !file.contains(",+"));

        // Back into the same store: nothing to do, and the same file again.
        let events = app.count("catalog", "SELECT count(*) FROM outbox").await;
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.updated, done.unchanged, done.errors.len()), (0, 0, 4, 0), "{done:?}");
        assert_eq!((done.rows, done.rows_total), (6, 6));
        assert_eq!(exported(&app, kiln).await, file);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM outbox").await, events);

        // Into another store: all of it, under other addresses, and the same file again.
        let done = imported(&app, loom, &file, false).await;
        assert_eq!((done.created, done.updated, done.unchanged, done.errors.len()), (4, 0, 0, 0), "{done:?}");
        assert_eq!(exported(&app, loom).await, file);
        assert_eq!(seen(&app, "mug-2").await.vendor.id, loom);
        let done = imported(&app, loom, &file, false).await;
        assert_eq!(done.unchanged, 4);
    })
    .await;
}

#[tokio::test]
async fn many_products_are_exported_piece_by_piece() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut file = "handle,title,category,currency,sku,price\n".to_owned();
        for n in 0..230 {
            file.push_str(&format!("p-{n},Product {n},mugs,EUR,SKU-{n},1.00\n"));
        }
        let done = imported(&app, kiln, &file, false).await;
        assert_eq!((done.created, done.errors.len()), (230, 0));
        let out = exported(&app, kiln).await;
        assert_eq!(out.lines().count(), 231);
        let handles: Vec<String> = out.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
        assert_eq!(handles, (0..230).map(|n| format!("p-{n}")).collect::<Vec<_>>());
    })
    .await;
}
