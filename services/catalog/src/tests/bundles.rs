//! Bundles: what may lie in one, what others and buyers are told of it.

use contracts::catalog::{
    BundleView, CategoryView, ProductBundles, ProductChanged, ProductEdit, ProductPublished, ProductStatus,
};
use kernel::{VariantId, VendorId};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, customer, on_both_databases};

use super::support::*;

fn variant_of(product: &ProductEdit) -> VariantId {
    product.input.variants[0].id.unwrap()
}

fn parts_path(product: &ProductEdit, variant: VariantId) -> String {
    format!("{}/{}/variants/{variant}/parts", own(product.vendor_id), product.id)
}

fn of(parts: &[(VariantId, i64)]) -> Value {
    let part = |(id, quantity): &(VariantId, i64)| json!({"variant_id": id, "quantity": quantity});
    json!({"parts": parts.iter().map(part).collect::<Vec<_>>()})
}

async fn set(app: &TestApp, product: &ProductEdit, parts: &[(VariantId, i64)]) -> Answer {
    owner(app, product.vendor_id).put(&parts_path(product, variant_of(product)), &of(parts)).await
}

async fn bundles(app: &TestApp, product: &ProductEdit) -> ProductBundles {
    let path = format!("{}/{}/bundles", own(product.vendor_id), product.id);
    owner(app, product.vendor_id).get(&path).await.expect(200).json()
}

struct Table {
    kiln: VendorId,
    mugs: CategoryView,
    cup: ProductEdit,
    jug: ProductEdit,
    set: ProductEdit,
}

/// A cup, a jug, and what is to be a set of them.
async fn laid(app: &TestApp) -> Table {
    let (kiln, mugs) = (open_store(app, "kiln").await, mugs(app).await);
    let cup = created(app, kiln, &simple(&mugs, "Cup", "CUP", 900)).await;
    let jug = created(app, kiln, &simple(&mugs, "Jug", "JUG", 2900)).await;
    let set = created(app, kiln, &simple(&mugs, "Tea set", "SET", 4200)).await;
    Table { kiln, mugs, cup, jug, set }
}

