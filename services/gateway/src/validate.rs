//! JSON bodies are held against the OpenAPI document before a service is troubled with them.
//!
//! Only what is certainly wrong is refused here, in the words a service would use: well-formed JSON that
//! does not fit the schema, from somebody who may do this at all. Everything else the service judges
//! itself, and better; so also what is sent to a store, for who belongs to it is in the path.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use contracts::services::Route;
use http::{HeaderMap, header};
use jsonschema::Validator;
use kernel::{Error, FieldError, Identity, Result};
use serde_json::{Map, Value, json};

/// Where schemas live, as references spell it.
const SCHEMAS: &str = "#/components/schemas/";
/// Complaints in one refusal.
const COMPLAINTS_MAX: usize = 20;

/// The schemas of a document.
pub(crate) struct Schemas<'a>(&'a Value);

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Value) -> Self {
        Self(document)
    }

    /// What the JSON body of an operation has to be like; none if it takes no JSON.
    pub fn of(&self, route: &Route) -> Option<Schema> {
        let operation = &self.0["paths"][&route.path][route.method.to_ascii_lowercase()];
        let body = operation.get("requestBody")?.get("content")?.get("application/json")?.get("schema")?;
        let mut names = BTreeSet::new();
        self.gather(body, &mut names);
        let all = &self.0["components"]["schemas"];
        let needed: Map<String, Value> = names.into_iter().map(|name| (name.to_owned(), all[name].clone())).collect();
        let root = json!({"allOf": [body], "components": {"schemas": needed}});
        let who = match operation["x-policy"].as_str()? {
            "public" => Who::Everybody,
            "account" => Who::Account,
            "admin" => Who::Admin,
            _ => return None,
        };
        Some(Schema(Arc::new(Lazy { who, root, ready: OnceLock::new() })))
    }

    /// Names of all schemas that `part` refers to, and of those they refer to.
    fn gather(&self, part: &'a Value, names: &mut BTreeSet<&'a str>) {
        match part {
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, names)),
            Value::Object(object) => {
                for (key, value) in object {
                    match value.as_str().and_then(|v| v.strip_prefix(SCHEMAS)) {
                        Some(name) if key == "$ref" => {
                            if names.insert(name) {
                                self.gather(&self.0["components"]["schemas"][name], names);
                            }
                        }
                        _ => self.gather(value, names),
                    }
                }
            }
            _ => {}
        }
    }
}

/// What a body has to be like. Made ready when the first one comes.
#[derive(Clone)]
pub(crate) struct Schema(Arc<Lazy>);

/// Who may send it.
enum Who {
    Everybody,
    Account,
    Admin,
}

struct Lazy {
    who: Who,
    root: Value,
    ready: OnceLock<Option<Validator>>,
}

impl Schema {
    /// True if whoever sends it may do so, as far as that can be told here.
    pub fn is_for(&self, sender: Option<&Identity>) -> bool {
        match (&self.0.who, sender) {
            (Who::Everybody, _) | (Who::Account, Some(Identity::User(_))) => true,
            (Who::Admin, Some(Identity::User(user))) => user.is_admin(),
            _ => false,
        }
    }

    /// # Errors
    /// 422 with the fields that do not fit.
    pub fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<()> {
        let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
        let Some(validator) = self.validator() else { return Ok(()) };
        if !is_json || body.is_empty() {
            return Ok(());
        }
        let Ok(value) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
        let complaint = |e: jsonschema::ValidationError<'_>| FieldError {
            field: field(&e.instance_path().to_string()),
            reason: format!("{}.", e.masked()),
        };
        let fields: Vec<FieldError> = validator.iter_errors(&value).take(COMPLAINTS_MAX).map(complaint).collect();
        if fields.is_empty() { Ok(()) } else { Err(Error::invalid_fields(fields)) }
    }

    fn validator(&self) -> Option<&Validator> {
        let make = || {
            jsonschema::draft202012::new(&self.0.root)
                .inspect_err(|error| tracing::error!(%error, "a schema of the API's document cannot be used"))
                .ok()
        };
        self.0.ready.get_or_init(make).as_ref()
    }
}

/// `lines[0].quantity` for `/lines/0/quantity`.
fn field(pointer: &str) -> String {
    let mut field = String::new();
    for part in pointer.split('/').skip(1) {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            field.push_str(&format!("[{part}]"));
        } else {
            if !field.is_empty() {
                field.push('.');
            }
            field.push_str(part);
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let document = json!({
            "paths": {"/orders": {"post": {"x-policy": "account", "requestBody": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Order"}}}}}, "get": {}}},
            "components": {"schemas": {
                "Order": {
                    "type": "object", "additionalProperties": false, "required": ["lines"],
                    "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}},
                },
                "Line": {"type": "object", "properties": {"quantity": {"type": "integer", "minimum": 1}}},
            }},
        });
        let route = |method: &str| Route { method: method.to_owned(), path: "/orders".to_owned() };
        let schemas = Schemas::new(&document);
        assert!(schemas.of(&route("GET")).is_none());
        schemas.of(&route("POST")).unwrap()
    }

    fn check(content_type: &str, body: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        match schema().check(&headers, body.as_bytes()) {
            Ok(()) => Vec::new(),
            Err(error) => error.fields().iter().map(|f| f.field.clone()).collect(),
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(check("application/json", r#"{"lines":[{"quantity":1},{"quantity":0}]}"#), ["lines[1].quantity"]);
        assert_eq!(check("application/json", r#"{"lines":[],"total":1}"#), [""]);
        assert_eq!(check("application/json", "{}"), [""]);
    }

    #[test]
    fn whoever_may_not_send_it_is_not_told_what_is_wrong_with_it() {
        assert!(!schema().is_for(None));
        assert!(!schema().is_for(Some(&Identity::Anonymous)));
    }

    #[test]
    fn what_fits_passes_and_so_does_what_only_the_service_can_judge() {
        for body in [r#"{"lines":[{"quantity":1}]}"#, "", "{not json"] {
            assert_eq!(check("application/json", body), [""; 0], "{body}");
        }
        assert_eq!(check("text/plain", "{}"), [""; 0]);
    }
}
