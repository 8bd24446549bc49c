//! Measures Souk: starts the real program, fills it through its API, drives it over real sockets,
//! and measures in the same run what the machine could do at most.

mod backlog;
mod catalogue;
mod ceiling;
mod client;
mod elsewhere;
mod import;
mod load;
mod machine;
mod process;
mod report;
mod scenarios;
mod seed;
mod server;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use clap::{Parser, Subcommand};
use kernel::{Clock, SystemClock};

use crate::{
    backlog::Backlog,
    catalogue::Catalogue,
    client::Client,
    elsewhere::{Elsewhere, Place},
    load::{Span, drive, look_at_each},
    report::{Ceiling, Report, Row},
    scenarios::Scenario,
    seed::Keeper,
    server::Server,
};

/// Anything that can go wrong ends the run with a sentence.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What the comparison with others is made at.
const PRODUCTS: usize = 10_000;
/// The search alone is measured at.
const MANY_PRODUCTS: usize = 100_000;
const SEARCHES: [Scenario; 4] = [Scenario::Suggest, Scenario::Search, Scenario::FreshSearch, Scenario::Faceted];
const READS: [Scenario; 3] = [Scenario::List, Scenario::Detail, Scenario::Search];

#[derive(Debug, Parser)]
#[command(about = "Measures Souk over real sockets, and the ceilings of the machine in the same run")]
struct Cli {
    /// Seconds counted per scenario.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Seconds before that.
    #[arg(long, default_value_t = 3)]
    warm_up: u64,
    /// Only these scenarios, such as `S2,S5`, with 10,000 products and nothing else.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Leave out the catalogues of 1,000 and 100,000 products.
    #[arg(long)]
    no_scale: bool,
    /// Leave out the demo's memory and start.
    #[arg(long)]
    no_demo: bool,
    /// Measure S2 and S5 there, too. PostgreSQL, RabbitMQ and Redis have to run on this machine, or where
    /// `SOUK_TEST_POSTGRES`, `SOUK_TEST_RABBITMQ` and `SOUK_TEST_REDIS` say.
    #[arg(long, value_delimiter = ',')]
    also: Vec<Elsewhere>,
    /// Processes of the gateway and of each service of that cluster; the figures of the page are of one.
    #[arg(long, default_value_t = 1)]
    instances: usize,
    /// Leave out one process on SQLite.
    #[arg(long)]
    no_files: bool,
    /// Measure the search and nothing else, with so many products.
    #[arg(long, num_args = 0..=1, default_missing_value = "100000")]
    search: Option<usize>,
    /// Measure the import of one file and nothing else, with so many rows.
    #[arg(long, num_args = 0..=1, default_missing_value = "100000")]
    import: Option<usize>,
    /// Use this program instead of building one.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Folder for the data; emptied first. It has to be on a real disk.
    #[arg(long, default_value = "target/souk-bench")]
    folder: PathBuf,
    /// Put the tables between the marks of this page.
    #[arg(long)]
    page: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves fixed answers by a bare handler; started by the benchmark itself.
    #[command(hide = true)]
    Ceiling { bodies: PathBuf, address: SocketAddr },
    /// Hands everything on; started by the benchmark itself.
    #[command(hide = true)]
    Proxy { behind: SocketAddr, address: SocketAddr },
    /// Measures how a backlog of events is drained, over the bus inside the process or over RabbitMQ.
    Backlog(Backlog),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    if let Some(Command::Ceiling { bodies, address }) = &cli.command {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return runtime.block_on(ceiling::serve(bodies, *address));
    }
    if let Some(Command::Proxy { behind, address }) = &cli.command {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return runtime.block_on(ceiling::proxy(*behind, *address));
    }
    if let Some(Command::Backlog(what)) = &cli.command {
        std::fs::create_dir_all(&cli.folder)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return runtime.block_on(backlog::run(what, &cli.folder));
    }
    let program = match &cli.program {
        Some(program) => program.canonicalize()?,
        None => server::build()?,
    };
    if cli.folder.exists() {
        std::fs::remove_dir_all(&cli.folder)?;
    }
    std::fs::create_dir_all(&cli.folder)?;
    let folder = cli.folder.canonicalize()?;
    let mut bench = Bench::new(cli, program, folder)?;
    // One thread for the load generator: it shares the machine with what it measures.
    let one_thread = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let Some(products) = cli.search {
        one_thread.block_on(bench.search_alone(products))?;
        println!("{}", bench.report.markdown()?);
        return bench.report.write_json(&bench.folder.join("report.json"));
    }
    if let Some(rows) = cli.import {
        one_thread.block_on(bench.import_alone(rows))?;
        println!("{}", bench.report.markdown()?);
        return bench.report.write_json(&bench.folder.join("report.json"));
    }
    if !cli.no_files {
        one_thread.block_on(bench.shop())?;
    }
    for place in &cli.also {
        one_thread.block_on(bench.elsewhere(*place))?;
    }
    if cli.only.is_empty() && !cli.no_files {
        let all_cores = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        all_cores.block_on(bench.data_layer())?;
        if !cli.no_demo {
            one_thread.block_on(bench.demo())?;
        }
    }
    let text = bench.report.markdown()?;
    println!("{text}");
    bench.report.write_json(&bench.folder.join("report.json"))?;
    cli.page.as_ref().map_or(Ok(()), |page| report::write_page(page, &text))
}

