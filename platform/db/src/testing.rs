//! A private database for a test, on either database.

use std::ops::Deref;

use kernel::{Error, Random, SystemRandom};

use crate::{Db, Dialect, Location, Options, Tx, params, postgres};

/// Where tests find PostgreSQL: the variable `SOUK_TEST_POSTGRES`, or this.
const DEFAULT_POSTGRES: &str = "postgres://postgres@127.0.0.1:5432/test";

/// A database of one test: empty at first, gone when dropped.
pub struct TestDb {
    db: Db,
    location: Location,
    /// False for the second opening of a database that somebody else removes.
    owned: bool,
}

impl TestDb {
    /// The database, to be handed on.
    pub fn db(&self) -> Db {
        self.db.clone()
    }

    /// Where it lives.
    pub fn location(&self) -> Location {
        self.location.clone()
    }

    /// The same database, on PostgreSQL, as another process has it open. The first one removes it.
    pub async fn reopened(&self) -> Self {
        self.reopened_with(Options::named("elsewhere")).await
    }

    /// The same, opened with these options.
    pub async fn reopened_with(&self, options: Options) -> Self {
        match Db::open(self.location.clone(), options).await {
            Ok(db) => Self { db, location: self.location.clone(), owned: false },
            Err(e) => panic!("{:?} cannot be opened again: {e}", self.location),
        }
    }
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    /// SQLite's file goes with the last clone of the `Db`; PostgreSQL's schema is dropped here.
    fn drop(&mut self) {
        if let (Location::Postgres { schema, .. }, true) = (&self.location, self.owned) {
            let script = format!("SET lock_timeout = '10s'; DROP SCHEMA IF EXISTS {schema} CASCADE");
            tidy_up(Some(self.db.clone()), vec![script]);
        }
    }
}

/// Closes a database, of which somebody may still have a clone that nobody uses any more, and runs scripts as
/// the administrator; on a thread of their own, for a drop cannot wait.
fn tidy_up(db: Option<Db>, scripts: Vec<String>) {
    let running = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(Error::internal)?;
        if let Some(db) = db {
            runtime.block_on(db.close());
        }
        scripts.iter().try_for_each(|script| runtime.block_on(postgres::run_script(&postgres_url(), script)))
    });
    if let Ok(Err(e)) = running.join() {
        tracing::warn!(error = %e, "something of a test is left behind in PostgreSQL");
    }
}

/// A whole database of PostgreSQL for a test, and the roles whose names begin with its name: gone when dropped.
pub struct OwnDatabase {
    name: String,
}

impl OwnDatabase {
    /// An empty one. Panics if there is none to be had.
    pub async fn new() -> Self {
        let name = format!("souk_test_{:08x}", SystemRandom.below(u64::from(u32::MAX)));
        let made = postgres::run_script(&postgres_url(), &format!("CREATE DATABASE {name}")).await;
        made.unwrap_or_else(|e| panic!("a database for the test cannot be made: {e}"));
        Self { name }
    }

    /// The administrator's URL.
    pub fn admin_url(&self) -> String {
        self.url_as(|_| Ok(()))
    }

    /// The URL of a role per service, `{service}` in its name.
    pub fn url(&self) -> String {
        let role = format!("{}_SERVICE", self.name);
        let url = self.url_as(|url| url.set_username(&role).and_then(|()| url.set_password(Some(PROGRAM_PASSWORD))));
        url.replace("SERVICE", "{service}")
    }

    fn url_as(&self, role: impl FnOnce(&mut url::Url) -> Result<(), ()>) -> String {
        let mut url = url::Url::parse(&postgres_url()).expect("the tests' PostgreSQL has a URL");
        url.set_path(&self.name);
        role(&mut url).expect("the URL takes a role");
        url.into()
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        let name = &self.name;
        let roles = format!(
            "DO $$ DECLARE r record; BEGIN
                 FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE '{name}%' LOOP EXECUTE format('DROP ROLE %I', r.rolname);
                 END LOOP; END $$"
        );
        tidy_up(None, vec![format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), roles]);
    }
}

