//! One OpenAPI document out of one per service.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Where schemas live, as references spell it.
const SCHEMAS: &str = "#/components/schemas/";

/// Puts the documents of services together. Schemas that two services share stay one; where they only
/// share a name, the later one gets a number behind it.
pub fn merge<'a>(documents: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut whole = Value::Null;
    let (mut tags, mut paths, mut schemas) = (Vec::new(), Map::new(), Map::new());
    for document in documents {
        if whole.is_null() {
            whole = document.clone();
        }
        let renamed = Renamed::of(document, &schemas);
        for (name, schema) in members(&document["components"]["schemas"]) {
            schemas.entry(renamed.name(name)).or_insert_with(|| renamed.apply(schema));
        }
        for (path, operations) in members(&document["paths"]) {
            let known = paths.entry(path.clone()).or_insert_with(|| json!({}));
            for (method, operation) in members(operations) {
                known[method] = renamed.apply(operation);
            }
        }
        tags.extend(document["tags"].as_array().into_iter().flatten().cloned());
    }
    if !whole.is_null() {
        whole["tags"] = tags.into();
        whole["paths"] = paths.into();
        whole["components"]["schemas"] = schemas.into();
    }
    whole
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// New names for those schemas of a document whose names mean something else already.
struct Renamed(Vec<(String, String)>);

impl Renamed {
    fn of(document: &Value, taken: &Map<String, Value>) -> Self {
        let own = &document["components"]["schemas"];
        let differs = |(name, schema): &(&String, &Value)| taken.get(*name).is_some_and(|known| known != *schema);
        let mut names: BTreeSet<&String> = members(own).filter(differs).map(|(name, _)| name).collect();
        // What refers to a renamed schema is itself another one, although it reads the same.
        loop {
            let refers = |schema: &Value| names.iter().any(|name| refers_to(schema, &format!("{SCHEMAS}{name}")));
            let more = members(own)
                .find(|(name, schema)| taken.contains_key(*name) && !names.contains(name) && refers(schema));
            match more {
                Some((name, _)) => names.insert(name),
                None => break,
            };
        }
        let free = |name: &String| {
            (2..).map(|n| format!("{name}{n}")).find(|new| !taken.contains_key(new) && own.get(new).is_none())
        };
        Self(names.into_iter().filter_map(|name| Some((name.clone(), free(name)?))).collect())
    }

    fn name(&self, name: &str) -> String {
        self.0.iter().find(|(old, _)| old == name).map_or_else(|| name.to_owned(), |(_, new)| new.clone())
    }

    /// A part of the document with its references renamed.
    fn apply(&self, part: &Value) -> Value {
        match part {
            Value::Array(items) => items.iter().map(|item| self.apply(item)).collect(),
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| match (key.as_str(), value.as_str().and_then(|v| v.strip_prefix(SCHEMAS))) {
                    ("$ref", Some(name)) => (key.clone(), format!("{SCHEMAS}{}", self.name(name)).into()),
                    _ => (key.clone(), self.apply(value)),
                })
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }
}

fn refers_to(schema: &Value, reference: &str) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(|item| refers_to(item, reference)),
        Value::Object(object) => object
            .iter()
            .any(|(key, value)| key == "$ref" && value.as_str() == Some(reference) || refers_to(value, reference)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(tag: &str, path: &str, schemas: Value) -> Value {
        json!({
            "openapi": "3.1.0",
            "tags": [{"name": tag}],
            "paths": {path: {"get": {"schema": {"$ref": "#/components/schemas/Query"}}}},
            "components": {"schemas": schemas},
        })
    }

    #[test]
    fn what_is_shared_stays_one_and_what_only_sounds_alike_is_kept_apart() {
        let word = json!({"type": "string"});
        let holds_query = json!({"items": {"$ref": "#/components/schemas/Query"}});
        let a = document("a", "/a", json!({"Word": word, "Query": {"type": "object"}, "Page": holds_query}));
        let b = document("b", "/b", json!({"Word": word, "Query": {"type": "array"}, "Page": holds_query}));
        let whole = merge([&a, &b]);
        let names: BTreeSet<&str> = members(&whole["components"]["schemas"]).map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, BTreeSet::from(["Word", "Query", "Page", "Page2", "Query2"]));
        assert_eq!(whole["paths"]["/a"]["get"]["schema"]["$ref"], "#/components/schemas/Query");
        assert_eq!(whole["paths"]["/b"]["get"]["schema"]["$ref"], "#/components/schemas/Query2");
        assert_eq!(whole["components"]["schemas"]["Page2"]["items"]["$ref"], "#/components/schemas/Query2");
        assert_eq!(whole["tags"], json!([{"name": "a"}, {"name": "b"}]));
        assert_eq!(merge([&a, &a])["components"], a["components"]);
    }

    #[test]
    fn two_services_may_answer_the_same_path() {
        let mut other = document("b", "/a", json!({}));
        other["paths"] = json!({"/a": {"post": {"summary": "b"}}});
        let whole = merge([&document("a", "/a", json!({})), &other]);
        assert_eq!(whole["paths"]["/a"]["post"]["summary"], "b");
        assert!(whole["paths"]["/a"]["get"].is_object());
    }
}
