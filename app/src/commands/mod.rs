//! The commands of the binary, one file each.

mod check;
mod cluster;
mod demo;
mod events;
mod migrate;
mod openapi;
mod output;
mod products;
mod scale_out;
mod serve;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use kernel::{Currency, Error, Result};

use crate::config::{Config, Overrides};

/// A self-hosted multi-vendor marketplace in one program.
#[derive(Parser)]
#[command(name = "souk", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open a living demo marketplace: seeded, served, nothing to install.
    Demo {
        #[command(flatten)]
        common: Common,
        /// Main currency of a marketplace that is set up now, such as USD. Prices are the same numbers of its minor units.
        #[arg(long, value_parser = known_currency)]
        currency: Option<Currency>,
        /// Set the marketplace up and stop; the demo does it in a process of its own, so that what it
        /// took is given back.
        #[arg(long, hide = true)]
        seed_only: bool,
    },
    /// Serve the marketplace: all services, or those named.
    Serve {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        door: serve::Door,
        /// Services to run; all if none is named.
        services: Vec<String>,
    },
    /// Serve the marketplace as many processes on this machine, over PostgreSQL and a broker.
    Cluster {
        #[command(flatten)]
        common: Common,
        /// Processes of the gateway and of each service that keeps nothing to itself.
        #[arg(long, default_value_t = 2)]
        instances: usize,
    },
    /// Bring the databases of all services (or those named) up to date, and stop.
    Migrate {
        #[command(flatten)]
        common: Common,
        /// Services to migrate; all if none is named.
        services: Vec<String>,
    },
    /// See and mend what became of events.
    #[command(subcommand)]
    Events(events::Events),
    /// Copy an embedded installation, which must be stopped, into PostgreSQL.
    ScaleOut {
        #[command(flatten)]
        common: Common,
        /// `postgres://…`, where `{service}` stands for each service's name. If left out, what
        /// `[database]` says: a password is better kept there than on a command line.
        #[arg(long)]
        to: Option<String>,
        /// Go on with a copy that was interrupted.
        #[arg(long)]
        resume: bool,
    },
    /// Run every invariant over the data. Exits with 1 if one is violated.
    Check {
        #[command(flatten)]
        common: Common,
        /// Machine-readable: one JSON object per line.
        #[arg(long)]
        json: bool,
        /// Also ask the providers of payments about every payment of the last days, and for their own lists.
        #[arg(long)]
        providers: bool,
        /// Of how many days.
        #[arg(long, default_value_t = check::DAYS, requires = "providers", value_parser = clap::value_parser!(u64).range(1..=3650))]
        days: u64,
    },
    /// Import products of a vendor from a CSV file.
    Import {
        #[command(flatten)]
        common: Common,
        /// Slug of the vendor.
        #[arg(long)]
        vendor: String,
        /// Show what would happen, write nothing.
        #[arg(long)]
        dry_run: bool,
        /// The file.
        file: PathBuf,
    },
    /// Export the products of a vendor as CSV to standard output.
    Export {
        #[command(flatten)]
        common: Common,
        /// Slug of the vendor.
        #[arg(long)]
        vendor: String,
    },
    /// Print the OpenAPI document.
    Openapi,
}

/// What every command takes.
#[derive(Args, Clone, Default)]
pub struct Common {
    /// Configuration file (`souk.toml` in the working folder if it is there).
    #[arg(long, env = "SOUK_CONFIG")]
    config: Option<PathBuf>,
    /// Address to listen on.
    #[arg(long)]
    listen: Option<std::net::SocketAddr>,
    /// Folder of databases, pictures and index.
    #[arg(long)]
    data: Option<PathBuf>,
}

impl Common {
    fn load(&self) -> Result<Config> {
        let overrides = Overrides { listen: self.listen, data: self.data.clone() };
        Config::load(self.config.as_deref(), std::env::vars(), overrides)
    }

    /// Does `work` with the configuration. Settings that are refused, now or later, are named with their place.
    async fn with<F>(&self, work: impl FnOnce(Config) -> F) -> Result<ExitCode>
    where
        F: Future<Output = Result<ExitCode>>,
    {
        let config = self.load()?;
        let places = config.places.clone();
        work(config).await.map_err(|error| places.name(error))
    }
}

/// A currency as a flag names it.
fn known_currency(code: &str) -> std::result::Result<Currency, String> {
    Currency::parse(code).map_err(|_| format!("“{code}” is not a currency Souk knows."))
}

/// Runs the command that was given.
pub async fn run(cli: Cli) -> Result<ExitCode> {
    match cli.command {
        Command::Demo { common, currency, seed_only: true } => {
            common.with(|config| demo::set_up(config, &common, currency)).await
        }
        Command::Demo { common, currency, seed_only: false } => {
            common.with(|config| demo::run(config, &common, currency)).await
        }
        Command::Serve { common, door, services } => {
            common.with(|config| serve::run(config, &common, door, &services)).await
        }
        Command::Cluster { common, instances } => common.with(|config| cluster::run(config, &common, instances)).await,
        Command::Migrate { common, services } => common.with(|config| migrate::run(config, &services)).await,
        Command::Events(what) => what.common().with(|config| events::run(config, &what)).await,
        Command::ScaleOut { common, to, resume } => common.with(|config| scale_out::run(config, to, resume)).await,
        Command::Check { common, json, providers, days } => {
            common.with(|config| check::run(config, json, providers.then_some(days))).await
        }
        Command::Import { common, vendor, dry_run, file } => {
            common.with(|config| products::import(config, &vendor, dry_run, &file)).await
        }
        Command::Export { common, vendor } => common.with(|config| products::export(config, &vendor)).await,
        Command::Openapi => openapi::run().await,
    }
}

/// An error for the terminal: what is wrong and, where it is known, why.
pub fn explain(error: &Error) -> String {
    let mut text = error.detail().to_owned();
    for field in error.fields() {
        text.push_str(&format!("\n  {}: {}", field.field, field.reason));
    }
    if let Some(cause) = error.source_text() {
        text.push_str(&format!("\n  because: {cause}"));
    }
    text
}