struct Bench<'a> {
    cli: &'a Cli,
    program: PathBuf,
    folder: PathBuf,
    span: Span,
    report: Report,
}

impl<'a> Bench<'a> {
    fn new(cli: &'a Cli, program: PathBuf, folder: PathBuf) -> Result<Self> {
        let report = Report {
            date: SystemClock.now().to_string(),
            commit: machine::commit(),
            machine: machine::describe(),
            load_before: machine::load(),
            sync_ms: machine::sync_ms(&folder)?,
            seconds: cli.seconds,
            rows: Vec::new(),
            facts: Vec::new(),
        };
        let span = Span { warm_up: Duration::from_secs(cli.warm_up), counted: Duration::from_secs(cli.seconds) };
        Ok(Self { cli, program, folder, span, report })
    }

    /// Those that were not left out.
    fn wanted(&self, scenarios: &[Scenario]) -> Vec<Scenario> {
        let only = &self.cli.only;
        let wanted = |scenario: &Scenario| only.is_empty() || only.iter().any(|key| key == scenario.key());
        scenarios.iter().copied().filter(wanted).collect()
    }

    /// The shop at three sizes.
    async fn shop(&mut self) -> Result<()> {
        let folder = self.folder.join("shop");
        let scale = self.cli.only.is_empty() && !self.cli.no_scale;
        let server = Server::start(&self.program, "serve", &folder, Duration::from_secs(30)).await?;
        self.report.fact("first start, empty, until ready", server.ready_after.as_secs_f64(), "s");
        let mut keeper = Keeper::set_up(&server).await?;
        let mut known = 0;
        if scale {
            let catalogue = self.grow(&server, &mut keeper, known, 1_000).await?;
            self.measure(&server, "", &catalogue, &READS).await?;
            known = 1_000;
        }
        let catalogue = self.grow(&server, &mut keeper, known, PRODUCTS).await?;
        self.measure_beside_bare(&server, &catalogue).await?;
        self.measure(&server, "", &catalogue, &[Scenario::FreshSearch, Scenario::Cart, Scenario::Checkout]).await?;
        let left = server.settle(Duration::from_secs(120)).await?;
        self.report.fact("after S5, until nothing is left to do", left.as_secs_f64(), "s");
        self.report.fact("most memory the server ever held", server.process().memory_peak_mb()?, "MB");
        server.stop().await?;

        let server = Server::start(&self.program, "serve", &folder, Duration::from_secs(30)).await?;
        self.report.fact(
            "start with 10,000 products and S5's orders, until ready",
            server.ready_after.as_secs_f64(),
            "s",
        );
        server.settle(Duration::from_secs(60)).await?;
        self.report.fact("memory after that start, idle", server.process().memory_mb()?, "MB");
        if scale {
            let catalogue = self.grow(&server, &mut keeper, PRODUCTS, MANY_PRODUCTS).await?;
            self.measure(&server, "", &catalogue, &READS).await?;
            self.searches(&server, &mut keeper, &catalogue).await?;
        }
        server.stop().await
    }

