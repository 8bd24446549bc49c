//! `souk scale-out`: copies an embedded installation that is not being served into PostgreSQL.

use std::{collections::BTreeMap, process::ExitCode};

use db::{
    Db, Location, Options,
    transfer::{Begun, Transfer},
};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Error, Result, Secret};
use runtime::ServiceDef;

use super::check;
use crate::{
    compose,
    config::Config,
    databases::{Database, Databases},
    installation,
    judge::judge,
    telemetry,
};

/// Copies everything in the data folder to `to` (or to `database.url`), compares it, checks it.
pub async fn run(mut config: Config, to: Option<String>, resume: bool) -> Result<ExitCode> {
    telemetry::log(&config.log)?;
    if let Some(url) = to {
        config.database.url = Secret::new(url);
        config.places.replace("database.url", "The flag --to");
    }
    let defs: Vec<_> = compose::wanted(&config, &[])?.into_iter().filter(ServiceDef::has_database).collect();
    if let Some(def) = defs.iter().find(|def| config.database.url(def.name).is_none()) {
        let detail = format!("Where shall “{}” go? Name a PostgreSQL by --to or in [database].", def.name);
        return Err(Error::invalid("database.url", detail));
    }
    judge(&config, &[]).map_err(|error| config.places.name(error))?;
    let sources = open_sources(&config, &defs).await?;
    let databases = Databases::new(&config, db::Synchronous::Full);
    let mut copies = Vec::new();
    for (def, from) in defs.iter().zip(&sources) {
        copies.push(Copy::prepare(&databases, def, from, resume).await?);
    }
    move_rows(&copies).await?;
    for copy in copies {
        copy.finish(&databases).await?;
    }
    for source in &sources {
        source.close().await;
    }
    println!("Every table is there, row by row the same. Checking what must hold:");
    if !check::all_holds(&config, false, None).await? {
        println!(
            "Something does not hold (see above). `souk check` on the old installation says whether it did there."
        );
        return Ok(ExitCode::FAILURE);
    }
    println!("{}", farewell(&config));
    Ok(ExitCode::SUCCESS)
}

/// The files of the installation, all of them held and up to date.
async fn open_sources(config: &Config, defs: &[ServiceDef]) -> Result<Vec<Db>> {
    let embedded = Config { database: Database::default(), ..config.clone() };
    installation::demand(&embedded)?;
    let databases = Databases::new(&embedded, db::Synchronous::Full);
    let mut sources = Vec::new();
    for def in defs {
        let db = databases.open(def.name).await?;
        def.migrate(&db).await?;
        sources.push(db);
    }
    Ok(sources)
}

/// The copy of one service.
struct Copy {
    service: &'static str,
    transfer: Transfer,
    to: Db,
    estate: Option<db::Estate>,
    begun: Begun,
}

impl Copy {
    async fn prepare(databases: &Databases, def: &ServiceDef, from: &Db, resume: bool) -> Result<Self> {
        let named =
            |e: Error| Error::new(e.kind(), e.code().to_owned(), format!("{}: {}", def.name, e.detail())).caused_by(e);
        let (to, estate) = databases.open_to_migrate(def.name).await.map_err(named)?;
        def.migrate(&to).await.map_err(named)?;
        let transfer = Transfer::new(from.clone(), to.clone()).await.map_err(named)?;
        let begun = transfer.begin(&seeds(def).await?, resume).await.map_err(named)?;
        Ok(Self { service: def.name, transfer, to, estate, begun })
    }

    async fn finish(self, databases: &Databases) -> Result<()> {
        if self.begun != Begun::Done {
            self.transfer.finish().await?;
        }
        self.to.close().await;
        match self.estate {
            Some(estate) => databases.grant(&estate).await,
            None => Ok(()),
        }
    }
}

/// What a service's migrations put into its tables.
async fn seeds(def: &ServiceDef) -> Result<BTreeMap<String, i64>> {
    let empty = Db::open(Location::SqliteMemory, Options::named(def.name)).await?;
    def.migrate(&empty).await?;
    Transfer::rows(&empty).await
}

/// Copies what is missing, then compares all of it.
async fn move_rows(copies: &[Copy]) -> Result<()> {
    let mut total = 0;
    for copy in copies {
        total += copy.transfer.size().await?;
    }
    let style = ProgressStyle::with_template("{bar:40} {percent}% {pos}/{len} rows {msg}").map_err(Error::internal)?;
    let bar = ProgressBar::new(total.unsigned_abs()).with_style(style);
    let mut behind = 0;
    for copy in copies {
        let size = copy.transfer.size().await?;
        let (mut of_tables, mut table, mut rows) = (0, String::new(), 0);
        if copy.begun != Begun::Done {
            let moved = copy.transfer.copy(|progress| {
                if progress.table != table {
                    of_tables += rows;
                }
                bar.set_position((behind + of_tables + progress.rows).unsigned_abs());
                bar.set_message(format!("{}.{}", copy.service, progress.table));
                (table, rows) = (progress.table, progress.rows);
            });
            moved.await?;
        }
        if let Some(difference) = copy.transfer.difference().await? {
            let detail = format!("The copy of {} is not the same: {difference}.", copy.service);
            return Err(Error::conflict("copy_differs", detail));
        }
        behind += size;
        let percent = if total == 0 { 100 } else { behind * 100 / total };
        bar.suspend(|| println!("{}: {size} rows copied and compared ({percent} %)", copy.service));
    }
    bar.finish_and_clear();
    Ok(())
}

fn farewell(config: &Config) -> String {
    format!(
        "Done. Put the URL into [database] of your configuration and start `souk serve` as before, with the same data \
         folder: pictures, search index and the installation's secret stay in {dir}.\n\
         The files {dir}/*.sqlite are as they were. Do not serve from them again; keep them until you are sure.",
        dir = config.data.dir.display()
    )
}
