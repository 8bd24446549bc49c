//! M17: what labels cost, in `payments` against `shipping`.

use std::collections::{BTreeMap, BTreeSet};

use db::{Db, Row};
use kernel::{Result, Timestamp};

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

const LABELS: &str = "SELECT label_id, vendor_id, state, booked, currency, price_minor, changed_at FROM labels
    WHERE label_id IN ({}) ORDER BY label_id";

const KNOWN: &str = "SELECT label_id FROM labels WHERE label_id IN ({})";

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
    let sql = "SELECT DISTINCT label_id AS key FROM journal_entries WHERE label_id > $1 ORDER BY label_id LIMIT $2";
    let mut pages = Pages::of(payments, sql);
    while let Some(rows) = pages.next().await? {
        let labels = column(&rows, "key")?;
        let known = rows_in(shipping, KNOWN, &labels).await?;
        let known: BTreeSet<String> = column(&known, "label_id")?.into_iter().collect();
        for label in labels {
            let is_known = known.contains(&label);
            found.demand(is_known, || format!("entries are about label {label}, which shipping does not know"));
        }
    }
    Ok(())
}
