//! Holds the promotions of an order that is about to be placed: all of them or none, in one transaction.

use std::sync::Arc;

use contracts::promotions::{Held, HoldPromotions, QuotePromotion, RefusedPromotion};
use kernel::Result;

use crate::{Pricing, error::PricingError, store};

pub(crate) async fn hold_promotions(app: &Arc<Pricing>, wanted: HoldPromotions) -> Result<Held> {
    let now = app.clock.now();
    let order = wanted.order_id;
    // Nobody in particular counts as the order itself.
    let customer = app.customer_key(&wanted.customer).unwrap_or_else(|| order.to_string());
    let mut promotions = wanted.promotions;
    // Everybody locks promotions in this order.
    promotions.sort_by_key(|promotion| promotion.promotion_id);
    let held = app
        .db
        .write(async move |tx| {
            for promotion in &promotions {
                if let Some(reason) = store::redemptions::hold(tx, order, &customer, promotion, now).await? {
                    let QuotePromotion { promotion_id, name, code, .. } = promotion.clone();
                    // As an error, so that nothing of the order is kept.
                    return Err(PricingError::Refused(RefusedPromotion { promotion_id, name, code, reason }).into());
                }
            }
            Ok(())
        })
        .await;
    match held {
        Ok(()) => Ok(Held { refused: None }),
        Err(error) if error.code() == PricingError::REFUSED => {
            let refused = error.extra().cloned().map(serde_json::from_value).transpose()?;
            Ok(Held { refused })
        }
        Err(error) => Err(error),
    }
}
