//! M17: what labels cost, in `payments` against `shipping`.

use std::collections::BTreeMap;

use db::{Db, Row};
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

const LABELS: &str = "SELECT label_id, vendor_id, state, booked, currency, price_minor, changed_at FROM labels
    WHERE label_id IN ({}) ORDER BY label_id";

const POSTED: &str = "SELECT e.label_id, o.account, o.currency, CAST(sum(o.amount_minor) AS BIGINT) AS posted
    FROM journal_entries e JOIN postings o ON o.entry_id = e.id
    WHERE e.label_id IN ({}) GROUP BY e.label_id, o.account, o.currency";

/// Sums that are not nothing, by account and currency.
type Sums = BTreeMap<(String, String), i64>;

/// M17: what is posted about a label is what it costs, taken from its vendor and owed to carriers; nothing once it was given
/// back; and nothing is posted about labels that nobody knows.
pub async fn cost_what_they_cost(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let (Some(shipping), Some(payments)) = (look.db("shipping"), look.db("payments")) else { return Ok(()) };
    let sql = "SELECT label_id AS key FROM labels WHERE label_id > $1 ORDER BY label_id LIMIT $2";
    let mut pages = Pages::of(shipping, sql);
    while let Some(rows) = pages.next().await? {
        let ids = column(&rows, "key")?;
        // The ledger first: what is told meanwhile has changed its label a moment ago.
        let mut posted = posted(payments, &ids).await?;
        for label in rows_in(shipping, LABELS, &ids).await? {
            if label.get::<Timestamp>("changed_at")? < look.settled_before() {
                found.see();
                let id: String = label.get("label_id")?;
                is_posted(&label, &id, &posted.remove(&id).unwrap_or_default(), found)?;
            }
        }
    }
    are_known(payments, shipping, found).await
}

async fn posted(payments: &Db, labels: &[String]) -> Result<BTreeMap<String, Sums>> {
    let mut all: BTreeMap<String, Sums> = BTreeMap::new();
    for row in rows_in(payments, POSTED, labels).await? {
        let sum: i64 = row.get("posted")?;
        if sum != 0 {
            all.entry(row.get("label_id")?).or_default().insert((row.get("account")?, row.get("currency")?), sum);
        }
    }
    Ok(all)
}

fn is_posted(label: &Row, id: &str, posted: &Sums, found: &mut Finding) -> Result<()> {
    let (vendor, state): (String, String) = (label.get("vendor_id")?, label.get("state")?);
    let mut wanted = Sums::new();
    if label.get::<i64>("booked")? == 1 {
        let stands = matches!(state.as_str(), "bought" | "voiding");
        found.demand(stands, || format!("label {id} is {state}, and its vendor bears what it cost"));
        let currency: String = label.get::<Option<String>>("currency")?.unwrap_or_default();
        let price: i64 = label.get::<Option<i64>>("price_minor")?.unwrap_or_default();
        wanted.insert((format!("vendor_payable:{vendor}"), currency.clone()), price);
        wanted.insert(("carrier_costs".to_owned(), currency), -price);
    }
    found.demand(*posted == wanted, || format!("label {id} is to be booked as {wanted:?}, the ledger has {posted:?}"));
    Ok(())
}

async fn are_known(payments: &Db, shipping: &Db, found: &mut Finding) -> Result<()> {
    let sql =
        "SELECT id AS key, label_id FROM journal_entries WHERE id > $1 AND label_id IS NOT NULL ORDER BY id LIMIT $2";
    let mut pages = Pages::of(payments, sql);
    while let Some(rows) = pages.next().await? {
        let known = rows_in(shipping, LABELS, &column(&rows, "label_id")?).await?;
        let known = column(&known, "label_id")?;
        for row in &rows {
            let (entry, label): (String, String) = (row.get("key")?, row.get("label_id")?);
            let is_known = known.binary_search(&label).is_ok();
            found.demand(is_known, || format!("entry {entry} is about label {label}, which shipping does not know"));
        }
    }
    Ok(())
}
