//! Plays Elasticsearch: keeps its own documents, applies the template it was given, and evaluates what is asked of it.
//! It knows the requests that the adapter makes and refuses all others, as it refuses unknown keys and fields.

mod aggregations;
mod analysis;
mod documents;
mod queries;
mod searching;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{Router, body::to_bytes, extract::Request, response::IntoResponse};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};

use self::documents::Index;

/// A refusal: its status, the type of the error, the reason.
pub type Refusal = (u16, &'static str, String);
pub type Done<T> = Result<T, Refusal>;

/// Something that goes wrong, so many times.
pub struct Fault {
    /// Part of the path.
    pub path: &'static str,
    pub status: u16,
    pub times: u32,
    /// None: the whole request fails. Otherwise only the line of a bulk request with this id.
    pub id: Option<String>,
}

#[derive(Default)]
pub struct State {
    pub indexes: BTreeMap<String, Index>,
    templates: BTreeMap<String, Value>,
    pub faults: Vec<Fault>,
    /// Nobody is served.
    pub is_down: bool,
    /// What `Authorization` has to say, if anything.
    pub authorization: Option<&'static str>,
    /// Method and path of what was asked, and how many lines it had.
    pub asked: Vec<(String, usize)>,
}

/// A server on this machine, until the test is over.
#[derive(Clone)]
pub struct Fake {
    state: Arc<Mutex<State>>,
    pub url: String,
}

impl Fake {
    pub fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let answering = state.clone();
        let router = Router::new().fallback(async move |request: Request| {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let asked = Asked {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                body: String::from_utf8(body.to_vec()).unwrap(),
                headers: parts.headers,
            };
            let answer = answering.lock().unwrap_or_else(PoisonError::into_inner).answer(&asked);
            let (status, body) = answer.unwrap_or_else(|(status, kind, reason)| {
                (status, json!({"error": {"type": kind, "reason": reason}, "status": status}))
            });
            (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
        });
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { state, url }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets so many requests to `path` fail.
    pub fn fail(&self, path: &'static str, status: u16, times: u32) {
        self.state().faults.push(Fault { path, status, times, id: None });
    }

    /// Lets a line of a bulk request fail so many times.
    pub fn fail_line(&self, id: String, status: u16, times: u32) {
        self.state().faults.push(Fault { path: "_bulk", status, times, id: Some(id) });
    }

    /// Lines of each bulk request so far, and forgets them.
    pub fn bulks(&self) -> Vec<usize> {
        let asked = std::mem::take(&mut self.state().asked);
        asked.into_iter().filter(|(path, _)| path.ends_with("/_bulk")).map(|(_, lines)| lines / 2).collect()
    }

    /// Names of the indexes, each with its aliases.
    pub fn indexes(&self) -> Vec<(String, Vec<String>)> {
        let state = self.state();
        state.indexes.iter().map(|(name, index)| (name.clone(), index.aliases.iter().cloned().collect())).collect()
    }
}

/// A request.
pub struct Asked {
    method: Method,
    path: String,
    query: String,
    body: String,
    headers: HeaderMap,
}

impl Asked {
    fn json(&self) -> Done<Value> {
        let kind = self.headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes());
        if kind != Some(b"application/json") {
            return Err((406, "media_type_header_exception", format!("{kind:?}")));
        }
        serde_json::from_str(&self.body).map_err(|e| (400, "parse_exception", e.to_string()))
    }
    fn says(&self, parameter: &str) -> bool {
        self.query.split('&').any(|given| given == parameter)
    }
}

fn unknown(what: impl std::fmt::Display) -> Refusal {
    (400, "illegal_argument_exception", what.to_string())
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Done<(u16, Value)> {
        let lines = asked.body.lines().count();
        self.asked.push((format!("{} {}", asked.method, asked.path), lines));
        if self.is_down {
            return Err((503, "cluster_block_exception", "is down".to_owned()));
        }
        let given = asked.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if self.authorization.is_some() && given != self.authorization {
            return Err((401, "security_exception", "unable to authenticate".to_owned()));
        }
        let fails = |fault: &&mut Fault| fault.times > 0 && fault.id.is_none() && asked.path.contains(fault.path);
        if let Some(fault) = self.faults.iter_mut().find(fails) {
            fault.times -= 1;
            return Err((fault.status, "es_rejected_execution_exception", "injected".to_owned()));
        }
        let parts: Vec<&str> = asked.path.trim_start_matches('/').split('/').collect();
        match (asked.method.as_str(), parts.as_slice()) {
            ("GET", [""]) => Ok((200, json!({"version": {"number": "8.19.1"}, "tagline": "You Know, for Search"}))),
            ("PUT", ["_index_template", name]) => {
                self.templates.insert((*name).to_owned(), asked.json()?);
                Ok((200, json!({"acknowledged": true})))
            }
            ("GET", ["_alias", alias]) => match self.behind(alias) {
                Ok(index) => Ok((200, json!({index: {"aliases": {*alias: {}}}}))),
                Err(refusal) => Err(refusal),
            },
            ("POST", ["_aliases"]) => self.change_aliases(&asked.json()?),
            ("POST", [alias, "_bulk"]) => self.bulk(alias, asked),
            ("POST", [alias, "_search"]) => {
                let name = self.behind(alias)?;
                Ok((200, searching::search(&self.indexes[&name], &asked.json()?)?))
            }
            ("POST", [alias, "_refresh"]) => {
                let name = self.behind(alias)?;
                self.indexes.entry(name).and_modify(Index::refresh);
                Ok((200, json!({"_shards": {"total": 1, "successful": 1, "failed": 0}})))
            }
            ("GET", [alias, "_doc", id]) => Ok(self.indexes[&self.behind(alias)?].get(id)),
            ("PUT", [name]) => self.create(name, &asked.json()?),
            ("GET", [pattern]) if pattern.ends_with('*') => Ok((200, self.list(pattern.trim_end_matches('*')))),
            _ => Err(unknown(format!("{} {}", asked.method, asked.path))),
        }
    }

    fn behind(&self, alias: &str) -> Done<String> {
        let index = self.indexes.iter().find(|(_, index)| index.aliases.contains(alias));
        index.map(|(name, _)| name.clone()).ok_or_else(|| (404, "index_not_found_exception", alias.to_owned()))
    }

    fn list(&self, begin: &str) -> Value {
        let fitting = self.indexes.iter().filter(|(name, _)| name.starts_with(begin));
        fitting.map(|(name, index)| (name.clone(), index.describe())).collect::<serde_json::Map<_, _>>().into()
    }

    fn create(&mut self, name: &str, body: &Value) -> Done<(u16, Value)> {
        if self.indexes.contains_key(name) {
            return Err((400, "resource_already_exists_exception", name.to_owned()));
        }
        let fits = |template: &&Value| {
            let patterns = template["index_patterns"].as_array().into_iter().flatten();
            patterns.filter_map(Value::as_str).any(|pattern| name.starts_with(pattern.trim_end_matches('*')))
        };
        let template = self.templates.values().find(fits).ok_or_else(|| unknown("no template fits"))?;
        let index = Index::new(&template["template"], &body["aliases"])?;
        self.indexes.insert(name.to_owned(), index);
        Ok((200, json!({"acknowledged": true, "index": name})))
    }

    /// All actions or none.
    fn change_aliases(&mut self, body: &Value) -> Done<(u16, Value)> {
        let actions = body["actions"].as_array().ok_or_else(|| unknown("no actions"))?;
        let name_in = |action: &Value| action["index"].as_str().unwrap_or_default().to_owned();
        for action in actions.iter().filter_map(Value::as_object).flat_map(|action| action.values()) {
            if !self.indexes.contains_key(&name_in(action)) {
                return Err((404, "index_not_found_exception", name_in(action)));
            }
        }
        for action in actions {
            if let Some(add) = action.get("add") {
                let alias = add["alias"].as_str().ok_or_else(|| unknown("no alias"))?.to_owned();
                self.indexes.entry(name_in(add)).and_modify(|index| index.aliases.extend([alias]));
            } else if let Some(remove) = action.get("remove_index") {
                self.indexes.remove(&name_in(remove));
            } else {
                return Err(unknown(action));
            }
        }
        Ok((200, json!({"acknowledged": true})))
    }

    fn bulk(&mut self, alias: &str, asked: &Asked) -> Done<(u16, Value)> {
        if asked.headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes()) != Some(b"application/x-ndjson") {
            return Err((406, "media_type_header_exception", String::new()));
        }
        if !asked.says("require_alias=true") || !asked.body.ends_with('\n') {
            return Err(unknown("a bulk request has to demand the alias, and ends its last line"));
        }
        let parsed: Result<Vec<Value>, _> = asked.body.lines().map(serde_json::from_str).collect();
        let lines = parsed.map_err(unknown)?;
        let mut items = Vec::new();
        for pair in lines.chunks(2) {
            let [action, document] = pair else { return Err(unknown("an action without its document")) };
            let done = self.write(alias, &action["index"], document);
            let item = match done {
                Ok(status) => json!({"status": status}),
                Err((status, kind, reason)) => json!({"status": status, "error": {"type": kind, "reason": reason}}),
            };
            items.push(json!({"index": item}));
        }
        Ok((200, json!({"items": items})))
    }

    fn write(&mut self, alias: &str, action: &Value, document: &Value) -> Done<u16> {
        let id = action["_id"].as_str().ok_or_else(|| unknown("a line without an id"))?;
        let fails = |fault: &&mut Fault| fault.times > 0 && fault.id.as_deref() == Some(id);
        if let Some(fault) = self.faults.iter_mut().find(fails) {
            fault.times -= 1;
            return Err((fault.status, "injected_exception", "injected".to_owned()));
        }
        let name = self.behind(alias)?;
        let version = action["version"].as_i64().filter(|_| action["version_type"] == "external");
        let version = version.ok_or_else(|| unknown("a line without an external version"))?;
        match self.indexes.get_mut(&name) {
            Some(index) => index.put(id, version, document),
            None => Err((404, "index_not_found_exception", name)),
        }
    }
}
