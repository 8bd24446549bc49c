//! One SQLite connection: bind, step, read.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
    sync::Arc,
};

use kernel::{Error, Result};
use rusqlite::{
    CachedStatement, OpenFlags, Statement,
    config::DbConfig,
    ffi::ErrorCode,
    types::{ToSqlOutput, ValueRef},
};

use crate::{Options, Row, Synchronous, Value, error, row::Columns};

/// Prepared statements kept per connection.
const STATEMENT_CACHE: usize = 128;
/// Statements whose parameters and columns are kept per connection.
const SHAPES: usize = 256;

/// A connection with its caches. Calls are direct; nothing here waits for anything but the disk.
pub(crate) struct Connection {
    raw: rusqlite::Connection,
    shapes: Shapes,
}

impl Connection {
    /// The connection that writes.
    pub(crate) fn open_writer(path: &Path, options: &Options) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = rusqlite::Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, &e))?;
        let connection = Self::with_caches(raw);
        connection.configure(options).map_err(|e| cannot_open(path, &e))?;
        connection.configure_writer(options).map_err(|e| cannot_open(path, &e))?;
        Ok(connection)
    }

    /// A connection that cannot write.
    pub(crate) fn open_reader(path: &Path, options: &Options) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let raw = rusqlite::Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, &e))?;
        let connection = Self::with_caches(raw);
        connection.configure(options).map_err(|e| cannot_open(path, &e))?;
        Ok(connection)
    }

    /// A connection to data of its own, in memory.
    pub(crate) fn open_inline(options: &Options) -> Result<Self> {
        let path = Path::new(":memory:");
        let raw = rusqlite::Connection::open_in_memory().map_err(|e| cannot_open(path, &e))?;
        let connection = Self::with_caches(raw);
        connection.configure(options).map_err(|e| cannot_open(path, &e))?;
        Ok(connection)
    }

    fn with_caches(raw: rusqlite::Connection) -> Self {
        raw.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
        Self { raw, shapes: Shapes::default() }
    }

    /// Small caches: a process has fifteen of these databases. And what PostgreSQL means by the
    /// same text: `"name"` is never a string, `LIKE` tells capitals apart. Plans do not follow the values
    /// that are bound: otherwise a statement with `LIMIT $1` is compiled anew each time it runs.
    fn configure(&self, options: &Options) -> rusqlite::Result<()> {
        self.raw.busy_timeout(options.busy_timeout)?;
        self.raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        self.raw.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        self.raw.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        self.raw.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -1024;
             PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA case_sensitive_like = ON;",
        )
    }

    fn configure_writer(&self, options: &Options) -> rusqlite::Result<()> {
        let synchronous = match options.synchronous {
            Synchronous::Full => "FULL",
            Synchronous::Normal => "NORMAL",
            Synchronous::Off => "OFF",
        };
        self.raw.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA fullfsync = ON;
             PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 67108864;",
        ))
    }

    pub(crate) fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.query(sql, params, |row| rows.push(row))?;
        Ok(rows)
    }

    pub(crate) fn opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>> {
        let mut first = None;
        // Runs to the end: SQLite checks foreign keys of a `RETURNING` statement only there.
        self.query(sql, params, |row| {
            first.get_or_insert(row);
        })?;
        Ok(first)
    }

    pub(crate) fn exec(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let mut statement = self.raw.prepare_cached(sql).map_err(|e| from_sqlite(e, sql))?;
        let shape = self.shapes.of(&statement, sql)?;
        bind(&mut statement, &shape.parameters, sql, params)?;
        if statement.column_count() == 0 {
            return statement.raw_execute().map(|n| n as u64).map_err(|e| from_sqlite(e, sql));
        }
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next().map_err(|e| from_sqlite(e, sql))?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    pub(crate) fn script(&mut self, sql: &str) -> Result<()> {
        self.shapes.0.clear();
        self.raw.execute_batch(sql).map_err(|e| from_sqlite(e, sql))
    }

    /// Compiles `sql` and does not run it.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<()> {
        self.raw.prepare(sql).map(drop).map_err(|e| from_sqlite(e, sql))
    }

    /// `BEGIN`, `SAVEPOINT` and their like.
    pub(crate) fn control(&mut self, sql: &'static str) -> Result<()> {
        let run = self.raw.prepare_cached(sql).and_then(|mut statement| statement.raw_execute());
        run.map(drop).map_err(|e| from_sqlite(e, sql))
    }

    /// True while a transaction is open. SQLite ends one by itself when the disk is full or fails.
    pub(crate) fn is_in_transaction(&self) -> bool {
        !self.raw.is_autocommit()
    }

    /// Moves everything from the log into the file, as far as readers allow.
    pub(crate) fn checkpoint(&self) -> Result<()> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.raw.query_row(sql, [], |_| Ok(())).map_err(|e| from_sqlite(e, sql))
    }

    fn query(&mut self, sql: &str, params: &[Value], mut each: impl FnMut(Row)) -> Result<()> {
        let mut statement = self.raw.prepare_cached(sql).map_err(|e| from_sqlite(e, sql))?;
        let shape = self.shapes.of(&statement, sql)?;
        bind(&mut statement, &shape.parameters, sql, params)?;
        let mut rows = statement.raw_query();
        let mut is_first = true;
        while let Some(row) = rows.next().map_err(|e| from_sqlite(e, sql))? {
            // Asked after the first step: that is when SQLite notices a changed table.
            if is_first {
                shape.look_at(row.as_ref());
                is_first = false;
            }
            let columns = &shape.columns;
            let mut values = Vec::with_capacity(columns.len());
            for (index, name) in columns.iter().enumerate() {
                values.push(read(row.get_ref(index).map_err(|e| from_sqlite(e, sql))?, name)?);
            }
            each(Row::new(Arc::clone(columns), values.into_boxed_slice()));
        }
        Ok(())
    }
}

