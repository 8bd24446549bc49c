//! What goes in comes out.

use kernel::{Country, Currency, Email, Kind, OrderId, Slug, Timestamp};
use serde_json::json;

use super::{on_both, shop};
use crate::{Db, Dialect, Row, Value, params};

on_both!(
    round_trips,
    nulls,
    our_own_types,
    a_parameter_used_twice,
    a_cast_says_what_a_parameter_is,
    sums_are_numbers_and_fractions_are_refused,
    getters_name_the_column,
    the_wrong_number_of_parameters_is_refused,
    optional_filters,
    literals_may_hold_a_dollar,
    text_means_the_same_on_both,
    the_null_character_is_refused,
);

async fn insert(db: &Db, values: Vec<Value>) -> Row {
    let sql = "INSERT INTO kinds (text, n, bytes, json) VALUES ($1, $2, $3, $4) RETURNING seq, text, n, bytes, json";
    db.write(async move |tx| tx.one(sql, values.clone()).await).await.unwrap()
}

async fn round_trips(dialect: Dialect) {
    let db = shop(dialect, "round_trips").await;
    let texts = ["", "plain", "Größe – 価格 – 🛒", "it's \"quoted\"; -- not a comment", "a\tb\nc"];
    let numbers = [0, 1, -1, i64::MAX, i64::MIN, 9_007_199_254_740_993];
    let blobs: [Vec<u8>; 3] = [vec![], vec![0, 255, 10], (0..=255).collect()];
    let documents = [json!({"lines": [{"quantity": 2, "note": "ü"}], "big": i64::MAX}), json!([]), json!("text")];
    for index in 0..6 {
        let (text, n) = (texts[index % texts.len()], numbers[index]);
        let (bytes, document) = (&blobs[index % blobs.len()], &documents[index % documents.len()]);
        let returned = insert(&db, params![text, n, bytes, document]).await;
        let seq: i64 = returned.get("seq").unwrap();
        let read = db.one("SELECT text, n, bytes, json FROM kinds WHERE seq = $1", params![seq]).await.unwrap();
        for row in [&returned, &read] {
            assert_eq!(row.get::<String>("text").unwrap(), text);
            assert_eq!(row.get::<i64>("n").unwrap(), n);
            assert_eq!(&row.get::<Vec<u8>>("bytes").unwrap(), bytes);
            assert_eq!(&row.get::<serde_json::Value>("json").unwrap(), document);
            assert_eq!(&row.json::<serde_json::Value>("json").unwrap(), document);
        }
        assert_eq!(seq, index as i64 + 1);
    }
}

async fn nulls(dialect: Dialect) {
    let db = shop(dialect, "nulls").await;
    let nothing: Option<String> = None;
    let row = insert(&db, params![nothing, None::<i64>, None::<Vec<u8>>, Value::Null]).await;
    assert_eq!(row.get::<Option<String>>("text").unwrap(), None);
    assert_eq!(row.get::<Option<i64>>("n").unwrap(), None);
    assert_eq!(row.get::<Option<Vec<u8>>>("bytes").unwrap(), None);
    assert_eq!(row.json::<Option<u32>>("json").unwrap(), None);
    assert!(row.get::<String>("text").is_err(), "NULL is not a text");
    assert!(row.get::<i64>("n").is_err(), "NULL is not a number");
}

async fn our_own_types(dialect: Dialect) {
    let db = shop(dialect, "our_own_types").await;
    let id = OrderId::derived("test", &["1"]);
    let now = Timestamp(1_700_000_000_123_456);
    let slug: Slug = "blue-mug-2".parse().unwrap();
    let email: Email = "ada@example.com".parse().unwrap();
    let country: Country = "DE".parse().unwrap();
    let sql = "SELECT $1::text AS id, $2::bigint AS now, $3::text AS slug, $4::text AS email, $5::text AS country,
                      $6::text AS currency, $7::bigint AS flag, $8::text AS missing";
    let sql =
        if dialect == Dialect::Sqlite { sql.replace("::text", "").replace("::bigint", "") } else { sql.to_owned() };
    let missing: Option<OrderId> = None;
    let row =
        db.one(&sql, params![&id, now, &slug, email.clone(), &country, Currency::EUR, true, &missing]).await.unwrap();
    assert_eq!(row.get::<OrderId>("id").unwrap(), id);
    assert_eq!(row.get::<String>("id").unwrap(), id.to_string());
    assert_eq!(row.get::<Timestamp>("now").unwrap(), now);
    assert_eq!(row.get::<Slug>("slug").unwrap(), slug);
    assert_eq!(row.get::<Email>("email").unwrap(), email);
    assert_eq!(row.get::<Country>("country").unwrap(), country);
    assert_eq!(row.get::<Currency>("currency").unwrap(), Currency::EUR);
    assert!(row.get::<bool>("flag").unwrap());
    assert_eq!(row.get::<Option<OrderId>>("missing").unwrap(), None);
    assert_eq!(row.parse::<OrderId>("id").unwrap(), id);
}

