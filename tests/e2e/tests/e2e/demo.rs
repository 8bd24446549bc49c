//! The demo keeps what it promises: it is seeded once, says where everything is and how to get in, and there is enough
//! of everything to look at.

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    http::Http,
    market::text_of,
    process::{Process, binary, command, free_address},
};

/// A number out of a database of the demo.
fn number(data: &Path, service: &str, sql: &str) -> i64 {
    let db = Connection::open(data.join(format!("{service}.sqlite"))).expect("a database");
    db.query_row(sql, [], |row| row.get(0)).expect("a number")
}

/// Every address that was printed, as paths.
fn printed(output: &str, base: &str) -> Vec<String> {
    let words = output.split_whitespace().map(|word| word.trim_end_matches(')'));
    words.filter_map(|word| word.strip_prefix(base)).map(str::to_owned).collect()
}

/// Storefront and documentation are everybody's, and so is the mailbox here; the others ask who it is.
async fn addresses_answer(http: &Http, output: &str) -> String {
    let paths = printed(output, http.base());
    let vendor = paths.iter().find_map(|path| path.strip_prefix("/vendor/")).expect("the vendor's portal").to_owned();
    let portal = format!("/vendor/{vendor}");
    assert_eq!(paths, ["/", portal.as_str(), "/admin", "/api", "/api/openapi.json", "/mailbox"]);
    for path in ["/", "/api", "/api/openapi.json", "/mailbox"] {
        let page = http.get(path).reply().await;
        assert_eq!(page.status, 200, "{path}: {page}");
    }
    for path in [portal.as_str(), "/admin"] {
        let page = http.get(path).reply().await;
        let to = page.headers.get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
        assert!((300..400).contains(&page.status) && to.starts_with("/login?"), "{path}: {page}, to {to}");
    }
    vendor
}

/// Who one can log in as: role, address, password.
fn credentials(output: &str) -> Vec<[String; 3]> {
    let lines = output.lines().skip_while(|line| !line.starts_with("Log in as")).skip(1);
    let words = |line: &str| -> Option<[String; 3]> {
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().try_into().ok()
    };
    lines.map_while(words).collect()
}

/// The token of whoever has `role`.
async fn log_in(http: &Http, people: &[[String; 3]], role: &str) -> String {
    let [_, email, password] = people.iter().find(|person| person[0] == role).expect("somebody with that role");
    let session = http.post("/api/v1/sessions", &json!({"email": email, "password": password})).ok().await;
    text_of(&session["access_token"])
}

/// A hundred products have pictures, and these load.
async fn pictures_load(http: &Http) {
    let page = http.get("/api/v1/products?limit=100").ok().await;
    let items = page["items"].as_array().expect("products");
    assert_eq!(items.len(), 100, "products on sale");
    for item in items {
        let url = text_of(&item["picture"]["sizes"][0]["url"]);
        let picture = http.get(url.strip_prefix(http.base()).unwrap_or(&url)).reply().await;
        let kind = picture.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        assert!(picture.status == 200 && kind.starts_with("image/"), "{url}: {} {kind}", picture.status);
        assert!(picture.body.len() > 100, "{url}: {} bytes", picture.body.len());
    }
}

/// How many of the last ninety days have something, in each month of them.
fn months_of(metric: &Value) -> Vec<usize> {
    let days = metric["days"].as_array().expect("days");
    assert_eq!(days.len(), 90);
    days.chunks(30).map(|month| month.iter().filter(|day| day["value"].as_i64().unwrap_or(0) > 0).count()).collect()
}

