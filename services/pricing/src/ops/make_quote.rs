//! What a cart costs, and why. Reads only: it is on the way of every checkout, twice.

use contracts::{
    pricing::{PaymentFee, Quote, QuoteRequest},
    promotions::Customer,
};
use kernel::{Identity, Result};

use crate::{
    Pricing,
    model::{Prices, currency, quote},
    store,
};

pub(crate) async fn make_quote(app: &Pricing, who: &Identity, request: &QuoteRequest) -> Result<Quote> {
    let customer = customer(who, &request.customer);
    let key = app.customer_key(&customer).unwrap_or_default();
    let buyer = store::quote::Buyer { account: customer.account_id, customer: &key };
    let (mut prices, shop) = store::quote::load(&app.db, request, app.main, &buyer, app.clock.now()).await?;
    currency::convert(&mut prices, &shop, request.currency)?;
    prices.is_first_order = is_first_order(app, &prices, &customer).await;
    let is_chosen = |fee: &&PaymentFee| {
        fee.amount.currency == request.currency && request.payment_method.as_ref() == Some(&fee.method)
    };
    quote::quote_with(request, &prices, app.fees.iter().find(is_chosen))
}

/// Whoever has logged in is known by that; services say on whose behalf they ask.
fn customer(who: &Identity, told: &Customer) -> Customer {
    match who {
        Identity::User(user) => Customer { account_id: Some(user.account_id), email: None },
        Identity::Service(_) => told.clone(),
        Identity::Anonymous => Customer { account_id: None, email: told.email.clone() },
    }
}

/// Asks `orders`, but only if it makes a difference. Nobody in particular has not ordered before; if
/// `orders` does not answer, a promotion for first orders does not apply.
async fn is_first_order(app: &Pricing, prices: &Prices, customer: &Customer) -> bool {
    let matters = |promotion: &crate::model::Promotion| {
        promotion.input.first_order && promotion.obstacle(prices.now, true).is_none()
    };
    if *customer == Customer::default() || !prices.promotions.iter().any(matters) {
        return true;
    }
    match app.orders.count(&app.myself, customer).await {
        Ok(count) => count.orders == 0,
        Err(error) => {
            tracing::warn!(%error, "nobody knows whether this is a first order");
            false
        }
    }
}
