//! All that a product's page shows, and less of it while a service is away.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::Request,
    response::IntoResponse,
};
use http::StatusCode;
use kernel::{ProductId, VendorId};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::service::system;

/// Which part of the page comes from which service.
const PARTS: [(&str, &str); 3] = [("inventory", "stock"), ("reviews", "rating"), ("vendors", "store")];

fn product() -> Value {
    let vendor = json!({"id": VendorId::derived("test", &["kiln"]), "slug": "kiln", "name": "Kiln"});
    json!({
        "id": ProductId::derived("test", &["mug"]), "slug": "blue-mug", "title": "Blue mug", "summary": "",
        "description_html": "", "vendor": vendor, "categories": [], "attributes": [], "options": [], "variants": [],
        "pictures": [], "tags": [], "rating": {"average_x100": 0, "count": 0}, "published_at": null,
    })
}

fn said_by(service: &str) -> Value {
    match service {
        "catalog" => product(),
        "inventory" => json!([]),
        "reviews" => json!({"average_x100": 450, "count": 2, "histogram": [0, 0, 0, 1, 1]}),
        _ => json!({
            "id": VendorId::derived("test", &["kiln"]), "slug": "kiln", "name": "Kiln", "tagline": "", "story": "",
            "policies": "", "country": "PT", "city": "Porto", "logo_url": null, "banner_url": null,
            "since": "2026-01-01T00:00:00Z",
        }),
    }
}

/// The page while `service` answers with `status`, and how often the others were asked.
async fn page(service: &str, status: StatusCode) -> (u16, Value, usize) {
    let (system, asked) = (system(None).await, Arc::new(AtomicUsize::new(0)));
    for name in ["catalog", "inventory", "reviews", "vendors"] {
        let problem = json!({"code": "of_this_test", "detail": "Not now.", "status": status.as_u16()});
        let is_other = name != service;
        let answer = if is_other { (StatusCode::OK, said_by(name)) } else { (status, problem) };
        let asked = asked.clone();
        let handler = async move || {
            asked.fetch_add(usize::from(is_other), Ordering::SeqCst);
            (answer.0, Json(answer.1.clone())).into_response()
        };
        system.stand_in(name, Router::new().fallback(handler));
    }
    let request = Request::get("/api/v1/product-pages/blue-mug").body(Body::empty()).unwrap();
    let response = system.router().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap(), asked.load(Ordering::SeqCst))
}

#[tokio::test]
async fn while_a_service_is_away_its_part_of_the_page_is_null() {
    for (service, part) in PARTS {
        let (status, page, _) = page(service, StatusCode::SERVICE_UNAVAILABLE).await;
        assert_eq!((status, &page["product"]["title"]), (200, &json!("Blue mug")), "without {service}");
        for (_, name) in PARTS {
            assert_eq!(page.get(name).map(Value::is_null), Some(name == part), "{name} without {service}: {page}");
        }
    }
}

#[tokio::test]
async fn without_the_product_there_is_no_page_and_nobody_else_is_asked() {
    let (status, problem, asked) = page("catalog", StatusCode::NOT_FOUND).await;
    assert_eq!((status, &problem["code"], asked), (404, &json!("of_this_test"), 0));
    let (status, _, asked) = page("catalog", StatusCode::SERVICE_UNAVAILABLE).await;
    assert_eq!((status, asked), (503, 0), "whether there is one cannot be told");
}
