//! Row-level security: who sees and writes which rows.

use kernel::{VendorId, VendorScope};

use crate::{
    Db, Dialect, Estate, Location, Migration, Options, error, params,
    testing::{TestDb, open_test, postgres_url},
};

const TABLES: &str = "
    CREATE TABLE goods (id TEXT NOT NULL PRIMARY KEY, vendor_id TEXT NOT NULL, price BIGINT NOT NULL);
    CREATE TABLE terms (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL);";
const SHOP: &[Migration] = &[Migration { version: 1, name: "init", sqlite: TABLES, postgres: TABLES }];

fn scope(name: &str) -> VendorScope {
    VendorScope::of_system(VendorId::derived("test", &[name]))
}

/// Two goods of a vendor each, and terms that are nobody's.
async fn market(name: &str) -> TestDb {
    let db = open_test(Dialect::Postgres, name).await;
    db.migrate("shop", SHOP).await.unwrap();
    db.write(async |tx| {
        for (id, vendor) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("b2", "b")] {
            let insert = "INSERT INTO goods (id, vendor_id, price) VALUES ($1, $2, 5)";
            tx.exec(insert, params![id, scope(vendor).vendor_id()]).await?;
        }
        tx.exec("INSERT INTO terms (id, text) VALUES ('t', 'all')", params![]).await
    })
    .await
    .unwrap();
    db
}

