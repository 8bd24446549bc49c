//! Exports of other shop systems: what becomes of them, what is said of the rest, and that the same file
//! again changes nothing.

use std::sync::Arc;

use contracts::catalog::{
    FetchState, ImportChange, ImportFormat, ImportOutcome, ImportPicture, ImportStatus, ImportView, ProductPublished,
    ProductStatus, ProductView, VariantView,
};
use db::params;
use kernel::{Page, VendorId};
use testkit::{TestApp, on_both_databases};

use super::{fetches::play_the_web, files::exported, support::*};

const SHOPIFY: &str = include_str!("data/shopify_old.csv");
const SHOPIFY_RENAMED: &str = include_str!("data/shopify_new.csv");
const WOOCOMMERCE: &str = include_str!("data/woocommerce.csv");

pub async fn taken(app: &TestApp, vendor_id: VendorId, file: &str, query: &str) -> ImportView {
    let path = format!("/api/v1/vendors/{vendor_id}/imports");
    let who = owner(app, vendor_id);
    let queued: ImportView =
        send(&who, &format!("{path}?{query}"), "text/csv", file.to_owned()).await.expect(202).json();
    app.settle().await;
    who.get(&format!("{path}/{}", queued.id)).await.expect(200).json()
}

async fn changes(app: &TestApp, vendor_id: VendorId, import: &ImportView, query: &str) -> Vec<ImportChange> {
    let path = format!("/api/v1/vendors/{vendor_id}/imports/{}/changes?{query}", import.id);
    owner(app, vendor_id).get(&path).await.expect(200).json::<Page<ImportChange>>().items
}

pub fn places(errors: &[contracts::catalog::ImportError]) -> Vec<(i64, &str)> {
    errors.iter().map(|e| (e.row, e.column.as_str())).collect()
}

/// SKU, price, struck price and weight of each variant.
fn offers(product: &ProductView) -> Vec<(&str, i64, Option<i64>, i64)> {
    let struck = |variant: &VariantView| variant.compare_at.map(|money| money.amount_minor);
    product.variants.iter().map(|v| (v.sku.as_str(), v.price.amount_minor, struck(v), v.weight_g)).collect()
}

/// Columns that mean something here.
fn is_taken_from_shopify(column: &str) -> bool {
    column == "Variant Barcode" || column == "Option1 Linked To" || column.starts_with("SEO ")
}

