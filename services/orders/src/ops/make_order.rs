//! An admin makes an order for a buyer: priced as for that buyer, placed like any other, with more time to pay.

use std::sync::Arc;

use contracts::{
    credits::PayWithCredits,
    orders::{MakeOrder, PaymentChoice, PlaceOrder, QuoteForBuyer},
    pricing::{Quote, QuoteRequest},
    promotions::Customer,
};
use kernel::{AccountId, Email, Error, Kind, OrderId, Result};
use souk_http::IdempotencyKey;

use super::place_order::{Placer, place_order};
use crate::Orders;

/// What it costs the buyer.
///
/// # Errors
/// 422 for what cannot be ordered, or if nobody knows for whom.
pub async fn quote_for_buyer(app: &Orders, input: QuoteForBuyer) -> Result<Quote> {
    let (email, _) = buyer_of(app, input.account_id, input.email).await?;
    let request = QuoteRequest {
        currency: input.currency,
        country: input.country,
        region: input.region,
        lines: input.lines,
        shipping: input.shipping,
        codes: Vec::new(),
        customer: Customer { account_id: input.account_id, email: Some(email) },
        payment_method: input.payment_method,
    };
    app.pricing.quote(&app.myself, &request).await
}

/// Makes it, once per key. The admin is remembered, and does not own it.
///
/// # Errors
/// As for a placement; 422 if nobody knows for whom.
pub async fn make_order(app: &Arc<Orders>, admin: AccountId, key: IdempotencyKey, input: MakeOrder) -> Result<OrderId> {
    let (email, language) = buyer_of(app, input.account_id, input.email).await?;
    let order = PlaceOrder {
        quote_hash: input.quote_hash,
        currency: input.currency,
        lines: input.lines,
        shipping: input.shipping,
        codes: Vec::new(),
        email,
        address: input.address,
        billing_address: None,
        payment: PaymentChoice { method: input.payment_method, token: None, return_path: None },
        credits: PayWithCredits::default(),
        cart_id: None,
        note: input.note,
        gift: None,
    };
    let placer = Placer { account_id: input.account_id, admin: Some(admin), language };
    Ok(place_order(app, placer, key, order).await?.order_id)
}

/// Where the buyer is written to, and in which language if not in English: an account has proven its own address, and has
/// a language.
async fn buyer_of(
    app: &Orders,
    account_id: Option<AccountId>,
    email: Option<Email>,
) -> Result<(Email, Option<&'static str>)> {
    match (account_id, email) {
        (Some(_), Some(_)) => Err(Error::invalid("email", "Name the account or the address, not both.")),
        (None, Some(email)) => Ok((email, None)),
        (None, None) => Err(Error::invalid("email", "Say for whom it is: an e-mail address, or an account.")),
        (Some(account_id), None) => match app.identity.contact(&app.myself, account_id).await {
            Ok(contact) => Ok((contact.email, words::of(Some(&contact.locale)).other())),
            Err(error) if error.is(Kind::NotFound) => {
                Err(Error::invalid("account_id", "There is no such account. Use an e-mail address instead."))
            }
            Err(error) => Err(error),
        },
    }
}
