//! Through the router, on both databases.

mod apply;
mod decisions;
mod members;
mod pages;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, http::StatusCode, routing};
use contracts::{
    identity::{AccountIds, Contact, EmailOnly},
    vendors::{VendorSnapshot, VendorView},
};
use futures::future::join_all;
use kernel::{AccountId, Identity, Principal, Role, SessionId, VendorId, VendorMembership, VendorRole};
use runtime::ServiceDef;
use serde_json::{Value, json};
use testkit::{Answer, As, TestApp};

use crate::Settings;

fn services() -> Vec<ServiceDef> {
    vec![crate::service(Settings::default())]
}

/// Runs a test on both databases, with identity played by the test.
async fn on_both<F, Fut>(test: F)
where
    F: Fn(Here) -> Fut,
    Fut: Future<Output = ()>,
{
    testkit::on_both_databases(services, |app| test(Here::new(app))).await;
}

/// The service under test. Identity knows `<name>@example.com` for every name but `nobody`, unless it is down.
#[derive(Clone)]
struct Here {
    app: Arc<TestApp>,
    identity_down: Arc<Mutex<bool>>,
    names: Arc<Mutex<BTreeMap<AccountId, String>>>,
}

impl Here {
    fn new(app: Arc<TestApp>) -> Self {
        let here = Self { app, identity_down: Arc::default(), names: Arc::default() };
        let (down, names) = (here.identity_down.clone(), here.names.clone());
        let by_email = move |Json(asked): Json<EmailOnly>| async move {
            if *down.lock().unwrap() {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            let name = asked.email.as_str().split('@').next().unwrap().to_owned();
            if name == "nobody" {
                return Err(StatusCode::NOT_FOUND);
            }
            names.lock().unwrap().insert(account(&name), name.clone());
            Ok(Json(contact(&name)))
        };
        let (down, names) = (here.identity_down.clone(), here.names.clone());
        let of_accounts = move |Json(asked): Json<AccountIds>| async move {
            if *down.lock().unwrap() {
                return Err(StatusCode::SERVICE_UNAVAILABLE);
            }
            let names = names.lock().unwrap();
            Ok(Json(asked.ids.iter().filter_map(|id| names.get(id)).map(|name| contact(name)).collect::<Vec<_>>()))
        };
        let router = Router::new()
            .route("/internal/identity/contacts", routing::post(by_email))
            .route("/internal/identity/contacts/of-accounts", routing::post(of_accounts));
        here.app.stand_in("identity", router);
        here
    }

    fn guest(&self) -> As {
        self.app.guest()
    }

    fn admin(&self) -> As {
        self.app.as_user(&testkit::admin())
    }

    /// Somebody who belongs to no store.
    fn person(&self, name: &str) -> As {
        self.names.lock().unwrap().insert(account(name), name.to_owned());
        self.app.as_user(&identity(name, vec![]))
    }

    /// Somebody whose token says that they belong to a store.
    fn member(&self, name: &str, vendor_id: VendorId, role: VendorRole) -> As {
        self.app.as_user(&identity(name, vec![VendorMembership { vendor_id, role }]))
    }

    /// A store that `name` has applied for.
    async fn applied(&self, name: &str, store: &str) -> VendorView {
        self.person(name).post("/api/v1/vendors", &application(store)).await.expect(201).json()
    }

    /// An open store of `name`.
    async fn open(&self, name: &str, store: &str) -> VendorView {
        let vendor = self.applied(name, store).await;
        self.admin()
            .post(&format!("/api/v1/admin/vendors/{}/approve", vendor.store.id), &json!({}))
            .await
            .expect(200)
            .json()
    }

    async fn count(&self, sql: &str) -> i64 {
        self.app.count("vendors", sql).await
    }
}

fn account(name: &str) -> AccountId {
    AccountId::derived("test", &[name])
}

fn contact(name: &str) -> Contact {
    Contact {
        account_id: account(name),
        email: format!("{name}@example.com").parse().unwrap(),
        name: name.to_uppercase(),
        locale: "en".to_owned(),
    }
}

fn identity(name: &str, vendors: Vec<VendorMembership>) -> Identity {
    Identity::User(Arc::new(Principal {
        account_id: account(name),
        session_id: SessionId::derived("test", &[name]),
        roles: vec![Role::Customer],
        vendors,
        email_verified: true,
    }))
}

fn application(name: &str) -> Value {
    json!({
        "name": name, "tagline": "Made by hand", "story": "Since 1999.\r\nIn a shed.", "country": "PT", "city": "Porto",
        "contact_email": "Hello@Mugs.example"
    })
}

/// What other services are told of a store with one owner.
fn snapshot(vendor: &VendorView, owners: &[&str]) -> VendorSnapshot {
    VendorSnapshot {
        slug: vendor.store.slug.clone(),
        name: vendor.store.name.clone(),
        status: vendor.status,
        commission_bp: vendor.commission_bp,
        country: vendor.store.country.clone(),
        logo_url: vendor.store.logo_url.clone(),
        owners: owners.iter().map(|name| account(name)).collect(),
        refused_methods: vendor.refused_methods.clone(),
    }
}

/// Makes `n` requests at once; how often each status came.
async fn at_once<Fut: Future<Output = Answer> + Send + 'static>(
    n: usize,
    request: impl Fn(usize) -> Fut,
) -> BTreeMap<u16, usize> {
    let running: Vec<_> = (0..n).map(|i| tokio::spawn(request(i))).collect();
    let mut statuses = BTreeMap::new();
    for answer in join_all(running).await {
        *statuses.entry(answer.unwrap().status.as_u16()).or_insert(0) += 1;
    }
    statuses
}
