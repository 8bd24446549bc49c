//! Imports in shops whose main currency is another than EUR.

use contracts::catalog::ImportStatus;
use kernel::Currency;
use runtime::ServiceDef;
use testkit::on_both_databases;

use super::{
    fetches::play_the_web,
    files::{exported, imported},
    foreign::taken,
    support::*,
};
use crate::{Settings, service};

const SHOPIFY: &str = include_str!("data/shopify_new.csv");

fn in_yen() -> Vec<ServiceDef> {
    vec![service(Settings { currency: Currency::parse("JPY").unwrap(), ..Settings::default() })]
}

fn in_dollars() -> Vec<ServiceDef> {
    vec![service(Settings { currency: Currency::USD, ..Settings::default() })]
}

#[tokio::test]
async fn a_file_without_a_currency_is_in_the_main_one_until_there_are_products() {
    on_both_databases(in_dollars, |app| async move {
        let (kiln, category) = (open_store(&app, "kiln").await, mugs(&app).await);
        play_the_web(&app);
        let done = taken(&app, kiln, SHOPIFY, "").await;
        assert_eq!((done.created, done.errors.len()), (2, 0), "{done:?}");
        assert_eq!(seen(&app, "enamel-mug").await.variants[0].price.to_string(), "14.00 USD");
        let oil = open_store(&app, "oil").await;
        created(&app, oil, &simple(&category, "Oil", "OIL", 1_890)).await;
        let dearer = SHOPIFY.replace("enamel-mug", "oiled-mug").replace("secret-mug", "hidden-mug");
        let done = taken(&app, oil, &dearer, "").await;
        assert_eq!((done.created, done.errors.len()), (2, 0), "{done:?}");
        let mug = seen(&app, "oiled-mug").await;
        assert_eq!(mug.variants[0].price.to_string(), "14.00 EUR", "that of its other products");
    })
    .await;
}

#[tokio::test]
async fn amounts_have_the_decimals_of_their_currency() {
    on_both_databases(in_yen, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        play_the_web(&app);
        // Shop systems write decimals where there are none.
        let halves = SHOPIFY.replace(",14.00,", ",14.50,");
        let dry = taken(&app, kiln, &halves, "dry_run=true").await;
        assert_eq!((dry.created, dry.failed), (1, 1), "{dry:?}");
        assert_eq!(dry.errors[0].reason, "“14.5” is not an amount in JPY such as 1999.");
        let done = taken(&app, kiln, SHOPIFY, "").await;
        assert_eq!((done.created, done.errors.len()), (2, 0), "{done:?}");
        let mug = seen(&app, "enamel-mug").await;
        let prices: Vec<_> =
            mug.variants.iter().map(|v| (v.price.to_string(), v.compare_at.map(|m| m.amount_minor))).collect();
        assert_eq!(prices, [("14 JPY".to_owned(), None), ("16 JPY".to_owned(), Some(20))]);

        let file = "handle,title,category,currency,status,sku,price\n\
                    cup,Cup,mugs,JPY,published,CUP,1250\n\
                    half,Half,mugs,JPY,published,HALF,12.5\n\
                    dinar,Dinar,mugs,KWD,published,DINAR,1.255\n";
        let done = imported(&app, kiln, file, false).await;
        assert_eq!((done.status, done.created, done.failed), (ImportStatus::Done, 2, 1), "{done:?}");
        let wrong = &done.errors[0];
        assert_eq!(
            (wrong.row, wrong.column.as_str(), wrong.reason.as_str()),
            (3, "price", "“12.5” is not an amount in JPY such as 1999.")
        );
        assert_eq!(seen(&app, "cup").await.variants[0].price.to_string(), "1250 JPY");
        assert_eq!(seen(&app, "dinar").await.variants[0].price.amount_minor, 1_255);
        let file = exported(&app, kiln).await;
        assert!(file.contains(",1250,") && file.contains(",1.255,"), "{file}");
    })
    .await;
}