    /// The search at one size.
    async fn search_alone(&mut self, products: usize) -> Result<()> {
        let folder = self.folder.join("search");
        let server = Server::start(&self.program, "serve", &folder, Duration::from_secs(30)).await?;
        let mut keeper = Keeper::set_up(&server).await?;
        let catalogue = self.grow(&server, &mut keeper, 0, products).await?;
        self.searches(&server, &mut keeper, &catalogue).await?;
        server.stop().await
    }

    /// The import of one file of so many rows.
    async fn import_alone(&mut self, rows: usize) -> Result<()> {
        let folder = self.folder.join("import");
        let server = Server::start(&self.program, "serve", &folder, Duration::from_secs(30)).await?;
        let mut keeper = Keeper::set_up(&server).await?;
        keeper.come_back(&server).await?;
        self.report.fact("memory before the import", server.process().memory_mb()?, "MB");
        eprintln!("importing a file of {rows} rows");
        let imported = import::run(&server, &mut keeper, rows).await?;
        let import::Imported { products, megabytes, .. } = imported;
        self.report.fact(format!("file of {rows} rows, {products} products"), megabytes, "MB");
        self.report.fact("the file sent in pieces", megabytes / imported.sent.as_secs_f64(), "MB/s");
        self.report.fact("looked through and written", rows as f64 / imported.written.as_secs_f64(), "rows/s");
        self.report.fact(
            "looked through and written, by product",
            products as f64 / imported.written.as_secs_f64(),
            "products/s",
        );
        self.report.fact("most memory the server held until then", imported.memory_mb, "MB");
        self.report.fact("from there until the search finds the last product", imported.found.as_secs_f64(), "s");
        self.report.fact("most memory the server held until then, search and all", imported.memory_found_mb, "MB");
        server.stop().await
    }

    /// Suggestions and searches, at rest; then how fast everything is indexed anew while people search.
    async fn searches(&mut self, server: &Server, keeper: &mut Keeper, catalogue: &Arc<Catalogue>) -> Result<()> {
        server.settle(Duration::from_secs(300)).await?;
        self.measure(server, "", catalogue, &SEARCHES).await?;
        if !self.wanted(&[Scenario::Faceted]).is_empty() {
            let alone = keeper.index_anew(server).await?;
            server.settle(Duration::from_secs(300)).await?;
            let (address, process) = (server.address, server.process());
            let searching = drive(Scenario::Faceted, address, process, catalogue, self.span);
            let (while_serving, outcome) = tokio::join!(keeper.index_anew(server), searching);
            let products = catalogue.products as f64;
            self.report.fact("indexed anew, alone", products / alone.as_secs_f64(), "products/s");
            let what = "indexed anew while S7 runs as fast as it can";
            self.report.fact(what, products / while_serving?.as_secs_f64(), "products/s");
            self.report.rows.push(Row::new(Scenario::Faceted, "while indexed anew", catalogue.products, outcome?));
        }
        Ok(())
    }

    async fn grow(&mut self, server: &Server, keeper: &mut Keeper, from: usize, to: usize) -> Result<Arc<Catalogue>> {
        eprintln!("importing products {from} to {to}");
        let seeded = keeper.import(server, from, to).await?;
        let count = (to - from) as f64;
        self.report.fact(
            format!("import of CSV up to {to} products"),
            count / seeded.imported.as_secs_f64(),
            "products/s",
        );
        self.report.fact(
            format!("the same, until every service had taken them in ({to})"),
            count / seeded.settled.as_secs_f64(),
            "products/s",
        );
        Ok(Arc::new(seeded.catalogue))
    }

