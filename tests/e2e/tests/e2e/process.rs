//! The real programs as processes: started on free ports, polled until ready, killed without mercy.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use crate::{
    http::Http,
    shape::{Broker, Database, Etcd, Shape, instances},
};

/// Key and webhook secret shared by Souk and the gateway.
pub const SECRET_KEY: &str = "sk_test_end_to_end_0123456789";
const WEBHOOK_SECRET: &str = "whsec_end_to_end_0123456789";
/// How long a start may take, on a machine that does other things too.
const START: Duration = Duration::from_secs(90);
/// Ports that belong to an address: enough for two instances of everything, and for etcd.
pub const PORTS: u16 = 40;
/// Addresses, each with its ports. Above their last one begin the ports of outgoing connections.
const ADDRESSES: u16 = 340;
/// How often something awaited is looked at.
pub const POLL: Duration = Duration::from_millis(25);

/// Where cargo put a binary of the workspace, beside this test.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    let path = std::env::var_os("SOUK_E2E_BIN").map_or(folder.to_owned(), PathBuf::from).join(name);
    let profile = folder.file_name().unwrap_or_default().display();
    assert!(path.exists(), "build it first: cargo build --profile {profile} -p souk -p sandbox ({})", path.display());
    path
}

/// An address that nobody uses. It lies below the ports that the kernel gives to outgoing connections:
/// while the server is down, a client that tries to connect to one of those may be connected to itself.
/// A cluster takes the ports above it, too.
pub fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() as u16 % ADDRESSES;
    let address = |port| SocketAddr::from(([127, 0, 0, 1], port));
    loop {
        let port = 18_000 + (first + NEXT.fetch_add(1, Ordering::Relaxed)) % ADDRESSES * PORTS;
        if (port..port + PORTS).all(|port| TcpListener::bind(address(port)).is_ok()) {
            return address(port);
        }
    }
}

/// A command of ours that inherits none of our settings.
pub fn command(name: &str, dir: &Path) -> Command {
    let mut command = Command::new(binary(name));
    for (key, _) in std::env::vars().filter(|(key, _)| key.starts_with("SOUK_") || key.starts_with("SANDBOX_")) {
        command.env_remove(key);
    }
    command.current_dir(dir).stdin(Stdio::null());
    command
}

fn log(path: PathBuf) -> File {
    OpenOptions::new().create(true).append(true).open(path).expect("a log file")
}

/// Sends a signal by its name.
pub fn signal(process: u32, name: &str) -> std::io::Result<ExitStatus> {
    Command::new("kill").arg(format!("-{name}")).arg(process.to_string()).stderr(Stdio::null()).status()
}

/// The processes that `parent` has started, and whose command has `words` in it.
pub fn children_of(parent: u32, words: &str) -> Vec<u32> {
    let mut pgrep = Command::new("pgrep");
    pgrep.arg("-P").arg(parent.to_string()).args(["-f", "--"]).arg(if words.is_empty() { "." } else { words });
    let found = pgrep.output().expect("pgrep");
    String::from_utf8_lossy(&found.stdout).lines().filter_map(|line| line.parse().ok()).collect()
}

/// What a process serves, by its command; none if it has just ended.
pub fn service_of(process: u32) -> Option<String> {
    let command = std::fs::read_to_string(format!("/proc/{process}/cmdline")).ok()?;
    command.split('\0').skip_while(|word| *word != "serve").nth(1).map(str::to_owned)
}

/// A process that dies with its test.
pub struct Process {
    child: Child,
    log: PathBuf,
    /// It has processes of its own, which it ends when it is told to end.
    is_head: bool,
}