#[tokio::test]
async fn a_file_of_shopify_becomes_products() {
    on_both_databases(under_test, |app| async move {
        let (kiln, mugs) = (open_store(&app, "kiln").await, mugs(&app).await);
        category(&app, "shirts", None).await;
        let web = play_the_web(&app);
        let done = taken(&app, kiln, SHOPIFY, "category=mugs").await;
        assert_eq!((done.status, done.format), (ImportStatus::Done, Some(ImportFormat::Shopify)));
        // What new products cost in was decided once, when it began.
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports WHERE usual_currency = 'EUR'").await, 1);
        assert_eq!((done.created, done.failed, done.rows, done.rows_total), (4, 5, 14, 14), "{:#?}", done.errors);
        let wrong = [(9, "Gift Card"), (11, "Handle"), (12, "Variant Price"), (13, "Option1 Value"), (15, "Title")];
        assert_eq!(places(&done.errors), wrong, "{:#?}", done.errors);
        assert_eq!(places(&done.notes), [(7, "Image Src"), (8, "Variant Inventory Qty")], "{:#?}", done.notes);
        assert!(done.errors.iter().chain(&done.notes).all(|e| e.reason.ends_with('.')), "{:#?}", done.errors);
        let ignored = ["Variant Inventory Policy", "Cost per item"];
        assert!(ignored.iter().all(|name| done.ignored_columns.iter().any(|column| column == name)), "{done:?}");
        assert!(!done.ignored_columns.iter().any(|name| is_taken_from_shopify(name)), "{done:?}");

        let shirt = seen(&app, "linen-shirt").await;
        assert_eq!(shirt.summary, "A shirt for hot days, woven in Portugal.");
        assert!(shirt.description_html.starts_with("<p>Woven in <strong>Guimarães</strong>, washed twice.</p>"));
        assert!(!shirt.description_html.contains("script") && shirt.description_html.contains("Cut: straight"));
        assert_eq!(shirt.tags, ["linen", "summer", "men's"]);
        assert_eq!((shirt.attributes.len(), shirt.brand.as_str()), (0, "Tear & Co"));
        let seo = (shirt.seo_title.as_str(), shirt.seo_description.as_str());
        assert_eq!(seo, ("Linen shirt | Tear & Co", "A shirt for hot days, woven in Portugal."));
        assert_eq!(shirt.categories.last().unwrap().name, "shirts");
        let options: Vec<_> = shirt.options.iter().map(|o| (o.name.as_str(), o.values.join(" "))).collect();
        assert_eq!(options, [("Size", "S L".to_owned()), ("Colour", "Sand Moss".to_owned())]);
        let expected = [
            ("SHIRT-S-SAND", 5900, Some(7900), 240),
            ("linen-shirt.s.moss", 5900, None, 240),
            ("SHIRT-L-MOSS", 6250, None, 260),
        ];
        assert_eq!(offers(&shirt), expected);
        let told = app.published::<ProductPublished>("catalog").await;
        let stock: Vec<_> = told[0].product.variants.iter().map(|v| v.initial_stock).collect();
        assert_eq!(stock, [Some(4), Some(0), Some(2)]);
        let bowl = seen(&app, "clay-bowl").await;
        assert_eq!((bowl.options.len(), bowl.variants[0].sku.as_str()), (0, "clay-bowl"));
        assert_eq!(bowl.categories.last().unwrap().id, mugs.id, "the category for what has none");
        let file = exported(&app, kiln).await;
        assert!(
            file.contains("\ncreme-brulee-dish-") && file.contains(",draft,") && file.contains(",archived,"),
            "{file}"
        );
        assert!(file.contains(",5601234567890,"), "{file}");

        // Pictures come in the order of their positions; what is missing is said and holds up nothing.
        let alts: Vec<_> = shirt.pictures.iter().map(|p| p.alt.as_str()).collect();
        assert_eq!(alts, ["From the front", "From behind", ""]);
        let path = format!("/api/v1/vendors/{kiln}/imports/{}", done.id);
        assert_eq!((done.pictures.kept, done.pictures.failed, done.pictures.waiting), (3, 1, 0));
        let lost: Page<ImportPicture> =
            owner(&app, kiln).get(&format!("{path}/pictures?state=failed")).await.expect(200).json();
        assert_eq!((lost.items.len(), lost.items[0].url.as_str()), (1, "http://outside.test/missing.png"));
        let why = (lost.items[0].state, lost.items[0].reason.as_str());
        assert_eq!(why, (FetchState::Failed, "outside.test answered 404 Not Found."));

        // The same file again: nothing to do and nothing to fetch, but for what was missing.
        let (asked, events) = (web.asked(), app.count("catalog", "SELECT count(*) FROM outbox").await);
        let again = taken(&app, kiln, SHOPIFY, "category=mugs").await;
        assert_eq!((again.created, again.updated, again.unchanged, again.failed), (0, 0, 4, 5));
        assert_eq!(app.count("catalog", "SELECT count(*) FROM outbox").await, events);
        assert_eq!(web.asked() - asked, 1);
    })
    .await;
}

