//! The web service with stand-ins for all others.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contracts::{
    currencies::ShopCurrencies,
    identity::{AccountView, Tokens},
};
use db::Dialect;
use kernel::{AccountId, Currency, Identity, Role, Secret, SessionId, VendorMembership};
use runtime::ServiceDef;
use serde::Serialize;
use serde_json::{Value, json};
use testkit::TestApp;

use super::browser::Browser;
use crate::Settings;

/// A call that a service was sent.
#[derive(Debug, Clone)]
pub struct Asked {
    /// `POST /api/v1/orders`, without the query.
    pub what: String,
    /// The query.
    pub query: String,
    /// On whose behalf.
    pub who: Identity,
    /// Headers, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// JSON body, or null.
    pub body: Value,
}

#[derive(Default)]
struct Script {
    /// What is answered: one after the other, the last one again and again.
    answers: BTreeMap<String, Vec<(u16, Value)>>,
    asked: Vec<Asked>,
}

/// The web service, and everything around it.
#[derive(Clone)]
pub struct Stage {
    /// The application.
    pub app: Arc<TestApp>,
    script: Arc<Mutex<Script>>,
}

const SERVICES: [&str; 13] = [
    "identity",
    "vendors",
    "catalog",
    "inventory",
    "search",
    "pricing",
    "cart",
    "orders",
    "payments",
    "shipping",
    "reviews",
    "notifications",
    "analytics",
];

pub fn plain() -> Vec<ServiceDef> {
    vec![crate::service(Settings { gallery: true, ..Settings::default() })]
}

impl Stage {
    /// On SQLite, reached without https.
    pub async fn new() -> Self {
        Self::around(Arc::new(TestApp::start(Dialect::Sqlite, plain()).await))
    }
    /// On SQLite, reached by https.
    pub async fn https() -> Self {
        Self::around(Arc::new(
            TestApp::start(Dialect::Sqlite, vec![crate::service(Settings { https: true, ..Settings::default() })])
                .await,
        ))
    }
    /// Around an application that runs already.
    pub fn around(app: Arc<TestApp>) -> Self {
        let stage = Self { app, script: Arc::default() };
        for service in SERVICES {
            let script = stage.script.clone();
            stage.app.stand_in(service, Router::new().fallback(async move |request| answer(&script, request).await));
        }
        stage.says("GET /internal/identity/revocations", json!({"sessions": []}));
        stage.says("GET /api/v1/categories", super::fixtures::categories());
        stage.says("GET /api/v1/currencies", ShopCurrencies::of_one(Currency::EUR));
        stage
    }

    /// From now on `what` is answered with this.
    pub fn says(&self, what: &str, body: impl Serialize) {
        self.answers(what, 200, body);
    }
    /// From now on `what` is answered with this status.
    pub fn answers(&self, what: &str, status: u16, body: impl Serialize) {
        let body = serde_json::to_value(body).unwrap();
        self.script.lock().unwrap().answers.insert(what.to_owned(), vec![(status, body)]);
    }
    /// After what is said now, `what` is answered with this.
    pub fn then(&self, what: &str, status: u16, body: impl Serialize) {
        let body = serde_json::to_value(body).unwrap();
        self.script.lock().unwrap().answers.entry(what.to_owned()).or_default().push((status, body));
    }
    /// `what` is refused with this code, as the services refuse.
    pub fn refuses(&self, what: &str, status: u16, code: &str, detail: &str, fields: &[(&str, &str)]) {
        let errors: Vec<Value> =
            fields.iter().map(|(field, reason)| json!({"field": field, "reason": reason})).collect();
        self.answers(what, status, json!({"code": code, "detail": detail, "status": status, "errors": errors}));
    }
    /// Every call of `what` so far.
    pub fn asked(&self, what: &str) -> Vec<Asked> {
        self.script.lock().unwrap().asked.iter().filter(|asked| asked.what == what).cloned().collect()
    }
    /// The only call of `what`.
    #[track_caller]
    pub fn asked_once(&self, what: &str) -> Asked {
        let mut all = self.asked(what);
        assert_eq!(all.len(), 1, "calls of {what}: {all:?}");
        all.remove(0)
    }
    /// Forgets what was asked.
    pub fn forget(&self) {
        self.script.lock().unwrap().asked.clear();
    }

    /// Somebody's browser, without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new(self.app.system.router())
    }
    /// A browser whose owner has logged in.
    pub async fn logged_in(&self, name: &str) -> Browser {
        self.logged_in_as(name, vec![Role::Customer], Vec::new()).await
    }
    /// A browser whose owner has logged in with these roles and stores.
    pub async fn logged_in_as(&self, name: &str, roles: Vec<Role>, vendors: Vec<VendorMembership>) -> Browser {
        self.answers("POST /api/v1/sessions", 201, self.tokens(name, "first", &roles, &vendors));
        let mut browser = self.browser();
        browser.get("/login").await.expect(200);
        browser.post("/login", &[("email", "ada@example.com"), ("password", "a walk in the park")]).await.expect(303);
        self.forget();
        browser
    }
    /// Tokens as identity gives them, for ten minutes from now; `turn` tells one pair from the next.
    pub fn tokens(&self, name: &str, turn: &str, roles: &[Role], vendors: &[VendorMembership]) -> Tokens {
        let now = self.app.clock_now().seconds();
        let account = account(name, roles, vendors);
        let claims = json!({
            "iss": "souk/identity", "aud": "souk", "sub": account.id, "iat": now, "nbf": now, "exp": now + 600,
            "sid": session_of(name), "roles": roles, "vendors": vendors, "verified": account.email_verified,
        });
        let access = format!("e30.{}.{turn}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        Tokens {
            access_token: Secret::new(access),
            token_type: "Bearer".to_owned(),
            expires_in_s: 600,
            refresh_token: Secret::new(format!("refresh-{turn}")),
            session_id: session_of(name),
            account,
        }
    }
}

/// The log-in of somebody.
pub fn session_of(name: &str) -> SessionId {
    SessionId::derived("test", &[name])
}

/// Somebody's account.
pub fn account(name: &str, roles: &[Role], vendors: &[VendorMembership]) -> AccountView {
    AccountView {
        id: AccountId::derived("test", &[name]),
        email: "ada@example.com".parse().unwrap(),
        name: format!("{name} Lovelace"),
        phone: None,
        locale: "en".to_owned(),
        roles: roles.to_vec(),
        vendors: vendors.to_vec(),
        email_verified: true,
        disabled: false,
        erased_at: None,
        created_at: kernel::Timestamp::from_seconds(1_760_000_000),
        version: 3,
    }
}

/// The time on the stage.
pub trait Now {
    /// Now.
    fn clock_now(&self) -> kernel::Timestamp;
}
impl Now for TestApp {
    fn clock_now(&self) -> kernel::Timestamp {
        kernel::Clock::now(&*self.clock)
    }
}

async fn answer(script: &Mutex<Script>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let what = format!("{} {}", parts.method, parts.uri.path());
    let headers = parts.headers.iter().map(|(n, v)| (n.to_string(), v.to_str().unwrap_or_default().to_owned()));
    let mut script = script.lock().unwrap();
    script.asked.push(Asked {
        what: what.clone(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        who: parts.extensions.get::<Identity>().cloned().unwrap_or(Identity::Anonymous),
        headers: headers.collect(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    });
    let told = script
        .answers
        .get_mut(&what)
        .map(|answers| if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() });
    let missing = json!({"code": "not_found", "detail": "There is no such thing.", "status": 404});
    let (status, body) = told.unwrap_or((404, missing));
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
