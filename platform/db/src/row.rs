//! One row of an answer, read by column name.

use std::{fmt, str::FromStr, sync::Arc};

use kernel::{Error, Result};
use serde::de::DeserializeOwned;

use crate::{FromValue, Value};

/// The column names of an answer, shared by all of its rows.
pub(crate) type Columns = Arc<[Box<str>]>;

/// One row of an answer. A getter that cannot answer says which column is to blame; it never panics.
#[derive(Clone)]
pub struct Row {
    columns: Columns,
    values: Box<[Value]>,
}

impl Row {
    pub(crate) fn new(columns: Columns, values: Box<[Value]>) -> Self {
        Self { columns, values }
    }

    /// The column `column` as `T`.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        T::from_value(self.value(column)?).map_err(|reason| bad_column(column, &reason))
    }

    /// The column at `index`, counted from 0: for `SELECT count(*) …` and the like.
    pub fn at<T: FromValue>(&self, index: usize) -> Result<T> {
        let value = self
            .values
            .get(index)
            .ok_or_else(|| Error::internal(format!("no column {index}: the row has {}", self.values.len())))?;
        T::from_value(value).map_err(|reason| bad_column(&index.to_string(), &reason))
    }

    /// The JSON column `column`, parsed into `T`. SQL `NULL` reads as JSON `null`.
    pub fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let parsed = match self.value(column)? {
            Value::Text(text) => serde_json::from_str(text),
            Value::Json(document) => T::deserialize(document),
            Value::Null => T::deserialize(serde_json::Value::Null),
            other => return Err(bad_column(column, &format!("wanted JSON, found {}", other.type_name()))),
        };
        parsed.map_err(|e| bad_column(column, &format!("broken JSON: {e}")))
    }

    /// The text column `column`, parsed into `T`: for a service's own small types.
    pub fn parse<T>(&self, column: &str) -> Result<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        match self.value(column)? {
            Value::Text(text) => text.parse().map_err(|e: T::Err| bad_column(column, &e.to_string())),
            other => Err(bad_column(column, &format!("wanted text, found {}", other.type_name()))),
        }
    }

    fn value(&self, column: &str) -> Result<&Value> {
        let index = self.columns.iter().position(|name| &**name == column);
        index.and_then(|index| self.values.get(index)).ok_or_else(|| {
            Error::internal(format!("no column {column:?} in the row; there are: {}", self.columns.join(", ")))
        })
    }
}

fn bad_column(column: &str, reason: &str) -> Error {
    Error::internal(format!("column {column:?}: {reason}"))
}

impl fmt::Debug for Row {
    /// Names and kinds, no values: they may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.columns.iter().zip(self.values.iter())).finish()
    }
}
