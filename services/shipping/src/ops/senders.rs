//! Where a vendor's parcels come from.

use std::sync::Arc;

use contracts::{carriers::SenderView, shared::Address};
use db::Tx;
use kernel::{Result, VendorScope};
use souk_http::IfMatch;

use crate::{
    Shipping,
    error::ShippingError,
    model::typed,
    store::{self, senders::Sender},
};

/// The address, if the vendor has said it.
pub(crate) async fn sender(app: &Shipping, scope: &VendorScope) -> Result<SenderView> {
    let found = store::senders::find(&app.db, scope).await?;
    Ok(view(app, found))
}

/// Says it. Labels that were ordered before keep what was known then, unless they still have to be asked for.
pub(crate) async fn set_sender(
    app: &Arc<Shipping>,
    scope: VendorScope,
    seen: IfMatch,
    input: Address,
) -> Result<SenderView> {
    let address = Address {
        name: typed("name", &input.name)?,
        line1: typed("line1", &input.line1)?,
        city: typed("city", &input.city)?,
        ..input
    };
    let saved = app
        .db
        .as_vendor(&scope)
        .write(async move |tx| {
            let sender = take_place(tx, &scope, &seen, &address).await?;
            store::carrier_rates::ask_again(tx, &scope).await?;
            Ok(sender)
        })
        .await?;
    Ok(view(app, Some(saved)))
}

/// Stores the next version. The first one of all has no row to lock: who meets somebody else there locks that one's row now.
async fn take_place(tx: &mut Tx, scope: &VendorScope, seen: &IfMatch, address: &Address) -> Result<Sender> {
    for _ in 0..2 {
        let before = store::senders::lock(tx, scope).await?.map_or(0, |known| known.version);
        seen.check(before)?;
        let sender = Sender { address: address.clone(), version: before + 1 };
        if store::senders::put(tx, scope, &sender).await? {
            return Ok(sender);
        }
    }
    Err(ShippingError::Contended.into())
}

fn view(app: &Shipping, sender: Option<Sender>) -> SenderView {
    let labels = app.carrier.is_some();
    match sender {
        Some(Sender { address, version }) => SenderView { address: Some(address), labels, version },
        None => SenderView { address: None, labels, version: 0 },
    }
}
