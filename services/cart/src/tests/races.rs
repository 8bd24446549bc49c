//! What only PostgreSQL can do: wishing for something at the moment it comes back.

use std::sync::Mutex;

use contracts::cart::WishAvailable;
use db::{Dialect, testing::until_another_waits};
use events::Received;
use futures::{channel::oneshot, join};
use kernel::Clock;
use testkit::{customer, principals::account_of};

use super::*;
use crate::store::{copies, wishes};

/// A lamp that is sold out.
async fn sold_out() -> TestApp {
    let app = TestApp::start(Dialect::Postgres, defs()).await;
    stock_the_shelves(&app).await;
    app.deliver("cart", &level("lamp", "lamp", StockLevel::SoldOut)).await;
    app
}

async fn told(app: &TestApp) -> Vec<VariantId> {
    app.published::<WishAvailable>("cart").await.iter().map(|event| event.variant_id).collect()
}

#[tokio::test]
async fn a_wish_made_while_the_thing_comes_back_is_told_of() {
    let app = sold_out().await;
    let (db, account, now) = (app.db("cart"), account_of(&customer("ada")), app.clock.now());
    let back = app.envelope(&level("lamp", "lamp", StockLevel::InStock));
    let (made, wished) = oneshot::channel();
    let made = Mutex::new(Some(made));
    let wishing = db.write(async move |tx| {
        let wish = wishes::add(tx, account, variant("lamp"), true, now).await?;
        made.lock().unwrap().take().unwrap().send(()).unwrap();
        until_another_waits(tx).await?;
        Ok(wish)
    });
    let coming_back = async {
        wished.await.unwrap();
        app.hand_over("cart", &back).await
    };
    let (wish, received) = join!(wishing, coming_back);
    assert_eq!((wish.unwrap(), received), ((now, true), Received::Handled));
    app.settle().await;
    assert_eq!(told(&app).await, [variant("lamp")]);
}

#[tokio::test]
async fn news_of_a_return_that_come_while_the_last_ones_are_worked_off_are_not_lost() {
    let app = sold_out().await;
    let tell = serde_json::json!({"tell_when_back": true});
    let wish = format!("/api/v1/me/wishes/{}", variant("lamp"));
    app.as_user(&customer("ada")).put(&wish, &tell).await.expect(200);
    // It came back, and was gone again before the job had its turn.
    for stock in [StockLevel::InStock, StockLevel::SoldOut] {
        let envelope = app.envelope(&level("lamp", "lamp", stock));
        assert_eq!(app.hand_over("cart", &envelope).await, Received::Handled);
    }
    assert_eq!(app.count("cart", "SELECT count(*) FROM jobs WHERE kind = 'tell_back'").await, 1);
    let (db, back) = (app.db("cart"), level("lamp", "lamp", StockLevel::InStock));
    let (heard, news) = oneshot::channel();
    let heard = Mutex::new(Some(heard));
    let hearing = db.write(async move |tx| {
        copies::put_level(tx, &back).await?;
        heard.lock().unwrap().take().unwrap().send(()).unwrap();
        until_another_waits(tx).await
    });
    let working = async {
        news.await.unwrap();
        app.settle().await;
    };
    let (heard, ()) = join!(hearing, working);
    heard.unwrap();
    assert_eq!(told(&app).await, [variant("lamp")]);
    assert_eq!(app.count("cart", "SELECT count(*) FROM jobs WHERE kind = 'tell_back'").await, 0);
}
