//! A small market: two shops with a product each, everything behind it real.

use std::{sync::Arc, time::Duration};

use contracts::{
    catalog::{CatalogClient, CategoryInput, ProductEdit, ProductInput, ProductStatus, VariantInput},
    identity::{IdentityClient, Login, Register, Tokens, VerifyEmail},
    notifications::{MessageDetail, MessageView},
    vendors::{ApplyAsVendor, Decision, VendorsClient},
};
use db::Dialect;
use kernel::{CategoryId, Currency, Identity, Page, Secret, VendorId};
use runtime::ServiceDef;
use sandbox::{RouterDeliver, Sandbox};
use testkit::{As, TestApp, admin, app::OUTSIDE};

pub(crate) const PASSWORD: &str = "correct horse battery";

fn services() -> Vec<ServiceDef> {
    let identity = identity::Settings { argon2_memory_kib: 64, argon2_iterations: 1, ..identity::Settings::default() };
    let keys = payments::SandboxSettings {
        base_url: OUTSIDE.to_owned(),
        secret_key: Secret::new("sk_test_0123456789abcdef"),
        webhook_secret: Secret::new("whsec_0123456789abcdef"),
        ..payments::SandboxSettings::default()
    };
    vec![
        identity::service(identity),
        vendors::service(vendors::Settings::default()),
        catalog::service(catalog::Settings::default()),
        inventory::service(inventory::Settings::default()),
        pricing::service(Currency::EUR),
        search::service(search::Settings::default()),
        cart::service(cart::Settings::default()),
        orders::service(orders::Settings::default()),
        payments::service(payments::Settings { sandbox: keys, ..payments::Settings::default() }),
        shipping::service(shipping::Settings::default()),
        reviews::service(reviews::Settings::default()),
        notifications::service(notifications::Settings { mailbox_public: true, ..notifications::Settings::default() }),
        analytics::service(Currency::EUR),
    ]
}

/// All services, with a payment gateway outside.
pub(crate) struct Town {
    pub app: TestApp,
    pub gateway: Sandbox,
    pub admin: Identity,
}

/// A shop and what it sells.
pub(crate) struct Shop {
    pub vendor_id: VendorId,
    pub owner: As,
    pub product: ProductEdit,
}

impl Town {
    pub(crate) async fn new(dialect: Dialect) -> Self {
        let app = TestApp::start(dialect, services()).await;
        let secret = |text: &str| Secret::new(text);
        let mut config =
            sandbox::Config::new(OUTSIDE, secret("sk_test_0123456789abcdef"), secret("whsec_0123456789abcdef"));
        config.webhook_urls = vec![format!("{OUTSIDE}/webhooks/sandbox")];
        let deliver = Arc::new(RouterDeliver(app.system.router()));
        let gateway =
            sandbox::open(config, app.clock.clone(), Arc::new(kernel::SeededRandom::new(3)), deliver).await.unwrap();
        app.outside.set(gateway.router());
        app.system.refresh_auth().await.unwrap();
        Self { app, gateway, admin: admin() }
    }

    /// Lets everything arrive, webhooks too.
    pub(crate) async fn settle(&self) {
        loop {
            self.app.settle().await;
            if self.gateway.pump().await.unwrap() == 0 {
                return;
            }
        }
    }

    /// What the gateway's journal says was captured and returned, in minor units of euros.
    pub(crate) async fn taken_and_returned(&self) -> (i64, i64) {
        let summary = self.gateway.summary().await.unwrap();
        summary.by_currency.get("EUR").map_or((0, 0), |sums| (sums.captured_minor, sums.refunded_minor))
    }

    pub(crate) async fn later(&self, seconds: u64) {
        self.app.clock.advance(Duration::from_secs(seconds));
        self.settle().await;
    }

