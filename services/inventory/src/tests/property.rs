//! Whatever comes in whatever order, S1 to S4 and S6 hold.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use contracts::{
    catalog::{ProductChanged, ProductStatus},
    inventory::{StockArrived, StockClaimed},
};
use db::Dialect;
use kernel::LocationId;
use proptest::prelude::*;
use serde_json::json;
use testkit::TestApp;

use super::support::*;

/// Something that happens.
#[derive(Debug, Clone)]
enum Step {
    Place { order: usize, lines: Vec<(usize, i64)> },
    Pay { order: usize },
    Cancel { order: usize },
    Ship { order: usize, vendor: usize },
    Adjust { sku: usize, delta: i64, place: usize },
    Count { sku: usize, counted: i64, place: usize },
    Move { sku: usize, from: usize, quantity: i64 },
    Prefer { vendor: usize, place: usize },
    Cap { sku: usize, cap: i64 },
    Threshold { sku: usize, threshold: i64 },
    Remake { turn: usize },
    Sell { sku: usize, on_sale: bool },
    Wait { minutes: u64 },
}

const ORDERS: usize = 8;
/// SKU, its vendor. The last two are bundles of the first two.
const SKUS: [(&str, usize); 5] = [("A", 0), ("B", 0), ("C", 1), ("SET", 0), ("PAIR", 0)];
/// Those with stock of their own.
const PLAIN: usize = 3;
/// What the bundles are made of, in turn.
const SETS: [&[(&str, i64)]; 3] = [&[("A", 2), ("B", 1)], &[("A", 1)], &[("B", 2), ("A", 1)]];

fn step() -> impl Strategy<Value = Step> {
    let order = 0..ORDERS;
    let (any, sku) = (0..SKUS.len(), 0..PLAIN);
    prop_oneof![
        4 => (order.clone(), prop::collection::vec((any.clone(), 1_i64..5), 1..4)).prop_map(|(order, lines)| Step::Place { order, lines }),
        3 => order.clone().prop_map(|order| Step::Pay { order }),
        2 => order.clone().prop_map(|order| Step::Cancel { order }),
        3 => (order, 0_usize..2).prop_map(|(order, vendor)| Step::Ship { order, vendor }),
        3 => (sku.clone(), -6_i64..7, 0_usize..2).prop_map(|(sku, delta, place)| Step::Adjust { sku, delta, place }),
        1 => (sku.clone(), 0_i64..15, 0_usize..2).prop_map(|(sku, counted, place)| Step::Count { sku, counted, place }),
        2 => (sku.clone(), 0_usize..2, 1_i64..6).prop_map(|(sku, from, quantity)| Step::Move { sku, from, quantity }),
        1 => (0_usize..2, 0_usize..2).prop_map(|(vendor, place)| Step::Prefer { vendor, place }),
        2 => (sku.clone(), 0_i64..8).prop_map(|(sku, cap)| Step::Cap { sku, cap }),
        1 => (any, 0_i64..8).prop_map(|(sku, threshold)| Step::Threshold { sku, threshold }),
        1 => (0..SETS.len()).prop_map(|turn| Step::Remake { turn }),
        1 => (sku, prop::bool::weighted(0.7)).prop_map(|(sku, on_sale)| Step::Sell { sku, on_sale }),
        2 => (1_u64..40).prop_map(|minutes| Step::Wait { minutes }),
    ]
}

/// What the other services know of an order; they tell only what can have happened.
#[derive(Default)]
struct Known {
    lines: Vec<(usize, i64)>,
    paid: bool,
    cancelled: bool,
    shipped: [bool; 2],
}

struct World {
    app: TestApp,
    orders: BTreeMap<usize, Known>,
    /// The two locations of each vendor.
    places: [[LocationId; 2]; 2],
}