/// What is known of statements. The key is where the text lies, which is as good as the text for a
/// literal; the text is compared as well, for another may come to lie there.
#[derive(Default)]
struct Shapes(HashMap<(usize, usize), Shape>);

struct Shape {
    text: Box<str>,
    /// Which of the values each parameter takes, from 1.
    parameters: Box<[usize]>,
    columns: Columns,
}

impl Shapes {
    fn of(&mut self, statement: &Statement<'_>, sql: &str) -> Result<&mut Shape> {
        let key = (sql.as_ptr() as usize, sql.len());
        if self.0.len() >= SHAPES && !self.0.contains_key(&key) {
            self.0.clear();
        }
        match self.0.entry(key) {
            Entry::Occupied(known) if &*known.get().text == sql => Ok(known.into_mut()),
            new => Ok(new.insert_entry(Shape::read(statement, sql)?).into_mut()),
        }
    }
}

impl Shape {
    /// To SQLite `$2` is a *named* parameter and so is `$2::bigint`, which it takes for one name: the
    /// number is in the name, wherever and however often it occurs.
    fn read(statement: &Statement<'_>, sql: &str) -> Result<Self> {
        let number = |index| statement.parameter_name(index).and_then(parameter_number).filter(|number| *number > 0);
        let numbers = (1..=statement.parameter_count()).map(number).collect::<Option<_>>();
        let parameters = numbers.ok_or_else(|| Error::internal(format!("parameters are written $1, $2 …: {sql}")))?;
        Ok(Self { text: sql.into(), parameters, columns: Arc::default() })
    }

    /// Reads the columns' names, unless they are known; the table may have got others meanwhile.
    fn look_at(&mut self, statement: &Statement<'_>) {
        if self.columns.len() != statement.column_count() {
            self.columns = statement.column_names().map(Box::from).collect();
        }
    }
}

/// Each parameter gets the value of its number.
fn bind(statement: &mut CachedStatement<'_>, numbers: &[usize], sql: &str, params: &[Value]) -> Result<()> {
    if numbers.iter().copied().max().unwrap_or(0) != params.len() {
        return Err(wrong_count(sql, params.len()));
    }
    for (index, value) in (1..).zip(numbers.iter().filter_map(|number| params.get(number - 1))) {
        statement.raw_bind_parameter(index, Bound(value)).map_err(|e| from_sqlite(e, sql))?;
    }
    Ok(())
}

fn parameter_number(name: &str) -> Option<usize> {
    name.strip_prefix('$')?.split(':').next()?.parse().ok()
}

fn wrong_count(sql: &str, given: usize) -> Error {
    Error::internal(format!("{given} parameters do not match the statement: {sql}"))
}

/// A value as SQLite takes it; text and bytes are borrowed.
struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Int(n) => ToSqlOutput::Borrowed(ValueRef::Integer(*n)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Json(document) => ToSqlOutput::Owned(rusqlite::types::Value::Text(document.to_string())),
        })
    }
}

fn read(value: ValueRef<'_>, column: &str) -> Result<Value> {
    let bad = |reason: &str| Error::internal(format!("column {column:?}: {reason}"));
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(n) => Ok(Value::Int(n)),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes).map_err(|_| bad("the text is not UTF-8"))?;
            Ok(Value::Text(text.to_owned()))
        }
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(bad("a fraction; ask for the sum and the count instead")),
    }
}

fn cannot_open(path: &Path, cause: &rusqlite::Error) -> Error {
    error::unavailable(format!("cannot open {}: {cause}", path.display()))
}

/// SQLite's refusals as ours.
fn from_sqlite(cause: rusqlite::Error, sql: &str) -> Error {
    use rusqlite::ffi;
    let rusqlite::Error::SqliteFailure(code, message) = &cause else {
        return Error::internal(format!("{cause} in: {sql}"));
    };
    let message = message.as_deref().unwrap_or("");
    match (code.code, code.extended_code) {
        (_, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID) => {
            error::unique(message)
        }
        (_, ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_TRIGGER) => error::check(message),
        (_, ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => error::foreign_key(message),
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => error::busy(message),
        (ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen, _) => error::unavailable(message),
        _ => Error::internal(format!("{cause} in: {sql}")),
    }
}
