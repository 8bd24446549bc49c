//! R1 and R2: what `reviews` counts beside its reviews.

use db::{Db, Row};
use kernel::Result;

use crate::{Finding, Look, page::Pages};

/// R1: the stars of products and vendors are those of the reviews that are shown, and no more.
pub async fn stars_are_counted(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("reviews") else { return Ok(()) };
    compare(db, "ratings", "product_id", found).await?;
    compare(db, "vendor_ratings", "vendor_id", found).await?;
    let sql = "SELECT id AS key FROM reviews v WHERE id > $1 AND hidden_at IS NULL AND (
             NOT EXISTS (SELECT 1 FROM ratings r WHERE r.product_id = v.product_id)
             OR NOT EXISTS (SELECT 1 FROM vendor_ratings r WHERE r.vendor_id = v.vendor_id))
         ORDER BY id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            let key: String = row.get("key")?;
            found.demand(false, || format!("review {key} is counted nowhere"));
        }
    }
    Ok(())
}

async fn compare(db: &Db, table: &str, column: &str, found: &mut Finding) -> Result<()> {
    let counted = |stars: u32| {
        format!(
            "(SELECT count(*) FROM reviews v WHERE v.{column} = r.{column} AND v.hidden_at IS NULL AND v.rating = {stars})
             AS counted{stars}"
        )
    };
    let sql = format!(
        "SELECT r.{column} AS key, stars1, stars2, stars3, stars4, stars5, {} FROM {table} r
         WHERE r.{column} > $1 ORDER BY r.{column} LIMIT $2",
        (1..=5).map(counted).collect::<Vec<_>>().join(", ")
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let (kept, counted) = (five(row, "stars")?, five(row, "counted")?);
            found.demand(kept == counted, || format!("{table} of {key}: {kept:?}, and {counted:?} by its reviews"));
        }
    }
    Ok(())
}

fn five(row: &Row, name: &str) -> Result<Vec<i64>> {
    (1..=5).map(|stars| row.get(&format!("{name}{stars}"))).collect()
}

/// R2: a review says how many votes and open reports it has.
pub async fn voices_are_counted(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("reviews") else { return Ok(()) };
    let sql = "SELECT r.id AS key, r.helpful, r.reports, CASE WHEN r.reported_at IS NULL THEN 0 ELSE 1 END AS waits,
            (SELECT count(*) FROM review_votes v WHERE v.review_id = r.id) AS votes,
            (SELECT count(*) FROM review_reports p WHERE p.review_id = r.id AND p.cleared_at IS NULL) AS open
         FROM reviews r WHERE r.id > $1 ORDER BY r.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let (helpful, votes): (i64, i64) = (row.get("helpful")?, row.get("votes")?);
            let (reports, open, waits): (i64, i64, bool) = (row.get("reports")?, row.get("open")?, row.get("waits")?);
            found.demand(helpful == votes, || format!("review {key}: helpful to {helpful}, by {votes} votes"));
            found.demand(reports == open && waits == (open > 0), || {
                format!("review {key}: {reports} reports, {open} open, in the queue: {waits}")
            });
        }
    }
    Ok(())
}
