//! The same order once more.

use contracts::cart::{NotReordered, Reorder, Reordered, WhyNotReordered};
use kernel::{Kind, OrderId, Result};

use super::{cart, order};
use crate::{
    forms::Posted,
    render::Shown,
    session::Message,
    visit::{Path, Visit},
};

/// `POST /orders/{id}/again`: what was ordered goes into the cart once more, as far as it can be had.
pub async fn order_again(Path(id): Path<OrderId>, Posted { mut visit, .. }: Posted) -> Shown {
    // Strangers are sent to the log-in: it may be theirs.
    order::find(&visit, id).await?;
    let of = Reorder { order_id: id, order_token: visit.order_token(id) };
    let done = reorder(&mut visit, &of).await?;
    let message = match done.missing.as_slice() {
        [] => Message::good("Everything is back in your cart."),
        missing => Message::bad(not_reordered(missing)),
    };
    visit.say(message).await?;
    Ok(visit.go("/cart"))
}

async fn reorder(visit: &mut Visit, of: &Reorder) -> Result<Reordered> {
    if visit.has_cart() {
        match visit.cart().reorder(&visit.who(), of).await {
            // A guest's cart that has been forgotten.
            Err(error) if error.is(Kind::NotFound) => {}
            answer => return answer,
        }
    }
    cart::open(visit, None).await?;
    visit.cart().reorder(&visit.who(), of).await
}

/// `No longer on sale: Mug, Bowl. Sold out: Lamp.`
fn not_reordered(missing: &[NotReordered]) -> String {
    const REASONS: [(WhyNotReordered, &str); 5] = [
        (WhyNotReordered::NotOnSale, "No longer on sale"),
        (WhyNotReordered::SoldOut, "Sold out"),
        (WhyNotReordered::OtherCurrency, "Sold in another currency than the rest of your cart"),
        (WhyNotReordered::TooMany, "More than can be ordered at once"),
        (WhyNotReordered::CartFull, "Too much for one cart"),
    ];
    let told = REASONS.iter().filter_map(|(reason, words)| {
        let of = missing.iter().filter(|missing| missing.reason == *reason);
        let titles: Vec<&str> = of.map(|missing| missing.title.as_str()).collect();
        (!titles.is_empty()).then(|| format!("{words}: {}.", titles.join(", ")))
    });
    told.collect::<Vec<_>>().join(" ")
}
