//! The vendor's stock: where it is, what is moved and counted, and the ledger of it.

use contracts::{
    inventory::{LocationView, MovementKind, MovementView, PlaceView, StockView},
    orders::VendorOrderStatus,
    shipping::{ShipmentStatus, ShipmentView},
};
use kernel::{AccountId, LocationId, VendorRole};
use serde_json::{Value, json};

use super::{fixtures::*, portal::*, stage::Stage};

fn at(path: &str) -> String {
    format!("/vendor/{}{path}", kiln())
}
fn api(path: &str) -> String {
    format!("/api/v1/vendors/{}{path}", kiln())
}
fn main_id() -> LocationId {
    LocationId(kiln().0)
}
fn cellar_id() -> LocationId {
    LocationId::derived("test", &["Cellar"])
}
fn place_id(name: &str) -> LocationId {
    if name == "Cellar" { cellar_id() } else { main_id() }
}
fn place(name: &str, on_hand: i64) -> PlaceView {
    PlaceView { location_id: place_id(name), name: name.to_owned(), on_hand, reserved: 2 }
}
fn location(name: &str, active: bool) -> LocationView {
    LocationView {
        id: place_id(name),
        name: name.to_owned(),
        is_default: name != "Cellar",
        active,
        on_hand: Some(7),
        created_at: ago(1),
    }
}
fn ago(seconds: i64) -> kernel::Timestamp {
    kernel::Timestamp::from_seconds(1_768_000_000 - seconds)
}
fn movement(kind: MovementKind, delta: i64, by: Option<AccountId>) -> MovementView {
    MovementView {
        at: ago(60),
        variant_id: variant("Small"),
        sku: "SKU-Small".to_owned(),
        title: "The <Small>".to_owned(),
        location_id: cellar_id(),
        location: "Cellar".to_owned(),
        kind,
        delta,
        on_hand: 9,
        on_hand_there: 4,
        reason: "breakage".to_owned(),
        order_id: None,
        by,
    }
}

#[tokio::test]
async fn stock_is_counted_received_and_taken() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let path = api(&format!("/stock/{}", variant("Small")));
    stage.says(&format!("GET {path}"), stock(3));
    stage.says(&format!("GET {path}/movements"), page::<Value>(&[]));
    stage.says(&format!("GET {path}/places"), [place("Main location", 5)]);
    stage.says(&format!("GET {}", api("/members")), Vec::<Value>::new());
    let here = at(&format!("/stock/{}", variant("Small")));
    ines.get(&here)
        .await
        .expect(200)
        .says(&["Running out", "No movements yet", "I counted"])
        .never_says(&["Where it is", "name=\"from\""]);
    let (adjust, asked) = (format!("{here}/adjust"), format!("POST {path}/adjustments"));
    for wrong in ["", "-1", "1.5", "9999999"] {
        ines.post(&adjust, &[("how", "add"), ("quantity", wrong)]).await.expect(422).says(&["whole number"]);
    }
    ines.post(&adjust, &[("how", "burn"), ("quantity", "1")]).await.expect(422).says(&["Say what happened."]);
    assert!(stage.asked(&asked).is_empty());
    stage.refuses(&asked, 422, "invalid_input", "Not so many.", &[("change.add", "Only 3 are available.")]);
    ines.post(&adjust, &[("how", "take"), ("quantity", "4")])
        .await
        .expect(422)
        .says(&["Only 3 are available.", "value=\"4\""]);
    assert_eq!(stage.asked_once(&asked).body["change"], json!({"add": -4}));
    stage.forget();
    stage.says(&asked, stock(9));
    ines.post(&adjust, &[("how", "set"), ("quantity", "11"), ("reason", "stocktaking")]).await.leads_to(&here);
    assert_eq!(
        stage.asked_once(&asked).body,
        json!({"change": {"set": 11}, "location_id": null, "reason": "stocktaking"})
    );
}

