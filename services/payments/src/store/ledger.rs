//! The journal: added to, read, summed up. There is no other statement on these tables.

use std::collections::BTreeMap;

use contracts::payments::{AccountBalance, EntryView, LedgerQuery, PostingView, TrialBalance, VendorMovement};
use db::{Db, Row, Rows, Tx, Value, params, placeholders, rows_sql};
use kernel::{Cursor, EntryId, Money, Result, Timestamp, VendorScope};

use crate::ledger::{About, Account, Entry};

/// Adds an entry. Its id is derived from what it is about: a second time it is refused.
pub async fn post(tx: &mut Tx, entry: &Entry, now: Timestamp) -> Result<()> {
    let (order, payment, refund, payout, dispute) = match entry.about {
        About::Payment { payment, order, refund } => (Some(order), Some(payment), refund, None, None),
        About::Payout(payout) => (None, None, None, Some(payout), None),
        About::Dispute { payment, order, dispute } => (Some(order), Some(payment), None, None, Some(dispute)),
        About::Label { order, .. } => (Some(order), None, None, None, None),
        About::Credit(_) | About::Invoice { .. } => (None, None, None, None, None),
    };
    let (label, credit, invoice) = match entry.about {
        About::Label { label, .. } => (Some(label), None, None),
        About::Credit(credit) => (None, Some(credit), None),
        About::Invoice { year, number } => (None, None, Some((year, number))),
        _ => (None, None, None),
    };
    let (invoice_year, invoice_number) = invoice.unzip();
    let row = params![
        entry.id,
        now,
        entry.kind,
        &entry.text,
        order,
        payment,
        refund,
        entry.corrects,
        payout,
        dispute,
        label,
        credit,
        invoice_year,
        invoice_number
    ];
    tx.gather(&ENTRIES, row).await?;
    for (position, posting) in entry.postings.iter().enumerate() {
        let row = params![
            entry.id,
            position as i64,
            posting.account.to_string(),
            posting.kind,
            posting.amount.amount_minor,
            posting.amount.currency,
            now
        ];
        tx.gather(&POSTINGS, row).await?;
    }
    Ok(())
}

static ENTRIES: Rows = Rows::new(&["journal_entries"], |entries| {
    let into = "INSERT INTO journal_entries (id, at, kind, text, order_id, payment_id, refund_id, corrects, payout_id,
        dispute_id, label_id, credit_id, invoice_year, invoice_number)";
    rows_sql(into, 14, entries)
});

static POSTINGS: Rows = Rows::new(&["postings"], |postings| {
    rows_sql("INSERT INTO postings (entry_id, position, account, kind, amount_minor, currency, at)", 7, postings)
});

fn money(row: &Row) -> Result<Money> {
    Ok(Money::new(row.get("amount_minor")?, row.get("currency")?))
}

/// Balances of a vendor: what the platform owes it, per currency.
pub async fn balances(db: &Db, scope: &VendorScope) -> Result<Vec<Money>> {
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT currency, CAST(-sum(amount_minor) AS BIGINT) AS amount_minor FROM postings WHERE account = $1
             GROUP BY currency ORDER BY currency",
            params![Account::VendorPayable(scope.vendor_id()).to_string()],
        )
        .await?;
    rows.iter().map(money).collect()
}

/// Sums of a vendor's postings since a time, by kind.
pub async fn vendor_sums(db: &Db, scope: &VendorScope, since: Timestamp) -> Result<Vec<(String, Money)>> {
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT kind, currency, CAST(sum(amount_minor) AS BIGINT) AS amount_minor FROM postings
             WHERE account = $1 AND at >= $2 GROUP BY kind, currency ORDER BY kind, currency",
            params![Account::VendorPayable(scope.vendor_id()).to_string(), since],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("kind")?, money(row)?))).collect()
}

/// A movement with its place in its entry.
pub type Placed = (i64, VendorMovement);

/// Movements on a vendor's account, newest first.
pub async fn movements(db: &Db, scope: &VendorScope, after: Option<&Cursor>, limit: u32) -> Result<Vec<Placed>> {
    let (at, entry, position) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned(), cursor.number(2)?),
        None => (i64::MAX, String::new(), 0),
    };
    let rows = db
        .as_vendor(scope)
        .all(
            "SELECT p.entry_id, p.position, p.at, p.kind, p.amount_minor, p.currency, e.text, e.order_id, e.payout_id
             FROM postings p JOIN journal_entries e ON e.id = p.entry_id
             WHERE p.account = $1 AND (p.at, p.entry_id, p.position) < ($2, $3, $4)
             ORDER BY p.at DESC, p.entry_id DESC, p.position DESC LIMIT $5",
            params![Account::VendorPayable(scope.vendor_id()).to_string(), at, entry, position, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let movement = VendorMovement {
                entry_id: row.get("entry_id")?,
                at: row.get("at")?,
                kind: row.get("kind")?,
                text: row.get("text")?,
                order_id: row.get("order_id")?,
                payout_id: row.get("payout_id")?,
                // A credit is what the vendor is owed more.
                amount: money(row)?.negated()?,
            };
            Ok((row.get("position")?, movement))
        })
        .collect()
}

