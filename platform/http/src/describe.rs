//! What an extractor means for the documentation, so that a handler's signature is its contract.

use axum::extract::{ConnectInfo, State};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use crate::{
    auth::{Auth, MaybeAuth, Scope, Who},
    extract::{Body, ClientInfo, Idempotent, IfMatch, Language, Path, Prefer, Query, RawBody, StreamBody},
};

/// The inputs of an operation, gathered from the handler's arguments.
#[derive(Debug, Default, Clone)]
pub struct Inputs {
    /// Query and header parameters, as OpenAPI parameter objects.
    pub parameters: Vec<Value>,
    /// Schema of the JSON body and whether it may be left out.
    pub body: Option<(Value, bool)>,
    /// True if the body is read as it comes.
    pub raw_body: bool,
    /// True if there are path parameters.
    pub path: bool,
}

/// An argument of a handler that can describe itself.
pub trait Describe {
    /// Adds what the argument needs from the request.
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator);
}

macro_rules! says_nothing {
    ($($ty:ty),+) => {$(
        impl Describe for $ty {
            fn describe(_: &mut Inputs, _: &mut SchemaGenerator) {}
        }
    )+};
}
says_nothing!(Auth, MaybeAuth, Scope, Who, ClientInfo, Language);
says_nothing!(axum::http::HeaderMap, axum::http::Method, axum::http::Uri);

impl<T> Describe for State<T> {
    fn describe(_: &mut Inputs, _: &mut SchemaGenerator) {}
}
impl<T> Describe for ConnectInfo<T> {
    fn describe(_: &mut Inputs, _: &mut SchemaGenerator) {}
}
impl<T> Describe for Path<T> {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.path = true;
    }
}
impl Describe for RawBody {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.raw_body = true;
    }
}
impl Describe for StreamBody {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        inputs.raw_body = true;
    }
}
impl<T: JsonSchema> Describe for Body<T> {
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator) {
        let optional = T::schema_name().starts_with("Nullable");
        inputs.body = Some((schemas.subschema_for::<T>().to_value(), optional));
    }
}
impl<T: JsonSchema> Describe for Idempotent<T> {
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator) {
        inputs.body = Some((schemas.subschema_for::<T>().to_value(), false));
        inputs.parameters.push(header(
            "Idempotency-Key",
            true,
            "The same key with the same request has one effect and one answer.",
            json!({"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!#-~]+$"}),
        ));
    }
}
impl Describe for IfMatch {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        let schema = json!({"type": "string", "pattern": "^\"[0-9]{1,15}\"$"});
        inputs.parameters.push(header("If-Match", false, "`ETag` of the version that is to be changed.", schema));
    }
}
impl Describe for Prefer {
    fn describe(inputs: &mut Inputs, _: &mut SchemaGenerator) {
        let schema = json!({"type": "string", "pattern": "^wait=[0-9]{1,2}$"});
        inputs.parameters.push(header(
            "Prefer",
            false,
            "`wait=N`: answer with the settled state, after at most N seconds.",
            schema,
        ));
    }
}
impl<T: JsonSchema> Describe for Query<T> {
    fn describe(inputs: &mut Inputs, schemas: &mut SchemaGenerator) {
        // The schema is taken apart: each property is a parameter of its own.
        let schema = schemas.root_schema_for::<T>().to_value();
        let required: Vec<&str> =
            schema["required"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
        if let Some(defs) = schema.get("$defs").and_then(Value::as_object) {
            for (name, definition) in defs {
                schemas.definitions_mut().entry(name.clone()).or_insert_with(|| definition.clone());
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut property = property.clone();
            let description = property.as_object_mut().and_then(|p| p.remove("description")).unwrap_or_default();
            inputs.parameters.push(json!({
                "name": name, "in": "query", "required": required.contains(&name.as_str()),
                "description": description, "schema": without_null(property),
            }));
        }
    }
}

/// A query parameter is left out rather than sent as null.
fn without_null(mut schema: Value) -> Value {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|t| t != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(any) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        any.retain(|s| s["type"] != "null");
    }
    if let Some(object) = schema.as_object_mut() {
        object.remove("default");
    }
    schema
}

fn header(name: &str, required: bool, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "header", "required": required, "description": description, "schema": schema})
}

/// The arguments of a handler, as axum's `Handler<T, S>` knows them: a marker and then each argument.
pub trait DescribeAll {
    /// Gathers what all arguments need.
    fn describe_all(schemas: &mut SchemaGenerator) -> Inputs;
}

macro_rules! describe_tuples {
    ($($($arg:ident)*;)*) => {$(
        impl<Marker, $($arg: Describe),*> DescribeAll for (Marker, $($arg,)*) {
            fn describe_all(schemas: &mut SchemaGenerator) -> Inputs {
                let mut inputs = Inputs::default();
                $($arg::describe(&mut inputs, schemas);)*
                let _ = schemas;
                inputs
            }
        }
    )*};
}
describe_tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
}
/// A handler without arguments: axum's `T` is a one-element tuple of its marker.
impl DescribeAll for ((),) {
    fn describe_all(_: &mut SchemaGenerator) -> Inputs {
        Inputs::default()
    }
}
