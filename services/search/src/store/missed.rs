//! SQL of what was searched and not found.

use std::collections::BTreeMap;

use contracts::search::MissedTerm;
use db::{Db, Tx, Value, params};
use kernel::{Result, Timestamp};

use crate::model::Counted;

/// Different terms kept of a day, a little more or less; of the others only how many they were is known.
const TERMS_MAX: i64 = 5_000;
/// Terms written with one statement.
const CHUNK: usize = 200;
/// What was looked for less often is not listed: it may say more of somebody than of the shop.
const TIMES_MIN: i64 = 3;

/// Adds to a day.
pub async fn add_searches(tx: &mut Tx, day: i64, counted: &Counted) -> Result<()> {
    tx.defer(
        "INSERT INTO searches_daily (day, searches, missed) VALUES ($1, $2, $3)
         ON CONFLICT (day) DO UPDATE SET searches = searches_daily.searches + excluded.searches,
            missed = searches_daily.missed + excluded.missed",
        params![day, counted.searches, counted.missed],
    )
    .await?;
    if counted.terms.is_empty() {
        return Ok(());
    }
    let known: i64 = tx.one("SELECT count(*) FROM missed_terms WHERE day = $1", params![day]).await?.at(0)?;
    let terms: Vec<_> = counted.terms.iter().collect();
    for chunk in terms.chunks(CHUNK) {
        if known < TERMS_MAX {
            let rows: Vec<String> = (0..chunk.len()).map(|n| format!("($1, ${}, ${})", 2 * n + 2, 2 * n + 3)).collect();
            let sql = format!(
                "INSERT INTO missed_terms (day, term, times) VALUES {}
                 ON CONFLICT (day, term) DO UPDATE SET times = missed_terms.times + excluded.times",
                rows.join(", ")
            );
            let mut values: Vec<Value> = params![day];
            values.extend(chunk.iter().flat_map(|(term, times)| params![term.as_str(), **times]));
            tx.defer(sql, values).await?;
        } else {
            for (term, times) in chunk {
                let sql = "UPDATE missed_terms SET times = times + $3 WHERE day = $1 AND term = $2";
                tx.defer(sql, params![day, term.as_str(), **times]).await?;
            }
        }
    }
    Ok(())
}

/// Searches, and those that found nothing, by day.
pub async fn searches(db: &Db, from: i64, to: i64) -> Result<BTreeMap<i64, (i64, i64)>> {
    let sql = "SELECT day, searches, missed FROM searches_daily WHERE day >= $1 AND day < $2";
    let rows = db.all(sql, params![from, to]).await?;
    rows.iter().map(|row| Ok((row.get("day")?, (row.get("searches")?, row.get("missed")?)))).collect()
}

/// What was not found since `from`, most often first; `before` is where the period before begins.
pub async fn missed_terms(db: &Db, (before, from, to): (i64, i64, i64), limit: i64) -> Result<Vec<MissedTerm>> {
    let rows = db
        .all(
            "SELECT term, CAST(sum(CASE WHEN day >= $2 THEN times ELSE 0 END) AS BIGINT) AS now_times,
                    CAST(sum(CASE WHEN day < $2 THEN times ELSE 0 END) AS BIGINT) AS then_times, max(day) AS last_day
             FROM missed_terms WHERE day >= $1 AND day < $3 GROUP BY term
             HAVING sum(CASE WHEN day >= $2 THEN times ELSE 0 END) >= CAST($4 AS BIGINT)
             ORDER BY now_times DESC, term LIMIT $5",
            params![before, from, to, TIMES_MIN, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(MissedTerm {
                words: row.get("term")?,
                times: row.get("now_times")?,
                previous: row.get("then_times")?,
                last: Timestamp::of_day(row.get("last_day")?).date(),
            })
        })
        .collect()
}

/// Forgets what is older.
pub async fn forget_searches(tx: &mut Tx, before: i64) -> Result<()> {
    tx.defer("DELETE FROM missed_terms WHERE day < $1", params![before]).await?;
    tx.defer("DELETE FROM searches_daily WHERE day < $1", params![before]).await
}
