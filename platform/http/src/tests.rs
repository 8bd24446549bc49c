//! The rules every route can rely on.

use std::sync::Arc;

use axum::{Json, Router, body::Body as HttpBody, extract::State};
use garde::Validate;
use http::{Request, StatusCode};
use kernel::{AccountId, Error, Identity, Principal, Role, SessionId, VendorId, VendorMembership, VendorRole};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::{Answer, Auth, Body, IfMatch, Path, Policy, Query, Routes, Scope, Versioned, get, openapi, post, put};

#[derive(Debug, Serialize, Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct Thing {
    #[garde(length(chars, min = 1, max = 5))]
    name: String,
    #[garde(range(min = 1, max = 9))]
    count: i64,
}

#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Filter {
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    tag: Vec<String>,
}

async fn make(State(()): State<()>, Body(thing): Body<Thing>) -> Answer<Json<Thing>> {
    Ok(Json(thing))
}
async fn list(Query(filter): Query<Filter>) -> Json<Value> {
    Json(json!({"limit": filter.limit, "tag": filter.tag}))
}
async fn change(Path(id): Path<AccountId>, seen: IfMatch) -> Answer<Versioned<String>> {
    seen.check(3)?;
    Ok(Versioned(3, id.to_string()))
}
async fn me(Auth(who): Auth) -> String {
    who.account_id.to_string()
}
async fn mine(Scope(scope): Scope) -> String {
    scope.vendor_id().to_string()
}
async fn broken() -> Answer<()> {
    Err(Error::internal("the password is hunter2").into())
}

fn router() -> Router {
    let routes = Routes::new("test")
        .add(post("/things", make).policy(Policy::Public).doc("Make", "").returns::<Thing>(200))
        .add(get("/things", list).policy(Policy::Public).doc("List", "").returns::<Value>(200))
        .add(put("/things/{id}", change).policy(Policy::Public).doc("Change", "").returns::<String>(200))
        .add(get("/me", me).policy(Policy::Account))
        .add(get("/admin", me).policy(Policy::Admin))
        .add(get("/vendors/{vendor_id}/mine", mine).policy(Policy::Vendor(VendorRole::Owner)))
        .add(get("/internal/x", broken).policy(Policy::Service))
        .add(get("/broken", broken).policy(Policy::Public));
    routes.build(()).unwrap().router
}

async fn ask(request: Request<HttpBody>) -> (StatusCode, Value) {
    let response = router().oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
    )
}

async fn send(body: &str, content_type: &str) -> (StatusCode, Value) {
    ask(Request::post("/things").header("content-type", content_type).body(HttpBody::from(body.to_owned())).unwrap())
        .await
}

fn user(roles: Vec<Role>, vendors: Vec<VendorMembership>) -> Identity {
    let account_id = AccountId::derived("test", &["a"]);
    let session_id = SessionId::derived("test", &["s"]);
    Identity::User(Arc::new(Principal { account_id, session_id, roles, vendors, email_verified: true }))
}

async fn as_(identity: Option<Identity>, path: &str) -> u16 {
    let mut request = Request::get(path).body(HttpBody::empty()).unwrap();
    if let Some(identity) = identity {
        request.extensions_mut().insert(identity);
    }
    ask(request).await.0.as_u16()
}

#[test]
fn a_route_without_a_policy_stops_the_start() {
    let routes: Routes<()> = Routes::new("test").add(get("/open", list));
    let error = routes.build(()).err().unwrap();
    assert!(error.source_text().unwrap().contains("GET /open (test) has no policy"), "{error:?}");
    let routes: Routes<()> = Routes::new("test").add(get("/mine", mine).policy(Policy::Vendor(VendorRole::Staff)));
    assert!(routes.build(()).is_err());
}

