//! JSON Schema in words.

use serde_json::Value;

/// A type in words, with a link to where it is described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    /// In front of the link: `list of`.
    pub before: String,
    /// Name of a schema of the document.
    pub link: Option<String>,
    /// The words, or what stands behind the link.
    pub words: String,
}

impl Type {
    /// Of a schema.
    pub(super) fn of(schema: &Value) -> Self {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return Self { before: String::new(), link: Some(name.to_owned()), words: String::new() };
        }
        if schema["items"].is_object() {
            let inner = Self::of(&schema["items"]);
            return Self { before: format!("list of {}", inner.before).trim().to_owned(), ..inner };
        }
        if let Some(all) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()).or(schema["allOf"].as_array()) {
            return Self::either(all);
        }
        Self { before: String::new(), link: None, words: words(schema) }
    }

    /// One of several; the first link is kept, `null` is said as “or null”.
    fn either(all: &[Value]) -> Self {
        let (null, others): (Vec<_>, Vec<_>) = all.iter().partition(|schema| schema["type"] == "null");
        let mut types = others.into_iter().map(Self::of);
        let Some(mut first) = types.next() else { return Self::of(&Value::Null) };
        for other in types {
            let name = other.link.as_deref().unwrap_or(&other.words);
            first.words = format!("{} or {name}", first.words).trim().to_owned();
        }
        if !null.is_empty() {
            first.words = format!("{} or null", first.words).trim().to_owned();
        }
        first
    }
}

/// `text, at most 20 characters`.
fn words(schema: &Value) -> String {
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
        // A long list would bury the rest of the page.
        return match values.len() {
            0..=12 => values.join(" | "),
            many => format!("{} … (one of {many})", values[..6].join(" | ")),
        };
    }
    if let Some(value) = schema.get("const") {
        return value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => vec!["anything"],
    };
    let mut out = kinds.join(" or ");
    let mut add = |text: String| {
        out.push_str(", ");
        out.push_str(&text);
    };
    if let Some(format) = schema["format"].as_str() {
        add(format.to_owned());
    }
    for (key, before, after) in [
        ("minimum", "at least ", ""),
        ("maximum", "at most ", ""),
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
        ("maxItems", "at most ", " items"),
        ("pattern", "like ", ""),
    ] {
        match &schema[key] {
            Value::Number(number) => add(format!("{before}{number}{after}")),
            Value::String(text) => add(format!("{before}{text}{after}")),
            _ => {}
        }
    }
    out
}

/// What a schema consists of.
#[derive(Debug)]
pub(super) enum Fields {
    /// An object's members.
    Object(Vec<Field>),
    /// One of several objects, each with its members.
    OneOf(Vec<(Type, Vec<Field>)>),
    /// Anything else, in words.
    Plain(Type),
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Field {
    pub name: String,
    pub kind: Type,
    pub required: bool,
    pub about: String,
}

impl Fields {
    pub(super) fn of(schema: &Value) -> Self {
        if schema["properties"].is_object() {
            return Self::Object(members(schema));
        }
        match schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            Some(all) if all.iter().any(|one| one["properties"].is_object()) => {
                Self::OneOf(all.iter().map(|one| (label(one), members(one))).collect())
            }
            _ => Self::Plain(Type::of(schema)),
        }
    }
}

/// What one of several is called: what it is about, or its type.
fn label(schema: &Value) -> Type {
    match schema["description"].as_str() {
        Some(about) => Type { before: String::new(), link: None, words: about.to_owned() },
        None => Type::of(schema),
    }
}

fn members(schema: &Value) -> Vec<Field> {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| Field {
            name: name.clone(),
            kind: Type::of(property),
            required: required.contains(&name.as_str()),
            about: property["description"].as_str().unwrap_or_default().to_owned(),
        })
        .collect()
}