impl Process {
    pub fn start(mut command: Command, dir: &Path, name: &str) -> Self {
        let errors = dir.join(format!("{name}.err"));
        command.stdout(log(dir.join(format!("{name}.out")))).stderr(log(errors.clone()));
        let child = command.spawn().unwrap_or_else(|e| panic!("{name} does not start: {e}"));
        Self { child, log: errors, is_head: false }
    }
    /// Waits until `GET path` is answered with 200.
    pub async fn ready(&mut self, http: &Http, path: &str) {
        self.ready_within(http, path, START.as_secs()).await;
    }
    /// The same for what takes longer.
    pub async fn ready_within(&mut self, http: &Http, path: &str, seconds: u64) {
        let begin = Instant::now();
        loop {
            if http.get(path).send().await.is_ok_and(|reply| reply.status == 200) {
                return;
            }
            let ended = self.child.try_wait().expect("its state");
            assert!(
                ended.is_none() && begin.elapsed().as_secs() < seconds,
                "not ready, ended: {ended:?}\n{}",
                self.tail()
            );
            tokio::time::sleep(POLL).await;
        }
    }
    /// SIGKILL.
    pub fn kill(&mut self) {
        // Both fail only if it is gone already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
    /// Its own processes whose command has `words` in it.
    pub fn children(&self, words: &str) -> Vec<u32> {
        children_of(self.child.id(), words)
    }
    pub fn id(&self) -> u32 {
        self.child.id()
    }
    /// Sends a signal by its name: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = signal(self.child.id(), name);
        assert!(sent.is_ok_and(|status| status.success()), "the signal was not sent\n{}", self.tail());
    }
    /// Ctrl-C, and how it ended.
    pub async fn interrupt(&mut self) -> ExitStatus {
        self.signal("INT");
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("its state") {
                return status;
            }
            assert!(begin.elapsed() < START, "it does not end\n{}", self.tail());
            tokio::time::sleep(POLL).await;
        }
    }
    fn tail(&self) -> String {
        self.lines(|_, from_end| from_end <= 30)
    }
    /// What its log warns of, and its end: a failed test takes its folder away.
    pub fn troubles(&self) -> String {
        self.lines(|line, from_end| from_end <= 30 || line.contains(" WARN ") || line.contains("ERROR"))
    }
    /// Lines of its log, chosen by what they say and how far they are from its end.
    fn lines(&self, wanted: impl Fn(&str, usize) -> bool) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let wanted = lines.iter().enumerate().filter(|(n, line)| wanted(line, lines.len() - n));
        wanted.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}, where warnings are and how it ends:\n{}", self.log.display(), self.troubles());
        }
        if self.is_head && matches!(self.child.try_wait(), Ok(None)) {
            self.signal("TERM");
            let _ = self.child.wait();
        }
        self.kill();
    }
}

/// `souk serve` in a folder of its own.
pub struct Souk {
    pub dir: PathBuf,
    pub http: Http,
    pub listen: SocketAddr,
    settings: Vec<(String, String)>,
    process: Option<Process>,
    shape: Shape,
    // Fields are dropped in their order: by then nobody is connected any more.
    database: Option<Database>,
    _broker: Option<Broker>,
    etcd: Option<Etcd>,
}

/// Where tests find Redis.
fn redis_address() -> String {
    std::env::var("SOUK_TEST_REDIS").unwrap_or_else(|_| "127.0.0.1:6379".to_owned())
}

/// `redis://…`
pub fn redis_url() -> String {
    format!("redis://{}", redis_address())
}

/// Redis loses everything.
pub fn flush_redis() {
    let mut redis = TcpStream::connect(redis_address()).expect("Redis answers");
    redis.write_all(b"FLUSHALL\r\n").expect("Redis listens");
    let mut answer = [0; 5];
    redis.read_exact(&mut answer).expect("Redis answers");
    assert_eq!(&answer, b"+OK\r\n");
}

/// The clients of a test share an address and would be too many for the gateway.
pub const WITHOUT_LIMITS: (&str, &str) = ("SOUK_GATEWAY__LIMITS", "false");

