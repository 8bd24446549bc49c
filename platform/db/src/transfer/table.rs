//! One table on both sides: its columns, its rows in the order of their keys, its checksum.

use kernel::{Error, Result};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::{Db, Row, Value, params};

/// Rows read at once to be compared.
const BATCH: i64 = 5_000;

/// A table that both sides have.
pub(super) struct Table {
    pub(super) name: String,
    columns: Vec<Column>,
    /// Columns of the primary key, in its order.
    key: Vec<String>,
    /// The column that numbers itself.
    pub(super) counter: Option<String>,
}

struct Column {
    name: String,
    kind: Kind,
}

/// What PostgreSQL takes the column's content for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Bytes,
    Document,
}

/// Tables of an embedded database, except the list of migrations.
pub(super) async fn names(db: &Db) -> Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
               AND name <> 'schema_migrations' ORDER BY name";
    db.all(sql, params![]).await?.iter().map(|row| row.get("name")).collect()
}

impl Table {
    /// All tables of `from`, each of which `to` must have with the same columns.
    pub(super) async fn all(from: &Db, to: &Db) -> Result<Vec<Self>> {
        let mut tables = Vec::new();
        for name in names(from).await? {
            tables.push(Self::read(from, to, name).await?);
        }
        Ok(tables)
    }

    async fn read(from: &Db, to: &Db, name: String) -> Result<Self> {
        let here = from.all("SELECT name, pk FROM pragma_table_info($1) ORDER BY name", params![&name]).await?;
        let there = to
            .all(
                "SELECT attname::text AS name, format_type(atttypid, NULL) AS type, attidentity <> '' AS counts
                 FROM pg_attribute WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped
                 ORDER BY attname COLLATE \"C\"",
                params![&name],
            )
            .await?;
        let mut key: Vec<(i64, String)> = Vec::new();
        let mut names = Vec::new();
        for row in &here {
            names.push(row.get::<String>("name")?);
            if row.get::<i64>("pk")? > 0 {
                key.push((row.get("pk")?, row.get("name")?));
            }
        }
        key.sort();
        let columns = there.iter().map(Column::read).collect::<Result<Vec<_>>>()?;
        if key.is_empty() || !columns.iter().map(|column| &column.name).eq(names.iter()) {
            let detail = format!("The table “{name}” is not the same on both sides. Migrate both with this program.");
            return Err(Error::conflict("tables_differ", detail));
        }
        let mut counter = None;
        for row in &there {
            if row.get::<bool>("counts")? {
                counter = Some(row.get("name")?);
            }
        }
        Ok(Self { name, columns, key: key.into_iter().map(|(_, name)| name).collect(), counter })
    }

    pub(super) async fn count(&self, db: &Db) -> Result<i64> {
        db.one(&format!("SELECT count(*) FROM \"{}\"", self.name), params![]).await?.at(0)
    }

    /// At most `limit` rows behind the key `after`, in the order of keys.
    pub(super) async fn after(&self, db: &Db, after: Option<&[Json]>, limit: i64) -> Result<Vec<Row>> {
        let columns = quoted(self.columns.iter().map(|column| &column.name));
        let key = quoted(self.key.iter());
        let mut values = params![limit];
        let mut beyond = String::new();
        if let Some(after) = after {
            values.extend(after.iter().map(value));
            let places: Vec<String> = (2..=values.len()).map(|n| format!("${n}")).collect();
            beyond = format!("WHERE ({key}) > ({})", places.join(", "));
        }
        db.all(&format!("SELECT {columns} FROM \"{}\" {beyond} ORDER BY {key} LIMIT $1", self.name), values).await
    }

    /// The key of a row.
    pub(super) fn key(&self, row: &Row) -> Result<Vec<Json>> {
        self.key
            .iter()
            .map(|name| match row.get::<Value>(name)? {
                Value::Int(n) => Ok(Json::from(n)),
                Value::Text(text) => Ok(Json::from(text)),
                other => Err(Error::internal(format!("{}.{name} is {} in a key", self.name, other.type_name()))),
            })
            .collect()
    }

    /// Inserts rows that come as one document.
    pub(super) fn insert(&self) -> String {
        let (name, columns) = (&self.name, quoted(self.columns.iter().map(|column| &column.name)));
        format!(
            "INSERT INTO \"{name}\" ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::\"{name}\", $1)"
        )
    }

