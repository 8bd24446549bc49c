//! The OpenAPI document as a source of requests: its operations, a sample of each body, and everything
//! that is surely wrong with a sample.

use http::Method;
use serde_json::{Map, Value, json};

/// Who an operation is for, as its documentation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    Everybody,
    Account,
    Vendor,
    Admin,
}

/// An operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub who: For,
    /// Schema of the JSON body, if it takes one.
    pub body: Option<Value>,
    pub body_required: bool,
    /// True if it takes something else than JSON: a picture, a file.
    pub raw: bool,
    pub parameters: Vec<Value>,
}

/// All operations.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let text = operation["description"].as_str().unwrap_or_default();
            let who = match text.rsplit("**Who:** ").next().unwrap_or_default() {
                "Everybody." => For::Everybody,
                "Whoever has logged in." => For::Account,
                "Admins." => For::Admin,
                vendor => {
                    assert!(vendor.ends_with("does not exist."), "{method} {path}: for whom? {vendor}");
                    For::Vendor
                }
            };
            let content = &operation["requestBody"]["content"];
            let body = content.get("application/json").map(|media| media["schema"].clone());
            all.push(Operation {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                who,
                raw: content.is_object() && body.is_none(),
                body,
                body_required: operation["requestBody"]["required"] == true,
                parameters: operation["parameters"].as_array().cloned().unwrap_or_default(),
            });
        }
    }
    assert!(all.len() > 100, "only {} operations", all.len());
    all
}

/// Follows `$ref`, picks the first alternative that is not null.
pub fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        return resolve(document, target);
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(first) = schema[key].as_array().and_then(|all| all.iter().find(|s| s["type"] != "null")) {
            return resolve(document, first);
        }
    }
    schema
}

fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|k| *k != "null").unwrap_or("string"),
        _ if schema["properties"].is_object() => "object",
        _ => "string",
    }
}

fn allows_null(document: &Value, schema: &Value) -> bool {
    let listed = |kinds: &Value| kinds == "null" || kinds.as_array().is_some_and(|k| k.iter().any(|k| k == "null"));
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        return allows_null(document, target);
    }
    listed(&schema["type"])
        || ["anyOf", "oneOf"]
            .iter()
            .any(|key| schema[*key].as_array().is_some_and(|all| all.iter().any(|s| listed(&s["type"]))))
}

/// A document after `schema`; `known` gives values for fields whose schema does not tell enough.
pub fn sample(document: &Value, schema: &Value, known: &dyn Fn(&str) -> Option<Value>, name: &str) -> Value {
    if let Some(value) = known(name) {
        return value;
    }
    let schema = resolve(document, schema);
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    match kind(schema) {
        "object" => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            Value::Object(properties.map(|(name, s)| (name.clone(), sample(document, s, known, name))).collect())
        }
        "array" => {
            let wanted = schema["minItems"].as_u64().unwrap_or(1).max(1);
            (0..wanted).map(|_| sample(document, &schema["items"], known, name.trim_end_matches('s'))).collect()
        }
        "integer" | "number" => schema["minimum"].as_i64().unwrap_or(1).max(1).into(),
        "boolean" => false.into(),
        _ => match schema["format"].as_str() {
            Some("uuid") => "01900000-0000-7000-8000-000000000001".into(),
            Some("email") => "somebody@example.com".into(),
            Some("date-time") => "2026-11-20T10:00:00Z".into(),
            _ => "a".repeat(schema["minLength"].as_u64().unwrap_or(3).max(3) as usize).into(),
        },
    }
}

/// A place in a sample and what stands there instead; `None` removes it.
#[derive(Debug, Clone)]
pub struct Change {
    pub pointer: String,
    pub value: Option<Value>,
}

impl Change {
    /// The sample with this change.
    pub fn apply(&self, sample: &Value) -> Value {
        let mut changed = sample.clone();
        let (parent, last) = self.pointer.rsplit_once('/').unwrap_or(("", ""));
        match &self.value {
            Some(value) if self.pointer.is_empty() => return value.clone(),
            Some(value) => match changed.pointer_mut(parent) {
                Some(Value::Object(fields)) => {
                    fields.insert(last.to_owned(), value.clone());
                }
                Some(Value::Array(items)) => items[last.parse::<usize>().expect("an index")] = value.clone(),
                other => panic!("{} is in {other:?}", self.pointer),
            },
            None => {
                changed.pointer_mut(parent).and_then(Value::as_object_mut).map(|fields| fields.remove(last));
            }
        }
        changed
    }
}

