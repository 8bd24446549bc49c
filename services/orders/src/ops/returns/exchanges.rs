//! What a buyer wants instead: another variant of the same product, at the price that was paid.

use std::{collections::BTreeMap, sync::Arc};

use contracts::{
    orders::{ExchangeVariant, OrderLine, OrderView, RequestReturn},
    pricing::{QuoteLine, QuoteRequest, WantedLine},
    promotions::Customer,
};
use kernel::{Kind, LineId, OrderId, Result, VariantId};

use crate::{
    Orders,
    error::{OrderError, ReturnError},
    store,
};

/// The wanted variants by line, as `pricing` knows them now. Asks nobody if none is wanted.
///
/// # Errors
/// 422 if one is of another product, costs another price, or is what was bought.
pub async fn wanted(
    app: &Arc<Orders>,
    order_id: OrderId,
    input: &RequestReturn,
) -> Result<BTreeMap<LineId, ExchangeVariant>> {
    let wishes: BTreeMap<LineId, VariantId> =
        input.lines.iter().filter_map(|wish| Some((wish.line_id, wish.exchange_for?))).collect();
    let mut found = BTreeMap::new();
    if wishes.is_empty() {
        return Ok(found);
    }
    let order = store::read_view(&app.db, order_id).await?.ok_or(OrderError::NotFound)?;
    for (line_id, variant_id) in wishes {
        let line = order.vendor_orders.iter().flat_map(|part| &part.lines).find(|line| line.id == line_id);
        let line = line.ok_or(ReturnError::UnknownLine)?;
        let offer = offer(app, &order, variant_id, line.quantity).await?.filter(|offer| is_fair(line, offer));
        let offer = offer.ok_or(ReturnError::NoSuchExchange(line_id))?;
        found.insert(line_id, ExchangeVariant { variant_id, options: offer.options, sku: offer.sku });
    }
    Ok(found)
}

/// What a variant costs whoever has placed the order, where it went, in the quantity that was bought: a price for a
/// quantity or for a group of customers is a price that was paid. Nothing if it cannot be had at all.
async fn offer(
    app: &Arc<Orders>,
    order: &OrderView,
    variant_id: VariantId,
    quantity: i64,
) -> Result<Option<QuoteLine>> {
    let request = QuoteRequest {
        currency: order.quote.currency,
        country: order.quote.country.clone(),
        region: order.address.region.clone(),
        lines: vec![WantedLine { variant_id, quantity }],
        shipping: vec![],
        codes: vec![],
        customer: Customer { account_id: order.account_id, email: Some(order.email.clone()) },
        payment_method: None,
    };
    match app.pricing.quote(&app.myself, &request).await {
        Ok(quote) => Ok(quote.lines.into_iter().find(|line| line.variant_id == variant_id)),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::NotFound | Kind::Conflict) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_fair(line: &OrderLine, offer: &QuoteLine) -> bool {
    offer.product_id == line.product_id && offer.unit_price == line.unit_price && offer.variant_id != line.variant_id
}
