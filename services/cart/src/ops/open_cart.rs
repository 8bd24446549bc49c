//! Opens a guest's cart, with a first line if one is wanted: one read, one transaction of two statements.

use std::sync::Arc;

use contracts::cart::{AddLine, NewCart};
use kernel::{CartId, Result, Secret};

use super::add_line::on_sale;
use crate::{
    Carts,
    model::{Cart, Line, key::TokenHash},
    store,
};

pub(crate) async fn open_cart(app: &Arc<Carts>, first: Option<AddLine>) -> Result<NewCart> {
    let mut cart = Cart::empty(CartId::new(&app.ids), 1, app.clock.now());
    if let Some(wanted) = first {
        let item = on_sale(app, wanted.variant_id).await?;
        let price = item.price();
        cart.currency = Some(price.currency);
        cart.lines.push(Line { item, quantity: wanted.quantity, added_minor: price.amount_minor, later: false });
    }
    let token = Secret::new(app.random.token());
    let opened = NewCart { cart: cart.view()?, token };
    let hash = TokenHash::of(&opened.token);
    app.db
        .write(async move |tx| {
            store::carts::insert_guest(tx, cart.id, &hash, cart.currency, cart.updated_at).await?;
            for line in &cart.lines {
                store::lines::insert_first(tx, cart.id, line.item.variant_id, line.quantity, line.added_minor).await?;
            }
            Ok(())
        })
        .await?;
    Ok(opened)
}
