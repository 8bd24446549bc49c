//! What goes into a statement and what comes out of a column: one closed type, understood by
//! both databases.

use kernel::{Country, Currency, Email, Error, PromoCode, Result, Slug, Timestamp};

/// A bound parameter or a column's content.
///
/// Ids are `Text`, times and money are `Int`, booleans are `Int` 0 or 1. A JSON column is bound
/// as `Json` and comes back as `Text`; read it with [`crate::Row::json`].
#[derive(Clone, PartialEq)]
pub enum Value {
    /// SQL `NULL`.
    Null,
    /// A `BIGINT`.
    Int(i64),
    /// A `TEXT`.
    Text(String),
    /// A `BYTES`.
    Bytes(Vec<u8>),
    /// A `JSON` document.
    Json(serde_json::Value),
}

impl Value {
    /// What kind of value this is, for a message. Never the value itself: it may be a secret.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Json(_) => "JSON",
        }
    }
}

impl std::fmt::Debug for Value {
    /// The kind only, so that no password hash or address ends up in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.type_name())
    }
}

/// Refuses the one character PostgreSQL cannot store, on both databases and before anything runs.
/// It never comes from a keyboard: whoever sends it should hear that it is malformed.
pub(crate) fn check_storable(params: &[Value]) -> Result<()> {
    let has_null = params.iter().any(|param| match param {
        Value::Text(text) => text.contains('\0'),
        Value::Json(document) => document_has_null(document),
        Value::Null | Value::Int(_) | Value::Bytes(_) => false,
    });
    if has_null { Err(Error::malformed("Text must not contain the null character (U+0000).")) } else { Ok(()) }
}

fn document_has_null(document: &serde_json::Value) -> bool {
    match document {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(items) => items.iter().any(document_has_null),
        serde_json::Value::Object(members) => {
            members.iter().any(|(name, value)| name.contains('\0') || document_has_null(value))
        }
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => false,
    }
}

/// A document for a JSON column, out of anything that serialises.
pub fn json<T: serde::Serialize + ?Sized>(document: &T) -> Result<Value> {
    Ok(Value::Json(serde_json::to_value(document)?))
}

/// Parameters of a statement: `params![order.id, now, &name]`. Takes values and references.
#[macro_export]
macro_rules! params {
    () => { ::std::vec::Vec::<$crate::Value>::new() };
    ($($value:expr),+ $(,)?) => { ::std::vec![$($crate::Value::from($value)),+] };
}

/// A type that can be read out of a column. Implement it for a service's own enums
/// (or use [`crate::Row::parse`]).
pub trait FromValue: Sized {
    /// The value as `Self`; the error is a sentence without the value. [`crate::Row`] adds the
    /// column's name.
    fn from_value(value: &Value) -> std::result::Result<Self, String>;
}

fn wanted<T>(what: &str, got: &Value) -> std::result::Result<T, String> {
    Err(format!("wanted {what}, found {}", got.type_name()))
}

impl FromValue for Value {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        Ok(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => wanted("text", other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            other => wanted("bytes", other),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => wanted("0 or 1", other),
        }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        i64::from_value(value).map(Self)
    }
}

impl FromValue for Currency {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Text(text) => Self::parse(text).map_err(|_| "wanted a currency code".to_owned()),
            other => wanted("a currency code", other),
        }
    }
}

impl FromValue for serde_json::Value {
    fn from_value(value: &Value) -> std::result::Result<Self, String> {
        match value {
            Value::Text(text) => serde_json::from_str(text).map_err(|e| format!("broken JSON: {e}")),
            Value::Json(document) => Ok(document.clone()),
            other => wanted("JSON", other),
        }
    }
}

/// Whole numbers: stored as `Int`, read back only if they fit.
macro_rules! numbers {
    ($($name:ty),+) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::Int(i64::from(value))
            }
        }
        impl From<&$name> for Value {
            fn from(value: &$name) -> Self {
                Self::Int(i64::from(*value))
            }
        }
        impl FromValue for $name {
            fn from_value(value: &Value) -> std::result::Result<Self, String> {
                match value {
                    Value::Int(n) => <$name>::try_from(*n)
                        .map_err(|_| concat!("the number does not fit ", stringify!($name)).to_owned()),
                    other => wanted("a number", other),
                }
            }
        }
    )+};
}
numbers!(i64, i32, i16, i8, u32, u16, u8);