/// The password of the roles of an [`OwnDatabase`]: a test can look for it where it must not be.
pub const PROGRAM_PASSWORD: &str = "hush-0815-hush";

/// The role that tests work as. It is no superuser, so that row-level security binds it.
const ROLE: &str = "souk_test";

/// The PostgreSQL that tests use, as its administrator.
pub fn postgres_url() -> String {
    std::env::var("SOUK_TEST_POSTGRES").unwrap_or_else(|_| DEFAULT_POSTGRES.to_owned())
}

/// An empty database of its own for the test `name`. Panics if there is none to be had.
pub async fn open_test(dialect: Dialect, name: &str) -> TestDb {
    let location = match dialect {
        Dialect::Sqlite => Location::SqliteMemory,
        Dialect::Postgres => empty_schema(name).await.unwrap_or_else(|e| panic!("PostgreSQL cannot be used: {e}")),
    };
    match Db::open(location.clone(), Options::named(name)).await {
        Ok(db) => TestDb { db, location, owned: true },
        Err(e) => panic!("no test database at {location:?}: {e}"),
    }
}

/// A schema of the role of the tests, both made here. What a test writes need not outlive the server.
async fn empty_schema(name: &str) -> kernel::Result<Location> {
    let (admin, schema) = (postgres_url(), schema_name(name));
    let mut url = url::Url::parse(&admin).map_err(Error::internal)?;
    url.set_username(ROLE).map_err(|()| Error::internal("the URL of the tests' PostgreSQL takes no role"))?;
    let password = url.password().map_or_else(String::new, |password| format!("PASSWORD '{password}'"));
    let make = format!(
        "DO $$ BEGIN CREATE ROLE {ROLE} LOGIN {password}; ALTER ROLE {ROLE} SET synchronous_commit = off;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         CREATE SCHEMA {schema} AUTHORIZATION {ROLE}"
    );
    postgres::run_script(&admin, &make).await?;
    Ok(Location::Postgres { url: url.into(), schema })
}

/// `test_<name>_<random>`, of the letters a schema may have.
fn schema_name(name: &str) -> String {
    let plain: String =
        name.to_ascii_lowercase().chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(30).collect();
    format!("test_{plain}_{:016x}", SystemRandom.below(u64::MAX))
}

/// From now on transactions on PostgreSQL meet at `table`. One that has added rows to it goes on only once another
/// waits for it; one that has changed rows, be it none of them, waits there until the first has ended. So a test
/// decides what a statement has not seen and the next one of its transaction sees.
pub async fn meet_at(db: &Db, table: &str) -> kernel::Result<()> {
    let meet = format!(
        "CREATE FUNCTION meet() RETURNS trigger LANGUAGE plpgsql AS $$
         DECLARE until timestamptz := clock_timestamp() + interval '20 s';
         BEGIN
             PERFORM pg_advisory_xact_lock(hashtext(current_schema()), {MEETING});
             WHILE TG_OP = 'INSERT' AND NOT EXISTS ({WAITING}) LOOP
                 IF clock_timestamp() > until THEN RAISE 'nobody came to the meeting'; END IF;
             END LOOP;
             RETURN NULL;
         END $$"
    );
    let send =
        format!("CREATE TRIGGER meet AFTER INSERT OR UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION meet()");
    db.write(async move |tx| {
        tx.exec(&meet, params![]).await?;
        tx.exec(&send, params![]).await.map(drop)
    })
    .await
}

/// Until a transaction has come to the meeting of [`meet_at`] and waits for the other one.
pub async fn until_one_has_come(db: &Db) -> kernel::Result<()> {
    let here = format!(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = {MEETING}
         AND classid::bigint = (hashtext(current_schema())::bigint & 4294967295)"
    );
    for _ in 0..LOOKS_MAX {
        if db.one(&here, params![]).await?.at::<i64>(0)? > 0 {
            return Ok(());
        }
    }
    Err(Error::internal("nobody came to the meeting"))
}