    async fn measure(
        &mut self,
        server: &Server,
        place: &'static str,
        catalogue: &Arc<Catalogue>,
        scenarios: &[Scenario],
    ) -> Result<()> {
        for scenario in self.wanted(scenarios) {
            eprintln!("{}: {}, {} products {place}", scenario.key(), scenario.about(), catalogue.products);
            if scenario == Scenario::Detail {
                let first = look_at_each(server.address, catalogue).await?;
                let what = format!("S2, first look at each of {} products {place}", catalogue.products);
                self.report.fact(what.trim_end(), first, "/s");
            }
            let outcome = drive(scenario, server.address, server.process(), catalogue, self.span).await?;
            if let Some(failure) = &outcome.first_failure {
                eprintln!("  {} failed, the first: {failure}", outcome.failures);
            }
            eprintln!("  {:.0} /s, p99 {:.2} ms", outcome.per_second, outcome.p99_ms);
            self.report.rows.push(Row::new(scenario, place, catalogue.products, outcome));
        }
        Ok(())
    }

    /// A folder with an answer of the server to each scenario that a bare handler can answer.
    async fn bodies(&self, server: &Server) -> Result<PathBuf> {
        let bodies = self.folder.join("bodies");
        std::fs::create_dir_all(&bodies)?;
        let mut client = Client::connect(server.address).await?;
        for scenario in ceiling::BARE {
            if let Some(path) = scenario.sample() {
                std::fs::write(bodies.join(scenario.key()), client.get(&path).await?.expect(200)?)?;
            }
        }
        Ok(bodies)
    }

    /// What is read, and right after each the same bytes from a bare handler: the machine is not as fast in every minute.
    async fn measure_beside_bare(&mut self, server: &Server, catalogue: &Arc<Catalogue>) -> Result<()> {
        let bodies = self.bodies(server).await?;
        let bare = Server::start_ceiling(&bodies).await?;
        for scenario in self.wanted(&ceiling::BARE) {
            self.measure(server, "", catalogue, &[scenario]).await?;
            let outcome = drive(scenario, bare.address, bare.process(), catalogue, self.span).await?;
            let bytes = std::fs::metadata(bodies.join(scenario.key()))?.len();
            eprintln!("{} ceiling: {:.0} /s with {bytes} bytes", scenario.key(), outcome.per_second);
            let ceiling = Ceiling { what: "bare axum", per_second: outcome.per_second };
            self.report.ceiling(scenario.key(), "", catalogue.products, &ceiling);
            self.report.fact(format!("{} answer", scenario.key()), bytes as f64, "bytes");
            self.report.fact(format!("{} ceiling, CPU per request", scenario.key()), outcome.server_cpu_us, "µs");
        }
        Ok(())
    }

    /// Products and checkouts somewhere else.
    async fn elsewhere(&mut self, place: Elsewhere) -> Result<()> {
        let place = place.prepare(self.cli.instances).await;
        let outcome = self.at(&place).await;
        place.leave().await.and(outcome)
    }

