//! The pages as a browser without scripts sees them: their links, and their forms with all fields.

use std::collections::BTreeMap;

use crate::market::PASSWORD;

/// What begins a part of a form with files.
pub const BOUNDARY: &str = "----a-form-of-the-tests";

/// A field of a form, or a button with a name.
#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub value: String,
    /// `select`, `textarea`, `button`, or the type of an input.
    kind: String,
    /// How a phone's keyboard is to be: `decimal`, `numeric`.
    mode: String,
    required: bool,
    /// False for ticks that are not set.
    sent: bool,
}

/// A form that is posted.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub multipart: bool,
    pub fields: Vec<Field>,
    pub id: String,
    pub is_post: bool,
}

/// Names and values of a form.
pub type Pairs = Vec<(String, String)>;

struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    /// What is in it, of a `textarea`.
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

impl Field {
    fn of(tag: &Tag) -> Self {
        let kind = match (tag.name.as_str(), tag.get("type")) {
            ("input", "") => "text",
            ("input", kind) => kind,
            (name, _) => name,
        };
        let tick = matches!(kind, "checkbox" | "radio");
        let value = match kind {
            "textarea" => tag.text.clone(),
            _ if tick && !tag.has("value") => "on".to_owned(),
            _ => tag.get("value").to_owned(),
        };
        Self {
            name: tag.get("name").to_owned(),
            value,
            kind: kind.to_owned(),
            mode: tag.get("inputmode").to_owned(),
            required: tag.has("required"),
            sent: !tick || tag.has("checked"),
        }
    }
    pub fn is_file(&self) -> bool {
        self.kind == "file"
    }
    /// What somebody might have typed.
    fn filled(&self) -> String {
        let typed = match self.kind.as_str() {
            _ if !self.value.is_empty() => return self.value.clone(),
            "email" => "somebody@example.com",
            "password" => PASSWORD,
            "number" => "1",
            "date" => "2030-01-01",
            "datetime-local" => "2030-01-01T00:00",
            "url" => "https://example.com/",
            "file" => "no picture, no table",
            "text" | "textarea" | "tel" if self.required && self.mode.is_empty() => "Word",
            "text" if self.required => "1",
            _ => "",
        };
        typed.to_owned()
    }
}

