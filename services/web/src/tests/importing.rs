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