/// Keeps a transaction on PostgreSQL open until another one waits for it.
pub async fn until_another_waits(tx: &mut Tx) -> kernel::Result<()> {
    for _ in 0..LOOKS_MAX {
        if tx.opt(WAITING, params![]).await?.is_some() {
            return Ok(());
        }
    }
    Err(Error::internal("nobody waits for this transaction"))
}

/// Number of the lock at which transactions meet.
const MEETING: i32 = 1;
/// Somebody waits for the transaction that asks.
const WAITING: &str = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";
/// Looks at the locks before a test gives up: some seconds.
const LOOKS_MAX: u32 = 50_000;

/// A PostgreSQL of a test's own, with `wal_level = logical`. It is gone when dropped.
pub struct Cluster {
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    /// Starts one; `None`, and a line that says why, if the machine has no PostgreSQL to start.
    /// Where `CI` or `SOUK_REQUIRE_ENGINES` is set, that is a panic instead.
    pub fn start() -> Option<Self> {
        match Self::try_start() {
            Ok(cluster) => Some(cluster),
            Err(reason) if ["CI", "SOUK_REQUIRE_ENGINES"].iter().any(|name| std::env::var_os(name).is_some()) => {
                panic!("PostgreSQL must be there for this test: {reason}")
            }
            Err(reason) => {
                eprintln!("SKIPPED: a PostgreSQL for this test cannot be started: {reason}");
                None
            }
        }
    }

    fn try_start() -> Result<Self, String> {
        let folder = tempfile::Builder::new().prefix("souk-pg-").tempdir().map_err(|e| e.to_string())?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let port = listener.local_addr().map_err(|e| e.to_string())?.port();
        drop(listener);
        let cluster = Self { folder, port };
        let path = cluster.folder.path().display();
        cluster.run(&format!("initdb -D {path}/data -U postgres --auth=trust --no-sync"))?;
        cluster.run(&format!(
            "pg_ctl -D {path}/data -w -l {path}/log -o '-p {port} -k {path} -c listen_addresses=127.0.0.1 \
             -c fsync=off -c wal_level=logical' start"
        ))?;
        cluster.run(&format!("createdb -h 127.0.0.1 -p {port} -U postgres test"))?;
        Ok(cluster)
    }

    /// Its administrator's URL.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/test", self.port)
    }

    /// An empty schema of its own, as [`open_test`] makes one.
    pub async fn open_test(&self, name: &str) -> TestDb {
        let location = Location::Postgres { url: self.url(), schema: schema_name(name) };
        match Db::open(location.clone(), Options::named(name)).await {
            // It goes with the whole server.
            Ok(db) => TestDb { db, location, owned: false },
            Err(e) => panic!("{location:?}: {e}"),
        }
    }

    /// Runs one of PostgreSQL's programs, which refuse to run as root.
    fn run(&self, command: &str) -> Result<(), String> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|e| format!("/usr/lib/postgresql: {e}"))?;
        let newest = versions.flatten().map(|entry| entry.path().join("bin")).max().ok_or("no version is installed")?;
        let (command, path) = (format!("{}/{command} >/dev/null 2>&1", newest.display()), self.folder.path().display());
        let script = format!(
            "if [ $(id -u) = 0 ]; then chown postgres {path}; su postgres -c \"{command}\"; else {command}; fi"
        );
        let status = std::process::Command::new("sh").args(["-c", &script]).status().map_err(|e| e.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("`{command}` failed ({status})")) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let path = self.folder.path().display();
        if let Err(reason) = self.run(&format!("pg_ctl -D {path}/data -m immediate stop")) {
            eprintln!("the PostgreSQL of the test in {path} is left behind: {reason}");
        }
    }
}
