//! `souk demo`: a living marketplace in one command.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, ExitCode},
};

use contracts::{currencies::USUAL, payments::BankAccount};
use kernel::{Currency, Error, Result};

use crate::{
    commands::{Common, serve},
    compose::{CARRIER_INSIDE, SANDBOX_INSIDE},
    config::Config,
    judge::judge,
    seed::{Credentials, Size, seed},
    telemetry,
};

/// Folder of the demo's data, unless another is named.
const FOLDER: &str = "data/demo";
/// Written last: a folder without it was not seeded to the end. Names a store, and the main currency.
const SEEDED: &str = "seeded";
/// Who to log in as.
const CREDENTIALS: &str = "credentials.txt";

/// Seeds what is not seeded yet, then serves.
pub async fn run(config: Config, common: &Common, currency: Option<Currency>) -> Result<ExitCode> {
    let config = configure(config, common, currency)?;
    let dir = config.data.dir.clone();
    let is_fresh = !dir.join(SEEDED).exists();
    if is_fresh && !seeder(common, &config)?.status().map_err(Error::internal)?.success() {
        // It has said itself what went wrong.
        return Ok(ExitCode::FAILURE);
    }
    let souk = serve::start(&config, &[]).await?;
    println!("{}", welcome(&config, &dir, is_fresh)?);
    serve::serve(&config, souk, common, serve::Door::default()).await
}

/// Seeds the folder, and stops.
pub async fn set_up(config: Config, common: &Common, currency: Option<Currency>) -> Result<ExitCode> {
    let config = configure(config, common, currency)?;
    seed_anew(&config, &config.data.dir).await?;
    Ok(ExitCode::SUCCESS)
}

/// The program again, to seed the same folder.
fn seeder(common: &Common, config: &Config) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().map_err(Error::internal)?);
    command.args(["demo", "--seed-only", "--listen"]).arg(config.server.listen.to_string());
    command.arg("--data").arg(&config.data.dir);
    command.arg("--currency").arg(config.shop.currency.code());
    if let Some(file) = &common.config {
        command.arg("--config").arg(file);
    }
    Ok(command)
}

/// What a demo has unless it is told otherwise. What it was told is judged.
fn configure(mut config: Config, common: &Common, currency: Option<Currency>) -> Result<Config> {
    if common.data.is_none() && config.data.dir == Config::default().data.dir {
        config.data.dir = FOLDER.into();
    }
    // What was seeded stays priced in what it was priced in.
    match (currency, seeded(&config.data.dir)) {
        (Some(wanted), Some((_, priced_in))) if wanted != priced_in => {
            let dir = config.data.dir.display();
            let reason = format!("{dir} is a marketplace in {priced_in} already. Name an empty folder with --data.");
            return Err(Error::invalid("--currency", reason));
        }
        (_, Some((_, priced_in))) => config.shop.currency = priced_in,
        (Some(wanted), None) => config.shop.currency = wanted,
        (None, None) => {}
    }
    config.notifications.mailbox_public = true;
    if config.notifications.operator_address.is_empty() {
        config.notifications.operator_address = "admin@souk.example".to_owned();
    }
    if !config.payments.has_provider() && config.payments.sandbox.base_url.is_empty() {
        // So that there is a choice; the account is the one of the textbooks.
        config.payments.sandbox.base_url = SANDBOX_INSIDE.to_owned();
        let (holder, iban) = ("Souk".to_owned(), "DE89 3704 0044 0532 0130 00".to_owned());
        config.payments.bank_transfer.account = BankAccount { holder, iban, ..BankAccount::default() };
        config.payments.cash_on_delivery.limits_minor.insert("EUR".to_owned(), 30_000);
    }
    if !config.shipping.easypost.is_set() {
        // Labels can be bought, too; nothing is carried.
        config.shipping.easypost.base_url = CARRIER_INSIDE.to_owned();
        config.shipping.easypost.currency = config.shop.currency;
    }
    if config.log.filter == Config::default().log.filter {
        // Whoever tries the demo wants to see the shop, not its log.
        config.log.filter = "warn".to_owned();
    }
    judge(&config, &[])?;
    telemetry::log(&config.log)?;
    Ok(config)
}

async fn seed_anew(config: &Config, dir: &Path) -> Result<()> {
    let cannot = |e: std::io::Error| Error::unavailable(format!("{} cannot be prepared: {e}.", dir.display()));
    if dir.exists() && std::fs::read_dir(dir).map_err(cannot)?.next().is_some() {
        if !dir.join("identity.sqlite").exists() {
            return Err(Error::invalid(
                "--data",
                format!("{} holds something else. Name an empty folder.", dir.display()),
            ));
        }
        println!("The last seeding of {} was interrupted; it begins anew.", dir.display());
        std::fs::remove_dir_all(dir).map_err(cannot)?;
    }
    std::fs::create_dir_all(dir).map_err(cannot)?;
    println!("Setting up a marketplace in {} (once).", dir.display());
    let credentials = seed(config, Size::FULL).await?;
    let path = dir.join(CREDENTIALS);
    std::fs::write(&path, listing(&credentials)).map_err(cannot)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(cannot)?;
    let vendor = credentials.vendor_id.map(|id| id.to_string()).unwrap_or_default();
    std::fs::write(dir.join(SEEDED), format!("{vendor} {}", config.shop.currency)).map_err(cannot)
}

/// A store of a folder that was seeded to the end, and the currency in which that was done.
fn seeded(dir: &Path) -> Option<(String, Currency)> {
    let text = std::fs::read_to_string(dir.join(SEEDED)).ok()?;
    // There was no choice at first, and nothing was said of it.
    let (vendor, code) = text.split_once(' ').unwrap_or((&text, ""));
    Some((vendor.to_owned(), Currency::parse(code).unwrap_or(USUAL)))
}

fn listing(credentials: &Credentials) -> String {
    let line = |c: &crate::seed::Credential| format!("  {:8} {:32} {}\n", c.role, c.email, c.password.expose());
    credentials.people.iter().map(line).collect()
}

fn welcome(config: &Config, dir: &Path, is_fresh: bool) -> Result<String> {
    let url = config.server.public_url();
    let vendor = seeded(dir).map(|(vendor, _)| vendor).unwrap_or_default();
    let path = dir.join(CREDENTIALS);
    let who = if is_fresh {
        let credentials = std::fs::read_to_string(&path).map_err(Error::internal)?;
        format!("Log in as (made for this installation, also in {}):\n{credentials}", path.display())
    } else {
        format!("The log-ins were shown at the first start; they are in {}.\n", path.display())
    };
    Ok(format!(
        "\nSouk is open.\n\n  Storefront      {url}/\n  Vendor portal   {url}/vendor/{vendor}\n  Admin           {url}/admin\n  \
         API             {url}/api   (OpenAPI: {url}/api/openapi.json)\n  Mailbox         {url}/mailbox\n\n{who}\n\
         Pay with 4242 4242 4242 4242, or 4000 0027 6000 3184 for 3-D Secure; any later date, any CVC.\nCtrl-C stops it.\n"
    ))
}
