//! What only PostgreSQL can do: two events at once, neither of which sees the other's rows.

use contracts::{inventory::StockReserved, payments::PaymentStatus};
use db::{
    Dialect,
    testing::{meet_at, until_one_has_come},
};
use events::Received;
use futures::join;
use kernel::Clock;

use super::{PARTS, order, placed, scripted_on, sound, status};

#[tokio::test]
async fn an_order_that_is_stored_while_its_stock_is_heard_of_is_opened_once() {
    let (app, script) = scripted_on(Dialect::Postgres).await;
    let (db, id) = (app.db("payments"), order("a"));
    let placed = app.envelope(&placed(&app, id, None, PARTS));
    let reserved = app.envelope(&StockReserved { order_id: id, expires_at: app.clock.now(), bundles: vec![] });
    meet_at(&db, "payments").await.unwrap();

    // The payment is stored and not yet committed when the other event looks for one to open, and finds none.
    let placing = app.hand_over("payments", &placed);
    let reserving = async {
        until_one_has_come(&db).await.unwrap();
        app.hand_over("payments", &reserved).await
    };
    assert_eq!(join!(placing, reserving), (Received::Handled, Received::Handled));

    assert_eq!(app.count("payments", "SELECT count(*) FROM jobs WHERE kind = 'open'").await, 1, "to be opened, once");
    assert_eq!(status(&app, id).await, PaymentStatus::Opening);
    app.settle().await;
    assert_eq!((script.calls("open"), status(&app, id).await), (1, PaymentStatus::Captured));
    sound(&app).await;
}
