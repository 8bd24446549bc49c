//! Reports, and what moderators did.

use std::collections::BTreeMap;

use contracts::reviews::{ModerationAct, ModerationView, ReportReason, ReportView, ReportedReview};
use db::{Db, Row, Tx, Value, params, placeholders};
use kernel::{AccountId, Error, ModerationId, Page, PageRequest, Result, ReviewId, Timestamp};

use super::reviews::{Written, beginning, review, review_columns};

/// Reports that are told of a review.
const TOLD: i64 = 20;

fn reason_name(reason: ReportReason) -> &'static str {
    match reason {
        ReportReason::Spam => "spam",
        ReportReason::Offensive => "offensive",
        ReportReason::OffTopic => "off_topic",
        ReportReason::Other => "other",
    }
}

fn reason_of(name: &str) -> Result<ReportReason> {
    [ReportReason::Spam, ReportReason::Offensive, ReportReason::OffTopic, ReportReason::Other]
        .into_iter()
        .find(|reason| reason_name(*reason) == name)
        .ok_or_else(|| Error::internal("a report has an unknown reason"))
}

fn act_name(act: ModerationAct) -> &'static str {
    match act {
        ModerationAct::Kept => "kept",
        ModerationAct::Hidden => "hidden",
        ModerationAct::Restored => "restored",
        ModerationAct::Removed => "removed",
    }
}

fn act_of(name: &str) -> Result<ModerationAct> {
    [ModerationAct::Kept, ModerationAct::Hidden, ModerationAct::Restored, ModerationAct::Removed]
        .into_iter()
        .find(|act| act_name(*act) == name)
        .ok_or_else(|| Error::internal("a moderator did something unknown"))
}

/// Notes a report: how many of the review are open now; none if this account has reported it before.
pub async fn report(
    tx: &mut Tx,
    id: ReviewId,
    account_id: AccountId,
    (reason, text): (ReportReason, &str),
    now: Timestamp,
) -> Result<Option<i64>> {
    let inserted = tx
        .exec(
            "INSERT INTO review_reports (review_id, account_id, reason, text, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (review_id, account_id) DO NOTHING",
            params![id, account_id, reason_name(reason), text, now],
        )
        .await?;
    if inserted == 0 {
        return Ok(None);
    }
    let sql = "UPDATE reviews SET reports = reports + 1, reported_at = COALESCE(reported_at, $2) WHERE id = $1
               RETURNING reports";
    Ok(Some(tx.one(sql, params![id, now]).await?.get("reports")?))
}

/// The reports of a review are dealt with; false if there were none.
pub async fn clear_reports(tx: &mut Tx, id: ReviewId, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE review_reports SET cleared_at = $2 WHERE review_id = $1 AND cleared_at IS NULL";
    let cleared = tx.exec(sql, params![id, now]).await?;
    tx.defer("UPDATE reviews SET reports = 0, reported_at = NULL WHERE id = $1", params![id]).await?;
    Ok(cleared > 0)
}

/// Hides a review, or shows it again.
pub async fn set_hidden(tx: &mut Tx, id: ReviewId, hidden: Option<(&str, Timestamp)>) -> Result<()> {
    let (reason, at) = hidden.unzip();
    let sql = "UPDATE reviews SET hidden_at = $2, hidden_reason = $3 WHERE id = $1";
    tx.defer(sql, params![id, at, reason]).await
}

/// Records what a moderator did.
pub async fn record(
    tx: &mut Tx,
    id: ModerationId,
    written: &Written,
    (act, reason): (ModerationAct, &str),
    by: AccountId,
    now: Timestamp,
) -> Result<()> {
    tx.defer(
        "INSERT INTO moderation (id, review_id, product_id, author, title, act, reason, account_id, created_at, author_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            id,
            written.id,
            written.product_id,
            &written.author,
            &written.title,
            act_name(act),
            reason,
            by,
            now,
            written.account_id
        ],
    )
    .await
}