#[tokio::test]
async fn with_two_locations_things_are_put_and_moved_there() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let path = api(&format!("/stock/{}", variant("Small")));
    let someone = AccountId::derived("test", &["someone"]);
    stage.says(&format!("GET {path}"), StockView { backordered: 2, backorder_cap: 5, ..stock(-2) });
    stage.says(&format!("GET {path}/movements"), page(&[movement(MovementKind::Transfer, 3, Some(someone))]));
    stage.says(&format!("GET {path}/places"), [place("Main location", 5), place("Cellar", 4)]);
    let member = json!({"account_id": someone, "name": "Ines <M>", "email": "ines@example.com", "role": "staff", "since": ago(9)});
    stage.says(&format!("GET {}", api("/members")), [member]);
    let here = at(&format!("/stock/{}", variant("Small")));
    let shown = ines.get(&here).await.expect(200);
    shown.says(&["Where it is", "Sold beyond stock", "+3", "Transfer", "Ines &#60;M&#62;", "value=\"5\"", "Move"]);

    let (moves, asked) = (format!("{here}/move"), format!("POST {path}/transfers"));
    let (main, cellar) = (main_id().to_string(), cellar_id().to_string());
    let form = |pieces| [("pieces", pieces), ("from", main.as_str()), ("to", cellar.as_str()), ("why", "room")];
    ines.post(&moves, &form("0")).await.expect(422).says(&["whole number from 1"]);
    assert!(stage.asked(&asked).is_empty());
    stage.refuses(&asked, 409, "not_there", "Only 2 can be taken from there.", &[]);
    let refused = ines.post(&moves, &form("3")).await.expect(409);
    refused.says(&["Only 2 can be taken from there.", "value=\"3\"", "value=\"room\"", "value=\"5\""]);
    stage.forget();
    stage.says(&asked, [place("Main location", 3), place("Cellar", 6)]);
    ines.post(&moves, &form("2")).await.leads_to(&here);
    assert_eq!(stage.asked_once(&asked).body, json!({"from": main, "to": cellar, "quantity": 2, "reason": "room"}));

    let asked = format!("POST {path}/adjustments");
    stage.says(&asked, stock(9));
    let form = [("how", "more"), ("quantity", "2"), ("location", cellar.as_str()), ("reason", "found")];
    ines.post(&format!("{here}/adjust"), &form).await.leads_to(&here);
    let body = json!({"change": {"correct": 2}, "location_id": cellar, "reason": "found"});
    assert_eq!(stage.asked_once(&asked).body, body);

    let asked = format!("PUT {path}/backorder");
    ines.post(&format!("{here}/backorder"), &[("backorder_cap", "x")]).await.expect(422).says(&["whole number"]);
    stage.says(&asked, StockView { backorder_cap: 8, ..stock(3) });
    ines.post(&format!("{here}/backorder"), &[("backorder_cap", "8")]).await.leads_to(&here);
    assert_eq!(stage.asked_once(&asked).body, json!({"backorder_cap": 8}));
}

#[tokio::test]
async fn an_order_says_that_it_waits_for_goods() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let path = api(&format!("/orders/{}", part_id()));
    stage.says(&format!("GET {path}"), detail(VendorOrderStatus::ToShip));
    let here = at(&format!("/orders/{}", part_id()));
    ines.get(&here).await.expect(200).never_says(&["waits for goods"]);
    let waiting = ShipmentView { waits_for_goods: true, status: ShipmentStatus::Preparing, tracking: None, ..parcel() };
    stage.says(&format!("GET {path}/shipments"), [waiting]);
    ines.get(&here).await.expect(200).says(&["This order waits for goods that are still to come."]);
}

#[tokio::test]
async fn locations_are_added_renamed_closed_and_put_in_order() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    let list = format!("GET {}", api("/stock-locations"));
    stage.says(&list, [location("Main location", true), location("Cellar", true)]);
    let here = at("/stock/locations");
    ines.get(&here).await.expect(200).says(&[
        "Main location",
        "Cellar",
        "Save order",
        "What you have not put elsewhere",
    ]);
    let add = format!("POST {}", api("/stock-locations"));
    ines.post(&here, &[("name", " ")]).await.expect(422).says(&["Give it a name."]);
    assert!(stage.asked(&add).is_empty());
    stage.refuses(&add, 422, "invalid_input", "No.", &[("name", "Another of your open locations has this name.")]);
    ines.post(&here, &[("name", "cellar")]).await.expect(422).says(&["has this name", "value=\"cellar\""]);
    stage.forget();
    stage.says(&list, [location("Main location", true), location("Cellar", true)]);
    stage.answers(&add, 201, location("Cellar", true));
    ines.post(&here, &[("name", "Cellar")]).await.leads_to(&here);

    let order = format!("PUT {}", api("/stock-location-order"));
    stage.says(&order, [location("Cellar", true), location("Main location", true)]);
    let (main, cellar) = (format!("place_{}", main_id()), format!("place_{}", cellar_id()));
    ines.post(&format!("{here}/order"), &[(main.as_str(), "2"), (cellar.as_str(), "1")]).await.leads_to(&here);
    assert_eq!(stage.asked_once(&order).body, json!({"locations": [cellar_id(), main_id()]}));

    let one = format!("{here}/{}", cellar_id());
    ines.get(&one).await.expect(200).says(&["Close this location", "value=\"Cellar\""]);
    ines.get(&format!("{here}/{}", main_id())).await.expect(200).never_says(&["Close this location"]);
    ines.get(&format!("{here}/{}", LocationId::derived("test", &["ghost"]))).await.expect(404);
    let save = format!("PUT {}", api(&format!("/stock-locations/{}", cellar_id())));
    stage.refuses(&save, 409, "location_not_empty", "7 pieces are at this location.", &[]);
    ines.post(&one, &[("name", "Cellar"), ("do", "close")]).await.expect(409).says(&["7 pieces are at this location."]);
    assert_eq!(stage.asked_once(&save).body, json!({"name": "Cellar", "active": false}));
}