impl Souk {
    /// In `dir` and the shape that is tested, without limits per client: all clients of a test share an address.
    pub fn new(dir: &Path) -> Self {
        Self::in_shape(dir, Shape::wanted())
    }
    /// The same with a file per service, whatever shape is tested.
    pub fn in_files(dir: &Path) -> Self {
        Self::in_shape(dir, Shape::Sqlite)
    }
    /// The same as a process per service, whatever shape is tested.
    pub fn in_cluster(dir: &Path) -> Self {
        Self::in_shape(dir, Shape::Cluster)
    }
    fn in_shape(dir: &Path, shape: Shape) -> Self {
        let listen = free_address();
        let database = (shape != Shape::Sqlite).then(Database::create);
        let broker = (shape == Shape::Cluster).then(Broker::new);
        let mut souk = Self {
            dir: dir.to_owned(),
            http: Http::new(format!("http://{listen}")),
            listen,
            settings: vec![(WITHOUT_LIMITS.0.to_owned(), WITHOUT_LIMITS.1.to_owned())],
            process: None,
            shape,
            database,
            _broker: None,
            etcd: None,
        };
        if let Some(url) = souk.database().map(Database::url) {
            souk.set("DATABASE__URL", &url);
            souk.set("DATABASE__MIGRATE", "never");
        }
        if let Some(broker) = broker {
            souk.set("EVENTS__BACKEND", "rabbitmq");
            souk.set("EVENTS__URL", &Broker::url());
            souk.set("EVENTS__PREFIX", &broker.prefix);
            // What is kept there ends by itself.
            souk.set("CACHE__BACKEND", "redis");
            souk.set("CACHE__URL", &redis_url());
            souk.set("CACHE__PREFIX", &broker.prefix);
            souk._broker = Some(broker);
            let etcd = Etcd::start(dir, listen);
            souk.set("DISCOVERY__BACKEND", "etcd");
            souk.set("DISCOVERY__ETCD", &format!("[\"{}\"]", etcd.url));
            souk.etcd = Some(etcd);
        }
        souk.migrate();
        souk
    }
    /// Makes tables and roles in its PostgreSQL database, if it has one: the program itself may not.
    fn migrate(&self) {
        let Some(database) = self.database() else { return };
        let mut migrate = self.command(&["migrate"]);
        let done = migrate.env("SOUK_DATABASE__ADMIN_URL", database.admin_url()).output().expect("it runs");
        assert!(done.status.success(), "souk migrate: {}", String::from_utf8_lossy(&done.stderr));
    }
    /// Address of the etcd of a cluster.
    pub fn etcd(&self) -> &str {
        &self.etcd.as_ref().expect("a cluster").url
    }
    /// Its PostgreSQL database, if it has one.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }
    /// Changes what a service has stored, behind its back.
    pub fn meddle(&self, service: &str, sql: &str) {
        match self.database() {
            Some(database) => database.with(async |client| {
                let sql = format!("SET search_path = {service}; {sql}");
                client.batch_execute(&sql).await.expect("the statement");
            }),
            None => {
                let db = rusqlite::Connection::open(self.data().join(format!("{service}.sqlite"))).expect("a database");
                db.execute_batch(sql).expect("the statement");
            }
        }
    }
    /// Another process with the same settings, the way to a database of the test's own included, and a folder of its own.
    pub fn twin(&self, dir: &Path) -> Self {
        let mut twin = Self::in_files(dir);
        twin.settings = self.settings.clone();
        twin
    }
    /// With a setting: `LOG__FILTER`, `warn`.
    pub fn set(&mut self, key: &str, value: &str) {
        self.settings.push((format!("SOUK_{key}"), value.to_owned()));
    }
    /// A command on this data, such as `check`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command("souk", &self.dir);
        command.args(arguments).arg("--data").arg(self.data());
        command.envs(self.settings.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        command
    }
    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command runs")
    }
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }
    /// Starts serving and waits until it is ready.
    pub async fn start(&mut self) {
        let instances = instances().to_string();
        let how: &[&str] = match self.shape {
            Shape::Cluster => &["cluster", "--instances", &instances],
            Shape::Sqlite | Shape::Postgres => &["serve"],
        };
        let openings = self.openings();
        let mut command = self.command(how);
        command.arg("--listen").arg(self.listen.to_string());
        let mut process = Process::start(command, &self.dir, "souk");
        process.is_head = self.shape == Shape::Cluster;
        process.ready(&self.http, "/health/ready").await;
        self.process = Some(process);
        // The link for the first admin comes before this line.
        while self.openings() == openings {
            tokio::time::sleep(POLL).await;
        }
    }
    /// How often it has said that it is open.
    fn openings(&self) -> usize {
        self.output().matches("Souk is open at").count()
    }
    /// True if it is a process per service.
    pub fn is_cluster(&self) -> bool {
        self.shape == Shape::Cluster
    }
    /// SIGKILL to the one process, and started again.
    pub async fn kill_and_start(&mut self) {
        self.process().kill();
        self.start().await;
    }
    /// SIGKILL to any process of a cluster, which starts it again itself: by `dice` one of those whose service was killed
    /// least often so far, so that nobody is spared for long. Its service; none if none runs just now.
    pub fn kill_one(&mut self, kills: &BTreeMap<String, usize>, dice: u64) -> Option<String> {
        let often = |service: &str| kills.get(service).copied().unwrap_or_default();
        let named = |process: u32| Some((service_of(process)?, process));
        let running: Vec<(String, u32)> = self.process().children("serve").into_iter().filter_map(named).collect();
        let least = running.iter().map(|(service, _)| often(service)).min()?;
        let mut due: Vec<(String, u32)> = running.into_iter().filter(|(service, _)| often(service) == least).collect();
        let (service, process) = due.swap_remove(dice as usize % due.len());
        assert!(signal(process, "KILL").is_ok(), "the kill was not sent\n{}", self.process().tail());
        Some(service)
    }
    /// Waits until every service of a cluster can be reached again.
    pub async fn is_back(&mut self) {
        // Until then the gateway may not have noticed yet who is gone.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let http = self.http.clone();
        self.process().ready(&http, "/health/ready").await;
    }
    /// PostgreSQL, where the shape has it, ends all connections.
    pub fn cut_connections(&self) {
        if let Some(database) = self.database() {
            database.cut_connections();
        }
    }
    pub fn process(&mut self) -> &mut Process {
        self.process.as_mut().expect("it was started")
    }
    /// What it has printed so far.
    pub fn output(&self) -> String {
        std::fs::read_to_string(self.dir.join("souk.out")).unwrap_or_default()
    }
    /// What it has logged so far.
    pub fn logged(&self) -> String {
        std::fs::read_to_string(self.dir.join("souk.err")).unwrap_or_default()
    }
    /// What all its processes have printed and logged so far: in a cluster each has a log of its own.
    pub fn all_logged(&self) -> String {
        let mut all = format!("{}\n{}", self.output(), self.logged());
        if self.is_cluster() {
            let logs = std::fs::read_dir(self.data().join("logs")).expect("the folder of logs");
            let mut read = 0;
            for log in logs
                .map(|entry| entry.expect("an entry").path())
                .filter(|path| path.extension() == Some("log".as_ref()))
            {
                all.push('\n');
                all.push_str(&String::from_utf8_lossy(&std::fs::read(&log).expect("a log")));
                read += 1;
            }
            assert!(read > contracts::SERVICES.len(), "only {read} logs");
        }
        all
    }
    /// Ctrl-C, which has to end well.
    pub async fn stop(&mut self) {
        let status = self.process().interrupt().await;
        assert_eq!(status.code(), Some(0), "Ctrl-C: {status}");
        self.process = None;
    }
}