async fn ids(db: &Db) -> Vec<String> {
    let rows = db.all("SELECT id FROM goods ORDER BY id", params![]).await.unwrap();
    rows.iter().map(|row| row.at(0).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_sees_its_own_rows_whatever_the_statement_says() {
    let db = market("fences_reads").await;
    let (a, b) = (db.as_vendor(&scope("a")), db.as_vendor(&scope("b")));
    assert_eq!((ids(&a).await, ids(&b).await), (vec!["a1".into(), "a2".into()], vec!["b1".into(), "b2".into()]));
    assert_eq!(ids(&db).await.len(), 4, "the platform sees all, on the same connections");
    assert_eq!(ids(&db.as_vendor(&scope("c"))).await, [] as [&str; 0]);
    assert!(a.opt("SELECT id FROM goods WHERE id = $1", params!["b1"]).await.unwrap().is_none());
    let all = a.one("SELECT count(*) FROM terms", params![]).await.unwrap();
    assert_eq!(all.at::<i64>(0).unwrap(), 1, "what is nobody's is everybody's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_writes_its_own_rows_alone() {
    let db = market("fences_writes").await;
    let a = db.as_vendor(&scope("a"));
    let changed = a.write(async |tx| tx.exec("UPDATE goods SET price = 9", params![]).await).await.unwrap();
    assert_eq!(changed, 2);
    assert_eq!(a.write(async |tx| tx.exec("DELETE FROM goods WHERE id = 'b1'", params![]).await).await.unwrap(), 0);
    let intruder = scope("b").vendor_id();
    let refused = a.write(async move |tx| {
        tx.exec("INSERT INTO goods (id, vendor_id, price) VALUES ('b3', $1, 1)", params![intruder]).await
    });
    assert!(refused.await.unwrap_err().source_text().unwrap_or_default().contains("row-level security"));
    let given = a.write(async move |tx| tx.exec("UPDATE goods SET vendor_id = $1", params![intruder]).await);
    assert!(given.await.is_err(), "nor can it give a row away");
    let sums = "SELECT vendor_id, CAST(sum(price) AS BIGINT) AS sum FROM goods GROUP BY vendor_id ORDER BY sum";
    let sums: Vec<i64> = db.all(sums, params![]).await.unwrap().iter().map(|row| row.get("sum").unwrap()).collect();
    assert_eq!(sums, [10, 18]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_fails_leaves_no_trace_on_its_connection() {
    let db = market("fences_failed").await;
    let a = db.as_vendor(&scope("a"));
    for _ in 0..10 {
        assert!(a.all("SELECT 1 / (price - price) FROM goods", params![]).await.is_err());
        assert_eq!(ids(&db).await.len(), 4);
        assert_eq!(ids(&a).await.len(), 2);
    }
    let reads = (0..50).map(|n| {
        let (db, a) = (db.db(), a.clone());
        async move { if n % 2 == 0 { (n, ids(&a).await.len()) } else { (n, ids(&db).await.len()) } }
    });
    for (n, seen) in futures::future::join_all(reads).await {
        assert_eq!(seen, if n % 2 == 0 { 2 } else { 4 });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_sees_nothing() {
    let db = market("fences_nothing").await;
    for unset in ["SET LOCAL souk.scope TO DEFAULT", "SET LOCAL souk.scope = ''"] {
        let seen = db.write(async move |tx| {
            tx.script(unset).await?;
            tx.one("SELECT (SELECT count(*) FROM goods) AS goods, (SELECT count(*) FROM terms) AS terms", params![])
                .await
        });
        let seen = seen.await.unwrap();
        assert_eq!((seen.get::<i64>("goods").unwrap(), seen.get::<i64>("terms").unwrap()), (0, 1), "{unset}");
    }
    assert_eq!(ids(&db).await.len(), 4);
}

/// An installation as an administrator sets it up: a schema, an owner and a role of the program.
struct Installed {
    schema: String,
    role: String,
    estate: Estate,
}

impl Installed {
    async fn new(name: &str) -> Self {
        let name = format!("{name}_{:08x}", kernel::Random::below(&kernel::SystemRandom, u64::from(u32::MAX)));
        let (schema, role) = (format!("estate_{name}"), format!("program_{name}"));
        let estate = Estate::new(&postgres_url(), &Self::url(&role), &schema).unwrap();
        estate.prepare().await.unwrap();
        Self { schema, role, estate }
    }

    fn url(role: &str) -> String {
        let mut url = url::Url::parse(&postgres_url()).unwrap();
        url.set_username(role).unwrap();
        url.set_password(Some("pa'ss")).unwrap();
        url.into()
    }

    async fn program(&self) -> Db {
        let location = Location::Postgres { url: Self::url(&self.role), schema: self.schema.clone() };
        Db::open(location, Options { make_schema: false, ..Options::named("program") }).await.unwrap()
    }

    async fn remove(self) {
        let Self { schema, role, .. } = self;
        let drop =
            format!("DROP SCHEMA {schema} CASCADE; DROP OWNED BY {role}; DROP ROLE {role}; DROP ROLE {role}_owner");
        crate::postgres::run_script(&postgres_url(), &drop).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_works_on_tables_it_does_not_own() {
    let installed = Installed::new("work").await;
    let owner = installed.estate.open(Options::named("owner")).await.unwrap();
    owner.migrate("shop", SHOP).await.unwrap();
    owner.write(async |tx| tx.script("COMMENT ON TABLE terms IS 'append-only'").await).await.unwrap();
    owner.close().await;
    installed.estate.grant().await.unwrap();
    installed.estate.prepare().await.unwrap();
    installed.estate.grant().await.unwrap();

    let db = installed.program().await;
    assert_eq!(db.pending("shop", SHOP).await.unwrap(), [] as [u32; 0]);
    assert_eq!(db.migrate("shop", SHOP).await.unwrap(), 0, "nothing to do needs no right to do it");
    let id = scope("a").vendor_id();
    db.write(async move |tx| {
        tx.exec("INSERT INTO goods (id, vendor_id, price) VALUES ('a1', $1, 5)", params![id]).await?;
        tx.exec("UPDATE goods SET price = 6", params![]).await?;
        tx.exec("INSERT INTO terms (id, text) VALUES ('t', 'first')", params![]).await
    })
    .await
    .unwrap();
    assert_eq!(ids(&db.as_vendor(&scope("b"))).await, [] as [&str; 0]);
    for refused in [
        "UPDATE terms SET text = 'second'",
        "DELETE FROM terms",
        "TRUNCATE goods",
        "DROP TABLE goods",
        "ALTER TABLE goods DISABLE ROW LEVEL SECURITY",
        "DELETE FROM schema_migrations",
        "CREATE TABLE own (id TEXT)",
        "SET ROLE postgres",
    ] {
        let error = db.write(async move |tx| tx.exec(refused, params![]).await).await.unwrap_err();
        let text = error.source_text().unwrap_or_default();
        assert!(text.contains("permission denied") || text.contains("must be owner"), "{refused}: {text}");
    }
    let kept = db.one("SELECT (SELECT price FROM goods) AS price, (SELECT text FROM terms) AS text", params![]).await;
    let kept = kept.unwrap();
    assert_eq!((kept.get::<i64>("price").unwrap(), kept.get::<String>("text").unwrap()), (6, "first".to_owned()));
    db.close().await;
    installed.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_role_had_made_comes_into_the_owners_hands() {
    let (admin, installed) = (postgres_url(), Installed::new("taken").await);
    let location = Location::Postgres { url: admin.clone(), schema: installed.schema.clone() };
    let before = Db::open(location, Options::named("before")).await.unwrap();
    before.migrate("shop", SHOP).await.unwrap();
    before.close().await;
    installed.estate.prepare().await.unwrap();
    let owner = installed.estate.open(Options::named("owner")).await.unwrap();
    let owners = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user";
    assert_eq!(owner.one(owners, params![]).await.unwrap().at::<i64>(0).unwrap(), 3);
    owner.close().await;
    installed.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfit_roles_and_missing_schemas_are_refused() {
    let admin = postgres_url();
    let refused = Estate::new(&admin, &admin, "shop").err().unwrap();
    assert!(refused.detail().is_empty() || refused.fields()[0].reason.contains("must not own"), "{refused:?}");
    assert!(Estate::new(&admin, "postgres://nasty%22name@127.0.0.1/test", "shop").is_err());
    let location = Location::Postgres { url: admin, schema: "no_such_schema".to_owned() };
    let missing = Db::open(location, Options { make_schema: false, ..Options::named("none") }).await.unwrap_err();
    assert!(missing.detail().contains("`souk migrate no_such_schema`"), "{missing}");
    assert_ne!(missing.code(), error::CLOSED);
}
