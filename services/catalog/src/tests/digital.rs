//! Variants that are downloaded: their files, and what others are told.

use contracts::catalog::{KeptFile, ProductChanged, ProductEdit, ProductFiles, VariantFile};
use http::Method;
use kernel::{VariantFileId, VariantId};
use serde_json::json;
use testkit::{Answer, As, TestApp, on_both_databases};

use super::support::*;
use crate::Settings;

fn variant_of(product: &ProductEdit) -> VariantId {
    product.input.variants[0].id.unwrap()
}

fn path(product: &ProductEdit) -> String {
    format!("{}/{}/variants/{}/files", own(product.vendor_id), product.id, variant_of(product))
}

const BYTES: &str = "application/octet-stream";

async fn add(who: &As, product: &ProductEdit, name: &str, content: &'static str) -> Answer {
    send(who, &format!("{}?name={name}", path(product)), BYTES, content).await
}

async fn files(app: &TestApp, product: &ProductEdit) -> Vec<VariantFile> {
    let path = format!("{}/{}/files", own(product.vendor_id), product.id);
    owner(app, product.vendor_id).get(&path).await.expect(200).json::<ProductFiles>().files
}

async fn kept(app: &TestApp, product: &ProductEdit) -> Vec<KeptFile> {
    let wanted = json!({"variant_ids": [variant_of(product)]});
    app.as_service("orders").post("/internal/files", &wanted).await.expect(200).json()
}

async fn content(app: &TestApp, kept: &KeptFile) -> Option<String> {
    let piece = app.files.get(&format!("{}/0", kept.place)).await.unwrap();
    piece.map(|piece| String::from_utf8(piece.to_vec()).unwrap())
}

async fn told(app: &TestApp) -> bool {
    app.published::<ProductChanged>("catalog").await.pop().unwrap().product.variants[0].digital
}

#[tokio::test]
async fn a_file_makes_a_variant_one_that_is_downloaded() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Pattern", "PAT", 900)).await;
        assert!(!seen(&app, "pattern").await.variants[0].digital);
        let file: VariantFile = add(&owner(&app, kiln), &product, "hat.pdf", "knit one").await.expect(201).json();
        assert_eq!((file.name.as_str(), file.bytes, file.variant_id), ("hat.pdf", 8, variant_of(&product)));
        assert!(seen(&app, "pattern").await.variants[0].digital && told(&app).await);
        assert_eq!(files(&app, &product).await, std::slice::from_ref(&file));
        assert_eq!(super::support::files(&app).await, 0, "it is no file to import any more");
        let first = kept(&app, &product).await.remove(0);
        assert_eq!(content(&app, &first).await.as_deref(), Some("knit one"));

        // A change of the product that says nothing of its files keeps them.
        let mut input = serde_json::to_value(&edit(&app, &product).await.input).unwrap();
        input["title"] = json!("Pattern of a hat");
        put(&app, &product, &input).await.expect(200);
        assert!(told(&app).await);

        let replace = format!("{}/{}?name=hat-2.pdf", path(&product), file.id);
        let who = owner(&app, kiln);
        let new: VariantFile = who.send(Method::PUT, &replace, Some(BYTES), "purl".into()).await.expect(200).json();
        assert_eq!((new.id, new.name.as_str(), new.bytes), (file.id, "hat-2.pdf", 4));
        let second = kept(&app, &product).await.remove(0);
        assert_eq!(content(&app, &second).await.as_deref(), Some("purl"));
        assert_eq!(content(&app, &first).await.as_deref(), Some("knit one"), "somebody may be reading it");
        app.advance(std::time::Duration::from_secs(6 * 3600 + 1)).await;
        assert_eq!(content(&app, &first).await, None);

        // What was on sale keeps its last file, also once it is archived.
        who.delete(&format!("{}/{}", path(&product), file.id)).await.expect_problem(409, "last_file");
        who.delete(&format!("{}/{}", own(kiln), product.id)).await.expect(204);
        assert_eq!(kept(&app, &product).await, [second]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_gives_its_files_up() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        let mut input = simple(&mugs, "Pattern", "PAT", 900);
        input["status"] = json!("draft");
        let product = created(&app, kiln, &input).await;
        let who = owner(&app, kiln);
        let file: VariantFile = add(&who, &product, "hat.pdf", "knit").await.expect(201).json();
        who.delete(&format!("{}/{}", path(&product), file.id)).await.expect(204);
        assert!(!told(&app).await && kept(&app, &product).await.is_empty());
        add(&who, &product, "hat.pdf", "knit").await.expect(201);
        let last = kept(&app, &product).await.remove(0);
        who.delete(&format!("{}/{}", own(kiln), product.id)).await.expect(204);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM variant_files").await, 0);
        app.advance(std::time::Duration::from_secs(6 * 3600 + 1)).await;
        assert_eq!(content(&app, &last).await, None);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let small = || vec![crate::service(Settings { download_limit: 10, ..Settings::default() })];
    on_both_databases(small, |app| async move {
        let (kiln, loom, mugs) = (open_store(&app, "kiln").await, open_store(&app, "loom").await, mugs(&app).await);
        let product = created(&app, kiln, &simple(&mugs, "Pattern", "PAT", 900)).await;
        let who = owner(&app, kiln);
        add(&who, &product, "hat.pdf", "more than ten").await.expect_problem(413, "file_too_large");
        add(&who, &product, "hat.pdf", "").await.expect(422);
        add(&who, &product, "a%2Fb", "knit").await.expect(422);
        assert_eq!(super::support::files(&app).await, 0, "nothing is left behind");
        assert!(!seen(&app, "pattern").await.variants[0].digital);
        // Another vendor finds nothing, under its own address neither.
        let mine: VariantFile = add(&who, &product, "hat.pdf", "knit").await.expect(201).json();
        let thief = owner(&app, loom);
        add(&thief, &product, "hat.pdf", "knit").await.expect_problem(404, "not_found");
        let stolen = path(&product).replace(&kiln.to_string(), &loom.to_string());
        send(&thief, &format!("{stolen}?name=x"), BYTES, "x").await.expect_problem(404, "not_found");
        thief.delete(&format!("{stolen}/{}", mine.id)).await.expect_problem(404, "not_found");
        who.delete(&format!("{}/{}", path(&product), VariantFileId::derived("no", &["such"])))
            .await
            .expect_problem(404, "not_found");
        app.guest().post("/internal/files", &json!({"variant_ids": []})).await.expect_problem(404, "not_found");
        for n in 1..10 {
            add(&who, &product, &format!("{n}.pdf"), "knit").await.expect(201);
        }
        add(&who, &product, "11.pdf", "knit").await.expect_problem(409, "too_many_files");
        assert_eq!(files(&app, &product).await.len(), 10);
        // No bundle, and in none.
        let set = created(&app, kiln, &simple(&mugs, "Set", "SET", 900)).await;
        let parts = |of: &ProductEdit| format!("{}/{}/variants/{}/parts", own(kiln), of.id, variant_of(of));
        let lies = |of: &ProductEdit| json!({"parts": [{"variant_id": variant_of(of), "quantity": 1}]});
        who.put(&parts(&set), &lies(&product)).await.expect(422);
        who.put(&parts(&product), &lies(&set)).await.expect_problem(409, "no_download_in_bundles");
        let cup = created(&app, kiln, &simple(&mugs, "Cup", "CUP", 900)).await;
        who.put(&parts(&set), &lies(&cup)).await.expect(200);
        for bundled in [&set, &cup] {
            add(&who, bundled, "hat.pdf", "knit").await.expect_problem(409, "no_download_in_bundles");
        }
    })
    .await;
}
