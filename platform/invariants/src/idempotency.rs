//! I1: keys and answers.

use kernel::Result;

use crate::{Finding, Look, page::Pages};

/// I1: a key that is kept was kept with the answer given under it.
pub async fn keys_have_answers(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    // With the table's name: a bare `key` in `ORDER BY` would be the first column of the answer.
    let sql =
        "SELECT k.who AS key, k.route AS key2, k.key AS key3, k.status, k.body, k.fingerprint FROM idempotency_keys k
               WHERE (k.who, k.route, k.key) > ($1, $2, $3) ORDER BY k.who, k.route, k.key LIMIT $4";
    for (service, db) in look.databases {
        let mut pages = Pages::by(3, db, sql, Vec::new());
        while let Some(rows) = pages.next().await? {
            for row in &rows {
                found.see();
                let (route, key): (String, String) = (row.get("key2")?, row.get("key3")?);
                let (status, body): (i64, String) = (row.get("status")?, row.get("body")?);
                let answered = (200..600).contains(&status) && !body.is_empty();
                found.demand(answered, || format!("{service}: {route} under the key {key} has no answer"));
                let print: String = row.get("fingerprint")?;
                found.demand(!print.is_empty(), || format!("{service}: {route} under {key} has no fingerprint"));
            }
        }
    }
    Ok(())
}
