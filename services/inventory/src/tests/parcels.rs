//! An order that leaves in several parcels.

use testkit::on_both_databases;

use super::support::*;

#[tokio::test]
async fn each_parcel_takes_what_lies_in_it() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10)), ("MAT", Some(4))]).await;
        let lines = [(loom, "RUG", 5), (loom, "MAT", 1)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &parcel("o1", loom, 1, &[("RUG", 2)])).await;
        assert_eq!((numbers(&app, loom, "RUG").await, numbers(&app, loom, "MAT").await), ((8, 3), (4, 1)));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("claimed"));
        check_invariants(&app).await;
        app.deliver("inventory", &parcel("o1", loom, 2, &[("RUG", 1), ("MAT", 1)])).await;
        assert_eq!((numbers(&app, loom, "RUG").await, numbers(&app, loom, "MAT").await), ((7, 2), (3, 0)));
        check_invariants(&app).await;
        app.deliver("inventory", &parcel("o1", loom, 3, &[("RUG", 2)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (5, 0));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
        check_invariants(&app).await;
    })
    .await;
}

#[tokio::test]
async fn parcels_leave_from_where_they_were_to_be_taken() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(3))]).await;
        let cellar = location(&app, loom, "Cellar").await;
        receive(&app, loom, "RUG", cellar, 4).await;
        let lines = [(loom, "RUG", 6)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        for (number, pieces, on_hand) in [(1, 2, 5), (2, 3, 2), (3, 1, 1)] {
            app.deliver("inventory", &parcel("o1", loom, number, &[("RUG", pieces)])).await;
            assert_eq!(numbers(&app, loom, "RUG").await.0, on_hand);
            check_invariants(&app).await;
        }
        assert_eq!(numbers(&app, loom, "RUG").await, (1, 0));
        assert_eq!(state_of(&app, "o1").await.as_deref(), Some("shipped"));
    })
    .await;
}

#[tokio::test]
async fn what_has_not_left_is_given_back() {
    on_both_databases(under_test, |app| async move {
        let loom = vendor("loom");
        stocked(&app, loom, "rug", &[("RUG", Some(10))]).await;
        let lines = [(loom, "RUG", 5)];
        app.deliver("inventory", &placed("o1", &lines)).await;
        app.deliver("inventory", &paid("o1", &lines)).await;
        app.deliver("inventory", &parcel("o1", loom, 1, &[("RUG", 2)])).await;
        app.deliver("inventory", &cancelled("o1")).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (8, 0));
        // One more parcel was on its way to us when it was called off: it takes what is free.
        app.deliver("inventory", &parcel("o1", loom, 2, &[("RUG", 1)])).await;
        assert_eq!(numbers(&app, loom, "RUG").await, (7, 0));
        check_invariants(&app).await;
    })
    .await;
}