/// All accounts and the sum of each currency, by what was booked before a moment, or by all of it.
pub async fn trial_balance(db: &Db, until: Option<Timestamp>) -> Result<TrialBalance> {
    let rows = db
        .all(
            "SELECT account, currency, CAST(sum(amount_minor) AS BIGINT) AS amount_minor FROM postings
             WHERE at < $1 GROUP BY account, currency ORDER BY account, currency",
            params![until.map_or(i64::MAX, Timestamp::micros)],
        )
        .await?;
    let accounts = rows.iter().map(|row| Ok(AccountBalance { account: row.get("account")?, balance: money(row)? }));
    let accounts = accounts.collect::<Result<Vec<_>>>()?;
    let mut sums: BTreeMap<_, Money> = BTreeMap::new();
    for account in &accounts {
        let currency = account.balance.currency;
        let sum = sums.entry(currency).or_insert(Money::zero(currency));
        *sum = sum.plus(account.balance)?;
    }
    Ok(TrialBalance { accounts, sums: sums.into_values().collect() })
}

const ENTRY: &str =
    "SELECT e.id, e.at, e.kind, e.text, e.order_id, e.payment_id, e.refund_id, e.dispute_id, e.payout_id, e.corrects
     FROM journal_entries e";

/// What narrows the journal. Entries of a refund are found by its order, for which there is an index.
fn narrowed(query: &LedgerQuery, sql: &mut String, values: &mut Vec<Value>) {
    if let Some(order) = query.order_id {
        values.push(order.into());
        sql.push_str(&format!(" AND e.order_id = ${}", values.len()));
    }
    if let Some(refund) = query.refund_id {
        values.push(refund.into());
        let n = values.len();
        sql.push_str(&format!(
            " AND e.refund_id = ${n} AND e.order_id =
                (SELECT p.order_id FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = ${n})"
        ));
    }
    if let Some(dispute) = query.dispute_id {
        values.push(dispute.into());
        sql.push_str(&format!(" AND e.dispute_id = ${}", values.len()));
    }
    if let Some(payout) = query.payout_id {
        values.push(payout.into());
        sql.push_str(&format!(" AND e.payout_id = ${}", values.len()));
    }
}

/// Entries, newest first: all, of one order, refund, dispute or payout, on one account.
pub async fn entries(db: &Db, query: &LedgerQuery, after: Option<&Cursor>, limit: u32) -> Result<Vec<EntryView>> {
    let (at, id) = match after {
        Some(cursor) => (cursor.number(0)?, cursor.text(1)?.to_owned()),
        None => (i64::MAX, String::new()),
    };
    let mut values = params![at, id, limit];
    let mut sql = format!("{ENTRY} WHERE (e.at, e.id) < ($1, $2)");
    narrowed(query, &mut sql, &mut values);
    let is_narrowed = values.len() > 3;
    if let Some(account) = &query.account {
        values.push(account.into());
        let n = values.len();
        sql.push_str(&format!(
            " AND e.id IN (SELECT p.entry_id FROM postings p WHERE p.account = ${n} AND (p.at, p.entry_id) < ($1, $2)
               GROUP BY p.at, p.entry_id ORDER BY p.at DESC, p.entry_id DESC"
        ));
        // If nothing else narrows it, the newest of the account are the newest of the list.
        sql.push_str(if is_narrowed { ")" } else { " LIMIT $3)" });
    }
    sql.push_str(" ORDER BY e.at DESC, e.id DESC LIMIT $3");
    let rows = db.all(&sql, values).await?;
    let mut postings = postings_of(db, &rows).await?;
    rows.iter()
        .map(|row| {
            let id = row.get("id")?;
            Ok(EntryView {
                id,
                at: row.get("at")?,
                kind: row.get("kind")?,
                text: row.get("text")?,
                order_id: row.get("order_id")?,
                payment_id: row.get("payment_id")?,
                refund_id: row.get("refund_id")?,
                dispute_id: row.get("dispute_id")?,
                payout_id: row.get("payout_id")?,
                corrects: row.get("corrects")?,
                postings: postings.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

async fn postings_of(db: &Db, entries: &[Row]) -> Result<BTreeMap<EntryId, Vec<PostingView>>> {
    let mut all: BTreeMap<EntryId, Vec<PostingView>> = BTreeMap::new();
    if entries.is_empty() {
        return Ok(all);
    }
    let ids = entries.iter().map(|row| row.get::<Value>("id")).collect::<Result<Vec<_>>>()?;
    let sql = format!(
        "SELECT entry_id, account, amount_minor, currency FROM postings WHERE entry_id IN ({}) ORDER BY entry_id, position",
        placeholders(1, ids.len())
    );
    for row in db.all(&sql, ids).await? {
        let posting = PostingView { account: row.get("account")?, amount: money(&row)? };
        all.entry(row.get("entry_id")?).or_default().push(posting);
    }
    Ok(all)
}