async fn a_parameter_used_twice(dialect: Dialect) {
    let db = shop(dialect, "used_twice").await;
    let sql = "SELECT n, text FROM kinds WHERE n >= $2 AND n <= $1 AND (text = $3 OR n = $2) ORDER BY n LIMIT $4";
    for n in 1..=5_i64 {
        insert(&db, params![format!("t{n}"), n, Value::Null, Value::Null]).await;
    }
    let rows = db.all(sql, params![4, 2, "t3", 10]).await.unwrap();
    let found: Vec<i64> = rows.iter().map(|row| row.get("n").unwrap()).collect();
    assert_eq!(found, [2, 3]);
}

async fn a_cast_says_what_a_parameter_is(dialect: Dialect) {
    let db = shop(dialect, "casts").await;
    let row = db.one("SELECT $1::bigint + 1 AS a, $2::text AS b, $1::bigint AS c", params![41, "x"]).await.unwrap();
    assert_eq!(row.get::<i64>("a").unwrap(), 42);
    assert_eq!(row.get::<String>("b").unwrap(), "x");
    assert_eq!(row.get::<i64>("c").unwrap(), 41);
}

async fn sums_are_numbers_and_fractions_are_refused(dialect: Dialect) {
    let db = shop(dialect, "sums").await;
    let none = db.one("SELECT sum(n) AS total FROM kinds", params![]).await.unwrap();
    assert_eq!(none.get::<Option<i64>>("total").unwrap(), None);
    for n in [1, 2, 40_000_i64] {
        insert(&db, params![Value::Null, n, Value::Null, Value::Null]).await;
    }
    let row = db.one("SELECT sum(n) AS total, count(*) AS rows, max(n) AS most FROM kinds", params![]).await.unwrap();
    assert_eq!(row.get::<i64>("total").unwrap(), 40_003);
    assert_eq!(row.get::<i64>("rows").unwrap(), 3);
    assert_eq!(row.get::<i64>("most").unwrap(), 40_000);
    let limited = db.all("SELECT n FROM kinds GROUP BY n HAVING sum(n) > $1", params![2]).await.unwrap();
    assert_eq!(limited.len(), 1);
    let refused = db.one("SELECT avg(n) AS mean FROM kinds", params![]).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Internal);
    assert!(refused.to_string().contains("fraction"), "{refused}");
}

async fn getters_name_the_column(dialect: Dialect) {
    let db = shop(dialect, "getters").await;
    let row = insert(&db, params!["abc", i64::from(u32::MAX) + 1, Value::Null, json!({"a": 1})]).await;
    let told = |error: kernel::Error| {
        assert_eq!(error.kind(), Kind::Internal);
        error.source_text().unwrap_or("").to_owned()
    };
    assert!(told(row.get::<i64>("nothing").unwrap_err()).contains("\"nothing\""));
    assert!(told(row.get::<i64>("text").unwrap_err()).contains("\"text\""));
    assert!(told(row.get::<u32>("n").unwrap_err()).contains("does not fit u32"));
    assert!(told(row.get::<bool>("n").unwrap_err()).contains("\"n\""));
    assert!(told(row.get::<OrderId>("text").unwrap_err()).contains("\"text\""));
    assert!(told(row.json::<Vec<u8>>("json").unwrap_err()).contains("\"json\""));
    assert!(told(row.at::<i64>(9).unwrap_err()).contains("no column 9"));
    assert!(!format!("{row:?}").contains("abc"), "values are not printed");
}

