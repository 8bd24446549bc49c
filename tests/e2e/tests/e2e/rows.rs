//! What is in the databases, to see that a refused request has changed nothing.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use rusqlite::{Connection, OpenFlags, types::ValueRef};
use tokio_postgres::Client;

use crate::process::Souk;

/// Tables that move by themselves: deliveries, timers, counted attempts to log in.
const RESTLESS: &[&str] = &[
    "outbox",
    "inbox",
    "inbox_pending",
    "jobs",
    "login_attempts",
    "sessions",
    "signing_keys",
    "journal_cursors",
    "counter",
];

/// Number of rows and hash of the content, by database and table.
pub type Rows = BTreeMap<String, (usize, u64)>;

/// Reads every table of every database.
pub fn read(souk: &Souk) -> Rows {
    let rows = match souk.database() {
        Some(database) => database.with(on_postgres),
        None => in_files(&souk.data()),
    };
    assert!(rows.len() > 30, "too few tables: {rows:?}");
    rows
}

/// Everything that every table holds, restless ones too: texts with the name of their database and table.
pub fn texts(souk: &Souk) -> Vec<(String, String)> {
    let texts = match souk.database() {
        Some(database) => database.with(texts_on_postgres),
        None => texts_in_files(&souk.data()),
    };
    assert!(texts.len() > 100, "too few texts: {}", texts.len());
    texts
}

/// Rows as texts.
async fn texts_on_postgres(client: Client) -> Vec<(String, String)> {
    let tables =
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let mut texts = Vec::new();
    for table in client.query(tables, &[]).await.expect("the tables") {
        let (service, table): (String, String) = (table.get(0), table.get(1));
        let sql = format!("SELECT t::text FROM \"{service}\".\"{table}\" t");
        let rows = client.query(&sql, &[]).await.expect("its content");
        texts.extend(rows.iter().map(|row| (format!("{service}.{table}"), row.get::<_, String>(0))));
    }
    texts
}

fn texts_in_files(data: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(data).expect("the data folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "sqlite") {
            continue;
        }
        let service = path.file_stem().unwrap_or_default().display().to_string();
        let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
        for table in tables(&db) {
            let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
            let columns = statement.column_count();
            let mut rows = statement.query([]).expect("its rows");
            while let Some(row) = rows.next().expect("a row") {
                for column in 0..columns {
                    let text = match row.get_ref(column).expect("a value") {
                        ValueRef::Null | ValueRef::Real(_) => continue,
                        ValueRef::Integer(value) => value.to_string(),
                        ValueRef::Text(value) | ValueRef::Blob(value) => String::from_utf8_lossy(value).into_owned(),
                    };
                    texts.push((format!("{service}.{table}"), text));
                }
            }
        }
    }
    texts
}

/// A schema per service. The order of rows does not matter: their hashes are added up.
async fn on_postgres(client: Client) -> Rows {
    let tables =
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let mut rows = Rows::new();
    for table in client.query(tables, &[]).await.expect("the tables") {
        let (service, table): (String, String) = (table.get(0), table.get(1));
        if RESTLESS.contains(&table.as_str()) {
            continue;
        }
        let sql = format!(
            "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM \"{service}\".\"{table}\" t"
        );
        let row = client.query_one(&sql, &[]).await.expect("its content");
        let (count, sum): (i64, String) = (row.get(0), row.get(1));
        let mut hasher = DefaultHasher::new();
        sum.hash(&mut hasher);
        rows.insert(format!("{service}.{table}"), (count as usize, hasher.finish()));
    }
    rows
}

/// A file per service.
fn in_files(data: &Path) -> Rows {
    let mut rows = Rows::new();
    for entry in std::fs::read_dir(data).expect("the data folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "sqlite") {
            let service = path.file_stem().unwrap_or_default().display().to_string();
            let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
            for table in tables(&db).into_iter().filter(|table| !RESTLESS.contains(&table.as_str())) {
                rows.insert(format!("{service}.{table}"), content(&db, &table));
            }
        }
    }
    rows
}

/// What differs.
pub fn difference(before: &Rows, after: &Rows) -> Vec<String> {
    let changed = after.iter().filter(|(table, rows)| before.get(*table) != Some(rows));
    changed.map(|(table, rows)| format!("{table}: {:?} became {rows:?}", before.get(table))).collect()
}

fn tables(db: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut statement = db.prepare(sql).expect("the schema");
    let names = statement.query_map([], |row| row.get(0)).expect("its tables");
    names.map(|name| name.expect("a name")).collect()
}

/// The order of rows does not matter: their hashes are added up.
fn content(db: &Connection, table: &str) -> (usize, u64) {
    let mut statement = db.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("its rows");
    let (mut count, mut sum) = (0, 0_u64);
    while let Some(row) = rows.next().expect("a row") {
        let mut hasher = DefaultHasher::new();
        for column in 0..columns {
            match row.get_ref(column).expect("a value") {
                ValueRef::Null => 0_u8.hash(&mut hasher),
                ValueRef::Integer(value) => value.hash(&mut hasher),
                ValueRef::Real(value) => value.to_bits().hash(&mut hasher),
                ValueRef::Text(value) | ValueRef::Blob(value) => value.hash(&mut hasher),
            }
        }
        count += 1;
        sum = sum.wrapping_add(hasher.finish());
    }
    (count, sum)
}
