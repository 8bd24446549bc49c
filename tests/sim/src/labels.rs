//! Vendors who buy labels, give them back and ship with them; and the carrier at the end of the same bad line as the provider:
//! the sandbox's.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use bytes::Bytes;
use contracts::{
    carriers::{LabelStatus, LabelView, PartLabels},
    orders::{OrderStatus, OrderView, VendorOrderStatus, VendorOrderView},
};
use http::{Method, Request};
use kernel::{Currency, Error, Identity, ManualClock, Result, Secret};
use sandbox::{
    RouterDeliver,
    carrier::{CarrierConfig, SandboxCarrier},
};
use serde_json::json;
use tower::ServiceExt;

use crate::{
    shop,
    world::{OUTSIDE, SECRET, World, now},
};

/// Where the carrier is, below the provider's address.
pub const BELOW: &str = "/carrier";
const KEY: &str = "EZTK0123456789abcdef";
/// Orders looked at for one with something to be packed.
const LOOKS: usize = 4;

/// Shipping with the carrier.
pub fn settings() -> shipping::Settings {
    let mut settings = shipping::Settings::default();
    settings.easypost.api_key = Secret::new(KEY);
    settings.easypost.webhook_secret = Secret::new(SECRET);
    settings.easypost.base_url = format!("{OUTSIDE}{BELOW}");
    settings.easypost.timeout_ms = 5_000;
    settings
}

/// A carrier that does nothing by itself: what it tells is delivered by the world.
pub fn carrier(clock: Arc<ManualClock>) -> SandboxCarrier {
    let config = CarrierConfig {
        api_key: Secret::new(KEY),
        webhook_secret: Secret::new(SECRET),
        webhook_url: String::new(),
        base_url: format!("{OUTSIDE}{BELOW}"),
        currency: Currency::EUR,
        hold: Duration::ZERO,
        doubled: false,
        step: None,
    };
    SandboxCarrier::new(config, clock, Arc::new(RouterDeliver(Router::new())))
}

/// What somebody outside does with a call, to whom all addresses below `below` belong.
pub fn carry(router: Router, below: &str, call: &Request<Bytes>) -> Result<(u16, Bytes)> {
    let path = call.uri().path_and_query().map_or("", |path| path.as_str());
    let inner = Request::builder().method(call.method().clone()).uri(path.strip_prefix(below).unwrap_or(path));
    let mut inner = inner.body(Body::from(call.body().clone())).map_err(Error::internal)?;
    *inner.headers_mut() = call.headers().clone();
    now(async move {
        let (parts, body) = router.oneshot(inner).await.map_err(Error::internal)?.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.map_err(Error::internal)?;
        Ok((parts.status.as_u16(), body))
    })
}

impl World {
    /// Vendors say where their parcels come from.
    pub fn name_senders(&self) -> Result<()> {
        for name in shop::VENDORS {
            let vendor = shop::vendor(name);
            let path = format!("/api/v1/vendors/{vendor}/sender");
            let sender =
                json!({"name": name, "line1": "Way 1", "postcode": "10115", "city": "Berlin", "country": "DE"});
            let reply = self.send(Method::PUT, &path, Some(&shop::owner(vendor)), &[], Some(&sender))?;
            if reply.status != 200 {
                return Err(Error::internal(format!("the sender was not named: {}", reply.status)));
            }
        }
        Ok(())
    }

    /// A label of some parcel that is being packed is bought, or used, or given back.
    pub fn use_labels(&mut self) -> Result<()> {
        if !self.swarm.labels {
            return Ok(());
        }
        for _ in 0..LOOKS {
            let Some((_, placed)) = self.any_placed() else { return Ok(()) };
            let headers = [("order-token", placed.token.expose())];
            let path = format!("/api/v1/orders/{}", placed.order.id);
            let reply = self.send(Method::GET, &path, None, &headers, None)?;
            if reply.status != 200 {
                continue;
            }
            let view: OrderView = serde_json::from_slice(&reply.body)?;
            let packed = |part: &&VendorOrderView| {
                matches!(part.status, VendorOrderStatus::ToShip | VendorOrderStatus::PartiallyShipped)
            };
            if view.status == OrderStatus::Paid
                && let Some(part) = view.vendor_orders.iter().find(packed)
            {
                return self.label_of(part);
            }
        }
        Ok(())
    }

    /// Whether the vendor sends this parcel with a label.
    pub fn wants_label(&self) -> bool {
        self.swarm.labels && self.below(2) == 0
    }

    /// Buys a label for a part that is being packed, or uses the one that there is, or gives it back.
    pub fn label_of(&mut self, part: &VendorOrderView) -> Result<()> {
        let owner = shop::owner(part.vendor_id);
        let labels = format!("/api/v1/vendors/{}/orders/{}/labels", part.vendor_id, part.id);
        let reply = self.send(Method::GET, &labels, Some(&owner), &[], None)?;
        if reply.status != 200 {
            return Ok(());
        }
        let found: PartLabels = serde_json::from_slice(&reply.body)?;
        let Some(label) = found.labels.iter().find(|label| label.status == LabelStatus::Bought && !label.used) else {
            let wanted = json!({"weight_g": 100 + self.below(2_000)});
            for _ in 0..1 + self.below(2) {
                self.send(Method::POST, &labels, Some(&owner), &[], Some(&wanted))?;
            }
            return Ok(());
        };
        if self.below(3) > 0 {
            return self.ship_with(label, part, &owner);
        }
        let path = format!("/api/v1/vendors/{}/labels/{}/cancel", part.vendor_id, label.id);
        self.send(Method::POST, &path, Some(&owner), &[], None).map(drop)
    }

    fn ship_with(&mut self, label: &LabelView, part: &VendorOrderView, owner: &Identity) -> Result<()> {
        let Some(number) = &label.tracking_number else { return Ok(()) };
        let parcel = json!({"carrier": label.carrier, "tracking_number": number});
        let path = format!("/api/v1/vendors/{}/orders/{}/shipment/ship", part.vendor_id, part.id);
        let reply = self.send(Method::POST, &path, Some(owner), &[], Some(&parcel))?;
        if reply.status == 200 {
            self.acknowledged_parcels.push((part.id.to_string(), number.clone()));
            self.trace.mark("parcel left with its label");
        }
        Ok(())
    }
}