/// Everything that is surely wrong: each change makes `sample` break its schema.
pub fn mistakes(document: &Value, schema: &Value, sample: &Value) -> Vec<Change> {
    let mut all = Vec::new();
    collect(document, schema, sample, String::new(), &mut all);
    all
}

fn collect(document: &Value, schema: &Value, sample: &Value, pointer: String, all: &mut Vec<Change>) {
    let null = allows_null(document, schema);
    let schema = resolve(document, schema);
    let mut wrong = |value: Value| all.push(Change { pointer: pointer.clone(), value: Some(value) });
    if !null && !pointer.is_empty() {
        wrong(Value::Null);
    }
    match sample {
        Value::Object(fields) => {
            wrong("text".into());
            wrong(json!([1]));
            if schema["additionalProperties"] == false {
                all.push(Change { pointer: format!("{pointer}/no_such_field"), value: Some(1.into()) });
            }
            collect_fields(document, schema, fields, &pointer, all);
        }
        Value::Array(items) => {
            wrong(json!({"a": 1}));
            wrong("text".into());
            let first = items.first().cloned().unwrap_or_default();
            if let Some(most) = schema["maxItems"].as_u64().filter(|most| *most < 5_000) {
                wrong(vec![first.clone(); most as usize + 1].into());
            }
            if schema["minItems"].as_u64().is_some_and(|least| least > 0) {
                wrong(json!([]));
            }
            if !items.is_empty() {
                collect(document, &schema["items"], &first, format!("{pointer}/0"), all);
            }
        }
        Value::String(_) => wrong_texts(schema).into_iter().for_each(wrong),
        Value::Number(_) => wrong_numbers(schema).into_iter().for_each(wrong),
        Value::Bool(_) => [json!("yes"), json!(2), json!({})].into_iter().for_each(wrong),
        Value::Null => {}
    }
}

fn collect_fields(document: &Value, schema: &Value, fields: &Map<String, Value>, pointer: &str, all: &mut Vec<Change>) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, value) in fields {
        let Some(property) = schema["properties"].get(name) else { continue };
        let here = format!("{pointer}/{name}");
        if required.iter().any(|r| r == name) {
            all.push(Change { pointer: here.clone(), value: None });
        }
        collect(document, property, value, here, all);
    }
}

fn wrong_texts(schema: &Value) -> Vec<Value> {
    let mut wrong = vec![json!(12), json!({"a": 1}), json!(["a"]), json!(true), "a\u{0}b".into()];
    if let Some(most) = schema["maxLength"].as_u64() {
        wrong.push("a".repeat(most as usize + 1).into());
    }
    if schema["minLength"].as_u64().is_some_and(|least| least > 0) {
        wrong.push("".into());
    }
    if schema["enum"].is_array() || schema["const"].is_string() {
        wrong.extend(["no such choice".into(), "' OR 1=1 --".into()]);
    }
    if matches!(schema["format"].as_str(), Some("uuid" | "email" | "date-time")) {
        wrong.extend(["not one".into(), "' OR 1=1 --".into(), "".into(), "x".repeat(1_000_000).into()]);
    }
    wrong
}

fn wrong_numbers(schema: &Value) -> Vec<Value> {
    let mut wrong = vec![json!("12"), json!("many"), json!(1.5), json!(1e99), json!({}), json!(true), json!(u64::MAX)];
    if let Some(least) = schema["minimum"].as_i64() {
        wrong.push((least - 1).into());
    }
    if let Some(most) = schema["maximum"].as_i64() {
        wrong.push((most + 1).into());
    }
    wrong
}

/// Where a sample has texts.
pub fn texts(sample: &Value, pointer: &str, all: &mut Vec<String>) {
    match sample {
        Value::String(_) => all.push(pointer.to_owned()),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| texts(value, &format!("{pointer}/{name}"), all))
        }
        Value::Array(items) => items.iter().take(1).for_each(|value| texts(value, &format!("{pointer}/0"), all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