    /// Rows as that document.
    pub(super) fn documents(&self, rows: &[Row]) -> Result<Json> {
        let document = |row: &Row| -> Result<Json> {
            let mut members = serde_json::Map::new();
            for Column { name, kind } in &self.columns {
                let content = match (row.get::<Value>(name)?, kind) {
                    (Value::Null, _) => Json::Null,
                    (Value::Int(n), _) => Json::from(n),
                    (Value::Text(text), Kind::Document) => serde_json::from_str(&text)?,
                    (Value::Text(text), _) => Json::from(text),
                    (Value::Bytes(bytes), _) => Json::from(format!("\\x{}", hex::encode(bytes))),
                    (Value::Json(document), _) => document,
                };
                members.insert(name.clone(), content);
            }
            Ok(Json::Object(members))
        };
        rows.iter().map(document).collect()
    }

    /// Number of rows, and a checksum of their contents in the order of keys: the same on both sides
    /// if and only if the same is there.
    pub(super) async fn digest(&self, db: &Db) -> Result<(i64, String)> {
        let (mut sum, mut rows, mut after) = (Sha256::new(), 0, None);
        loop {
            let batch = self.after(db, after.as_deref(), BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = Some(self.key(last)?);
            for row in &batch {
                rows += 1;
                for column in &self.columns {
                    let content = column.canonical(&row.get(&column.name)?)?;
                    sum.update(content.len().to_be_bytes());
                    sum.update(&content);
                }
            }
        }
        Ok((rows, hex::encode(&sum.finalize()[..8])))
    }

    /// The statement, with its values, after which the target numbers new rows as `from` would.
    pub(super) async fn go_on_counting(&self, from: &Db) -> Result<(String, Vec<Value>)> {
        let last = from.opt("SELECT seq FROM sqlite_sequence WHERE name = $1", params![&self.name]).await?;
        let last: i64 = last.map_or(Ok(0), |row| row.at(0))?;
        let sequence = "pg_get_serial_sequence(quote_ident($1), $2)";
        let statement = format!("SELECT setval({sequence}, greatest($3::bigint, 1), $3::bigint > 0)");
        Ok((statement, params![&self.name, self.counter.as_deref(), last]))
    }
}

impl Column {
    fn read(row: &Row) -> Result<Self> {
        let kind = match row.get::<String>("type")?.as_str() {
            "jsonb" => Kind::Document,
            "bytea" => Kind::Bytes,
            _ => Kind::Plain,
        };
        Ok(Self { name: row.get("name")?, kind })
    }

    /// A value in bytes that do not depend on where it is stored.
    fn canonical(&self, value: &Value) -> Result<Vec<u8>> {
        Ok(match value {
            Value::Null => b"-".to_vec(),
            Value::Int(n) => format!("n{n}").into_bytes(),
            Value::Bytes(bytes) => [b"b", bytes.as_slice()].concat(),
            Value::Text(text) if self.kind == Kind::Document => document(&serde_json::from_str(text)?),
            Value::Text(text) => format!("t{text}").into_bytes(),
            Value::Json(content) => document(content),
        })
    }
}

/// A document without what PostgreSQL does not keep: the order of members, how a number was written.
fn document(content: &Json) -> Vec<u8> {
    let mut out = b"j".to_vec();
    write_sorted(content, &mut out);
    out
}

fn write_sorted(content: &Json, out: &mut Vec<u8>) {
    match content {
        Json::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            for name in names {
                out.extend(Json::from(name.as_str()).to_string().as_bytes());
                out.push(b':');
                write_sorted(&members[name], out);
            }
            out.push(b'}');
        }
        Json::Array(items) => {
            items.iter().for_each(|item| {
                write_sorted(item, out);
                out.push(b',');
            });
            out.push(b']');
        }
        Json::Number(number) => match number.as_f64() {
            Some(float) if !number.is_i64() && !number.is_u64() => out.extend(format!("{float}").as_bytes()),
            _ => out.extend(number.to_string().as_bytes()),
        },
        other => out.extend(other.to_string().as_bytes()),
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

fn value(key: &Json) -> Value {
    match key {
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
        Json::String(text) => Value::Text(text.clone()),
        _ => Value::Null,
    }
}