/// The payment gateway as a process of its own.
pub struct Gateway {
    pub http: Http,
    _process: Process,
}

impl Gateway {
    /// Starts it for `souk`, which is told where it is. `settings` are `SANDBOX_*` variables.
    pub async fn start(souk: &mut Souk, settings: &[(&str, &str)]) -> Self {
        let listen = free_address().to_string();
        let base = format!("http://{listen}");
        souk.set("PAYMENTS__SANDBOX__BASE_URL", &base);
        souk.set("PAYMENTS__SANDBOX__SECRET_KEY", SECRET_KEY);
        souk.set("PAYMENTS__SANDBOX__WEBHOOK_SECRET", WEBHOOK_SECRET);
        let mut command = command("souk-sandbox", &souk.dir);
        command.env("SANDBOX_LISTEN", &listen).env("SANDBOX_BASE_URL", &base);
        command.env("SANDBOX_SECRET_KEY", SECRET_KEY).env("SANDBOX_WEBHOOK_SECRET", WEBHOOK_SECRET);
        command.env("SANDBOX_WEBHOOK_URLS", format!("http://{}/webhooks/sandbox", souk.listen));
        command.env("SANDBOX_JOURNAL", souk.dir.join("gateway.sqlite")).envs(settings.iter().copied());
        let mut process = Process::start(command, &souk.dir, "gateway");
        let http = Http::new(base);
        // It answers as soon as it listens; without a key the answer is 401.
        let begin = Instant::now();
        while http.get("/v1/journal/summary").send().await.is_err() {
            let ended = process.child.try_wait().expect("its state");
            assert!(ended.is_none() && begin.elapsed() < START, "the gateway is not ready\n{}", process.tail());
            tokio::time::sleep(POLL).await;
        }
        Self { http, _process: process }
    }
}
