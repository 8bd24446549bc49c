//! What of PostgreSQL's `pgoutput` messages matters here: which columns a table has, and the rows
//! inserted into it.

use std::collections::BTreeMap;

use bytes::{Buf, Bytes};
use kernel::{Error, Result};

/// Remembers the tables that were described.
#[derive(Default)]
pub(super) struct Decoder {
    columns: BTreeMap<u32, Vec<String>>,
}

/// An inserted row, every column as text.
pub(super) struct Insert(BTreeMap<String, String>);

impl Insert {
    /// A column's content; none if it is null.
    pub(super) fn column(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl Decoder {
    /// Reads a message; the row, if it says that one was inserted.
    pub(super) fn read(&mut self, mut message: Bytes) -> Result<Option<Insert>> {
        match byte(&mut message)? {
            b'R' => self.describe(&mut message).map(|()| None),
            b'I' => self.insert(&mut message).map(Some),
            _ => Ok(None),
        }
    }

    /// A table: its id, schema, name, replica identity, and for each column flags, name, type, modifier.
    fn describe(&mut self, message: &mut Bytes) -> Result<()> {
        let table = number(message)?;
        let (_schema, _name, _identity) = (text(message)?, text(message)?, byte(message)?);
        let mut columns = Vec::new();
        for _ in 0..short(message)? {
            let (_flags, name) = (byte(message)?, text(message)?);
            let (_kind, _modifier) = (number(message)?, number(message)?);
            columns.push(name);
        }
        self.columns.insert(table, columns);
        Ok(())
    }

    /// A row: the table's id, `N`, and for each column what it is and, if it is text, how long and which.
    fn insert(&self, message: &mut Bytes) -> Result<Insert> {
        let columns =
            self.columns.get(&number(message)?).ok_or_else(|| malformed("a row of a table nobody described"))?;
        let (_new, count) = (byte(message)?, short(message)?);
        if usize::from(count) != columns.len() {
            return Err(malformed("a row with another number of columns than its table"));
        }
        let mut row = BTreeMap::new();
        for name in columns {
            if byte(message)? == b't' {
                let length = usize::try_from(number(message)?).map_err(Error::internal)?;
                row.insert(name.clone(), utf8(piece(message, length)?)?);
            }
        }
        Ok(Insert(row))
    }
}

fn malformed(what: &str) -> Error {
    Error::internal(format!("PostgreSQL's replication sent {what}"))
}

fn piece(message: &mut Bytes, length: usize) -> Result<Bytes> {
    if message.remaining() < length {
        Err(malformed("a message that is cut off"))
    } else {
        Ok(message.split_to(length))
    }
}

fn byte(message: &mut Bytes) -> Result<u8> {
    piece(message, 1).map(|mut piece| piece.get_u8())
}

fn short(message: &mut Bytes) -> Result<u16> {
    piece(message, 2).map(|mut piece| piece.get_u16())
}

fn number(message: &mut Bytes) -> Result<u32> {
    piece(message, 4).map(|mut piece| piece.get_u32())
}

/// Text up to its zero.
fn text(message: &mut Bytes) -> Result<String> {
    let end = message.iter().position(|byte| *byte == 0).ok_or_else(|| malformed("text without an end"))?;
    let text = utf8(piece(message, end)?)?;
    byte(message)?;
    Ok(text)
}

fn utf8(bytes: Bytes) -> Result<String> {
    String::from_utf8(bytes.into()).map_err(Error::internal)
}
