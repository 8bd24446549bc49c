//! With a carrier outside: labels and what becomes of parcels, on both databases.

mod adapter;
mod labels;
mod rates;
mod returns;
mod tracking;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Json, Router, extract::Path, routing::get};
use contracts::carriers::{LabelView, PartLabels};
use db::Dialect;
use kernel::Secret;
use sandbox::{
    RouterDeliver,
    carrier::{CarrierConfig, SandboxCarrier},
};
use serde_json::{Value, json};
use testkit::app::OUTSIDE;

use super::*;
use crate::{Settings, carrier::easypost::EasyPostSettings};

const WEBHOOK_SECRET: &str = "hook_0123456789abcdef";
const WEBHOOKS: &str = "/webhooks/carriers/easypost";

/// Settings that fit the carrier outside.
fn settings() -> EasyPostSettings {
    EasyPostSettings {
        api_key: Secret::new("EZTK0123456789abcdef"),
        webhook_secret: Secret::new(WEBHOOK_SECRET),
        base_url: OUTSIDE.to_owned(),
        timeout_ms: 200,
        ..EasyPostSettings::default()
    }
}

/// The service and the carrier outside.
struct World {
    app: TestApp,
    fake: SandboxCarrier,
    /// In which status returns are, as `orders` tells of them.
    returns_are: Arc<Mutex<&'static str>>,
}

impl World {
    /// The order `1` of ada's and ben's is to be packed, and both have said where their parcels come from.
    async fn start(dialect: Dialect, easypost: EasyPostSettings) -> Self {
        let app = TestApp::start(dialect, vec![crate::service(Settings { easypost, ..Settings::default() })]).await;
        let config = CarrierConfig {
            api_key: Secret::new("EZTK0123456789abcdef"),
            webhook_secret: Secret::new(WEBHOOK_SECRET),
            webhook_url: format!("http://souk.test{WEBHOOKS}"),
            base_url: OUTSIDE.to_owned(),
            currency: Currency::EUR,
            hold: Duration::from_millis(300),
            doubled: true,
            step: None,
        };
        let deliver = Arc::new(RouterDeliver(app.system.router()));
        let fake = SandboxCarrier::new(config, app.clock.clone(), deliver);
        app.outside.set(fake.router());
        let placed = get(async move |Path(id): Path<OrderId>| Json(placed(id)));
        let returns_are = Arc::new(Mutex::new("approved"));
        let status = returns_are.clone();
        let returned = get(async move |Path(id)| Json(returns::view(id, *status.lock().unwrap())));
        let router = Router::new().route("/internal/orders/{id}", placed).route("/internal/returns/{id}", returned);
        app.stand_in("orders", router);
        to_pack(&app, "1", &["ada", "ben"]).await;
        for of in ["ada", "ben"] {
            staff(&app, of).put(&sender_path(of), &address("Nadelgasse 3", "PT")).await.expect(200);
        }
        Self { app, fake, returns_are }
    }

    /// Lets everything happen that is due, on both sides.
    async fn settle(&self) {
        loop {
            self.app.settle().await;
            if self.fake.pump().await == 0 {
                return self.app.settle().await;
            }
        }
    }

    async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(30) {
            self.app.clock.advance(Duration::from_secs(30));
            self.settle().await;
        }
    }

    /// Ada's labels for the order `1`, newest first.
    async fn labels(&self) -> Vec<LabelView> {
        staff(&self.app, "ada").get(&labels_path("1", "ada")).await.expect(200).json::<PartLabels>().labels
    }

    /// Ada orders a label for the order `1`, a moment later.
    async fn order_label(&self) -> LabelView {
        self.app.clock.advance(Duration::from_secs(1));
        staff(&self.app, "ada").post(&labels_path("1", "ada"), &json!({"weight_g": 1200})).await.expect(202).json()
    }

    /// The same, and the carrier sells it.
    async fn buy(&self) -> LabelView {
        let ordered = self.order_label().await;
        self.settle().await;
        let label = self.labels().await.remove(0);
        assert_eq!(label.id, ordered.id);
        label
    }

    /// Ada hands the parcel over under this number.
    async fn ship(&self, number: &str) -> testkit::Answer {
        let body = json!({"carrier": "SandboxPost", "tracking_number": number});
        staff(&self.app, "ada").post(&format!("{}/ship", path("1", "ada")), &body).await
    }

    /// Calls of the carrier that end so.
    fn calls(&self, end: &str) -> usize {
        self.fake.calls().iter().filter(|call| call.starts_with("POST") && call.ends_with(end)).count()
    }

    /// Prices in the carrier's journal, below zero where they were given back.
    fn sold(&self) -> Vec<i64> {
        self.fake.journal().iter().map(|entry| entry.price.amount_minor).collect()
    }
}

/// Runs a test on both databases.
async fn each<Fut: Future<Output = ()>>(test: impl Fn(Arc<World>) -> Fut) {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        test(Arc::new(World::start(dialect, settings()).await)).await;
    }
}

fn sender_path(of: &str) -> String {
    format!("/api/v1/vendors/{}/sender", vendor(of))
}

fn labels_path(name: &str, of: &str) -> String {
    format!("/api/v1/vendors/{}/orders/{}/labels", vendor(of), part(name, of))
}

fn label_path(of: &str, label: &LabelView) -> String {
    format!("/api/v1/vendors/{}/labels/{}", vendor(of), label.id)
}

fn address(street: &str, country: &str) -> Value {
    json!({"name": "Ada", "line1": street, "postcode": "12345", "city": "Town", "country": country})
}

/// An order as `orders` tells of it: it goes to Germany.
fn placed(id: OrderId) -> Value {
    let nothing = eur(0);
    json!({
        "token": "secret",
        "order": {
            "id": id, "number": "S-2601-1", "status": "paid", "status_reason": null, "shortages": [], "next_action": null,
            "account_id": null, "email": "ada@example.com", "address": address("Rua das Flores 12", "DE"), "note": null,
            "quote": {
                "hash": "", "currency": "EUR", "country": "DE", "lines": [], "vendors": [], "subtotal": nothing,
                "discount": nothing, "shipping": nothing, "tax": nothing, "total": nothing, "explanation": [],
            },
            "vendor_orders": [], "refunded": nothing, "timeline": [], "can_cancel": false,
            "placed_at": "2026-01-15T11:59:00Z", "version": 1,
        },
    })
}
