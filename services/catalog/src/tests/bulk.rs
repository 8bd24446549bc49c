//! Many products changed at once.

use contracts::catalog::{
    BulkDone, BulkOutcome, BulkStatusChanged, ProductChanged, ProductEdit, ProductPublished, ProductStatus,
    ProductWithdrawn,
};
use kernel::{ProductId, VendorId};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, on_both_databases, vendor_staff};

use super::support::*;

fn path(vendor_id: VendorId) -> String {
    format!("{}/bulk", own(vendor_id))
}

async fn send_many(app: &TestApp, vendor_id: VendorId, key: &str, body: &Value) -> Answer {
    owner(app, vendor_id).key(key).post(&path(vendor_id), body).await
}

/// How each product has fared: what has become of it, and its prices before and after.
fn fared(done: &BulkDone) -> Vec<(BulkOutcome, Vec<(i64, i64)>)> {
    let prices = |product: &contracts::catalog::BulkProduct| {
        product.prices.iter().map(|price| (price.before.amount_minor, price.after.amount_minor)).collect()
    };
    done.products.iter().map(|product| (product.outcome, prices(product))).collect()
}

async fn prices_of(app: &TestApp, product: &ProductEdit) -> (Vec<i64>, i64) {
    let edit = edit(app, product).await;
    (edit.input.variants.iter().map(|variant| variant.price_minor).collect(), edit.version)
}

#[tokio::test]
async fn prices_of_a_selection_change_in_one_go() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let bowl = created(&app, kiln, &simple(&mugs, "Bowl", "B", 1_000)).await;
        // Of one of its variants the price before would be lower than the price.
        let mug = created(&app, kiln, &optioned(&mugs, "Mug")).await;
        let plate = created(&app, kiln, &simple(&mugs, "Plate", "P", 899)).await;
        let loom = open_store(&app, "loom").await;
        let rug = created(&app, loom, &simple(&mugs, "Rug", "R", 5_000)).await;
        let ghost = ProductId::derived("test", &["ghost"]);
        let up = |dry_run: bool| {
            json!({"ids": [plate.id, mug.id, rug.id, bowl.id, ghost], "dry_run": dry_run, "price": {
                "change": {"percent_bp": 3_000}, "currency": "EUR",
                "rounding": {"mode": "up", "step_minor": 100, "ending_minor": 99}}})
        };
        let refused = || (BulkOutcome::Refused, vec![]);
        let expected = [
            (BulkOutcome::Changed, vec![(899, 1_199)]),
            refused(),
            refused(),
            (BulkOutcome::Changed, vec![(1_000, 1_399)]),
            refused(),
        ];
        let before = app.published::<ProductChanged>("catalog").await.len();
        let done: BulkDone = send_many(&app, kiln, "a", &up(true)).await.expect(200).json();
        assert_eq!((fared(&done), done.dry_run, done.changed, done.refused), (expected.to_vec(), true, 2, 3));
        assert_eq!(prices_of(&app, &bowl).await, (vec![1_000], 1), "a dry run writes nothing");
        assert_eq!(app.published::<ProductChanged>("catalog").await.len(), before);

        let done: BulkDone = send_many(&app, kiln, "b", &up(false)).await.expect(200).json();
        assert_eq!((fared(&done), done.dry_run), (expected.to_vec(), false));
        assert_eq!(done.products[1].reason.as_deref(), Some("The price before must be higher than the price."));
        assert_eq!(done.products[1].title, "Mug");
        assert_eq!((done.products[2].title.as_str(), done.products[4].title.as_str()), ("", ""), "not told of others");
        let again: BulkDone = send_many(&app, kiln, "b", &up(false)).await.expect(200).json();
        assert_eq!(again, done, "sent twice, done once");
        assert_eq!(prices_of(&app, &bowl).await, (vec![1_399], 2));
        assert_eq!(prices_of(&app, &plate).await, (vec![1_199], 2));
        assert_eq!(prices_of(&app, &mug).await, (vec![1_900, 1_900, 2_500], 1));
        assert_eq!(prices_of(&app, &rug).await, (vec![5_000], 1));
        let told = app.published::<ProductChanged>("catalog").await;
        let told: Vec<i64> = told[before..].iter().map(|event| event.product.variants[0].price.amount_minor).collect();
        assert_eq!((told.len(), told.iter().sum::<i64>()), (2, 1_399 + 1_199));
        assert_eq!(seen(&app, "bowl").await.variants[0].price.amount_minor, 1_399, "no old answer is left");
    })
    .await;
}

