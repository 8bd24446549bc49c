//! The API, readable: one page made from the OpenAPI document, without scripts from elsewhere.

mod schema;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use kernel::{Error, Result};
use serde_json::Value;

use crate::{app::MARKET, assets, ui::Shell};
use schema::{Fields, Type};

/// What the page may load. The gateway's own policy for the API allows nothing at all.
const CSP: &str = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'none'";

#[derive(Debug, Template)]
#[template(path = "api_docs.html")]
struct ApiDocs {
    shell: Shell,
    version: String,
    intro: String,
    script: String,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
}

#[derive(Debug)]
struct Group {
    name: String,
    about: String,
    operations: Vec<Operation>,
}

#[derive(Debug)]
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: Vec<String>,
    who: String,
    parameters: Vec<Parameter>,
    body: Vec<(String, Type)>,
    answers: Vec<Answer>,
}

#[derive(Debug)]
struct Parameter {
    name: String,
    place: String,
    kind: Type,
    required: bool,
    about: String,
}

#[derive(Debug)]
struct Answer {
    status: String,
    about: String,
    kind: Option<Type>,
}

#[derive(Debug)]
struct Schema {
    name: String,
    about: String,
    fields: Fields,
}

/// The page as HTML.
///
/// # Errors
/// Fails if `openapi` is not an OpenAPI document.
pub fn render(openapi: &Value) -> Result<String> {
    let page = ApiDocs {
        shell: Shell {
            market: MARKET.to_owned(),
            title: "API".to_owned(),
            description: "Every operation of the marketplace's API, with what it takes and what it answers.".to_owned(),
            lang: "en".to_owned(),
            path: "/api".to_owned(),
            ..Shell::default()
        },
        version: text(&openapi["info"]["version"]),
        intro: text(&openapi["info"]["description"]),
        script: assets::address("api.js"),
        groups: groups(openapi)?,
        schemas: schemas(openapi),
    };
    page.render().map_err(Error::internal)
}

/// The page as an answer, with the headers that let it look like one.
pub fn answer(html: String) -> Response {
    let mut response = Html(html).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn groups(openapi: &Value) -> Result<Vec<Group>> {
    let paths = openapi["paths"].as_object().ok_or_else(|| Error::internal("the OpenAPI document has no paths"))?;
    let mut by_tag: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            by_tag.entry(text(&operation["tags"][0])).or_default().push(operation_of(path, method, operation));
        }
    }
    let tags = openapi["tags"].as_array().into_iter().flatten();
    let group = |tag: &Value| {
        let name = text(&tag["name"]);
        by_tag.remove(&name).map(|operations| Group { about: text(&tag["description"]), name, operations })
    };
    Ok(tags.filter_map(group).collect())
}

fn operation_of(path: &str, method: &str, operation: &Value) -> Operation {
    let description = text(&operation["description"]);
    let (description, who) = description.rsplit_once("**Who:** ").unwrap_or((&description, ""));
    let content = |value: &Value| -> Vec<(String, Type)> {
        let media = value["content"].as_object().into_iter().flatten();
        media.map(|(media, content)| (media.clone(), Type::of(&content["schema"]))).collect()
    };
    let parameter = |p: &Value| Parameter {
        name: text(&p["name"]),
        place: text(&p["in"]),
        kind: Type::of(&p["schema"]),
        required: p["required"] == true,
        about: [text(&p["description"]), text(&p["schema"]["description"])]
            .into_iter()
            .find(|t| !t.is_empty())
            .unwrap_or_default(),
    };
    let responses = operation["responses"].as_object().into_iter().flatten();
    let answer = |(status, response): (&String, &Value)| Answer {
        status: status.clone(),
        about: text(&response["description"]),
        kind: content(response).into_iter().next().map(|(_, kind)| kind),
    };
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: description.split("\n\n").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect(),
        who: who.trim().to_owned(),
        parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: content(&operation["requestBody"]),
        answers: responses.map(answer).collect(),
    }
}

fn schemas(openapi: &Value) -> Vec<Schema> {
    let all = openapi["components"]["schemas"].as_object().into_iter().flatten();
    all.map(|(name, schema)| Schema {
        name: name.clone(),
        about: text(&schema["description"]),
        fields: Fields::of(schema),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {"title": "Souk", "version": "1.2.3", "description": "The API."},
            "tags": [{"name": "cart", "description": "Carts."}, {"name": "empty", "description": "None."}],
            "paths": {"/api/v1/carts/{id}": {"put": {
                "operationId": "put_carts_id", "tags": ["cart"], "summary": "Set <it>",
                "description": "Sets it.\n\n**Who:** Everybody.",
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"}}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Cart"}}}},
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Cart"}}}}}, "204": {"description": "Gone"}},
            }}},
            "components": {"schemas": {"Cart": {"type": "object", "description": "A cart.", "required": ["items"], "properties": {
                "items": {"type": "integer", "format": "int64", "description": "How many."},
                "state": {"enum": ["open", "closed"]},
                "note": {"type": ["string", "null"], "maxLength": 20},
            }}}},
        })
    }

    #[test]
    fn every_operation_and_schema_is_on_the_page_and_escaped() {
        let html = render(&document()).unwrap();
        for part in [
            "id=\"put_carts_id\"",
            "/api/v1/carts/{id}",
            "Set &#60;it&#62;",
            "Everybody.",
            "1.2.3",
            "Carts.",
            "href=\"#schema-Cart\"",
            "list of",
            "id=\"schema-Cart\"",
            "How many.",
            "open",
            "at most 20 characters",
        ] {
            assert!(html.contains(part), "{part} is not on the page");
        }
        assert!(!html.contains("<it>"));
        assert!(!html.contains("id=\"empty\""), "a service without operations has no part");
        assert!(!html.contains("style=") && !html.contains("<script>"));
    }

    #[test]
    fn something_else_is_refused() {
        assert!(render(&json!({})).is_err());
    }
}
