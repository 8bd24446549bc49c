//! The OpenAPI 3.1 document, made from the routes.

use axum::http::Method;
use contracts::client::Problem;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{describe::Inputs, policy::Policy, routes::Described};

/// A generator whose schemas live under `#/components/schemas`.
fn schema_generator() -> SchemaGenerator {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    SchemaGenerator::new(settings)
}

/// The operation object.
fn document(op: &Described, schemas: &mut SchemaGenerator) -> Value {
    let Described { service, method, path, policy, summary, description, consumes, .. } = op;
    let inputs = (op.inputs)(schemas);
    let mut parameters: Vec<Value> = path_parameters(path);
    let has_path = !parameters.is_empty();
    parameters.extend(inputs.parameters.iter().cloned());
    let mut responses = Map::new();
    for (status, media, schema) in &op.answers {
        let schema = schema.map(|make| make(schemas));
        let title =
            axum::http::StatusCode::from_u16(*status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Answer");
        let mut response = json!({"description": title});
        if !media.is_empty() {
            response["content"] = json!({ *media: {"schema": schema.unwrap_or_else(|| json!({"type": "string"}))} });
        }
        responses.insert(status.to_string(), response);
    }
    refuse_as_usual(&mut responses, *method != Method::GET, *policy, has_path, &parameters, &inputs);

    let mut operation = json!({
        "operationId": operation_id(method, path),
        "tags": [service],
        "summary": summary,
        "description": format!("{description}\n\n**Who:** {}", policy.describe()).trim(),
        "responses": responses,
    });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some((schema, optional)) = inputs.body {
        operation["requestBody"] = json!({"required": !optional, "content": {"application/json": {"schema": schema}}});
    } else if inputs.raw_body {
        let content: Map<String, Value> = consumes
            .iter()
            .map(|media| ((*media).to_owned(), json!({"schema": {"type": "string", "format": "binary"}})))
            .collect();
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation["x-policy"] = policy.name().into();
    if let Policy::Vendor(role) = policy {
        operation["x-vendor-role"] = json!(role);
    }
    operation["security"] = match policy {
        Policy::Public => json!([{}, {"bearer": []}]),
        _ => json!([{"bearer": []}]),
    };
    operation
}

/// The refusals that follow from what an operation takes and who may use it.
fn refuse_as_usual(
    responses: &mut Map<String, Value>,
    changes: bool,
    policy: Policy,
    has_path: bool,
    parameters: &[Value],
    inputs: &Inputs,
) {
    let mut refuse = |status: u16, text: &str| {
        responses.entry(status.to_string()).or_insert_with(|| {
            json!({"description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}})
        });
    };
    if policy != Policy::Public {
        refuse(401, "Nobody is logged in, or the token does not count.");
    } else {
        refuse(401, "A token was sent that does not count.");
    }
    if policy == Policy::Admin {
        refuse(403, "Not allowed.");
    }
    if has_path || matches!(policy, Policy::Vendor(_)) {
        refuse(404, "There is no such thing, or it is somebody else's.");
    }
    if !parameters.is_empty() || inputs.body.is_some() {
        refuse(422, "Some fields need to be corrected; `errors` says which.");
    }
    if changes {
        refuse(403, "Not allowed.");
        refuse(404, "There is no such thing, or it is somebody else's.");
        refuse(409, "The state of the thing does not allow it now.");
        refuse(412, "It was changed in the meantime.");
    }
    if inputs.body.is_some() || inputs.raw_body || has_path {
        refuse(400, "The request cannot be read.");
    }
    if inputs.body.is_some() || inputs.raw_body {
        refuse(413, "The body is too large.");
        refuse(415, "The body is of another media type.");
    }
    refuse(429, "Too many requests; see `Retry-After`.");
    refuse(503, "Something needed does not answer; try again.");
}

fn operation_id(method: &Method, path: &str) -> String {
    let words = path
        .trim_start_matches("/api/v1")
        .split(['/', '.', '-'])
        .map(|w| w.trim_matches(['{', '}']))
        .filter(|w| !w.is_empty());
    words.fold(method.as_str().to_ascii_lowercase(), |id, word| format!("{id}_{word}"))
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let schema = if name == "id" || name.ends_with("_id") {
                json!({"type": "string", "format": "uuid"})
            } else {
                json!({"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9_-]+$"})
            };
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        })
        .collect()
}

/// The whole document.
pub fn assemble(operations: &[Described], tags: &[(&str, &str)]) -> Value {
    let mut schemas = schema_generator();
    let mut paths: Map<String, Value> = Map::new();
    for op in operations {
        let method = op.method.as_str().to_ascii_lowercase();
        paths.entry(op.path).or_insert_with(|| json!({}))[method] = document(op, &mut schemas);
    }
    schemas.subschema_for::<Problem>();
    let tags: Vec<Value> = tags.iter().map(|(name, text)| json!({"name": name, "description": text})).collect();
    let definitions: Map<String, Value> = schemas.take_definitions(true).into_iter().collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Souk",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The API of a Souk marketplace. Amounts are integers in minor units, times are RFC 3339, ids are UUIDs, lists are paged by cursor, errors are RFC 9457 problem documents.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    })
}
