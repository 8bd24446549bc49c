//! Categories of files that nothing here is called like: listed, chosen once, remembered.

use contracts::catalog::{ImportCategory, ImportView};
use serde_json::{Value, json};
use testkit::on_both_databases;

use super::{
    foreign::{places, taken},
    support::*,
};

const HEADER: &str = "ID,Type,SKU,Name,Published,Regular price,Categories,Images,Parent\n";

fn listed(import: &ImportView) -> Vec<(String, i64, Option<String>)> {
    let slug = |known: &ImportCategory| known.category.clone().map(|slug| slug.to_string());
    import.categories.iter().map(|known| (known.path.clone(), known.products, slug(known))).collect()
}

fn expected(cups: Option<&str>) -> Vec<(String, i64, Option<String>)> {
    vec![("Shop > Cups".to_owned(), 2, cups.map(str::to_owned)), ("Art".to_owned(), 1, None)]
}

#[tokio::test]
async fn what_a_file_calls_otherwise_is_chosen_once() {
    on_both_databases(under_test, |app| async move {
        let (kiln, loom) = (open_store(&app, "kiln").await, open_store(&app, "loom").await);
        let mugs = mugs(&app).await;
        let file = format!(
            "{HEADER}1,simple,A,Able,1,1,Shop > Cups,,\n2,simple,B,Baker,1,1,shop >CUPS,,\n3,simple,C,Charly,1,1,Art,,\n\
             4,simple,D,Dog,1,1,Home > Mugs,,\n"
        );
        let dry = taken(&app, kiln, &file, "dry_run=true").await;
        assert_eq!(listed(&dry), expected(None));
        assert_eq!((dry.created, dry.failed, dry.categories_rest), (1, 3, 0));

        // Nothing is remembered of what is wrong, and the check stays.
        let (who, path) = (owner(&app, kiln), format!("/api/v1/vendors/{kiln}/imports"));
        let choose = format!("{path}/{}/categories", dry.id);
        let choice = |path: &str, category: Value| json!({"categories": [{"path": path, "category": category}]});
        who.post(&choose, &choice("Art", json!("nowhere"))).await.expect_invalid("categories[0].category");
        who.post(&choose, &choice("Mugs", json!("mugs"))).await.expect_invalid("categories[0].path");
        who.post(&choose, &json!({"categories": []})).await.expect(422);
        owner(&app, loom).post(&choose, &choice("Art", json!("mugs"))).await.expect(404);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM import_categories").await, 0);

        let again: ImportView = who.post(&choose, &choice("Shop > Cups", json!("mugs"))).await.expect(202).json();
        app.settle().await;
        who.post(&choose, &choice("Art", json!("mugs"))).await.expect(409);
        who.post(&format!("{path}/{}/confirmation", dry.id), &json!({})).await.expect(409);
        let again: ImportView = who.get(&format!("{path}/{}", again.id)).await.expect(200).json();
        assert_eq!(listed(&again), expected(Some("mugs")));
        assert_eq!((again.dry_run, again.created, places(&again.errors)), (true, 3, vec![(4, "Categories")]));
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 0);

        who.post(&format!("{path}/{}/confirmation", again.id), &json!({})).await.expect(202);
        app.settle().await;
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 3);
        let in_mugs = format!("SELECT count(*) FROM products WHERE category_id = '{}'", mugs.id);
        assert_eq!(app.count("catalog", &in_mugs).await, 3);
        // The next file knows it, and changes nothing; another store's file does not.
        let next = taken(&app, kiln, &file, "").await;
        assert_eq!((next.created, next.updated, next.unchanged, next.failed), (0, 0, 3, 1));
        let other = taken(&app, loom, &file, "dry_run=true").await;
        assert_eq!(listed(&other), expected(None));
    })
    .await;
}

#[tokio::test]
async fn no_more_than_two_hundred_are_listed() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let row = |n: i64| format!("{n},simple,S{n},Product {n},1,1,Kind {n},,\n");
        let rows: String = (1..=203).map(row).collect();
        let dry = taken(&app, kiln, &format!("{HEADER}{rows}"), "dry_run=true&category=mugs").await;
        assert_eq!((dry.created, dry.categories.len(), dry.categories_rest), (203, 200, 3));
        assert_eq!(dry.categories[199], ImportCategory { path: "Kind 200".to_owned(), products: 1, category: None });
    })
    .await;
}
