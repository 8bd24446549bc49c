//! Through the router, on both databases.

mod accounts;
mod addresses;
mod admin;
mod attempts;
mod erasure;
mod keys;
mod members;
mod passwords;
mod profile;
mod sessions;
mod setup;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Json, Router, http::StatusCode, routing};
use contracts::{
    identity::{AccountView, Tokens},
    notifications::{MessageStatus, MessageView, SendMessage, Template},
};
use futures::future::join_all;
use kernel::{AccountId, MessageId, Role, Secret, Timestamp};
use runtime::ServiceDef;
use serde_json::json;
use testkit::{Answer, As, TestApp};

use crate::{Settings, seed};

/// A password that nobody guesses.
const PASSWORD: &str = "a walk in the park";

/// Cheap hashes: what they cost is not what is tested.
fn settings() -> Settings {
    Settings { argon2_memory_kib: 64, argon2_iterations: 1, ..Settings::default() }
}

fn services() -> Vec<ServiceDef> {
    vec![crate::service(settings())]
}

/// Runs a test on both databases with a mailbox beside the service.
async fn on_both<F, Fut>(test: F)
where
    F: Fn(Here) -> Fut,
    Fut: Future<Output = ()>,
{
    testkit::on_both_databases(services, |app| test(Here::new(app))).await;
}

/// The service under test, and the mails it has sent.
#[derive(Clone)]
struct Here {
    app: Arc<TestApp>,
    mails: Arc<Mutex<Vec<SendMessage>>>,
    /// What the mailbox answers instead, while it is set.
    trouble: Arc<Mutex<Option<StatusCode>>>,
}

impl Here {
    fn new(app: Arc<TestApp>) -> Self {
        let here = Self { app, mails: Arc::default(), trouble: Arc::default() };
        let (mails, trouble) = (here.mails.clone(), here.trouble.clone());
        let send = move |Json(message): Json<SendMessage>| async move {
            if let Some(status) = *trouble.lock().unwrap() {
                return Err(status);
            }
            let view = MessageView {
                id: MessageId::derived("test", &[&message.key]),
                to: message.email.clone(),
                template: "mail".to_owned(),
                subject: String::new(),
                status: MessageStatus::Queued,
                attempts: 0,
                error: None,
                created_at: Timestamp(0),
                sent_at: None,
            };
            mails.lock().unwrap().push(message);
            Ok(Json(view))
        };
        here.app.stand_in("notifications", Router::new().route("/internal/messages", routing::post(send)));
        here
    }

    fn guest(&self) -> As {
        self.app.guest()
    }

    /// Whoever holds these tokens.
    fn bearer(&self, tokens: &Tokens) -> As {
        self.guest().header("authorization", format!("Bearer {}", tokens.access_token.expose()))
    }

    /// Lets events and jobs run, and the verifier fetch keys and ended sessions.
    async fn settle(&self) {
        self.app.settle().await;
        self.app.system.refresh_auth().await.unwrap();
    }

    async fn register(&self, email: &str) -> AccountView {
        let body = json!({"email": email, "password": PASSWORD, "name": "Ada Lovelace"});
        let view = self.guest().post("/api/v1/accounts", &body).await.expect(201).json();
        self.settle().await;
        view
    }

    async fn try_login(&self, email: &str, password: &str) -> Answer {
        self.guest().post("/api/v1/sessions", &json!({"email": email, "password": password})).await
    }

    async fn login(&self, email: &str) -> Tokens {
        let tokens = self.try_login(email, PASSWORD).await.expect(201).json();
        self.settle().await;
        tokens
    }

    /// An account that has logged in.
    async fn member(&self, email: &str) -> Tokens {
        self.register(email).await;
        self.login(email).await
    }

    /// An admin who has logged in.
    async fn admin(&self, email: &str) -> Tokens {
        self.seed(email, vec![Role::Customer, Role::Admin]).await;
        self.login(email).await
    }

    async fn seed(&self, email: &str, roles: Vec<Role>) -> AccountId {
        let env = self.app.system.env("identity").unwrap();
        let password_hash = seed::hash(&settings(), env.random.clone(), &Secret::new(PASSWORD)).await.unwrap();
        let new =
            seed::NewAccount { email: email.parse().unwrap(), name: "Grace Hopper".to_owned(), password_hash, roles };
        seed::account(env, new).await.unwrap()
    }

    async fn try_refresh(&self, token: &Secret) -> Answer {
        self.guest().post("/api/v1/sessions/refresh", &json!({"refresh_token": token})).await
    }

    /// Takes the mails that were sent so far.
    fn take_mails(&self) -> Vec<SendMessage> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }

    /// The token of the only mail that was sent, which is a link.
    #[track_caller]
    fn take_link(&self, page: &str) -> String {
        let mails = self.take_mails();
        assert_eq!(mails.len(), 1, "{mails:?}");
        link_of(&mails[0], page)
    }

    async fn count(&self, sql: &str) -> i64 {
        self.app.count("identity", sql).await
    }
}

/// The token in a mail with a link to `page`.
#[track_caller]
fn link_of(mail: &SendMessage, page: &str) -> String {
    let path = match &mail.template {
        Template::VerifyEmail { path, .. } | Template::ResetPassword { path, .. } => path,
        other => panic!("no link in {other:?}"),
    };
    let token =
        path.strip_prefix(&format!("{page}?token=")).unwrap_or_else(|| panic!("{path} does not lead to {page}"));
    assert_eq!(token.len(), 43, "256 bits as base64url");
    token.to_owned()
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
