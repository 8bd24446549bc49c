//! Puts what was ordered into the cart once more: all that can be had in one transaction; of the rest is told why not.

use std::sync::Arc;

use contracts::{
    cart::{NotReordered, Reorder, Reordered, WhyNotReordered},
    orders::ORDER_TOKEN_HEADER,
};
use kernel::{Currency, Identity, Result};

use super::show_cart::{pick, show, show_changed};
use crate::{
    Carts,
    model::{
        again::{Again, Wanted, fit},
        key::{Key, Keys},
    },
    store,
};

pub(crate) async fn reorder(app: &Arc<Carts>, keys: Keys, who: &Identity, of: Reorder) -> Result<Reordered> {
    let key = pick(app, keys).await?;
    // Whether there is such an order for this buyer, the orders say.
    let orders = match &of.order_token {
        Some(token) => app.orders.with_header(ORDER_TOKEN_HEADER, token.expose()),
        None => app.orders.clone(),
    };
    let order = orders.order(who, of.order_id).await?;
    let lines = order.vendor_orders.iter().flat_map(|part| &part.lines);
    let items = store::read::items(&app.db, &lines.map(|line| line.variant_id).collect()).await?;
    let Again { currency, wanted, missing } = Again::of(&order, &items);
    match currency {
        Some(currency) => put_in(app, key, currency, wanted, missing).await,
        None => Ok(Reordered { cart: show(app, &key).await?, missing }),
    }
}

async fn put_in(
    app: &Arc<Carts>,
    key: Key,
    currency: Currency,
    wanted: Vec<Wanted>,
    mut missing: Vec<NotReordered>,
) -> Result<Reordered> {
    let (now, shown, wishes) = (app.clock.now(), key.clone(), wanted.clone());
    let changed = app
        .db
        .write(async move |tx| {
            let cart = store::carts::touch_to_add(tx, &key, currency, now).await?;
            let (put, missing) = fit(&store::lines::held(tx, cart.id).await?, &wishes);
            store::lines::put(tx, cart, &put).await?;
            Ok((cart.id, missing))
        })
        .await;
    let cart = match changed {
        Ok((id, left)) => {
            missing.extend(left);
            show_changed(app, id).await?
        }
        // What is in the cart is sold in another one.
        Err(error) if error.code() == "other_currency" => {
            missing.extend(wanted.iter().map(|wish| wish.missing(WhyNotReordered::OtherCurrency)));
            show(app, &shown).await?
        }
        Err(error) => return Err(error),
    };
    Ok(Reordered { cart, missing })
}
