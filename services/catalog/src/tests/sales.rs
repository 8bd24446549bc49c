//! Reduced prices with dates in a file of WooCommerce: what is told of them, once.

use std::time::Duration;

use contracts::catalog::{ProductSale, ProductSaleTold};
use kernel::{Clock, Timestamp};
use testkit::on_both_databases;

use super::{
    foreign::{places, taken},
    support::*,
};

const HEADER: &str = "ID,Type,SKU,Name,Published,Regular price,Sale price,Date sale price starts,Date sale price ends,\
    Categories,Parent,Attribute 1 name,Attribute 1 value(s)\n";
const CUP: &str = "1,simple,CUP,Cup,1,24.90,19.90,2026-02-01 0:00:00,2026-02-14 23:59:59,Mugs,,,\n";
const OTHERS: &str = "2,simple,POT,Pot,1,2490,1990,,2026-02-14,Mugs,,,\n\
    3,variable,TEE,Tee,1,,,,,Mugs,,Size,\"S, M\"\n\
    4,variation,TEE-S,,1,25,20,2026-03-01,,,TEE,Size,S\n\
    5,variation,TEE-M,,1,19.99,15.99,2026-03-01,,,TEE,Size,M\n";
const WRONG: &str = "6,simple,A,Able,1,10,8,tomorrow,2026-02-14,Mugs,,,\n\
    7,simple,B,Baker,1,10,8,2026-02-14,2026-02-01,Mugs,,,\n\
    8,simple,C,Charlie,1,10,cheap,2026-02-01,,Mugs,,,\n";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_reduced_price_with_dates_is_told_once() {
    on_both_databases(under_test, |app| async move {
        let (kiln, _) = (open_store(&app, "kiln").await, mugs(&app).await);
        let file = format!("{HEADER}{CUP}{OTHERS}{WRONG}");
        let dry = taken(&app, kiln, &file, "dry_run=true").await;
        assert_eq!((dry.created, dry.failed), (3, 3), "{:#?}", dry.errors);
        assert!(app.published::<ProductSaleTold>("catalog").await.is_empty());

        let today = Timestamp::of_day(app.clock.now().day());
        let done = taken(&app, kiln, &file, "stock=3").await;
        let wrong = [(7, "Date sale price starts"), (8, "Date sale price ends"), (9, "Sale price")];
        assert_eq!(places(&done.errors), wrong, "{:#?}", done.errors);
        assert_eq!(places(&done.notes), [(3, "Sale price")], "{:#?}", done.notes);
        assert!(done.notes[0].reason.contains("1990.01 EUR instead of 1990."), "{:#?}", done.notes);
        let end = Some(at("2026-02-15T00:00:00Z"));
        let cup = ProductSale { percent_bp: 2_010, starts_at: at("2026-02-01T00:00:00Z"), ends_at: end };
        let pot = ProductSale { percent_bp: 2_008, starts_at: today, ends_at: end };
        let tee = ProductSale { percent_bp: 2_000, starts_at: at("2026-03-01T00:00:00Z"), ends_at: None };
        let told = app.published::<ProductSaleTold>("catalog").await;
        let seen_of: Vec<_> = told.iter().map(|event| (event.vendor_id, event.before, event.sale)).collect();
        assert_eq!(seen_of, [cup, pot, tee].map(|sale| (kiln, None::<ProductSale>, Some(sale))));
        let variant = &seen(&app, "cup").await.variants[0];
        assert_eq!((variant.price.amount_minor, variant.compare_at), (2_490, None), "its time has not come");

        // The same file on another day: what began without a date began when it was read first.
        app.advance(Duration::from_secs(86_400)).await;
        let again = taken(&app, kiln, &file, "").await;
        assert_eq!((again.created, again.updated, again.unchanged, again.failed), (0, 0, 3, 3));
        assert_eq!(app.published::<ProductSaleTold>("catalog").await.len(), 3);

        // Neither a file that cannot speak of sales nor our own changes them; one that can ends what it does not name.
        let silent = taken(&app, kiln, "ID,Type,SKU,Name,Regular price\n1,simple,CUP,Cup,24.90\n", "").await;
        assert_eq!((silent.unchanged, silent.failed), (1, 0), "{:#?}", silent.errors);
        let without = CUP.replace("19.90,2026-02-01 0:00:00,2026-02-14 23:59:59", ",,");
        let ended = taken(&app, kiln, &format!("{HEADER}{without}"), "").await;
        assert_eq!((ended.updated, ended.failed), (1, 0), "{:#?}", ended.errors);
        let told = app.published::<ProductSaleTold>("catalog").await;
        assert_eq!((told.len(), told[3].before, told[3].sale), (4, Some(cup), None));
    })
    .await;
}
