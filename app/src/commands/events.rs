//! `souk events`: dead letters and replays, from the terminal. What is noted here is taken in by the
//! services as they run; with SQLite they run again once this program has let go of the files.

use std::process::ExitCode;

use clap::Subcommand;
use contracts::operations::{DeadLetter, Replay};
use db::Db;
use events::operate;
use kernel::{Clock, Error, Kind, PageRequest, Result, SystemClock, Timestamp};

use super::{Common, output, serve};
use crate::{compose::Souk, config::Config, installation, telemetry};

#[derive(Subcommand)]
pub enum Events {
    /// List events and jobs that were given up, oldest first.
    Dead {
        #[command(flatten)]
        common: Common,
        /// Service that gave them up; all if left out.
        #[arg(long)]
        service: Option<String>,
    },
    /// Try a dead letter again, or all of a service.
    Retry {
        #[command(flatten)]
        common: Common,
        /// Service that gave it up.
        #[arg(long)]
        service: String,
        /// All of them.
        #[arg(long, conflicts_with = "id")]
        all: bool,
        /// Which one, as `souk events dead` names it.
        #[arg(required_unless_present = "all")]
        id: Option<String>,
    },
    /// Have a service take in past events again, to rebuild what it makes of them.
    Replay {
        #[command(flatten)]
        common: Common,
        /// Service that takes them in; only some may.
        #[arg(long)]
        service: String,
        /// Time of the first, e.g. 2026-01-01T00:00:00Z; all that are kept if left out.
        #[arg(long, default_value = "1970-01-01T00:00:00Z")]
        from: Timestamp,
    },
}

impl Events {
    /// What every command takes.
    pub fn common(&self) -> &Common {
        let (Self::Dead { common, .. } | Self::Retry { common, .. } | Self::Replay { common, .. }) = self;
        common
    }
}

/// Does what was asked for.
pub async fn run(config: Config, what: &Events) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    installation::demand(&config)?;
    let souk = serve::start(&config, &[]).await?;
    let done = match what {
        Events::Dead { service, .. } => list(&souk, service.as_deref()).await,
        Events::Retry { service, id: Some(id), .. } => retry_one(&souk, service, id).await,
        Events::Retry { service, .. } => retry_all(&souk, service).await,
        Events::Replay { service, from, .. } => replay(&souk, service, *from).await,
    };
    souk.system.stop().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn list(souk: &Souk, only: Option<&str>) -> Result<()> {
    if let Some(service) = only {
        database(souk, service)?;
    }
    let mut listed = 0;
    for (service, db) in souk.system.databases() {
        if only.is_none_or(|only| only == service) {
            for letter in dead_letters(&db, service).await? {
                output::print_line(&line(&letter))?;
                listed += 1;
            }
        }
    }
    eprintln!("{listed} dead letters");
    Ok(())
}

fn line(letter: &DeadLetter) -> String {
    let DeadLetter { service, id, what, kind, subject, attempts, error, at } = letter;
    format!("{at} {service} {what} {id} {kind} {subject}, {attempts} attempts: {}", error.replace('\n', " "))
}

async fn retry_one(souk: &Souk, service: &str, id: &str) -> Result<()> {
    let db = database(souk, service)?;
    // Ids of events and jobs differ, so at most one of the two is meant.
    match try_again(&db, "event", id).await {
        Err(error) if error.is(Kind::NotFound) => try_again(&db, "job", id).await?,
        done => done?,
    }
    println!("{service}: {id} is tried again");
    Ok(())
}

async fn retry_all(souk: &Souk, service: &str) -> Result<()> {
    let db = database(souk, service)?;
    let letters = dead_letters(&db, service).await?;
    for letter in &letters {
        try_again(&db, &letter.what, &letter.id).await?;
    }
    println!("{service}: {} dead letters are tried again", letters.len());
    Ok(())
}

async fn try_again(db: &Db, what: &str, id: &str) -> Result<()> {
    operate::replay(db, &SystemClock, &Replay { what: what.to_owned(), id: id.to_owned() }).await
}

async fn replay(souk: &Souk, service: &str, from: Timestamp) -> Result<()> {
    let noted = souk.system.replay(service, from.min(SystemClock.now())).await?;
    println!("{service}: {noted} events are taken in again");
    Ok(())
}

fn database(souk: &Souk, service: &str) -> Result<Db> {
    let databases = souk.system.databases();
    databases
        .get(service)
        .cloned()
        .ok_or_else(|| Error::invalid("service", format!("There is no service “{service}”.")))
}

async fn dead_letters(db: &Db, service: &str) -> Result<Vec<DeadLetter>> {
    let (mut all, mut page) = (Vec::new(), PageRequest { limit: Some(100), after: None });
    loop {
        let found = operate::dead_letters(db, service, &page).await?;
        all.extend(found.items);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(all),
        }
    }
}