#[tokio::test]
async fn a_sheet_is_counted() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage
        .says(&format!("GET {}", api("/stock-locations")), [location("Main location", true), location("Cellar", true)]);
    let sheet = format!("GET {}", api("/stock"));
    stage.says(&sheet, page(&[StockView { on_hand_there: Some(4), ..stock(3) }]));
    let here = at("/stock/count");
    let cellar = cellar_id().to_string();
    let shown = ines.get(&format!("{here}?location={cellar}")).await.expect(200);
    shown.says(&["The Small · SKU-Small", "4 are known to be there", "Save the count"]);
    assert!(stage.asked(&sheet).last().unwrap().query.contains(&format!("location_id={cellar}")));

    let count = format!("POST {}", api("/stock-counts"));
    let (counted, seen) = (format!("count_{}", variant("Small")), format!("seen_{}", variant("Small")));
    let form = |n| [("location", cellar.as_str()), (counted.as_str(), n), (seen.as_str(), "4"), ("reason", "January")];
    ines.post(&here, &form("")).await.expect(422).says(&["Enter at least one number."]);
    ines.post(&here, &form("many")).await.expect(422).says(&["whole number", "value=\"many\""]);
    assert!(stage.asked(&count).is_empty());
    stage.refuses(
        &count,
        422,
        "invalid_input",
        "No.",
        &[("counts[0].counted", "It has changed since: 5 are known there now.")],
    );
    let refused = ines.post(&here, &form("6")).await.expect(422);
    refused.says(&["It has changed since", "value=\"6\"", &format!("href=\"#f-count-{}\"", variant("Small"))]);
    stage.forget();
    stage.says(&count, json!([{"variant_id": variant("Small"), "counted": 6, "delta": 2}]));
    ines.post(&here, &form("6")).await.leads_to(&format!("{here}?location={cellar}"));
    let counts = json!([{"variant_id": variant("Small"), "counted": 6, "seen": 4}]);
    assert_eq!(stage.asked_once(&count).body, json!({"location_id": cellar, "counts": counts, "reason": "January"}));
    // The second sheet of those with these words is still open afterwards.
    let further = form("6").into_iter().chain([("q", "mug"), ("after", "c2")]).collect::<Vec<_>>();
    ines.post(&here, &further).await.leads_to(&format!("{here}?location={cellar}&q=mug&after=c2"));
}

#[tokio::test]
async fn the_ledger_is_narrowed_and_taken_away_as_a_file() {
    let stage = Stage::new().await;
    let mut ines = at_work(&stage, VendorRole::Staff).await;
    stage
        .says(&format!("GET {}", api("/stock-locations")), [location("Main location", true), location("Cellar", true)]);
    let ledger = format!("GET {}", api("/stock-movements"));
    let gone = AccountId::derived("test", &["gone"]);
    stage.says(&ledger, page(&[movement(MovementKind::Count, -3, Some(gone))]));
    let here = at("/stock/movements");
    let query = format!("kind=count&from=2026-01-01&to=2026-01-31&location={}", cellar_id());
    let shown = ines.get(&format!("{here}?{query}")).await.expect(200);
    shown.says(&["The &#60;Small&#62;", "A former member", "Cellar", "breakage", "Show all", "movements.csv?"]);
    let asked = stage.asked_once(&ledger).query;
    for part in ["kind=count", "from=2026-01-01T00", "before=2026-02-01T00", &format!("location_id={}", cellar_id())] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    let file = format!("GET {}", api("/stock-movements.csv"));
    stage.says(&file, "the file");
    let got = ines.get(&format!("{}?{query}", at("/stock/movements.csv"))).await.expect(200).says(&["the file"]);
    assert_eq!(got.header("content-disposition"), Some("attachment; filename=\"stock-movements.csv\""));
    assert!(stage.asked_once(&file).query.contains("kind=count"));
}