impl World {
    fn lines(&self, order: usize) -> Vec<(kernel::VendorId, &'static str, i64)> {
        let known = &self.orders[&order];
        known.lines.iter().map(|(sku, quantity)| (vendor(&SKUS[*sku].1.to_string()), SKUS[*sku].0, *quantity)).collect()
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Place { order, lines } => {
                if let Entry::Vacant(new) = self.orders.entry(order) {
                    new.insert(Known { lines, ..Known::default() });
                    let event = placed(&order.to_string(), &self.lines(order));
                    self.app.deliver("inventory", &event).await;
                }
            }
            Step::Pay { order } => {
                if self.orders.get(&order).is_some_and(|o| !o.paid && !o.cancelled) {
                    let event = paid(&order.to_string(), &self.lines(order));
                    self.app.deliver("inventory", &event).await;
                    self.orders.entry(order).and_modify(|o| o.paid = true);
                }
            }
            Step::Cancel { order } => {
                if self.orders.get(&order).is_some_and(|o| !o.cancelled) {
                    self.app.deliver("inventory", &cancelled(&order.to_string())).await;
                    self.orders.entry(order).and_modify(|o| o.cancelled = true);
                }
            }
            Step::Ship { order, vendor: who } => {
                let ships = |o: &Known| o.paid && !o.shipped[who] && o.lines.iter().any(|(sku, _)| SKUS[*sku].1 == who);
                if self.orders.get(&order).is_some_and(ships) && !self.waits(order, who).await {
                    self.app.deliver("inventory", &shipped(&order.to_string(), vendor(&who.to_string()))).await;
                    self.orders.entry(order).and_modify(|o| o.shipped[who] = true);
                }
            }
            Step::Adjust { sku, delta, place } => self.change(sku, place, json!({"add": delta})).await,
            Step::Count { sku, counted, place } => self.change(sku, place, json!({"set": counted})).await,
            Step::Move { sku, from, quantity } => {
                let (owner, path) = self.stock(sku, "transfers");
                let places = self.places[SKUS[sku].1];
                let body = json!({"from": places[from], "to": places[1 - from], "quantity": quantity});
                let answer = self.app.as_user(&owner).post(&path, &body).await;
                assert!(matches!(answer.status.as_u16(), 200 | 409), "{}", answer.text());
            }
            Step::Prefer { vendor: who, place } => {
                let vendor_id = vendor(&who.to_string());
                let path = format!("/api/v1/vendors/{vendor_id}/stock-location-order");
                let body = json!({"locations": [self.places[who][place], self.places[who][1 - place]]});
                self.app.as_user(&testkit::vendor_owner(vendor_id)).put(&path, &body).await.expect(200);
            }
            Step::Cap { sku, cap } => {
                let (owner, path) = self.stock(sku, "backorder");
                let answer = self.app.as_user(&owner).put(&path, &json!({"backorder_cap": cap})).await;
                assert!(matches!(answer.status.as_u16(), 200 | 409), "{}", answer.text());
            }
            Step::Threshold { sku, threshold } => {
                let (owner, path) = self.stock(sku, "threshold");
                self.app.as_user(&owner).put(&path, &json!({"low_threshold": threshold})).await.expect(200);
            }
            Step::Remake { turn } => rebundled(&self.app, vendor("0"), "thing-3", "SET", SETS[turn]).await,
            Step::Sell { sku, on_sale } => {
                let (sku_text, who) = SKUS[sku];
                let (product_id, mut product) =
                    product(vendor(&who.to_string()), &format!("thing-{sku}"), &[(sku_text, None)]);
                product.status = if on_sale { ProductStatus::Published } else { ProductStatus::Archived };
                self.app.deliver("inventory", &ProductChanged { product_id, product }).await;
            }
            Step::Wait { minutes } => self.app.advance(Duration::from_secs(60 * minutes)).await,
        }
    }

    fn stock(&self, sku: usize, what: &str) -> (kernel::Identity, String) {
        let vendor_id = vendor(&SKUS[sku].1.to_string());
        (testkit::vendor_owner(vendor_id), format!("/api/v1/vendors/{vendor_id}/stock/{}/{what}", variant(SKUS[sku].0)))
    }

    /// Whether a vendor was told that its part of an order waits for goods, and not yet that they are there.
    async fn waits(&self, order_index: usize, who: usize) -> bool {
        let (id, vendor_id) = (order(&order_index.to_string()), vendor(&who.to_string()));
        let claimed = self.app.published::<StockClaimed>("inventory").await;
        let arrived = self.app.published::<StockArrived>("inventory").await;
        claimed.iter().any(|c| c.order_id == id && c.waiting.contains(&vendor_id))
            && !arrived.iter().any(|a| a.order_id == id && a.vendor_id == vendor_id)
    }

    async fn change(&self, sku: usize, place: usize, change: serde_json::Value) {
        let (owner, path) = self.stock(sku, "adjustments");
        let body = json!({"change": change, "location_id": self.places[SKUS[sku].1][place]});
        let answer = self.app.as_user(&owner).post(&path, &body).await;
        assert!(matches!(answer.status.as_u16(), 200 | 409 | 422), "{}", answer.text());
    }
}

async fn run(steps: Vec<Step>) {
    let app = TestApp::start(Dialect::Sqlite, under_test()).await;
    for (index, (sku, who)) in SKUS[..PLAIN].iter().enumerate() {
        stocked(&app, vendor(&who.to_string()), &format!("thing-{index}"), &[(sku, Some(10))]).await;
    }
    bundled(&app, vendor("0"), "thing-3", "SET", SETS[0]).await;
    bundled(&app, vendor("0"), "thing-4", "PAIR", &[("A", 2)]).await;
    let mut places = [[main_location(vendor("0")); 2]; 2];
    for (who, both) in places.iter_mut().enumerate() {
        let vendor_id = vendor(&who.to_string());
        *both = [main_location(vendor_id), location(&app, vendor_id, "Cellar").await];
    }
    let mut world = World { app, orders: BTreeMap::new(), places };
    for step in steps {
        world.take(step).await;
        check_invariants(&world.app).await;
    }
    world.app.finish().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_stock_adds_up(steps in prop::collection::vec(step(), 10..40)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}