/// Ninety days of trade, as the dashboards show them.
async fn dashboards_have_a_trend(http: &Http, data: &Path, people: &[[String; 3]], vendor: &str) {
    let admin = log_in(http, people, "admin").await;
    let report = http.get("/api/v1/admin/reports/overview?days=90").bearer(&admin).ok().await;
    for metric in ["sales", "orders", "items"] {
        let months = months_of(&report[metric]);
        assert!(months.iter().all(|days| *days >= 20), "{metric} of the platform, days with some: {months:?}");
    }
    let owner = log_in(http, people, "vendor").await;
    let report = http.get(format!("/api/v1/vendors/{vendor}/reports/overview?days=90")).bearer(&owner).ok().await;
    for metric in ["sales", "orders", "items"] {
        let months = months_of(&report[metric]);
        assert!(months.iter().all(|days| *days >= 2), "{metric} of a store, days with some: {months:?}");
    }
    // So it is for every store that is open.
    let stores = http.get("/api/v1/stores?limit=100").ok().await;
    let stores = stores["items"].as_array().expect("stores");
    assert!(stores.len() >= 8, "{} stores are approved", stores.len());
    for store in stores {
        let id = text_of(&store["id"]);
        let months = format!("SELECT COUNT(DISTINCT day / 30) FROM product_daily WHERE vendor_id = '{id}'");
        assert!(number(data, "analytics", &months) >= 3, "{} has sold in too few months", store["name"]);
    }
    // A product has days of its own, here the one of which that store sold most.
    let sold = report["top_products"].as_array().expect("products");
    let best = sold.iter().max_by_key(|of| of["items"].as_i64()).expect("a product that was sold");
    let path = format!("/api/v1/vendors/{vendor}/reports/products/{}?days=90", text_of(&best["product_id"]));
    let report = http.get(path).bearer(&owner).ok().await;
    let days: usize = months_of(&report["sales"]).iter().sum();
    assert!(days >= 3, "{} was sold on {days} days", best["title"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_seeded_once_keeps_its_promises_and_ends_well() {
    let dir = tempfile::tempdir().expect("a folder");
    // Left there: the browser tests begin with a copy.
    let data = binary("souk").with_file_name("demo-data");
    if data.exists() {
        std::fs::remove_dir_all(&data).expect("the data of an earlier run is removed");
    }
    let (mut orders, mut people) = (Vec::new(), Vec::new());
    for start in 1..=2 {
        let listen = free_address();
        let http = Http::new(format!("http://{listen}"));
        let mut demo = command("souk", dir.path());
        demo.args(["demo", "--listen", &listen.to_string(), "--data"]).arg(&data).env("SOUK_LOG__FILTER", "error");
        let mut process = Process::start(demo, dir.path(), &format!("demo{start}"));
        process.ready_within(&http, "/health/ready", 600).await;
        let output = std::fs::read_to_string(dir.path().join(format!("demo{start}.out"))).expect("its output");
        assert_eq!(output.contains("Setting up"), start == 1, "{output}");
        for address in ["Storefront", "Vendor portal", "Admin", "API", "Mailbox"] {
            assert!(output.contains(address), "{address} is not named: {output}");
        }
        let vendor = addresses_answer(&http, &output).await;
        if start == 1 {
            people = credentials(&output);
            let roles: Vec<&str> = people.iter().map(|person| person[0].as_str()).collect();
            assert_eq!(roles, ["buyer", "vendor", "admin"], "{output}");
            log_in(&http, &people, "buyer").await;
            pictures_load(&http).await;
            dashboards_have_a_trend(&http, &data, &people, &vendor).await;
        } else {
            assert!(people.iter().all(|person| !output.contains(&person[2])), "shown once: {output}");
        }
        let approved = number(&data, "vendors", "SELECT COUNT(*) FROM vendors WHERE status = 'approved'");
        let on_sale = number(&data, "catalog", "SELECT COUNT(*) FROM products WHERE status = 'published'");
        let reviews = number(&data, "reviews", "SELECT COUNT(*) FROM reviews");
        assert!(
            approved >= 8 && on_sale >= 200 && reviews >= 50,
            "{approved} stores, {on_sale} products, {reviews} reviews"
        );
        orders.push(number(&data, "orders", "SELECT COUNT(*) FROM orders"));
        assert_eq!(process.interrupt().await.code(), Some(0), "Ctrl-C");
    }
    assert!(orders[0] > 300 && orders[0] == orders[1], "orders after each start: {orders:?}");
    let check = command("souk", dir.path()).args(["check", "--json", "--data"]).arg(&data).output().expect("it runs");
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
}