/// Types that are text in a table: bound by `$bind`, read by parsing.
macro_rules! texts {
    ($($name:ident),+) => {$(
        impl From<$name> for Value {
            fn from(value: $name) -> Self {
                Self::from(&value)
            }
        }
        impl From<&$name> for Value {
            fn from(value: &$name) -> Self {
                Self::Text(value.as_str().to_owned())
            }
        }
        impl FromValue for $name {
            fn from_value(value: &Value) -> std::result::Result<Self, String> {
                match value {
                    Value::Text(text) => text.parse().map_err(|e: Error| e.to_string()),
                    other => wanted(stringify!($name), other),
                }
            }
        }
    )+};
}
texts!(Slug, Email, Country, PromoCode);

/// Every id of the kernel: the hyphenated UUID as text.
macro_rules! ids {
    ($($name:ident),+ $(,)?) => {$(
        impl From<kernel::$name> for Value {
            fn from(id: kernel::$name) -> Self {
                Self::from(&id)
            }
        }
        impl From<&kernel::$name> for Value {
            fn from(id: &kernel::$name) -> Self {
                let mut text = [0_u8; 36];
                Self::Text((*id.0.hyphenated().encode_lower(&mut text)).to_owned())
            }
        }
        impl FromValue for kernel::$name {
            fn from_value(value: &Value) -> std::result::Result<Self, String> {
                match value {
                    Value::Text(text) => text.parse().map_err(|e: Error| e.to_string()),
                    other => wanted(stringify!($name), other),
                }
            }
        }
    )+};
}
ids!(
    AccountId,
    SessionId,
    AddressId,
    VendorId,
    ProductId,
    VariantId,
    CategoryId,
    MediaId,
    ModerationId,
    DiscountId,
    PromotionId,
    PriceListId,
    CartId,
    LineId,
    OrderId,
    VendorOrderId,
    ReturnId,
    ReservationId,
    PaymentId,
    RefundId,
    PayoutId,
    CommissionRuleId,
    CreditId,
    DisputeId,
    EntryId,
    ShipmentId,
    LabelId,
    ShippingMethodId,
    ReviewId,
    MessageId,
    EventId,
    JobId,
    ImportFileId,
    VariantFileId,
    ImportId,
    LocationId,
);

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<&bool> for Value {
    fn from(value: &bool) -> Self {
        Self::Int(i64::from(*value))
    }
}
impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.micros())
    }
}
impl From<&Timestamp> for Value {
    fn from(value: &Timestamp) -> Self {
        Self::Int(value.micros())
    }
}
impl From<Currency> for Value {
    fn from(value: Currency) -> Self {
        Self::from(&value)
    }
}
impl From<&Currency> for Value {
    fn from(value: &Currency) -> Self {
        Self::Text(value.code().to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&&str> for Value {
    fn from(value: &&str) -> Self {
        Self::Text((*value).to_owned())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl From<&Vec<u8>> for Value {
    fn from(value: &Vec<u8>) -> Self {
        Self::Bytes(value.clone())
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<serde_json::Value> for Value {
    fn from(value: serde_json::Value) -> Self {
        Self::Json(value)
    }
}
impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        Self::Json(value.clone())
    }
}
impl From<&Value> for Value {
    fn from(value: &Value) -> Self {
        value.clone()
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// References to optional values. One by one: a blanket implementation over `&Option<T>` sends
/// the compiler round in circles.
macro_rules! optional {
    ($($name:ty),+ $(,)?) => {$(
        impl From<&Option<$name>> for Value {
            fn from(value: &Option<$name>) -> Self {
                value.as_ref().map_or(Self::Null, Self::from)
            }
        }
    )+};
}
optional!(
    i64,
    i32,
    i16,
    i8,
    u32,
    u16,
    u8,
    bool,
    Timestamp,
    Currency,
    String,
    &str,
    Vec<u8>,
    serde_json::Value,
    Slug,
    Email,
    Country,
    PromoCode,
    kernel::AccountId,
    kernel::SessionId,
    kernel::AddressId,
    kernel::VendorId,
    kernel::ProductId,
    kernel::VariantId,
    kernel::CategoryId,
    kernel::MediaId,
    kernel::ModerationId,
    kernel::DiscountId,
    kernel::PromotionId,
    kernel::PriceListId,
    kernel::CartId,
    kernel::LineId,
    kernel::OrderId,
    kernel::VendorOrderId,
    kernel::ReservationId,
    kernel::PaymentId,
    kernel::RefundId,
    kernel::EntryId,
    kernel::ShipmentId,
    kernel::ShippingMethodId,
    kernel::ReviewId,
    kernel::MessageId,
    kernel::EventId,
    kernel::JobId,
    kernel::ImportFileId,
    kernel::VariantFileId,
    kernel::ImportId,
    kernel::LocationId,
);
