//! Seeding, and that no list walks more rows than it shows.

use contracts::catalog::ProductInput;
use db::{Dialect, params};
use serde_json::json;
use testkit::{TestApp, on_both_databases};

use super::support::*;
use crate::seed::{SeedProduct, Seeder};

fn seeds(category: &contracts::catalog::CategoryView, from: usize, count: usize) -> Vec<SeedProduct> {
    let one = |n: usize| {
        let input = simple(category, &format!("Product {n}"), &format!("SKU-{n}"), 100 + (n as i64 * 37) % 5_000);
        SeedProduct { input: serde_json::from_value::<ProductInput>(input).unwrap(), pictures: vec![] }
    };
    (from..from + count).map(one).collect()
}

#[tokio::test]
async fn seeds_keep_the_rules() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let seeder = Seeder::new(app.system.env("catalog").unwrap());
        let drawn = seeder.add_picture(picture(500, 500, image::ImageFormat::Png), "A mug").await.unwrap();
        let mut products = seeds(&mugs, 0, 120);
        products[0].pictures.push(drawn.clone());
        let added = seeder.add_products(kiln, products).await.unwrap();
        assert_eq!(added.len(), 120);
        assert_eq!(added[0].pictures, std::slice::from_ref(&drawn));
        let told = app.published::<contracts::catalog::ProductPublished>("catalog").await;
        assert_eq!((told.len(), told[0].product.picture.as_ref()), (120, Some(&drawn)));
        assert_eq!(cards(&app, "category=home&limit=100").await.items.len(), 100);
        let bad = json!({"title": "X1", "category_id": mugs.id, "currency": "EUR", "status": "draft", "variants": []});
        let bad = SeedProduct { input: serde_json::from_value(bad).unwrap(), pictures: vec![] };
        assert!(seeder.add_products(kiln, vec![bad]).await.is_err());
        assert!(seeder.add_products(kiln, seeds(&mugs, 5, 1)).await.is_err(), "the SKU is taken");
    })
    .await;
}

/// The plan of a page of a list reads its own index in order: nothing is sorted, nothing scanned.
#[tokio::test]
async fn lists_are_walked_not_sorted() {
    let app = TestApp::start(Dialect::Sqlite, under_test()).await;
    for (column, direction, compare) in
        [("published_at", "DESC", "<"), ("price_minor", "ASC", ">"), ("rating_key", "DESC", "<")]
    {
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT p.id FROM listing l CROSS JOIN products p CROSS JOIN product_numbers n CROSS JOIN vendors v
             WHERE l.scope = 1 AND p.num = l.product_num AND n.product_id = p.id
               AND v.vendor_id = p.vendor_id AND v.status = 'approved' AND (l.{column}, l.product_num) {compare} (5, 5)
             ORDER BY l.{column} {direction}, l.product_num {direction} LIMIT 25"
        );
        let plan: Vec<String> = app
            .db("catalog")
            .all(&sql, params![])
            .await
            .unwrap()
            .iter()
            .map(|row| row.get("detail").unwrap())
            .collect();
        assert!(plan[0].contains("listing_"), "{plan:#?}");
        assert!(plan.iter().all(|step| !step.starts_with("SCAN") && !step.contains("TEMP B-TREE")), "{plan:#?}");
    }
    app.finish().await;
}

/// An import's pictures may be a million, and are counted every second while somebody looks on.
#[tokio::test]
async fn pictures_are_counted_without_a_look_at_each() {
    let app = TestApp::start(Dialect::Sqlite, under_test()).await;
    let sql = "EXPLAIN QUERY PLAN SELECT import_id, state, count(*) AS pictures FROM picture_fetches
               WHERE vendor_id = 'v' AND import_id IN ('i') GROUP BY import_id, state";
    let rows = app.db("catalog").all(sql, params![]).await.unwrap();
    let plan: Vec<String> = rows.iter().map(|row| row.get("detail").unwrap()).collect();
    assert!(plan[0].contains("COVERING INDEX picture_fetches_counted"), "{plan:#?}");
    app.finish().await;
}
