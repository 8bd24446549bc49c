//! Who is offered what, and what does not go together.

use std::{collections::BTreeMap, sync::Arc};

use contracts::payments::PaymentStatus;
use db::Dialect;
use kernel::{Country, Currency, Money, Secret};
use testkit::{TestApp, app::OUTSIDE};

use super::{PARTS, order, payment, placed, reserve, script::Script, status, terms};
use crate::{
    SandboxSettings,
    provider::{Offer, PaymentProvider, Providers, sandbox::Sandbox},
    service_with,
};

type Provider = Arc<dyn PaymentProvider>;

fn script(live: bool) -> Provider {
    let script = Script::default();
    script.state().live = live;
    Arc::new(script)
}

fn sandbox() -> Provider {
    let settings = SandboxSettings {
        base_url: OUTSIDE.to_owned(),
        secret_key: Secret::new("sk_test_0123456789"),
        webhook_secret: Secret::new("whsec_0123456789"),
        ..SandboxSettings::default()
    };
    Arc::new(Sandbox::new(settings, Arc::new(runtime::RouterOut::new(OUTSIDE).unwrap())).unwrap())
}

fn only(method: &str, countries: &[&str], currencies: &[Currency]) -> BTreeMap<String, Offer> {
    let countries = countries.iter().map(|country| country.parse().unwrap()).collect();
    BTreeMap::from([(method.to_owned(), Offer { countries, currencies: currencies.to_vec() })])
}

fn wrong(all: Vec<Provider>, offers: BTreeMap<String, Offer>) -> (String, String) {
    let error = Providers::offered(all, offers).err().expect("refused");
    (error.fields()[0].field.clone(), error.fields()[0].reason.clone())
}

#[test]
fn what_does_not_go_together_stops_the_start() {
    let (field, reason) = wrong(vec![script(false), sandbox()], BTreeMap::new());
    assert!(field == "payments" && reason.contains("“card”"), "{field}: {reason}");
    assert_eq!(wrong(vec![script(false)], only("shells", &[], &[])).0, "payments.methods.shells");
    assert!(Providers::offered(vec![script(true)], BTreeMap::new()).is_ok());
    // Two that differ in what they offer, one of which takes real money.
    assert_eq!(wrong(vec![script(true), sandbox()], BTreeMap::new()).0, "payments.sandbox.base_url");
}

#[test]
fn an_offer_is_for_countries_and_currencies() {
    let providers = Providers::offered(vec![script(false)], only("card", &["DE", "AT"], &[Currency::EUR])).unwrap();
    let offered = |country: &str, currency| {
        let country: Country = country.parse().unwrap();
        providers.offering("card", &country, Money::new(100, currency), false).is_some()
    };
    assert!(offered("DE", Currency::EUR) && offered("AT", Currency::EUR));
    assert!(!offered("FR", Currency::EUR) && !offered("DE", Currency::USD));
    assert!(providers.offering("shells", &"DE".parse().unwrap(), Money::new(100, Currency::EUR), false).is_none());
    let view = providers.methods().remove(0);
    assert_eq!((view.countries.len(), view.currencies.as_slice()), (2, [Currency::EUR].as_slice()));
}

#[tokio::test]
async fn an_order_that_names_what_is_not_offered_to_it_is_not_paid() {
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let (payouts, invoices) = (crate::PayoutSettings::default(), crate::InvoiceSettings::default());
        let def = service_with(payouts, invoices, crate::ReconcileSettings::default(), |_| {
            Providers::offered(vec![script(false)], only("card", &["FR"], &[]))
        });
        let app = TestApp::start(dialect, vec![def]).await;
        terms(&app, "ada", 1000).await;
        terms(&app, "bob", 1250).await;
        let id = order("a");
        app.deliver("payments", &placed(&app, id, Some("tok"), PARTS)).await;
        reserve(&app, id).await;
        assert_eq!(status(&app, id).await, PaymentStatus::Failed);
        assert_eq!(payment(&app, id).await.failure.as_deref(), Some("unknown_method"));
    }
}