#[tokio::test]
async fn the_status_of_a_selection_changes_in_one_go() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let bowl = created(&app, kiln, &simple(&mugs, "Bowl", "B", 1_000)).await;
        let mut draft = simple(&mugs, "Mug", "M", 1_000);
        draft["status"] = json!("draft");
        let mug = created(&app, kiln, &draft).await;
        let all = |status: &str| json!({"ids": [bowl.id, mug.id], "status": status});
        let done: BulkDone = send_many(&app, kiln, "a", &all("published")).await.expect(200).json();
        assert_eq!((done.changed, done.unchanged, done.refused), (1, 1, 0));
        assert_eq!(
            done.products[1].status,
            Some(BulkStatusChanged { before: ProductStatus::Draft, after: ProductStatus::Published })
        );
        assert_eq!(titles(&cards(&app, "").await).len(), 2);
        assert_eq!(app.published::<ProductPublished>("catalog").await.len(), 2);
        let both =
            json!({"ids": [bowl.id, mug.id], "status": "archived", "price": {"change": {"set": 1}, "currency": "EUR"}});
        let done: BulkDone = send_many(&app, kiln, "b", &both).await.expect(200).json();
        assert_eq!(fared(&done), [(BulkOutcome::Changed, vec![(1_000, 1)]), (BulkOutcome::Changed, vec![(1_000, 1)])]);
        assert_eq!(app.published::<ProductWithdrawn>("catalog").await.len(), 2);
        assert!(cards(&app, "").await.items.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_done_to_a_selection() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let bowl = created(&app, kiln, &simple(&mugs, "Bowl", "B", 1_000)).await;
        let with = |price: Value| json!({"ids": [bowl.id], "price": price});
        let wrong = [
            (json!({"ids": [bowl.id]}), "price"),
            (json!({"ids": [bowl.id], "status": "scheduled"}), "status"),
            (json!({"ids": [bowl.id, bowl.id], "status": "draft"}), "ids[1]"),
            (json!({"ids": [], "status": "draft"}), "ids"),
            (with(json!({"change": {"percent_bp": 0}})), "price.change"),
            (with(json!({"change": {"set": 100}})), "price.currency"),
            (
                with(json!({"change": {"percent_bp": 1}, "currency": "EUR", "rounding": {"step_minor": 10, "ending_minor": 10}})),
                "price.rounding",
            ),
        ];
        for (body, field) in wrong {
            send_many(&app, kiln, "a", &body).await.expect_invalid(field);
        }
        owner(&app, kiln).post(&path(kiln), &with(json!({"change": {"percent_bp": 1}}))).await.expect(400);
        let dollars = with(json!({"change": {"set": 100}, "currency": "USD"}));
        let done: BulkDone = send_many(&app, kiln, "a", &dollars).await.expect(200).json();
        assert_eq!(done.products[0].reason.as_deref(), Some("Its prices are in EUR, not in USD."));
        let loom = open_store(&app, "loom").await;
        let body = json!({"ids": [bowl.id], "status": "draft"});
        app.as_user(&vendor_staff(loom)).key("a").post(&path(kiln), &body).await.expect(404);
        app.guest().key("a").post(&path(kiln), &body).await.expect(401);
        assert_eq!(prices_of(&app, &bowl).await, (vec![1_000], 1));
    })
    .await;
}