impl Form {
    /// What tells it from other forms, whatever it is about.
    pub fn shape(&self) -> String {
        let mut names: Vec<String> = self.names().iter().map(|name| shape(name)).collect();
        names.sort_unstable();
        names.dedup();
        format!("{} {}", shape(&self.action), names.join(" "))
    }
    /// Names of its fields, each once, without the token.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for field in &self.fields {
            if field.name != "csrf" && !names.contains(&field.name) {
                names.push(field.name.clone());
            }
        }
        names
    }
    /// It as somebody might send it: what it came with, and something in every field that asks for it. Of several
    /// buttons the first is pressed.
    pub fn filled(&self) -> Pairs {
        let mut pairs = Pairs::new();
        for field in self.fields.iter().filter(|field| field.sent) {
            if field.kind != "button" || pairs.iter().all(|(name, _)| *name != field.name) {
                pairs.push((field.name.clone(), field.filled()));
            }
        }
        pairs
    }
    /// Its body and the type of that.
    pub fn body(&self, pairs: &[(String, String)]) -> (String, String) {
        if !self.multipart {
            let pair = |(name, value): &(String, String)| format!("{}={}", encoded(name), encoded(value));
            let body: Vec<String> = pairs.iter().map(pair).collect();
            return ("application/x-www-form-urlencoded".to_owned(), body.join("&"));
        }
        let mut body = String::new();
        for (name, value) in pairs {
            let is_file = self.fields.iter().any(|field| field.name == *name && field.is_file());
            let file = if is_file { "; filename=\"a.png\"\r\nContent-Type: image/png" } else { "" };
            let head = format!("Content-Disposition: form-data; name=\"{name}\"{file}");
            body.push_str(&format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n"));
        }
        body.push_str(&format!("--{BOUNDARY}--\r\n"));
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}

fn encoded(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

/// True for what names one thing.
pub fn is_id(part: &str) -> bool {
    part.len() == 36 && part.matches('-').count() == 4 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// A path without what it is about, and with the names of its query alone.
pub fn shape(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (mut parts, mut before) = (Vec::new(), "");
    for part in path.split('/') {
        let named = matches!(before, "p" | "c" | "v" | "w" | "track" | "help") && !part.is_empty();
        let id_within = part.len() > 36 && part.get(part.len() - 36..).is_some_and(is_id);
        parts.push(match part {
            _ if named || is_id(part) => "*",
            _ if id_within => part.get(..part.len() - 36).unwrap_or_default(),
            part => part,
        });
        before = part;
    }
    let keys: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), keys.join("&"))
}

/// Addresses on this site to which a page leads.
pub fn links(html: &str) -> Vec<String> {
    let hrefs = tags(html).into_iter().filter(|tag| tag.name == "a").map(|tag| tag.get("href").to_owned());
    let ours = hrefs.filter(|href| href.starts_with('/') && !href.starts_with("//"));
    ours.map(|href| href.split('#').next().unwrap_or_default().to_owned()).collect()
}

/// The forms of the page at `path` that are posted.
pub fn forms(path: &str, html: &str) -> Vec<Form> {
    let mut all: Vec<Form> = Vec::new();
    let mut open = None;
    // With the form they are in, or the id of the one they belong to.
    let mut found: Vec<(Option<usize>, String, Field)> = Vec::new();
    // Buttons that send their form somewhere else.
    let mut detours: Vec<(Option<usize>, String)> = Vec::new();
    for tag in tags(html) {
        if tag.name == "button" && tag.has("formaction") {
            detours.push((open, tag.get("formaction").to_owned()));
        }
        match tag.name.as_str() {
            "form" => {
                let action = if tag.has("action") { tag.get("action") } else { path };
                open = Some(all.len());
                all.push(Form {
                    action: action.to_owned(),
                    multipart: tag.get("enctype") == "multipart/form-data",
                    fields: Vec::new(),
                    id: tag.get("id").to_owned(),
                    is_post: tag.get("method").eq_ignore_ascii_case("post"),
                });
            }
            "/form" => open = None,
            "input" | "select" | "textarea" | "button" if !tag.get("name").is_empty() && !tag.has("disabled") => {
                found.push((open, tag.get("form").to_owned(), Field::of(&tag)));
            }
            "option" => {
                if let Some((_, _, field)) = found.last_mut().filter(|(_, _, field)| field.kind == "select")
                    && (field.value.is_empty() || tag.has("selected"))
                {
                    field.value = tag.get("value").to_owned();
                }
            }
            _ => {}
        }
    }
    for (within, of, field) in found {
        let at = if of.is_empty() { within } else { all.iter().position(|form| form.id == of) };
        if let Some(form) = at.and_then(|at| all.get_mut(at)) {
            form.fields.push(field);
        }
    }
    for (within, action) in detours {
        if let Some(form) = within.and_then(|within| all.get(within)).cloned() {
            all.push(Form { action, ..form });
        }
    }
    all.retain(|form| form.is_post && form.action.starts_with('/'));
    all
}

fn tags(html: &str) -> Vec<Tag> {
    let mut all = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (mut tag, after) = tag(after);
        rest = after;
        if tag.name == "textarea" || tag.name == "script" {
            // There are no tags in these.
            let end = format!("</{}", tag.name);
            let (text, after) = rest.split_once(&end).unwrap_or((rest, ""));
            tag.text = decoded(text.strip_prefix('\n').unwrap_or(text));
            rest = after;
        }
        all.push(tag);
    }
    all
}

/// The tag after a `<`, and what follows it.
fn tag(text: &str) -> (Tag, &str) {
    let end = text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len());
    let (name, mut rest) = text.split_at(end);
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '='));
        if rest.is_empty() {
            break;
        }
        if let Some(after) = rest.strip_prefix('>') {
            rest = after;
            break;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        rest = after;
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let (text, after) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len())),
            };
            value = decoded(text);
            rest = after;
        }
        attributes.insert(key.to_ascii_lowercase(), value);
    }
    (Tag { name: name.to_ascii_lowercase(), attributes, text: String::new() }, rest)
}

/// A text of a page without its escapes.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(';').and_then(|(name, rest)| Some((character(name)?, rest))) {
            Some((character, rest)) => {
                out.push(character);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[test]
fn forms_are_read_from_pages() {
    let html = r#"<!-- <form method="post"> --><form id="a" method="post" action="/x?a=1&amp;b=&#34;">
        <input type="hidden" name="csrf" value="t"><input name='n' value=one required><textarea name="t">
a &lt;b&gt;</textarea><select name="s"><option value="">-</option><option value="2" selected>2</option></select>
        <input type="checkbox" name="c"><button name="do" value="yes">Go</button></form>
        <input name="far" form="a" value="3"><form action="/get"><input name="q"></form><a href="/y#z">y</a>"#;
    let all = forms("/page", html);
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].action, "/x?a=1&b=\"");
    assert_eq!(all[0].names(), ["n", "t", "s", "c", "do", "far"]);
    let filled = all[0].filled();
    let filled: Vec<_> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wanted = [("csrf", "t"), ("n", "one"), ("t", "a <b>"), ("s", "2"), ("do", "yes"), ("far", "3")];
    assert_eq!(filled, wanted);
    assert_eq!(links(html), ["/y"]);
    assert_eq!(shape("/a/01900000-0000-7000-8000-00000000dead/b?x=1&y=2"), "/a/*/b?x&y");
}
