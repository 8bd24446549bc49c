//! Our values as PostgreSQL's types: bound as the type the statement expects, read as the type
//! the column has.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type};

use crate::Value;

type Failure = Box<dyn Error + Sync + Send>;

/// A value as a parameter.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, expected: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(n) => put_int(*n, expected, out)?,
            Value::Text(text) => put_text(text, expected, out)?,
            Value::Bytes(bytes) if *expected == Type::BYTEA => out.extend_from_slice(bytes),
            Value::Bytes(_) => return Err(mismatch("bytes", expected)),
            Value::Json(document) => put_text(&document.to_string(), expected, out)?,
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(&self, expected: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.to_sql(expected, out)
    }
}

fn mismatch(given: &str, expected: &Type) -> Failure {
    format!("{given} given where PostgreSQL expects {expected}; a cast such as $1::bigint says otherwise").into()
}

fn put_int(n: i64, expected: &Type, out: &mut BytesMut) -> Result<(), Failure> {
    match *expected {
        Type::INT8 => out.extend_from_slice(&n.to_be_bytes()),
        Type::INT4 => out.extend_from_slice(&i32::try_from(n)?.to_be_bytes()),
        Type::INT2 => out.extend_from_slice(&i16::try_from(n)?.to_be_bytes()),
        Type::BOOL if n == 0 || n == 1 => out.extend_from_slice(&[u8::from(n == 1)]),
        Type::NUMERIC => put_numeric(n, out),
        _ => return Err(mismatch("a number", expected)),
    }
    Ok(())
}

fn put_text(text: &str, expected: &Type, out: &mut BytesMut) -> Result<(), Failure> {
    match *expected {
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => {
            out.extend_from_slice(text.as_bytes());
        }
        Type::JSONB => {
            out.extend_from_slice(&[JSONB_VERSION]);
            out.extend_from_slice(text.as_bytes());
        }
        Type::UUID => out.extend_from_slice(&uuid_bytes(text)?),
        _ if matches!(expected.kind(), Kind::Enum(_)) => out.extend_from_slice(text.as_bytes()),
        _ => return Err(mismatch("text", expected)),
    }
    Ok(())
}

/// The first byte of every binary `JSONB`.
const JSONB_VERSION: u8 = 1;

fn uuid_bytes(text: &str) -> Result<[u8; 16], Failure> {
    let mut bytes = [0; 16];
    hex::decode_to_slice(text.replace('-', ""), &mut bytes)?;
    Ok(bytes)
}

fn uuid_text(bytes: &[u8]) -> String {
    let mut text = hex::encode(bytes);
    for hyphen in [20, 16, 12, 8] {
        text.insert(hyphen, '-');
    }
    text
}

/// `NUMERIC` is written in digits of base 10,000, the most significant first.
const NUMERIC_BASE: u64 = 10_000;
const NUMERIC_NEGATIVE: u16 = 0x4000;

fn put_numeric(n: i64, out: &mut BytesMut) {
    let mut digits = Vec::new();
    let mut rest = n.unsigned_abs();
    while rest > 0 {
        digits.push((rest % NUMERIC_BASE) as u16);
        rest /= NUMERIC_BASE;
    }
    let count = digits.len() as u16;
    let sign = if n < 0 { NUMERIC_NEGATIVE } else { 0 };
    for part in [count, count.saturating_sub(1), sign, 0].into_iter().chain(digits.into_iter().rev()) {
        out.extend_from_slice(&part.to_be_bytes());
    }
}

/// A whole `NUMERIC`: what `sum()` of a `BIGINT` is.
fn numeric(raw: &[u8]) -> Result<i64, Failure> {
    let bad = || -> Failure { "a fraction or too large a number; ask for the sum and the count instead".into() };
    let parts: Vec<u16> = raw.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
    let [count, weight, sign, _, digits @ ..] = parts.as_slice() else { return Err(bad()) };
    let weight = i32::from(weight.cast_signed());
    if digits.len() != usize::from(*count) || !matches!(*sign, 0 | NUMERIC_NEGATIVE) {
        return Err(bad());
    }
    let mut total: i128 = 0;
    for position in 0..=weight.max(-1) {
        let digit = usize::try_from(position).ok().and_then(|position| digits.get(position)).copied().unwrap_or(0);
        total =
            total.checked_mul(i128::from(NUMERIC_BASE)).and_then(|t| t.checked_add(digit.into())).ok_or_else(bad)?;
    }
    let whole = usize::try_from(weight + 1).unwrap_or(0);
    if digits.iter().skip(whole).any(|digit| *digit != 0) {
        return Err(bad());
    }
    i64::try_from(if *sign == NUMERIC_NEGATIVE { -total } else { total }).map_err(|_| bad())
}

/// A column's content.
pub(super) struct Cell(pub(super) Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *found {
            Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Value::Int(i32::from_be_bytes(raw.try_into()?).into()),
            Type::INT2 => Value::Int(i16::from_be_bytes(raw.try_into()?).into()),
            Type::BOOL => Value::Int(i64::from(raw != [0])),
            Type::NUMERIC => Value::Int(numeric(raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => text(raw)?,
            Type::JSONB => match raw.split_first() {
                Some((&JSONB_VERSION, document)) => text(document)?,
                _ => return Err("an unknown version of JSONB".into()),
            },
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::UUID => Value::Text(uuid_text(raw)),
            Type::VOID => Value::Null,
            _ if matches!(found.kind(), Kind::Enum(_)) => text(raw)?,
            _ => return Err(format!("columns of type {found} are not read here").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn text(raw: &[u8]) -> Result<Value, Failure> {
    Ok(Value::Text(std::str::from_utf8(raw)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerics_round_trip() {
        for n in [0, 1, -1, 9_999, 10_000, -10_000, 123_456_789, 100_000_000, i64::MAX, i64::MIN] {
            let mut out = BytesMut::new();
            put_numeric(n, &mut out);
            assert_eq!(numeric(&out).unwrap(), n, "{n}");
        }
    }

    #[test]
    fn numerics_that_are_no_whole_numbers_are_refused() {
        let parts = |parts: &[u16]| parts.iter().flat_map(|part| part.to_be_bytes()).collect::<Vec<_>>();
        assert!(numeric(&parts(&[2, 0, 0, 2, 1, 5_000])).is_err(), "1.5");
        assert!(numeric(&parts(&[1, 0xffff, 0, 2, 5_000])).is_err(), "0.5");
        assert!(numeric(&parts(&[0, 0, 0xC000, 0])).is_err(), "NaN");
        assert!(numeric(&parts(&[1, 4, 0, 0, 1_000])).is_err(), "10^19");
        assert_eq!(numeric(&parts(&[1, 0, 0, 2, 7])).unwrap(), 7, "7.00");
    }

    #[test]
    fn uuids_round_trip() {
        let text = "0193f0a0-1234-7abc-8def-0123456789ab";
        assert_eq!(uuid_text(&uuid_bytes(text).unwrap()), text);
        assert!(uuid_bytes("nonsense").is_err());
    }
}
