//! JSON bodies are held against the OpenAPI document before a service is troubled with them.
//!
//! Only what is certainly wrong is refused here, in the words a service would use: well-formed JSON that
//! does not fit the schema, from somebody who may do this at all. Everything else the service judges
//! itself, and better.

use std::{collections::BTreeSet, sync::OnceLock};

use contracts::services::Route;
use http::{HeaderMap, header};
use jsonschema::Validator;
use kernel::{Error, FieldError, Identity, Result, VendorId, VendorRole};
use runtime::Document;
use serde_json::{Map, Value, json};

/// Where schemas live, as references spell it.
const SCHEMAS: &str = "#/components/schemas/";
/// Complaints in one refusal.
const COMPLAINTS_MAX: usize = 20;

/// What the JSON body of an operation has to be like. Read out of the document, which everybody else reads too, when the
/// first body comes: till then neither need be there.
pub(crate) struct Schema {
    document: Document,
    route: Route,
    /// None if the operation takes no JSON, or nothing can be said of it here.
    ready: OnceLock<Option<Ready>>,
}

struct Ready {
    who: Who,
    validator: Validator,
}

/// Who may send it.
enum Who {
    Everybody,
    Account,
    Admin,
    /// Whoever has this role in the store that a part of the path names.
    Member {
        role: VendorRole,
        part: usize,
    },
}

impl Schema {
    pub fn new(document: Document, route: Route) -> Self {
        Self { document, route, ready: OnceLock::new() }
    }

    /// Whoever may not send it, as far as that can be told here, is left to the service.
    ///
    /// # Errors
    /// 422 with the fields that do not fit.
    pub fn check(&self, sender: Option<&Identity>, path: &str, headers: &HeaderMap, body: &[u8]) -> Result<()> {
        let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"application/json"));
        if !is_json || body.is_empty() {
            return Ok(());
        }
        let Some(ready) = self.ready().filter(|ready| ready.who.includes(sender, path)) else { return Ok(()) };
        let Ok(value) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
        let complaint = |e: jsonschema::ValidationError<'_>| FieldError {
            field: field(&e.instance_path().to_string()),
            reason: format!("{}.", e.masked()),
        };
        let errors = ready.validator.iter_errors(&value);
        let fields: Vec<FieldError> = errors.take(COMPLAINTS_MAX).map(complaint).collect();
        if fields.is_empty() { Ok(()) } else { Err(Error::invalid_fields(fields)) }
    }

    fn ready(&self) -> Option<&Ready> {
        let make = || {
            let (who, root) = body_of(&self.document, &self.route)?;
            let validator = jsonschema::draft202012::new(&root)
                .inspect_err(|error| tracing::error!(%error, "a schema of the API's document cannot be used"));
            Some(Ready { who, validator: validator.ok()? })
        };
        self.ready.get_or_init(make).as_ref()
    }
}

impl Who {
    fn includes(&self, sender: Option<&Identity>, path: &str) -> bool {
        match (self, sender) {
            (Self::Everybody, _) | (Self::Account, Some(Identity::User(_))) => true,
            (Self::Admin, Some(Identity::User(user))) => user.is_admin(),
            (Self::Member { role, part }, Some(Identity::User(user))) => {
                let store = path.split('/').nth(*part).and_then(|id| id.parse::<VendorId>().ok());
                store.is_some_and(|store| user.vendor_scope(store, *role).is_some())
            }
            _ => false,
        }
    }
}

/// Who may send the JSON body of an operation, and its schema with all that it refers to; none if it takes no JSON.
fn body_of(document: &Value, route: &Route) -> Option<(Who, Value)> {
    let operation = &document["paths"][&route.path][route.method.to_ascii_lowercase()];
    let body = operation.get("requestBody")?.get("content")?.get("application/json")?.get("schema")?;
    let who = match operation["x-policy"].as_str()? {
        "public" => Who::Everybody,
        "account" => Who::Account,
        "admin" => Who::Admin,
        "vendor" => Who::Member {
            role: serde_json::from_value(operation["x-vendor-role"].clone()).ok()?,
            part: route.path.split('/').position(|part| part == "{vendor_id}")?,
        },
        _ => return None,
    };
    let all = &document["components"]["schemas"];
    let mut names = BTreeSet::new();
    gather(all, body, &mut names);
    let needed: Map<String, Value> = names.into_iter().map(|name| (name.to_owned(), all[name].clone())).collect();
    Some((who, json!({"allOf": [body], "components": {"schemas": needed}})))
}