    /// The newest mail of a template.
    pub(crate) async fn mail(&self, template: &str, to: &str) -> MessageDetail {
        let page: Page<MessageView> =
            self.app.guest().get(&format!("/api/v1/mailbox?limit=100&to={to}")).await.expect(200).json();
        let found = page.items.iter().find(|m| m.template == template);
        let id = found.unwrap_or_else(|| panic!("no {template} to {to} among {:?}", page.items)).id;
        self.app.guest().get(&format!("/api/v1/mailbox/{id}")).await.expect(200).json()
    }

    /// Registers, verifies by the link in the mail, logs in: requests with a real token.
    pub(crate) async fn person(&self, name: &str) -> As {
        let email = format!("{}@example.com", name.to_lowercase());
        let identity: IdentityClient = self.app.client();
        let register = Register {
            email: email.parse().unwrap(),
            password: Secret::new(PASSWORD),
            name: name.to_owned(),
            locale: None,
        };
        identity.register(&Identity::Anonymous, &register).await.unwrap();
        self.settle().await;
        let mail = self.mail("verify_email", &email).await;
        let token = mail.text.split("token=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        identity.verify_email(&Identity::Anonymous, &VerifyEmail { token: Secret::new(token) }).await.unwrap();
        self.log_in(&email).await
    }

    pub(crate) async fn log_in(&self, email: &str) -> As {
        let login = Login { email: email.parse().unwrap(), password: Secret::new(PASSWORD) };
        let identity: IdentityClient = self.app.client();
        let tokens: Tokens = identity.log_in(&Identity::Anonymous, &login).await.unwrap();
        self.app.guest().header("authorization", format!("Bearer {}", tokens.access_token.expose()))
    }

    pub(crate) async fn category(&self) -> CategoryId {
        let input = CategoryInput {
            name: "Kitchen".to_owned(),
            slug: None,
            description: String::new(),
            parent_id: None,
            position: 0,
            picture_url: None,
            attributes: vec![],
            seo_title: String::new(),
            seo_description: String::new(),
            translations: contracts::catalog::Translations::new(),
        };
        self.app.client::<CatalogClient>().add_category(&self.admin, &input).await.unwrap().id
    }

    /// Applies, is approved, publishes one product.
    pub(crate) async fn shop(
        &self,
        owner: &str,
        title: &str,
        price_minor: i64,
        stock: i64,
        category_id: CategoryId,
    ) -> Shop {
        let person = self.person(owner).await;
        let apply = ApplyAsVendor {
            name: format!("{owner}'s shop"),
            tagline: String::new(),
            story: String::new(),
            country: "DE".parse().unwrap(),
            city: "Berlin".to_owned(),
            contact_email: "shop@example.com".parse().unwrap(),
        };
        let vendor: contracts::vendors::VendorView = person.post("/api/v1/vendors", &apply).await.expect(201).json();
        let vendor_id = vendor.store.id;
        self.app.client::<VendorsClient>().approve(&self.admin, vendor_id, &Decision { reason: None }).await.unwrap();
        self.settle().await;
        // The membership is in the next token.
        let owner = self.log_in(&format!("{}@example.com", owner.to_lowercase())).await;
        let input = ProductInput {
            title: title.to_owned(),
            slug: None,
            summary: String::new(),
            description_html: "<p>Made by <strong>hand</strong>.</p><script>alert(1)</script>".to_owned(),
            category_id,
            currency: Currency::EUR,
            attributes: vec![],
            options: vec![],
            variants: vec![VariantInput {
                id: None,
                sku: title.to_owned(),
                options: vec![],
                price_minor,
                compare_at_minor: None,
                weight_g: 300,
                barcode: None,
                picture_id: None,
                initial_stock: Some(stock),
            }],
            tags: vec![],
            status: ProductStatus::Published,
            brand: String::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            publish_at: None,
            unpublish_at: None,
            related: vec![],
            translations: contracts::catalog::Translations::new(),
        };
        let product: ProductEdit =
            owner.post(&format!("/api/v1/vendors/{vendor_id}/products"), &input).await.expect(201).json();
        self.settle().await;
        Shop { vendor_id, owner, product }
    }
}
