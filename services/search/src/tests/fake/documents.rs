//! Documents of an index, by the mapping they have to fit.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Done, analysis, unknown};

pub struct Index {
    pub aliases: BTreeSet<String>,
    pub settings: Value,
    pub mappings: Value,
    documents: BTreeMap<String, (i64, Value)>,
    /// What searches see: as it was at the last refresh.
    pub shown: BTreeMap<String, Value>,
}

impl Index {
    pub fn new(template: &Value, aliases: &Value) -> Done<Self> {
        let (settings, mappings) = (template["settings"].clone(), template["mappings"].clone());
        if mappings["dynamic"] != "strict" {
            return Err(unknown("only strict mappings are played"));
        }
        let aliases = aliases.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        Ok(Self { aliases, settings, mappings, documents: BTreeMap::new(), shown: BTreeMap::new() })
    }

    pub fn describe(&self) -> Value {
        let aliases: serde_json::Map<_, _> = self.aliases.iter().map(|name| (name.clone(), json!({}))).collect();
        json!({"aliases": aliases, "mappings": {"_meta": self.mappings["_meta"]}})
    }

    pub fn refresh(&mut self) {
        let documents = self.documents.iter();
        self.shown = documents.map(|(id, (_, document))| (id.clone(), document.clone())).collect();
    }

    pub fn get(&self, id: &str) -> (u16, Value) {
        match self.documents.get(id) {
            Some((version, document)) => {
                (200, json!({"_id": id, "found": true, "_version": version, "_source": document}))
            }
            None => (404, json!({"_id": id, "found": false})),
        }
    }

    pub fn put(&mut self, id: &str, version: i64, document: &Value) -> Done<u16> {
        let held = self.documents.get(id).map(|(version, _)| *version);
        if held.is_some_and(|held| version <= held) {
            return Err((409, "version_conflict_engine_exception", format!("{id}: {version} after {held:?}")));
        }
        for (name, value) in document.as_object().into_iter().flatten() {
            let field = self.mappings["properties"].get(name);
            let field = field.ok_or_else(|| (400, "strict_dynamic_mapping_exception", name.clone()))?;
            if !fits(field, value) {
                return Err((400, "document_parsing_exception", format!("{name}: {value}")));
            }
        }
        self.documents.insert(id.to_owned(), (version, document.clone()));
        Ok(if held.is_some() { 200 } else { 201 })
    }

    /// The mapping of a field, or of a field of a field.
    pub fn field(&self, name: &str) -> Done<&Value> {
        let properties = &self.mappings["properties"];
        let field = match name.split_once('.') {
            Some((name, sub)) => properties[name]["fields"].get(sub),
            None => properties.get(name),
        };
        field.ok_or_else(|| unknown(format!("there is no field {name}")))
    }

    /// Values of a field; a field of a field has those of its parent.
    pub fn values<'a>(&self, name: &str, document: &'a Value) -> Done<Vec<&'a Value>> {
        let field = self.field(name)?;
        if field["index"] == false || field["enabled"] == false {
            return Err(unknown(format!("{name} is not indexed")));
        }
        let value = document.get(name.split('.').next().unwrap_or_default());
        Ok(match value {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        })
    }

    /// Words of a field, as they are indexed.
    pub fn words(&self, name: &str, document: &Value) -> Done<Vec<String>> {
        let analyzer = self.analyzer(name, "analyzer")?;
        let mut words = Vec::new();
        for text in self.values(name, document)?.into_iter().filter_map(Value::as_str) {
            words.extend(analysis::analyze(&self.settings["analysis"], &analyzer, text)?);
        }
        Ok(words)
    }

    /// Words of a query, as they are looked for in a field.
    pub fn typed(&self, name: &str, text: &str) -> Done<Vec<String>> {
        let analyzer = self.analyzer(name, "search_analyzer").or_else(|_| self.analyzer(name, "analyzer"))?;
        analysis::analyze(&self.settings["analysis"], &analyzer, text)
    }

    fn analyzer(&self, name: &str, which: &str) -> Done<String> {
        let analyzer = self.field(name)?[which].as_str();
        analyzer.map(str::to_owned).ok_or_else(|| unknown(format!("{name} has no {which}")))
    }
}

fn fits(field: &Value, value: &Value) -> bool {
    let each = |test: fn(&Value) -> bool| match value {
        Value::Array(values) => values.iter().all(test),
        value => test(value),
    };
    match field["type"].as_str() {
        Some("text" | "keyword") => each(Value::is_string),
        Some("long" | "integer" | "date") => value.is_i64(),
        Some("boolean") => value.is_boolean(),
        Some("object") => field["enabled"] == false && value.is_object(),
        _ => false,
    }
}