#[tokio::test]
async fn bodies_are_read_strictly_and_every_complaint_names_its_field() {
    let json_type = "application/json; charset=utf-8";
    assert_eq!(send(r#"{"name":"a","count":1}"#, json_type).await.0, 200);
    for (body, status, field) in [
        (r#"{"name":"a","count":1,"more":1}"#, 422, "more"),
        (r#"{"name":"a","count":"1"}"#, 422, "count"),
        (r#"{"name":"a","count":10}"#, 422, "count"),
        (r#"{"name":"abcdef","count":1}"#, 422, "name"),
        (r#"{"name":"a"}"#, 422, ""),
    ] {
        let (got, problem) = send(body, json_type).await;
        assert_eq!((got.as_u16(), &problem["errors"][0]["field"]), (status, &json!(field)), "{body}: {problem}");
    }
    // Numbers of cards are not even repeated.
    let (status, problem) = send(r#"{"name":"4242 4242 4242 4242","count":1}"#, json_type).await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("name")), "{problem}");
    assert!(!problem.to_string().contains("4242"), "{problem}");
    // All complaints at once, so that a form can show them all.
    let (_, problem) = send(r#"{"name":"","count":0}"#, json_type).await;
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    for body in ["", "{", "[1", "{\"name\":\"a\",\"count\":1} x"] {
        let (status, problem) = send(body, json_type).await;
        assert!(status.is_client_error(), "{body:?}: {problem}");
    }
    assert_eq!(send("name=a", "application/x-www-form-urlencoded").await.0, 415);
    let big = format!(r#"{{"name":"{}","count":1}}"#, "a".repeat(300_000));
    assert_eq!(send(&big, json_type).await.0, 413);
}

#[tokio::test]
async fn queries_take_repeated_keys_and_refuse_wrong_types() {
    let get = |query: &str| ask(Request::get(format!("/things?{query}")).body(HttpBody::empty()).unwrap());
    assert_eq!(get("tag=a&tag=b&limit=2").await.1, json!({"limit": 2, "tag": ["a", "b"]}));
    let (status, problem) = get("limit=-1").await;
    assert_eq!((status.as_u16(), &problem["errors"][0]["field"]), (422, &json!("limit")));
}

#[tokio::test]
async fn ids_that_cannot_be_are_missing_and_stale_versions_are_refused() {
    let id = AccountId::derived("test", &["x"]);
    let put = |path: String, tag: Option<&str>| {
        let mut request = Request::put(path);
        if let Some(tag) = tag {
            request = request.header("if-match", tag);
        }
        ask(request.body(HttpBody::empty()).unwrap())
    };
    assert_eq!(put(format!("/things/{id}"), None).await.0, 200);
    assert_eq!(put(format!("/things/{id}"), Some("\"3\"")).await.0, 200);
    assert_eq!(put(format!("/things/{id}"), Some("\"2\"")).await.0, 412);
    assert_eq!(put(format!("/things/{id}"), Some("x")).await.0, 400);
    assert_eq!(put("/things/not-an-id".to_owned(), None).await.0, 404);
}

#[tokio::test]
async fn policies_admit_whom_they_name() {
    let vendor_id = VendorId::derived("test", &["v"]);
    let other = VendorId::derived("test", &["w"]);
    let owner = user(vec![Role::Customer], vec![VendorMembership { vendor_id, role: VendorRole::Owner }]);
    let staff = user(vec![Role::Customer], vec![VendorMembership { vendor_id, role: VendorRole::Staff }]);
    let customer = user(vec![Role::Customer], vec![]);
    let admin = user(vec![Role::Customer, Role::Admin], vec![]);
    let mine = format!("/vendors/{vendor_id}/mine");
    for (who, path, status) in [
        (None, "/me", 401),
        (Some(customer.clone()), "/me", 200),
        (Some(Identity::Service("orders")), "/me", 401),
        (None, "/admin", 401),
        (Some(customer.clone()), "/admin", 403),
        (Some(admin.clone()), "/admin", 200),
        (None, mine.as_str(), 401),
        (Some(owner.clone()), mine.as_str(), 200),
        (Some(staff), mine.as_str(), 404),
        (Some(customer), mine.as_str(), 404),
        (Some(admin.clone()), mine.as_str(), 404),
        (Some(owner.clone()), &format!("/vendors/{other}/mine"), 404),
        (Some(owner), "/vendors/x/mine", 404),
        (None, "/internal/x", 404),
        (Some(admin), "/internal/x", 404),
        (Some(Identity::Service("orders")), "/internal/x", 500),
    ] {
        assert_eq!(as_(who.clone(), path).await, status, "{who:?} {path}");
    }
}

#[tokio::test]
async fn our_own_mistakes_say_nothing_of_the_cause() {
    let (status, problem) = ask(Request::get("/broken").body(HttpBody::empty()).unwrap()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (500, &json!("internal")));
    assert!(!problem.to_string().contains("hunter2"));
}

#[test]
fn the_document_says_what_the_routes_say() {
    let routes = Routes::new("test")
        .add(post("/things", make).policy(Policy::Public).doc("Make a thing", "").returns::<Thing>(201))
        .add(get("/things", list).policy(Policy::Admin).returns::<Value>(200))
        .add(get("/internal/x", broken).policy(Policy::Service));
    let built = routes.build(()).unwrap();
    let document = openapi::assemble(&built.described, &[("test", "")]);
    let make = &document["paths"]["/things"]["post"];
    assert_eq!(make["requestBody"]["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Thing");
    assert_eq!(document["components"]["schemas"]["Thing"]["properties"]["name"]["maxLength"], 5);
    assert_eq!(make["summary"], "Make a thing");
    for status in ["201", "400", "413", "415", "422", "429"] {
        assert!(make["responses"].get(status).is_some(), "{status}");
    }
    let list = &document["paths"]["/things"]["get"];
    let names: Vec<_> = list["parameters"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["limit", "tag"]);
    assert!(list["responses"].get("403").is_some());
    assert!(document["paths"].get("/internal/x").is_none());
}