#[tokio::test]
async fn renamed_columns_and_what_an_import_would_do() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        play_the_web(&app);
        let dry = taken(&app, kiln, SHOPIFY_RENAMED, "dry_run=true&currency=GBP").await;
        assert_eq!((dry.format, dry.created, dry.errors.len()), (Some(ImportFormat::Shopify), 2, 0), "{dry:?}");
        assert_eq!(places(&dry.notes), [(4, "Status")]);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM products").await, 0);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM picture_fetches").await, 0);
        let would = changes(&app, kiln, &dry, "").await;
        let told: Vec<_> = would.iter().map(|c| (c.row, c.title.as_str(), c.outcome)).collect();
        assert_eq!(told, [(2, "Enamel mug", ImportOutcome::Created), (4, "Secret mug", ImportOutcome::Created)]);
        let variant = would[0].fields.iter().find(|f| f.field == "variant enamel-mug.large").unwrap();
        assert_eq!((variant.before.as_deref(), variant.after.as_deref()), (None, Some("Large · 16.00 GBP · instead of 20.00 · 260 g")));

        let done = taken(&app, kiln, SHOPIFY_RENAMED, "currency=GBP").await;
        assert_eq!((done.created, done.errors.len()), (2, 0));
        assert_eq!(seen(&app, "enamel-mug").await.variants[0].price.to_string(), "14.00 GBP");

        // Without a currency what is here keeps its own; a fact that was added here stays.
        let fact = "UPDATE products SET attributes = '[{\"key\":\"made_in\",\"label\":\"Made in\",\"value\":\"PT\"}]' WHERE handle = 'secret-mug'";
        app.db("catalog").write(async move |tx| tx.exec(fact, params![]).await).await.unwrap();
        let dearer = SHOPIFY_RENAMED.replace(",14.00,", ",15.50,").replace(",Large,", ",Huge,");
        let dry = taken(&app, kiln, &dearer, "dry_run=true").await;
        assert_eq!((dry.created, dry.updated, dry.unchanged), (0, 1, 1));
        let would = changes(&app, kiln, &dry, "outcome=updated&limit=1").await;
        let fields: Vec<_> =
            would[0].fields.iter().map(|f| (f.field.as_str(), f.before.as_deref(), f.after.as_deref())).collect();
        let expected = [
            ("options", Some("Size: Small, Large"), Some("Size: Small, Huge")),
            ("variant enamel-mug.small", Some("Small · 14.00 GBP · 210 g"), Some("Small · 15.50 GBP · 210 g")),
            ("variant enamel-mug.huge", None, Some("Huge · 16.00 GBP · instead of 20.00 · 260 g")),
            ("variant enamel-mug.large", Some("Large · 16.00 GBP · instead of 20.00 · 260 g"), None),
        ];
        assert_eq!(fields, expected);
        taken(&app, kiln, SHOPIFY_RENAMED, "").await;
        assert!(exported(&app, kiln).await.contains("made_in:PT,Kiln,"));
        let same = taken(&app, kiln, SHOPIFY_RENAMED, "").await;
        assert_eq!(same.unchanged, 2);
        assert_eq!(changes(&app, kiln, &same, "outcome=unchanged").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_file_of_woocommerce_becomes_products() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        category(&app, "Tees", None).await;
        play_the_web(&app);
        let done = taken(&app, kiln, WOOCOMMERCE, "").await;
        assert_eq!((done.status, done.format), (ImportStatus::Done, Some(ImportFormat::Woocommerce)));
        assert_eq!((done.created, done.failed, done.rows), (3, 7, 14), "{:#?}", done.errors);
        let wrong = [
            (4, "Categories"),
            (5, "Type"),
            (6, "Type"),
            (10, "Parent"),
            (13, "Attribute 1 value(s)"),
            (14, "Type"),
            (14, "Regular price"),
            (15, "Type"),
        ];
        assert_eq!(places(&done.errors), wrong, "{:#?}", done.errors);
        assert_eq!(places(&done.notes), [(8, "Stock"), (8, "Sale price"), (11, "Stock")], "{:#?}", done.notes);
        assert!(done.notes[1].reason.contains("20 from 2026-12-01 until 2026-12-24"), "{:#?}", done.notes);
        assert!(done.ignored_columns.iter().any(|name| name == "Meta: _yoast_wpseo_title"), "{done:?}");
        assert!(!done.ignored_columns.iter().any(|name| name.starts_with("Attribute 2 v") && name.ends_with("(s)")));

        let cup = seen(&app, "blue-cup").await;
        assert_eq!(cup.summary, "Holds a large coffee.");
        assert_eq!(cup.description_html, "<p>Thrown by hand.</p><p>Glazed twice,<br>fired once.</p>");
        assert_eq!(
            (cup.tags.as_slice(), cup.pictures.len()),
            (&["blue".to_owned(), "coffee, large".to_owned()][..], 2)
        );
        let facts: Vec<_> = cup.attributes.iter().map(|a| format!("{}={}", a.key, a.value)).collect();
        assert_eq!(facts, ["material=Stoneware, Glaze"]);
        assert_eq!(cup.brand, "Kiln, Partner");
        let variant = &cup.variants[0];
        assert_eq!((variant.sku.as_str(), variant.price.amount_minor, variant.weight_g), ("CUP-1", 1490, 350));
        assert_eq!(variant.compare_at.map(|m| m.amount_minor), Some(1990));

        let tee = seen(&app, "tee").await;
        assert_eq!((tee.options[0].name.as_str(), tee.options[0].values.join(" ")), ("Size", "S M L".to_owned()));
        assert_eq!((tee.attributes[0].key.as_str(), tee.attributes[0].value.as_str()), ("fabric", "Cotton, organic"));
        let variants: Vec<_> = tee.variants.iter().map(|v| (v.price.amount_minor, v.compare_at, v.weight_g)).collect();
        assert_eq!(variants, [(2500, None, 200), (2500, None, 220), (2600, None, 200)]);
        assert_eq!(tee.variants[0].sku, "TEE-S");
        assert!(tee.variants[1].sku.starts_with("tee-") && tee.variants[1].sku.ends_with(".m"), "{tee:?}");
        assert_eq!(tee.pictures.len(), 2);
        let told = app.published::<ProductPublished>("catalog").await;
        let stock: Vec<_> = told.iter().flat_map(|t| &t.product.variants).map(|v| v.initial_stock).collect();
        assert_eq!(stock, [Some(7), Some(5), Some(0), Some(1)]);
        let file = exported(&app, kiln).await;
        assert!(file.contains("\nwoo-50,No SKU,") && file.contains(",woo-50,,,,1234.50,"), "{file}");

        let again = taken(&app, kiln, WOOCOMMERCE, "").await;
        assert_eq!((again.created, again.updated, again.unchanged, again.failed), (0, 0, 3, 7));
    })
    .await;
}