#[tokio::test]
async fn a_bundle_is_told_to_everybody() {
    on_both_databases(under_test, |app| async move {
        let Table { cup, jug, set: tea, .. } = laid(&app).await;
        let parts = [(variant_of(&cup), 2), (variant_of(&jug), 1)];
        let answer = set(&app, &tea, &parts).await.expect(200);
        assert_eq!(answer.header("etag"), Some("\"2\""));
        let bundle: BundleView = answer.json();
        let told: Vec<_> =
            bundle.parts.iter().map(|p| (p.title.as_str(), p.sku.as_str(), p.quantity, p.on_sale)).collect();
        assert_eq!(told, [("Cup", "CUP", 2, true), ("Jug", "JUG", 1, true)]);
        let event = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        let snapshot: Vec<_> = event.product.variants[0].parts.iter().map(|p| (p.variant_id, p.quantity)).collect();
        assert_eq!((event.product_id, snapshot), (tea.id, parts.to_vec()));
        let seen = seen(&app, "tea-set").await;
        let shown: Vec<_> = seen.variants[0].parts.iter().map(|p| (p.slug.as_str(), p.quantity)).collect();
        assert_eq!(shown, [("cup", 2), ("jug", 1)]);

        // The same once more is no change; another order of them is one.
        set(&app, &tea, &parts).await.expect(200);
        assert_eq!(edit(&app, &tea).await.version, 2);
        let of_set = bundles(&app, &tea).await;
        assert_eq!((of_set.bundles.as_slice(), of_set.used_in.len()), (&[bundle][..], 0));
        let of_cup = bundles(&app, &cup).await;
        let uses: Vec<_> =
            of_cup.used_in.iter().map(|u| (u.title.as_str(), u.sku.as_str(), u.quantity, u.part_id)).collect();
        assert_eq!((uses, of_cup.bundles.len()), (vec![("Tea set", "SET", 2, variant_of(&cup))], 0));

        // A change of the product that says nothing of its parts keeps them.
        let mut input = serde_json::to_value(&edit(&app, &tea).await.input).unwrap();
        input["title"] = json!("Set for tea");
        put(&app, &tea, &input).await.expect(200);
        let event = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        assert_eq!(event.product.variants[0].parts.len(), 2);

        set(&app, &tea, &[]).await.expect(200);
        let event = app.published::<ProductChanged>("catalog").await.pop().unwrap();
        assert!(event.product.variants[0].parts.is_empty());
        assert!(bundles(&app, &tea).await.bundles.is_empty() && bundles(&app, &cup).await.used_in.is_empty());
        assert_eq!(app.count("catalog", "SELECT count(*) FROM bundle_parts").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_lie_in_a_bundle_is_refused_and_changes_nothing() {
    on_both_databases(under_test, |app| async move {
        let Table { kiln, mugs, cup, jug, set: tea } = laid(&app).await;
        let loom = open_store(&app, "loom").await;
        let rug = created(&app, loom, &simple(&mugs, "Rug", "RUG", 100)).await;
        let mut draft = simple(&mugs, "Lid", "LID", 100);
        draft["status"] = json!("draft");
        let lid = created(&app, kiln, &draft).await;
        let pair = created(&app, kiln, &simple(&mugs, "Pair", "PAIR", 100)).await;
        set(&app, &pair, &[(variant_of(&cup), 2)]).await.expect(200);
        let (good, none) = (variant_of(&jug), VariantId::derived("no", &["such"]));
        let told = app.published::<ProductChanged>("catalog").await.len();
        for (parts, field) in [
            (vec![(good, 0)], "parts[0].quantity"),
            (vec![(good, 1_001)], "parts[0].quantity"),
            (vec![(good, 1), (good, 2)], "parts[1].variant_id"),
            (vec![(good, 1), (none, 1)], "parts[1].variant_id"),
            (vec![(variant_of(&rug), 1)], "parts[0].variant_id"),
            (vec![(variant_of(&tea), 1)], "parts[0].variant_id"),
            (vec![(good, 1), (variant_of(&lid), 1)], "parts[1].variant_id"),
            (vec![(variant_of(&pair), 1)], "parts[0].variant_id"),
            ((0..21).map(|n| (VariantId::derived("no", &[&n.to_string()]), 1)).collect(), "parts"),
        ] {
            set(&app, &tea, &parts).await.expect_invalid(field);
        }
        // What lies in a bundle is none, and what is none has nothing to refuse.
        set(&app, &cup, &[(good, 1)]).await.expect_problem(409, "lies_in_bundle");
        set(&app, &cup, &[]).await.expect(200);
        let owner = owner(&app, kiln);
        let stale = owner.header("if-match", "\"7\"").put(&parts_path(&tea, variant_of(&tea)), &of(&[(good, 1)])).await;
        stale.expect_problem(412, "stale_version");
        owner.put(&parts_path(&tea, none), &of(&[(good, 1)])).await.expect_problem(404, "not_found");
        owner.put(&parts_path(&tea, good), &of(&[])).await.expect_problem(404, "not_found");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM bundle_parts").await, 1);
        assert_eq!(app.published::<ProductChanged>("catalog").await.len(), told);
        assert_eq!(edit(&app, &tea).await.version, 1);
    })
    .await;
}

#[tokio::test]
async fn anothers_bundle_is_like_none() {
    on_both_databases(under_test, |app| async move {
        let Table { kiln, cup, set: tea, .. } = laid(&app).await;
        let loom = open_store(&app, "loom").await;
        let thief = owner(&app, loom);
        let ghost = kernel::ProductId::derived("no", &["such"]);
        for vendor in [kiln, loom] {
            let path = |id| format!("{}/{id}/variants/{}/parts", own(vendor), variant_of(&tea));
            let foreign =
                thief.put(&path(tea.id), &of(&[(variant_of(&cup), 1)])).await.expect_problem(404, "not_found");
            let missing = thief.put(&path(ghost), &of(&[(variant_of(&cup), 1)])).await.expect_problem(404, "not_found");
            assert_eq!(foreign, missing);
            let path = |id| format!("{}/{id}/bundles", own(vendor));
            let foreign = thief.get(&path(tea.id)).await.expect_problem(404, "not_found");
            assert_eq!(foreign, thief.get(&path(ghost)).await.expect_problem(404, "not_found"));
        }
        let path = parts_path(&tea, variant_of(&tea));
        app.as_user(&customer("ada")).put(&path, &of(&[])).await.expect_problem(404, "not_found");
        app.guest().put(&path, &of(&[])).await.expect_problem(401, "unauthenticated");
        assert_eq!(app.count("catalog", "SELECT count(*) FROM bundle_parts").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_a_bundle_says_what_became_of_its_parts() {
    on_both_databases(under_test, |app| async move {
        let Table { kiln, cup, jug, set: tea, .. } = laid(&app).await;
        set(&app, &tea, &[(variant_of(&cup), 2), (variant_of(&jug), 1)]).await.expect(200);
        // It is kept ready; a part with another name voids it.
        assert_eq!(seen(&app, "tea-set").await.variants[0].parts[0].title, "Cup");
        let mut input = serde_json::to_value(&cup.input).unwrap();
        input["title"] = json!("Teacup");
        put(&app, &cup, &input).await.expect(200);
        assert_eq!(seen(&app, "tea-set").await.variants[0].parts[0].title, "Teacup");
        owner(&app, kiln).delete(&format!("{}/{}", own(kiln), jug.id)).await.expect(204);
        let parts = seen(&app, "tea-set").await.variants[0].parts.clone();
        assert_eq!(parts.iter().map(|part| part.on_sale).collect::<Vec<_>>(), [true, false]);
        assert!(!bundles(&app, &tea).await.bundles[0].parts[1].on_sale);
    })
    .await;
}

#[tokio::test]
async fn variants_of_one_product_may_be_made_of_each_other() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let packs = json!({
            "title": "Candle", "category_id": mugs.id, "currency": "EUR", "status": "draft",
            "options": [{"name": "Pack", "values": ["One", "Six"]}],
            "variants": [{"sku": "C-1", "options": ["One"], "price_minor": 300}, {"sku": "C-6", "options": ["Six"], "price_minor": 1500}],
        });
        let candle = created(&app, kiln, &packs).await;
        let [one, six] = [0, 1].map(|i| candle.input.variants[i].id.unwrap());
        let who = owner(&app, kiln);
        who.put(&parts_path(&candle, six), &of(&[(one, 6)])).await.expect(200);
        who.put(&parts_path(&candle, one), &of(&[(six, 1)])).await.expect_invalid("parts[0].variant_id");
        let mut input = serde_json::to_value(&edit(&app, &candle).await.input).unwrap();
        input["status"] = json!("published");
        put(&app, &candle, &input).await.expect(200);
        let event = app.published::<ProductPublished>("catalog").await.pop().unwrap();
        let parts: Vec<_> = event.product.variants.iter().map(|v| v.parts.len()).collect();
        assert_eq!((parts, event.product.status), (vec![0, 1], ProductStatus::Published));

        // A variant that is left out is no bundle any more, not even when it comes back.
        let kept = input["variants"].clone();
        input["variants"] = json!([kept[0]]);
        input["options"] = json!([{"name": "Pack", "values": ["One"]}]);
        put(&app, &candle, &input).await.expect(200);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM bundle_parts").await, 0);
        input["options"] = json!([{"name": "Pack", "values": ["One", "Six"]}]);
        input["variants"] = kept;
        input["variants"][1]["id"] = Value::Null;
        put(&app, &candle, &input).await.expect(200);
        assert!(bundles(&app, &candle).await.bundles.is_empty());

        // A draft takes what it is made of with it.
        let mut draft = simple(&mugs, "Box", "BOX", 100);
        draft["status"] = json!("draft");
        let draft = created(&app, kiln, &draft).await;
        set(&app, &draft, &[(one, 2)]).await.expect(200);
        who.delete(&format!("{}/{}", own(kiln), draft.id)).await.expect(204);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM bundle_parts").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn there_is_no_bundle_within_a_bundle_even_at_the_same_moment() {
    on_both_databases(under_test, |app| async move {
        let Table { kiln, mugs, cup, jug, set: tea } = laid(&app).await;
        for turn in 0..10 {
            let lid = created(&app, kiln, &simple(&mugs, &format!("Lid {turn}"), &format!("LID-{turn}"), 100)).await;
            let outer = [(variant_of(&lid), 1)];
            let inner = [(variant_of(&cup), 1), (variant_of(&jug), 1)];
            let (a, b) = futures::join!(set(&app, &tea, &outer), set(&app, &lid, &inner));
            let (a, b) = (a.status.as_u16(), b.status.as_u16());
            assert!(matches!((a, b), (200, 409) | (422, 200)), "{a} {b}");
            set(&app, &tea, &[]).await.expect(200);
        }
        let nested = "SELECT count(*) FROM bundle_parts a JOIN bundle_parts b ON b.bundle_id = a.part_id";
        assert_eq!(app.count("catalog", nested).await, 0);
    })
    .await;
}
