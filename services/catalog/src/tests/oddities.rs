//! Oddities of files as other shop systems write them and spreadsheets save them; `docs/import.md` says where each is
//! documented.

use contracts::catalog::{ImportStatus, ImportView};
use testkit::on_both_databases;

use super::{
    foreign::{places, taken},
    support::*,
};

const MARKETS: &str = "Handle,Title,Type,Published,Status,Variant SKU,Option1 Name,Option1 Value,Variant Price,\
    Included / Primary,Included / International,Price / International,Compare At Price / International\n\
    mug,Mug,Mugs,TRUE,active,M-1,Title,Default Title,14.00,TRUE,TRUE,19.00,25.00\n";

const ATTRIBUTES: &str = "ID,Type,SKU,\"GTIN, UPC, EAN, or ISBN\",Name,Published,Regular price,Categories,Parent,\
    Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s),\
    Attribute 3 name,Attribute 3 value(s),Attribute 4 name,Attribute 4 value(s)\n\
    1,simple,CUP,4006381333931,Cup,1,5,Mugs,,Material,Clay,Colour,Blue,Glaze,Matt,Care,By hand\n\
    2,variable,TEE,,Tee,1,,Mugs,,Size,S,Colour,Red,Fit,Slim,Length,Long\n\
    3,variation,TEE-1,,Tee,1,9,,TEE,Size,S,Colour,Red,Fit,Slim,Length,Long\n";

/// As a German spreadsheet saves it.
fn saved(file: &str) -> String {
    let quoted = file.replace("\"GTIN, UPC, EAN, or ISBN\"", "GTIN| UPC| EAN| or ISBN");
    format!("\u{feff}{}", quoted.replace(',', ";").replace('|', ",").replace('\n', "\r\n"))
}

#[tokio::test]
async fn prices_of_markets_are_reported_and_not_taken() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let done = taken(&app, kiln, MARKETS, "").await;
        assert_eq!((done.created, places(&done.errors)), (1, vec![]));
        let markets = [
            "Included / Primary",
            "Included / International",
            "Price / International",
            "Compare At Price / International",
        ];
        assert_eq!(done.ignored_columns, markets);
        let mug = seen(&app, "mug").await;
        assert_eq!((mug.variants[0].price.amount_minor, mug.variants[0].compare_at), (1400, None));
        // A spreadsheet's mark, semicolons and ends of lines change nothing.
        let again = taken(&app, kiln, &saved(MARKETS), "").await;
        assert_eq!((again.unchanged, again.updated, again.failed), (1, 0, 0), "{again:?}");
        assert_eq!(again.ignored_columns, markets);
    })
    .await;
}

#[tokio::test]
async fn a_product_has_any_attributes_and_three_options() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let done = taken(&app, kiln, ATTRIBUTES, "").await;
        assert_eq!((done.created, done.failed), (1, 1), "{done:?}");
        assert_eq!((done.errors[0].row, done.errors[0].column.as_str()), (3, "Type"));
        assert!(done.errors[0].reason.contains("4 attributes (Size, Colour, Fit, Length)"), "{done:?}");
        let facts: Vec<_> =
            seen(&app, "cup").await.attributes.iter().map(|fact| format!("{}={}", fact.label, fact.value)).collect();
        assert_eq!(facts, ["Material=Clay", "Colour=Blue", "Glaze=Matt", "Care=By hand"]);
        // The commas in a column's name part no cells where semicolons do.
        let again = taken(&app, kiln, &saved(ATTRIBUTES), "").await;
        assert_eq!((again.unchanged, again.created, again.failed), (1, 0, 1), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn letters_of_windows_are_refused_with_their_row() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let (who, path) = (owner(&app, kiln), format!("/api/v1/vendors/{kiln}/imports"));
        let file = &b"Handle,Title,Type,Variant Price,Option1 Name\njug,Jug,Mugs,1,\nmug,M\xfcg,Mugs,1,\n"[..];
        let sent: ImportView = send(&who, &path, "text/csv", file).await.expect(202).json();
        app.settle().await;
        let done: ImportView = who.get(&format!("{path}/{}", sent.id)).await.expect(200).json();
        assert_eq!((done.status, places(&done.errors)), (ImportStatus::Failed, vec![(3, "")]));
        assert!(done.errors[0].reason.contains("Windows-1252") && done.errors[0].reason.contains("“CSV UTF-8”"));
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 0);
    })
    .await;
}
