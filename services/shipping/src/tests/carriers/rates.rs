use contracts::shipping::{CarrierRate, MethodsChanged};
use sandbox::carrier::CarrierFault;

use super::*;

fn methods_path(of: &str) -> String {
    format!("/api/v1/vendors/{}/shipping-methods", vendor(of))
}

fn by_carrier(countries: &[&str]) -> MethodInput {
    let countries = countries.iter().map(|code| code.parse().unwrap()).collect();
    MethodInput { countries, carrier_rate: true, ..express() }
}

/// What was told last of ada's methods, and how often it was told.
async fn told(world: &World) -> (usize, Vec<CarrierRate>) {
    let mut told = world.app.published::<MethodsChanged>("shipping").await;
    (told.len(), told.pop().map(|last| last.rates).unwrap_or_default())
}

fn price(rates: &[CarrierRate], country: &str, up_to_g: i64) -> i64 {
    let fits = |rate: &&CarrierRate| rate.country.as_str() == country && rate.up_to_g == up_to_g;
    rates.iter().find(fits).unwrap().price.amount_minor
}

#[tokio::test]
async fn prices_are_asked_for_in_the_background_and_the_last_good_ones_stay() {
    each(|world| async move {
        let ada = staff(&world.app, "ada");
        ada.post(&methods_path("ada"), &by_carrier(&["DE", "AT"])).await.expect(201);
        assert_eq!(told(&world).await, (1, vec![]));
        assert!(world.fake.calls().is_empty(), "nobody waits for the carrier");
        world.pass(300).await;
        let (times, rates) = told(&world).await;
        assert_eq!((times, rates.len()), (2, 14));
        assert_eq!([500, 2_000, 5_000].map(|up_to_g| price(&rates, "DE", up_to_g)), [420, 420, 660]);
        assert_eq!(price(&rates, "AT", 500), 870);

        // A day later the carrier has a bad day: what was good stays, with its age, and nothing is told.
        (0..14).for_each(|_| world.fake.fault("/shipments", CarrierFault::Broken));
        world.app.advance(Duration::from_secs(24 * 3600)).await;
        assert_eq!(told(&world).await, (2, rates.clone()));
        world.app.advance(Duration::from_secs(3600)).await;
        let (times, again) = told(&world).await;
        assert_eq!((times, again.len(), price(&again, "AT", 500)), (3, 14, 870));
        assert!(again[0].at > rates[0].at);
        assert_eq!(world.sold(), [0; 0], "nothing was bought");
    })
    .await;
}

#[tokio::test]
async fn methods_that_nobody_can_price_are_refused() {
    let world = World::start(Dialect::Sqlite, settings()).await;
    let ada = staff(&world.app, "ada");
    let many = ["AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "IT", "NL", "PL"];
    for countries in [&[][..], &["BR"], &many] {
        ada.post(&methods_path("ada"), &by_carrier(countries)).await.expect_invalid("countries");
    }
    assert!(world.app.published::<MethodsChanged>("shipping").await.is_empty());
    let app = TestApp::start(Dialect::Sqlite, defs()).await;
    let refused = staff(&app, "ada").post(&methods_path("ada"), &by_carrier(&["DE"])).await;
    refused.expect_invalid("carrier_rate");
    assert_eq!(app.count("shipping", "SELECT count(*) FROM carrier_rates").await, 0);
}