async fn the_wrong_number_of_parameters_is_refused(dialect: Dialect) {
    let db = shop(dialect, "wrong_number").await;
    let sql = "SELECT n FROM kinds WHERE n = $1";
    assert_eq!(db.all(sql, params![]).await.unwrap_err().kind(), Kind::Internal);
    assert_eq!(db.all(sql, params![1, 2]).await.unwrap_err().kind(), Kind::Internal);
    assert!(db.all(sql, params![1]).await.unwrap().is_empty());
}

async fn optional_filters(dialect: Dialect) {
    let db = shop(dialect, "optional_filters").await;
    for n in 1..=3_i64 {
        insert(&db, params![format!("t{n}"), n, Value::Null, Value::Null]).await;
    }
    let sql = "SELECT n FROM kinds WHERE ($1::bigint IS NULL OR n > $1) AND ($2::text IS NULL OR text = $2) ORDER BY n";
    assert_eq!(db.all(sql, params![None::<i64>, None::<&str>]).await.unwrap().len(), 3);
    assert_eq!(db.all(sql, params![1, None::<&str>]).await.unwrap().len(), 2);
    assert_eq!(db.all(sql, params![1, "t3"]).await.unwrap().len(), 1);
}

async fn literals_may_hold_a_dollar(dialect: Dialect) {
    let db = shop(dialect, "dollar").await;
    let row = db.one("SELECT '$2 and ?' AS price, $1::bigint AS n", params![5]).await.unwrap();
    assert_eq!(row.get::<String>("price").unwrap(), "$2 and ?");
    assert_eq!(row.get::<i64>("n").unwrap(), 5);
}

async fn text_means_the_same_on_both(dialect: Dialect) {
    let db = shop(dialect, "same_text").await;
    for text in ["b", "B", "a", "ä", "Z", "_", "a-1", "a1"] {
        insert(&db, params![text, 1, Value::Null, Value::Null]).await;
    }
    let texts = async |sql: &str, values: Vec<Value>| -> Vec<String> {
        db.all(sql, values).await.unwrap().iter().map(|row| row.get("text").unwrap()).collect()
    };
    let sorted = texts("SELECT text FROM kinds ORDER BY text", params![]).await;
    assert_eq!(sorted, ["B", "Z", "_", "a", "a-1", "a1", "b", "ä"], "byte by byte");
    assert_eq!(texts("SELECT text FROM kinds WHERE text > $1 ORDER BY text", params!["a1"]).await, ["b", "ä"]);
    assert_eq!(texts("SELECT text FROM kinds WHERE text LIKE $1", params!["b%"]).await, ["b"]);
    let lower = db.one("SELECT lower(text) AS text FROM kinds WHERE text = 'B'", params![]).await.unwrap();
    assert_eq!(lower.get::<String>("text").unwrap(), "b");
    assert!(db.all("SELECT \"no such column\" FROM kinds", params![]).await.is_err(), "a name, not a string");
}

async fn the_null_character_is_refused(dialect: Dialect) {
    let db = shop(dialect, "null_character").await;
    let bad = [
        params!["a\0b", 1, Value::Null, Value::Null],
        params!["ab", 1, Value::Null, json!({"lines": [{"note": "a\0"}]})],
        params!["ab", 1, Value::Null, json!({"a\0": 1})],
    ];
    let sql = "INSERT INTO kinds (text, n, bytes, json) VALUES ($1, $2, $3, $4)";
    for values in bad {
        let again = values.clone();
        let refused = db.write(async move |tx| tx.exec(sql, values.clone()).await).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Malformed);
        let refused = db.write(async move |tx| tx.defer(sql, again.clone()).await).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Malformed);
    }
    let read = db.all("SELECT n FROM kinds WHERE text = $1", params!["\0"]).await.unwrap_err();
    assert_eq!(read.kind(), Kind::Malformed);
    assert_eq!(super::count(&db, "kinds").await, 0);
    insert(&db, params!["a\\u0000b", 1, vec![0_u8], json!("a\\u0000b")]).await;
    assert_eq!(super::count(&db, "kinds").await, 1, "written out, it is text like any other");
}
