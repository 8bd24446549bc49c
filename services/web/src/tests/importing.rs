//! Categories of a checked file for which the vendor chooses ours.

use kernel::{ImportId, VendorRole};
use serde_json::{Value, json};

use super::{portal::*, stage::Stage};

#[tokio::test]
async fn all_that_is_wrong_is_a_file() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = ImportId::derived("t", &["wrong"]);
    let (api, here) =
        (format!("GET /api/v1/vendors/{}/imports/{id}", kiln()), format!("/vendor/{}/imports/{id}", kiln()));
    let mut import = json!({"id": id, "dry_run": true, "status": "done", "rows": 9, "rows_total": 9, "created": 0, "updated": 0,
        "unchanged": 0, "failed": 9, "errors": [{"row": 4, "column": "price", "reason": "Enter a price."}], "errors_total": 2,
        "created_at": "2026-01-15T12:00:00Z"});
    stage.says(&api, &import);
    stage.says(&format!("{api}/changes"), page::<Value>(&[]));
    let link = format!("href=\"{here}/errors.csv\"");
    ines.get(&here).await.expect(200).says(&["Download all that is wrong", &link]);
    stage.says(&format!("{api}/errors.csv"), "row");
    ines.get(&format!("{here}/errors.csv")).await.expect(200);
    stage.asked_once(&format!("{api}/errors.csv"));
    // What is shown whole needs no file.
    import["errors_total"] = json!(1);
    stage.says(&api, &import);
    ines.get(&here).await.expect(200).never_says(&["errors.csv"]);
}

#[tokio::test]
async fn categories_of_a_file_are_chosen_and_it_is_checked_again() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let (old, new) = (ImportId::derived("t", &["old"]), ImportId::derived("t", &["new"]));
    let api = format!("/api/v1/vendors/{}/imports/{old}", kiln());
    let here = format!("/vendor/{}/imports/{old}", kiln());
    let mut import = json!({"id": old, "dry_run": true, "status": "done", "rows": 9, "rows_total": 9, "created": 0,
        "updated": 0, "unchanged": 0, "failed": 9, "errors": [], "created_at": "2026-01-15T12:00:00Z", "can_confirm": true,
        "categories": [{"path": "Art", "products": 1, "category": "mugs"}, {"path": "Home > <Pots>", "products": 2}],
        "categories_rest": 4});
    stage.says(&format!("GET {api}"), &import);
    stage.says(&format!("GET {api}/changes"), page::<Value>(&[]));
    ines.get(&here).await.expect(200).says(&[
        "Categories of the file",
        "Home &#62; &#60;Pots&#62;",
        "2\u{a0}products",
        "4\u{a0}products of those",
        "Remember and check again",
    ]);
    let choose = format!("POST {api}/categories");
    import["id"] = json!(new);
    stage.answers(&choose, 202, &import);
    let sent = [("path_0", "Home > <Pots>"), ("category_0", "mugs"), ("path_1", "Art"), ("category_1", "")];
    ines.post(&format!("{here}/categories"), &sent).await.leads_to(&format!("/vendor/{}/imports/{new}", kiln()));
    let body =
        json!({"categories": [{"path": "Home > <Pots>", "category": "mugs"}, {"path": "Art", "category": null}]});
    assert_eq!(stage.asked_once(&choose).body, body);
    stage.refuses(&choose, 409, "check_over", "This dry run was confirmed before.", &[]);
    ines.post(&format!("{here}/categories"), &sent).await.leads_to(&here);
    // What cannot be checked again asks for nothing.
    import["can_confirm"] = json!(false);
    stage.says(&format!("GET {api}"), &import);
    ines.get(&here).await.expect(200).never_says(&["Categories of the file"]);
}

#[tokio::test]
async fn what_keeps_all_of_a_file_out_is_said() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let id = ImportId::derived("t", &["none"]);
    let (api, here) =
        (format!("GET /api/v1/vendors/{}/imports/{id}", kiln()), format!("/vendor/{}/imports/{id}", kiln()));
    let mut import = json!({"id": id, "dry_run": true, "status": "done", "rows": 9, "rows_total": 9, "created": 0,
        "updated": 0, "unchanged": 0, "failed": 300, "errors": [{"row": 2, "column": "Type", "reason": "Choose one."}],
        "errors_total": 301, "created_at": "2026-01-15T12:00:00Z", "can_confirm": true,
        "categories": [{"path": "Pots", "products": 300}]});
    stage.says(&api, &import);
    stage.says(&format!("{api}/changes"), page::<Value>(&[]));
    let shown = ines.get(&here).await.expect(200).says(&["Say where its products go.", "Categories of the file"]);
    // All that is wrong, not only what is listed.
    shown.says(&[">301<"]).never_says(&["No row can be imported."]);
    import["categories"] = json!([]);
    stage.says(&api, &import);
    ines.get(&here).await.expect(200).says(&["No row can be imported."]);
    stage.says("GET /api/v1/categories", Vec::<Value>::new());
    stage.app.advance(std::time::Duration::from_secs(6)).await;
    let shown = ines.get(&here).await.expect(200).says(&["There is nowhere to put your products yet."]);
    shown.never_says(&["Categories of the file", "Mend the file"]);
}

#[tokio::test]
async fn the_vendor_says_how_many_there_are_of_what_is_new() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let imports = format!("/vendor/{}/imports", kiln());
    let api = format!("/api/v1/vendors/{}", kiln());
    stage.says(&format!("GET {api}/imports"), page::<Value>(&[]));
    ines.get(&imports).await.expect(200).says(&["Stock of what is new", "name=\"stock\""]);
    let file = json!({"id": kernel::ImportFileId::derived("t", &["file"]), "bytes": 0, "piece_bytes": 4_194_304, "limit_bytes": 9});
    stage.answers(&format!("POST {api}/import-files"), 201, &file);
    stage.answers(&format!("PUT {api}/import-files/{}/pieces/0", file["id"].as_str().unwrap()), 200, &file);
    let id = ImportId::derived("t", &["counted"]);
    let import = json!({"id": id, "dry_run": true, "status": "queued", "rows": 0, "rows_total": 0, "created": 0, "updated": 0,
        "unchanged": 0, "failed": 0, "errors": [], "created_at": "2026-01-15T12:00:00Z"});
    let start = format!("POST {api}/imports");
    stage.answers(&start, 202, &import);
    let csv = [("file", "products.csv", "Handle,Title")];
    ines.upload(&imports, &[("stock", "many")], &csv).await.leads_to(&imports);
    assert!(stage.asked(&start).is_empty());
    ines.get(&imports).await.expect(200).says(&["Use a whole number for the stock."]);
    ines.upload(&imports, &[("stock", "12"), ("category", "")], &csv).await.leads_to(&format!("{imports}/{id}"));
    assert!(stage.asked_once(&start).query.contains("stock=12"));
}