/// What each variant that was ever heard of begins with, by SKU.
async fn stocks(app: &TestApp) -> Vec<(String, Option<i64>)> {
    let told = app.published::<ProductPublished>("catalog").await;
    let variants = told.into_iter().flat_map(|told| told.product.variants);
    variants.map(|variant| (variant.sku, variant.initial_stock)).collect()
}

#[tokio::test]
async fn the_vendor_says_how_many_there_are_where_the_file_does_not() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let header = "Handle,Title,Variant SKU,Variant Price,Published,Option1 Name,Variant Inventory Tracker";
        let counted = format!(
            "{header},Variant Inventory Qty\n\
             a,Able,A,1,true,,shopify,3\nb,Baker,B,1,true,,,0\nc,Charlie,C,1,true,,shopify,\n"
        );
        // Nobody counts the second there, and of the third the file does not say it; only the second looks as if it did.
        let dry = taken(&app, kiln, &counted, "category=mugs&dry_run=true").await;
        assert_eq!(places(&dry.notes), [(3, "Variant Inventory Qty")]);
        let dry = taken(&app, kiln, &counted, "category=mugs&dry_run=true&stock=12").await;
        assert_eq!((dry.created, dry.notes.len()), (3, 0), "{dry:?}");
        let confirm = format!("/api/v1/vendors/{kiln}/imports/{}/confirmation", dry.id);
        owner(&app, kiln).post(&confirm, &()).await.expect(202);
        app.settle().await;
        let stock = |sku: &str, stock| (sku.to_owned(), Some(stock));
        assert_eq!(stocks(&app).await, [stock("A", 3), stock("B", 12), stock("C", 12)]);

        let uncounted = "Handle,Title,Variant SKU,Variant Price,Published,Option1 Name\n\
                         a,Able,A,1,true,\nd,Dog,D,1,true,\ne,Easy,E,1,true,\n";
        // Once for the file, not for each of its products.
        let dry = taken(&app, kiln, uncounted, "category=mugs&dry_run=true").await;
        assert_eq!((places(&dry.notes), dry.notes_total), (vec![(1, "")], 1));
        assert!(dry.notes[0].reason.contains("“Stock of what is new”"), "{dry:?}");
        let done = taken(&app, kiln, uncounted, "category=mugs&stock=5").await;
        assert_eq!((done.created, done.unchanged, done.notes.len()), (2, 1, 0), "{done:?}");
        assert_eq!(stocks(&app).await[3..], [stock("D", 5), stock("E", 5)]);

        let woo = "ID,SKU,Name,Published,Regular price,In stock?,Stock\n\
                   1,F,Fox,1,1,1,\n2,G,George,1,1,0,\n3,H,How,1,1,1,2\n";
        let done = taken(&app, kiln, woo, "category=mugs&stock=5").await;
        assert_eq!((done.created, done.notes.len()), (3, 0), "{done:?}");
        // What is out of stock there is so here.
        assert_eq!(stocks(&app).await[5..], [stock("F", 5), stock("G", 0), stock("H", 2)]);

        let path = format!("/api/v1/vendors/{kiln}/imports?category=mugs&stock=");
        for wrong in ["-1", "1000001", "some"] {
            let answer = send(&owner(&app, kiln), &format!("{path}{wrong}"), "text/csv", woo).await;
            assert!(answer.status.is_client_error(), "{wrong}: {}", answer.text());
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_vendor_says_must_be_so() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let path = format!("/api/v1/vendors/{kiln}/imports");
        let who = owner(&app, kiln);
        send(&who, &format!("{path}?category=nowhere"), "text/csv", SHOPIFY).await.expect_invalid("category");
        send(&who, &format!("{path}?currency=XXX"), "text/csv", SHOPIFY).await.expect(422);
        assert_eq!(app.count("catalog", "SELECT count(*) FROM imports").await, 0);
        let none = taken(&app, kiln, "Handle,Title,Variant Price,Option1 Name\na,Able,1,\n", "").await;
        assert_eq!(places(&none.errors), [(2, "category")]);
        assert!(none.errors[0].reason.contains("Import it with a category"), "{none:?}");
        let dry =
            taken(&app, kiln, "Handle,Title,Variant Price,Type,Option1 Name\na,Able,1,Pots,\n", "dry_run=true").await;
        assert_eq!(places(&dry.errors), [(2, "Type")]);
        assert!(dry.errors[0].reason.contains("“Pots”"), "{dry:?}");
        // Nobody else sees what an import does.
        let loom = open_store(&app, "loom").await;
        let foreign = format!("/api/v1/vendors/{loom}/imports/{}", dry.id);
        for part in ["changes", "pictures"] {
            owner(&app, loom).get(&format!("{foreign}/{part}")).await.expect(404);
            owner(&app, loom).get(&format!("{path}/{}/{part}", dry.id)).await.expect(404);
        }
    })
    .await;
}

