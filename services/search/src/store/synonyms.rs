//! SQL of the synonyms: one document.

use contracts::search::{SynonymGroup, SynonymsView};
use db::{Db, Row, Tx, params};
use kernel::{Result, Timestamp};

fn view(row: &Row) -> Result<SynonymsView> {
    Ok(SynonymsView { groups: row.json("list")?, version: row.get("version")? })
}

/// All of them.
pub async fn synonyms(db: &Db) -> Result<SynonymsView> {
    view(&db.one("SELECT list, version FROM synonyms WHERE id = 1", params![]).await?)
}

/// Puts others in their place, if `seen` is still the version there; none otherwise.
pub async fn put_synonyms(
    tx: &mut Tx,
    groups: &[SynonymGroup],
    seen: Option<i64>,
    now: Timestamp,
) -> Result<Option<SynonymsView>> {
    let sql = "UPDATE synonyms SET list = $1, version = version + 1, changed_at = $2
               WHERE id = 1 AND (CAST($3 AS BIGINT) = 0 OR version = CAST($3 AS BIGINT)) RETURNING list, version";
    let row = tx.opt(sql, params![serde_json::to_string(groups)?, now, seen.unwrap_or(0)]).await?;
    row.as_ref().map(view).transpose()
}
