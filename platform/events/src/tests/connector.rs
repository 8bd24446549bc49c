//! `deploy/debezium/outbox-connector.json` names columns that there are, for what Debezium means by them.

use kernel::{Clock, EventId, Timestamp};
use serde_json::{Value, json};

use super::{BOTH, Bench};

const CONNECTOR: &str = include_str!("../../../../deploy/debezium/outbox-connector.json");

#[tokio::test]
async fn the_connector_names_the_columns_of_the_outbox() {
    let connector: Value = serde_json::from_str(CONNECTOR).unwrap();
    let setting = |key: &str| connector["config"][key].as_str().unwrap_or_else(|| panic!("{key} is not set"));
    let field = |what: &str| setting(&format!("transforms.outbox.table.field.event.{what}"));
    let routed_by = setting("transforms.outbox.route.by.field");
    let (id, key, kind, payload) = (field("id"), field("key"), field("type"), field("payload"));
    let table = setting("table.include.list").rsplit('.').next().unwrap();
    // `column:header:name`, …
    let placed = setting("transforms.outbox.table.fields.additional.placement").split(',');
    let headers: Vec<(&str, &str)> =
        placed.map(|place| (place.split(':').next().unwrap(), place.rsplit(':').next().unwrap())).collect();
    let column_of = |header: &str| headers.iter().find(|(_, name)| *name == header).unwrap().0;

    let mut columns = vec![routed_by, id, key, kind, payload];
    columns.extend(headers.iter().map(|(column, _)| *column).filter(|column| *column != kind));
    for dialect in BOTH {
        let bench = Bench::new(dialect, "connector").await;
        bench.publish("a", "hello").await.unwrap();
        let row = bench.db.one(&format!("SELECT {} FROM {table}", columns.join(", ")), vec![]).await.unwrap();
        let text = |column: &str| row.get::<String>(column).unwrap();
        let order = Bench::order("a").to_string();
        assert_eq!([text(routed_by), text(key), text(kind)], ["test", order.as_str(), "test.noted"]);
        assert_eq!(serde_json::from_str::<Value>(&text(payload)).unwrap(), json!({"order_id": order, "text": "hello"}));
        row.get::<EventId>(id).unwrap();
        assert_eq!(column_of("ce_type"), kind);
        assert_eq!(row.get::<i64>(column_of("ce_aggregateversion")).unwrap(), 1);
        assert_eq!(row.get::<Timestamp>(column_of("ce_time_micros")).unwrap(), bench.clock.now());
        assert_eq!(row.get::<Option<String>>(column_of("traceparent")).unwrap(), None);
    }
}