/// The work of a job that crashed in the middle is neither lost nor done twice; neither are its pictures.
#[tokio::test]
async fn a_crash_in_a_foreign_file() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let web = play_the_web(&app);
        let mut file =
            "ID,Type,SKU,Name,Published,Regular price,Categories,Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
                .to_owned();
        for n in 1..=60 {
            file.push_str(&format!(
                "{n},variable,P{n},Product {n},1,,Mugs,http://outside.test/{n}.png,,Size,\"S, L\"\n"
            ));
        }
        for n in 1..=60 {
            for size in ["S", "L"] {
                file.push_str(&format!("{},variation,P{n}-{size},,1,\"5,00\",,,P{n},Size,{size}\n", 1_000 + n));
            }
        }
        let done = taken(&app, kiln, &file, "").await;
        assert_eq!((done.created, done.rows, done.errors.len()), (60, 180, 0), "{done:?}");
        assert_eq!(web.asked(), 60);
        let back = "UPDATE imports SET status = 'running', position = 25, rows_done = 75, created = 25, unchanged = 0";
        app.db("catalog").write(async move |tx| tx.exec(back, params![]).await).await.unwrap();
        let env = app.system.env("catalog").unwrap();
        put_back(&app, kiln, done.id, &file).await;
        crate::ops::work_import(&Arc::new(crate::Catalog::new(env, &crate::Settings::default())), done.id)
            .await
            .unwrap();
        app.settle().await;
        let path = format!("/api/v1/vendors/{kiln}/imports/{}", done.id);
        let again: ImportView = owner(&app, kiln).get(&path).await.expect(200).json();
        assert_eq!((again.status, again.rows, again.created, again.unchanged), (ImportStatus::Done, 180, 25, 35));
        assert_eq!((web.asked(), again.pictures.kept), (60, 60));
        assert_eq!(app.published::<ProductPublished>("catalog").await.len(), 60);
        let edit: Page<contracts::catalog::ProductEdit> = owner(&app, kiln).get(&own(kiln)).await.expect(200).json();
        assert!(edit.items.iter().all(|p| p.input.status == ProductStatus::Published && p.pictures.len() == 1));
    })
    .await;
}