/// Names of all schemas that `part` refers to, and of those they refer to.
fn gather<'a>(all: &'a Value, part: &'a Value, names: &mut BTreeSet<&'a str>) {
    match part {
        Value::Array(items) => items.iter().for_each(|item| gather(all, item, names)),
        Value::Object(object) => {
            for (key, value) in object {
                match value.as_str().and_then(|v| v.strip_prefix(SCHEMAS)) {
                    Some(name) if key == "$ref" => {
                        if names.insert(name) {
                            gather(all, &all[name], names);
                        }
                    }
                    _ => gather(all, value, names),
                }
            }
        }
        _ => {}
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
    use std::sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    };

    use kernel::{AccountId, Principal, SessionId, VendorMembership};

    use super::*;

    /// A document that counts how often it is made.
    fn document(policy: &'static str, made: &Arc<AtomicUsize>) -> Document {
        let made = made.clone();
        Arc::new(LazyLock::new(Box::new(move || {
            made.fetch_add(1, Ordering::SeqCst);
            json!({
                "paths": {"/orders": {"post": {"x-policy": policy, "requestBody": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Order"}}}}}, "get": {}}},
                "components": {"schemas": {
                    "Order": {
                        "type": "object", "additionalProperties": false, "required": ["lines"],
                        "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}}},
                    },
                    "Line": {"type": "object", "properties": {"quantity": {"type": "integer", "minimum": 1}}},
                }},
            })
        })))
    }

    fn schema(document: &Document, method: &str) -> Schema {
        Schema::new(document.clone(), Route { method: method.to_owned(), path: "/orders".to_owned() })
    }

    fn complaints(schema: &Schema, sender: Option<&Identity>, content_type: &str, body: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        match schema.check(sender, "/orders", &headers, body.as_bytes()) {
            Ok(()) => Vec::new(),
            Err(error) => error.fields().iter().map(|f| f.field.clone()).collect(),
        }
    }

    fn check(content_type: &str, body: &str) -> Vec<String> {
        complaints(&schema(&document("public", &Arc::default()), "POST"), None, content_type, body)
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(check("application/json", r#"{"lines":[{"quantity":1},{"quantity":0}]}"#), ["lines[1].quantity"]);
        assert_eq!(check("application/json", r#"{"lines":[],"total":1}"#), [""]);
        assert_eq!(check("application/json", "{}"), [""]);
    }

    #[test]
    fn whoever_may_not_send_it_is_not_told_what_is_wrong_with_it() {
        for policy in ["account", "admin", "vendor"] {
            let schema = schema(&document(policy, &Arc::default()), "POST");
            for sender in [None, Some(&Identity::Anonymous), Some(&Identity::Service("orders"))] {
                assert_eq!(complaints(&schema, sender, "application/json", "{}"), [""; 0], "{policy}");
            }
        }
    }

    #[test]
    fn what_is_sent_to_a_store_is_looked_at_if_its_members_send_it() {
        let document: Document = Arc::new(LazyLock::new(Box::new(|| {
            let schema = json!({"type": "object", "required": ["lines"]});
            let body = json!({"content": {"application/json": {"schema": schema}}});
            let post = json!({"x-policy": "vendor", "x-vendor-role": "owner", "requestBody": body});
            json!({"paths": {"/vendors/{vendor_id}/orders": {"post": post}}, "components": {"schemas": {}}})
        })));
        let route = Route { method: "POST".to_owned(), path: "/vendors/{vendor_id}/orders".to_owned() };
        let schema = Schema::new(document, route);
        let [own, other] = ["own", "other"].map(|name| VendorId::derived("test", &[name]));
        let member = |role| {
            Identity::User(Arc::new(Principal {
                account_id: AccountId::derived("test", &["member"]),
                session_id: SessionId::derived("test", &["member"]),
                roles: Vec::new(),
                vendors: vec![VendorMembership { vendor_id: own, role }],
                email_verified: true,
            }))
        };
        let headers: HeaderMap = [(header::CONTENT_TYPE, "application/json".parse().unwrap())].into_iter().collect();
        let is_refused = |sender: &Identity, store: &str| {
            schema.check(Some(sender), &format!("/vendors/{store}/orders"), &headers, b"{}").is_err()
        };
        let owner = member(VendorRole::Owner);
        assert!(is_refused(&owner, &own.to_string()));
        // For all others the store does not exist, whatever they send.
        assert!(!is_refused(&owner, &other.to_string()));
        assert!(!is_refused(&owner, "own"));
        assert!(!is_refused(&member(VendorRole::Staff), &own.to_string()));
        assert!(!is_refused(&Identity::Anonymous, &own.to_string()));
    }

    #[test]
    fn what_fits_passes_and_so_does_what_only_the_service_can_judge() {
        for body in [r#"{"lines":[{"quantity":1}]}"#, "", "{not json"] {
            assert_eq!(check("application/json", body), [""; 0], "{body}");
        }
        assert_eq!(check("text/plain", "{}"), [""; 0]);
    }

    #[test]
    fn the_document_is_made_once_and_only_for_a_body() {
        let made = Arc::new(AtomicUsize::new(0));
        let document = document("public", &made);
        let (post, get) = (schema(&document, "POST"), schema(&document, "GET"));
        assert_eq!(complaints(&post, None, "application/json", ""), [""; 0]);
        assert_eq!(complaints(&post, None, "text/plain", "{}"), [""; 0]);
        assert_eq!(made.load(Ordering::SeqCst), 0);
        assert_eq!(complaints(&post, None, "application/json", "{}"), [""]);
        assert_eq!(complaints(&post, None, "application/json", "{}"), [""]);
        assert_eq!(complaints(&get, None, "application/json", "{}"), [""; 0]);
        assert!(document["paths"]["/orders"].is_object(), "whoever reads it reads the same");
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }
}