    async fn at(&mut self, place: &Place) -> Result<()> {
        let (folder, patience) = (self.folder.join(place.command), Duration::from_secs(120));
        let server = self.start_at(place, &folder, patience).await?;
        let mut keeper = Keeper::set_up(&server).await?;
        eprintln!("importing products 0 to {PRODUCTS} {}", place.name);
        let seeded = keeper.import(&server, 0, PRODUCTS).await?;
        let catalogue = Arc::new(seeded.catalogue);
        self.report.fact(
            format!("import of CSV {}, until every service had taken them in", place.name),
            PRODUCTS as f64 / seeded.settled.as_secs_f64(),
            "products/s",
        );
        self.measure(&server, place.name, &catalogue, &[Scenario::Detail, Scenario::Checkout]).await?;
        if place.command == "cluster" {
            self.bare_proxy(&server, place, &catalogue).await?;
        }
        server.settle(patience).await?;
        server.stop().await?;
        let server = self.start_at(place, &folder, patience).await?;
        self.report.fact(
            format!("start {} with 10,000 products and S5's orders, until ready", place.name),
            server.ready_after.as_secs_f64(),
            "s",
        );
        server.settle(patience).await?;
        self.report.fact(
            format!("memory after that start, idle, {}", place.name),
            server.process().memory_share_mb()?,
            "MB",
        );
        let mut largest: Option<(String, f64, f64)> = None;
        for (process, line) in server.process().children()? {
            let (share, mapped) = (process.memory_share_mb()?, process.memory_mb()?);
            eprintln!("  {share:.0} MB, {mapped:.0} with all of the program that it maps: {line}");
            if largest.as_ref().is_none_or(|(_, most, _)| share > *most) {
                largest = Some((load::service_of(&line).to_owned(), share, mapped));
            }
        }
        if let Some((service, share, mapped)) = largest {
            self.report.fact(format!("the largest process of it ({service})"), share, "MB");
            self.report.fact("the same with all of the program that it maps, as every process does", mapped, "MB");
        }
        server.stop().await
    }

    async fn start_at(&self, place: &Place, folder: &Path, patience: Duration) -> Result<Server> {
        let told = (place.command, place.arguments.as_slice());
        Server::start_with(&self.program, told, folder, &place.settings, patience).await
    }

    /// The same answer through a proxy that does nothing else.
    async fn bare_proxy(&mut self, server: &Server, place: &Place, catalogue: &Arc<Catalogue>) -> Result<()> {
        let bodies = self.bodies(server).await?;
        let behind = Server::start_ceiling(&bodies).await?;
        let proxy = Server::start_proxy(behind.address).await?;
        for scenario in self.wanted(&[Scenario::Detail]) {
            let outcome = drive(scenario, proxy.address, proxy.process(), catalogue, self.span).await?;
            eprintln!("{} ceiling: {:.0} /s", scenario.key(), outcome.per_second);
            let ceiling = Ceiling { what: "bare proxy", per_second: outcome.per_second };
            self.report.ceiling(scenario.key(), place.name, catalogue.products, &ceiling);
        }
        Ok(())
    }

    /// The same writes by the data layer alone.
    async fn data_layer(&mut self) -> Result<()> {
        let alone = ceiling::data_layer(&self.folder.join("layer"), self.span.counted).await?;
        for (scenario, per_second) in [(Scenario::Cart, alone.carts), (Scenario::Checkout, alone.checkouts)] {
            let what = "data layer alone";
            self.report.ceiling(scenario.key(), "", PRODUCTS, &Ceiling { what, per_second });
        }
        Ok(())
    }

    /// The demo: what it takes when nobody is there.
    async fn demo(&mut self) -> Result<()> {
        eprintln!("demo");
        let folder: &Path = &self.folder.join("demo");
        let server = Server::start(&self.program, "demo", folder, Duration::from_secs(900)).await?;
        self.report.fact("demo: first start with seeding, until ready", server.ready_after.as_secs_f64(), "s");
        server.settle(Duration::from_secs(120)).await?;
        self.report.fact("demo: idle memory of the process that seeded", server.process().memory_mb()?, "MB");
        server.stop().await?;
        let server = Server::start(&self.program, "demo", folder, Duration::from_secs(30)).await?;
        self.report.fact("demo: start on existing data, until ready", server.ready_after.as_secs_f64(), "s");
        server.settle(Duration::from_secs(120)).await?;
        self.report.fact("demo: idle memory", server.process().memory_mb()?, "MB");
        server.stop().await
    }
}
