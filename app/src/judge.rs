//! All settings are judged before anything is made, so that nothing starts half: no secret, no folder, no database.

use std::sync::Arc;

use db::Estate;
use kernel::{Error, Result, SystemRandom};
use runtime::{ServiceDef, discovery};

use crate::{compose, config::Config, installation, telemetry};

/// Looks at every setting of which something can be said without asking anybody: those all processes share, and those
/// of the services in `only` (all if empty).
///
/// # Errors
/// Invalid, with the key of the first setting that is wrong.
pub fn judge(config: &Config, only: &[String]) -> Result<()> {
    let wanted = compose::wanted(config, only)?;
    telemetry::filter(&config.log)?;
    installation::known_secret(config)?;
    databases(config, &wanted)?;
    compose::bus(&config.events, Arc::new(SystemRandom))?;
    compose::shared_cache(&config.cache)?;
    compose::bucket(&config.files)?;
    if !only.is_empty() {
        discovery::open(&config.discovery)?;
    }
    wanted.iter().try_for_each(|def| of_service(config, def.name))
}

/// What a service is given. Its keys of what is embedded are made later, of the secret; here any will do.
fn of_service(config: &Config, name: &str) -> Result<()> {
    let config = &compose::with_sandbox_keys(config, &[0; 32]);
    match name {
        "identity" => config.identity.check(),
        "vendors" => config.vendors.check(),
        "search" => config.search.check(),
        "payments" => config.payments.check(),
        "shipping" => config.shipping.check(),
        "notifications" => config.notifications.check(),
        _ => Ok(()),
    }
}

/// Addresses of databases; what they name may not be there yet.
fn databases(config: &Config, wanted: &[ServiceDef]) -> Result<()> {
    for def in wanted.iter().filter(|def| def.has_database()) {
        let Some(url) = config.database.url(def.name) else { continue };
        db::check_url(&url).map_err(|e| about(&config.database.key_of_url(def.name), &e))?;
        if let Some(admin) = config.database.admin_url(def.name) {
            db::check_url(&admin).map_err(|e| about(&config.database.key_of_admin_url(def.name), &e))?;
            Estate::new(&admin, &url, def.name).map_err(|e| about(&config.database.key_of_url(def.name), &e))?;
        }
    }
    Ok(())
}

/// The same complaint, about the key it came from.
fn about(key: &str, error: &Error) -> Error {
    let reason = error.fields().first().map_or(error.detail(), |field| field.reason.as_str());
    Error::invalid(key, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    /// What is said of a file, with the place.
    fn said_of(text: &str, only: &[&str]) -> String {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("souk.toml");
        std::fs::write(&path, text).unwrap();
        let data = Some(dir.path().join("data"));
        let config = Config::load(Some(&path), std::iter::empty(), Overrides { listen: None, data }).unwrap();
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let said = judge(&config, &only).map_err(|error| config.places.name(error).detail().to_owned());
        assert!(!dir.path().join("data").exists(), "something was made for {text:?}");
        said.err().unwrap_or_default().replace(&path.display().to_string(), "souk.toml")
    }

    #[tokio::test]
    async fn values_are_named_with_their_place_and_nothing_is_made() {
        for (text, begins) in [
            ("[log]\nfilter = \"souk=loud\"\n", "souk.toml:2: log.filter: "),
            ("\n[data]\nsecret = \"short\"\n", "souk.toml:3: data.secret: This must be 64 hexadecimal digits."),
            ("[database]\nurl = \"postgres://souk@db/souk?sslmode=prefer\"\n", "souk.toml:2: database.url: "),
            ("[database.services.orders]\nurl = \"::\"\n", "souk.toml:2: database.services.orders.url: "),
            ("[database.services.wishes]\nurl = \"\"\n", "souk.toml:1: database.services.wishes: There is no service"),
            ("[events]\nprefix = \"x\"\nbackend = \"rabbitmq\"\n", "souk.toml:1: events.url: The address of RabbitMQ"),
            (
                "[cache]\nbackend = \"redis\"\nurl = \"nowhere\"\n",
                "souk.toml:3: cache.url: This is no address of Redis",
            ),
            ("[files]\nbackend = \"s3\"\naccess_key = \"a\"\nsecret_key = \"b\"\n", "souk.toml:1: files.bucket: Name"),
            ("[identity]\nargon2_iterations = 0\n", "souk.toml:2: identity.argon2_iterations: "),
            ("[vendors]\ndefault_commission_bp = 10001\n", "souk.toml:2: vendors.default_commission_bp: "),
            (
                "[search]\nbackend = \"elasticsearch\"\nurls = [\"es\"]\n",
                "souk.toml:3: search.urls: One of them is no address",
            ),
            (
                "[search]\nbackend = \"elasticsearch\"\nca_file = \"none.pem\"\n",
                "souk.toml:3: search.ca_file: none.pem",
            ),
            ("[payments.sandbox]\nbase_url = \"http://s\"\n", "souk.toml:1: payments.sandbox.secret_key: Set it"),
            (
                "[payments.stripe]\nsecret_key = \"pk_test_0123456789\"\n",
                "souk.toml:2: payments.stripe.secret_key: Set a key",
            ),
            ("[payments.paypal]\nclient_id = \"app\"\n", "souk.toml:1: payments.paypal.client_secret: Set the secret"),
            (
                "[payments.xendit]\nsecret_key = \"nothing\"\n",
                "souk.toml:2: payments.xendit.secret_key: Set a secret key",
            ),
            (
                "[payments.midtrans]\nserver_key = \"short\"\n",
                "souk.toml:2: payments.midtrans.server_key: Set the server",
            ),
            (
                "[payments.bank_transfer.account]\niban = \"NL00\"\n",
                "souk.toml:2: payments.bank_transfer.account.iban: ",
            ),
            (
                "[payments.cash_on_delivery.limits_minor]\nEUR = 0\n",
                "souk.toml:1: payments.cash_on_delivery.limits_minor: ",
            ),
            ("[payments.payouts]\nhold_days = 366\n", "souk.toml:2: payments.payouts.hold_days: Hold"),
            ("[payments.invoices]\ntax_rate_bp = -1\n", "souk.toml:2: payments.invoices.tax_rate_bp: A rate"),
            ("[payments.methods.barter]\n", "souk.toml:1: payments.methods.barter: No payment provider"),
            ("[shipping.easypost]\napi_key = \"short\"\n", "souk.toml:2: shipping.easypost.api_key: Set a test key"),
            ("[notifications]\nfrom_address = \"shop\"\n", "souk.toml:2: notifications.from_address: This is not"),
            (
                "[notifications]\noperator_address = \"me\"\n",
                "souk.toml:2: notifications.operator_address: This is not",
            ),
        ] {
            let said = said_of(text, &[]);
            assert!(said.starts_with(begins), "{text:?}: {said}");
        }
        assert_eq!(said_of("", &[]), "");
    }

    #[tokio::test]
    async fn a_process_judges_what_it_runs() {
        let wrong = "[notifications]\nfrom_address = \"shop\"\n[discovery]\nbackend = \"etcd\"\netcd = []\n";
        assert_eq!(said_of(wrong, &["orders"]), "souk.toml:5: discovery.etcd: Name at least one address of etcd.");
        let wrong = "[notifications]\nfrom_address = \"shop\"\n";
        assert_eq!(said_of(wrong, &["orders"]), "");
        assert!(said_of(wrong, &["notifications"]).starts_with("souk.toml:2: notifications.from_address: "));
    }
}