/// Writes `name` where it says whose review moderators dealt with, and forgets what the account said of others' reviews.
pub async fn forget_author(tx: &mut Tx, account_id: AccountId, name: &'static str) -> Result<()> {
    tx.defer("UPDATE moderation SET author = $2 WHERE author_id = $1", params![account_id, name]).await?;
    tx.defer("UPDATE review_reports SET text = '' WHERE account_id = $1", params![account_id]).await
}

/// What moderators did, latest first.
pub async fn history(db: &Db, page: &PageRequest) -> Result<Page<ModerationView>> {
    let (limit, (at, id)) = (page.limit()?, beginning(page)?);
    let rows = db
        .all(
            "SELECT id, review_id, product_id, author, title, act, reason, account_id, created_at FROM moderation
             WHERE created_at < $1 OR (created_at = $1 AND id < $2) ORDER BY created_at DESC, id DESC LIMIT $3",
            params![at, id, i64::from(limit) + 1],
        )
        .await?;
    let acts = rows.iter().map(|row| {
        Ok(ModerationView {
            id: row.get("id")?,
            review_id: row.get("review_id")?,
            product_id: row.get("product_id")?,
            author: row.get("author")?,
            title: row.get("title")?,
            act: act_of(&row.get::<String>("act")?)?,
            reason: row.get("reason")?,
            by: row.get("account_id")?,
            at: row.get("created_at")?,
        })
    });
    let acts = acts.collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(acts, limit, |act| vec![act.at.micros().to_string(), act.id.to_string()]))
}

/// Reviews that wait for a moderator, those that have waited longest first.
pub async fn queue(db: &Db, page: &PageRequest) -> Result<Page<ReportedReview>> {
    let limit = page.limit()?;
    let (at, id) = page
        .cursor()?
        .map_or(Ok((i64::MIN, String::new())), |c| Ok::<_, Error>((c.number(0)?, c.text(1)?.to_owned())))?;
    let sql = format!(
        "SELECT {}, reports, reported_at FROM reviews WHERE reported_at IS NOT NULL
         AND (reported_at > $2 OR (reported_at = $2 AND id > $3)) ORDER BY reported_at, id LIMIT $4",
        review_columns()
    );
    let rows = db.all(&sql, params![String::new(), at, id, i64::from(limit) + 1]).await?;
    let mut reports = reports_of(db, &rows).await?;
    let waiting = rows.iter().map(|row| {
        let review = review(row)?;
        let reports = reports.remove(&review.id).unwrap_or_default();
        Ok(ReportedReview { review, count: row.get("reports")?, reports, since: row.get("reported_at")? })
    });
    let waiting = waiting.collect::<Result<Vec<_>>>()?;
    Ok(Page::cut(waiting, limit, |w| vec![w.since.micros().to_string(), w.review.id.to_string()]))
}

/// The latest open reports of the reviews in `rows`.
async fn reports_of(db: &Db, rows: &[Row]) -> Result<BTreeMap<ReviewId, Vec<ReportView>>> {
    let mut all: BTreeMap<ReviewId, Vec<ReportView>> = BTreeMap::new();
    if rows.is_empty() {
        return Ok(all);
    }
    let sql = format!(
        "SELECT review_id, account_id, reason, text, created_at FROM (
             SELECT review_id, account_id, reason, text, created_at,
                 row_number() OVER (PARTITION BY review_id ORDER BY created_at DESC, account_id) AS place
             FROM review_reports WHERE cleared_at IS NULL AND review_id IN ({})) AS latest
         WHERE place <= $1 ORDER BY created_at DESC, account_id",
        placeholders(2, rows.len())
    );
    let ids = rows.iter().map(|row| Ok(Value::from(row.get::<ReviewId>("id")?)));
    let params = std::iter::once(Ok(Value::from(TOLD))).chain(ids).collect::<Result<Vec<_>>>()?;
    for row in db.all(&sql, params).await? {
        all.entry(row.get("review_id")?).or_default().push(ReportView {
            account_id: row.get("account_id")?,
            reason: reason_of(&row.get::<String>("reason")?)?,
            text: row.get("text")?,
            at: row.get("created_at")?,
        });
    }
    Ok(all)
}
