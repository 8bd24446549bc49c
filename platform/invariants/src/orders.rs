//! O1, O3, O4, O5 and M9: within `orders`, and against those who carry an order out.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{pricing::Quote, taxes::TaxLine};
use db::{Db, Row};
use kernel::{OrderId, Result, Timestamp};

use crate::{
    Finding, Look,
    page::{Pages, column, rows_in},
};

/// O1: a key names one order, an order has one key, and what was answered under a key is there.
pub async fn one_per_checkout(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    // With the table's name: a bare `key` in `ORDER BY` would be the first column of the answer.
    let sql = "SELECT k.who AS key, k.route AS key2, k.key AS key3, k.body FROM idempotency_keys k
               WHERE (k.who, k.route, k.key) > ($1, $2, $3) AND k.route = $5 ORDER BY k.who, k.route, k.key LIMIT $4";
    let mut seen: BTreeSet<OrderId> = BTreeSet::new();
    let mut pages = Pages::by(3, db, sql, vec!["POST /api/v1/orders".into()]);
    while let Some(rows) = pages.next().await? {
        let mut named = Vec::new();
        for row in &rows {
            found.see();
            let (key, body): (String, String) = (row.get("key3")?, row.get("body")?);
            let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
            let id = body["order"]["id"].as_str().and_then(|id| id.parse::<OrderId>().ok());
            match id {
                Some(id) => {
                    found.demand(seen.insert(id), || format!("order {id} was placed under two keys"));
                    named.push(id.to_string());
                }
                None => found.demand(false, || format!("the answer under the key {key} names no order")),
            }
        }
        let there = column(&rows_in(db, "SELECT id FROM orders WHERE id IN ({})", &named).await?, "id")?;
        for id in named {
            found.demand(there.binary_search(&id).is_ok(), || format!("order {id} was acknowledged and is not there"));
        }
    }
    Ok(())
}

/// An order with its timeline, as both were at one moment.
pub struct Story {
    /// Order.
    pub key: String,
    status: String,
    version: i64,
    /// Version and kind of each entry.
    entries: Vec<(i64, String)>,
}

pub const STORIES: &str = "SELECT o.id AS key, o.status, o.version, t.version AS step, t.kind
     FROM (SELECT id, CASE WHEN status = 'awaiting_payment' AND promised_at IS NOT NULL THEN 'promised' ELSE status END AS status, version
           FROM orders WHERE id > $1 ORDER BY id LIMIT $2) o
     LEFT JOIN order_timeline t ON t.order_id = o.id ORDER BY o.id, t.version, t.position";

/// The orders of a page of [`STORIES`].
pub fn stories(rows: &[Row]) -> Result<Vec<Story>> {
    let mut all: Vec<Story> = Vec::new();
    for row in rows {
        let key: String = row.get("key")?;
        if all.last().is_none_or(|story| story.key != key) {
            let (status, version) = (row.get("status")?, row.get("version")?);
            all.push(Story { key, status, version, entries: Vec::new() });
        }
        let step = row.get::<Option<i64>>("step")?;
        if let (Some(step), Some(story)) = (step, all.last_mut()) {
            story.entries.push((step, row.get("kind")?));
        }
    }
    Ok(all)
}

impl Story {
    /// Number of events that its moves have told.
    pub fn events(&self) -> i64 {
        let told = |kind: &str| {
            matches!(kind, "placed" | "promised" | "paid" | "claimed" | "rejected" | "cancelled" | "completed")
        };
        self.entries.iter().filter(|(_, kind)| told(kind)).count() as i64
    }

    /// What is wrong with it.
    fn fault(&self) -> Option<String> {
        let (mut status, mut version) = ("", 0);
        for (step, kind) in &self.entries {
            if *step != version && *step != version + 1 {
                return Some(format!("version {version} is followed by {step}"));
            }
            version = *step;
            let next = match (status, kind.as_str()) {
                ("", "placed") => "placed",
                ("placed", "stock_reserved") => "awaiting_payment",
                ("placed" | "awaiting_payment", "promised") => "promised",
                ("placed" | "awaiting_payment" | "promised", "paid") => "paid",
                ("placed", "rejected") => "rejected",
                ("placed" | "awaiting_payment" | "promised" | "paid", "cancelled") => "cancelled",
                ("paid", "completed") => "completed",
                (
                    "" | "rejected" | "cancelled" | "completed",
                    "placed" | "stock_reserved" | "promised" | "paid" | "payment_page",
                )
                | (
                    "placed" | "awaiting_payment",
                    "placed" | "stock_reserved" | "completed" | "shipped" | "delivered",
                )
                | (_, "rejected" | "cancelled" | "completed")
                | ("promised" | "paid", "promised" | "placed" | "stock_reserved")
                | ("paid", "paid") => {
                    return Some(format!("“{kind}” happened while it was “{status}”"));
                }
                (same, _) => same,
            };
            status = next;
        }
        if version != self.version {
            return Some(format!("its timeline ends with version {version}, it has version {}", self.version));
        }
        (status != self.status).then(|| format!("its timeline ends with “{status}”, it is “{}”", self.status))
    }
}

/// O3: an order's timeline is a path through the published table, its versions have no gaps, and it
/// ends where the order stands.
pub async fn legal_moves(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    let mut pages = Pages::of(db, STORIES);
    while let Some(rows) = pages.next().await? {
        for story in stories(&rows)? {
            found.see();
            let fault = story.fault();
            found.demand(fault.is_none(), || format!("order {}: {}", story.key, fault.unwrap_or_default()));
        }
    }
    Ok(())
}

/// O4: no checkout hangs; what ended without a sale gave everything back; what was sold is sent.
pub async fn all_end(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    let sql = "SELECT o.id AS key, o.deadline_at,
            CASE WHEN o.status = 'awaiting_payment' AND o.promised_at IS NOT NULL THEN 'promised' ELSE o.status END AS status,
            (SELECT count(DISTINCT l.vendor_order_id) FROM order_lines l WHERE l.order_id = o.id AND l.digital = 0) AS sending,
            (SELECT max(t.at) FROM order_timeline t WHERE t.order_id = o.id AND t.kind IN ('promised', 'paid', 'cancelled', 'rejected')) AS since
         FROM orders o WHERE o.id > $1 ORDER BY o.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        let others = Others::load(look, &column(&rows, "key")?).await?;
        for row in &rows {
            found.see();
            let (key, status): (String, String) = (row.get("key")?, row.get("status")?);
            let fresh = row.get::<Option<Timestamp>>("since")?.is_some_and(|at| at >= look.settled_before());
            match status.as_str() {
                "placed" | "awaiting_payment" => {
                    let deadline = row.get::<Option<Timestamp>>("deadline_at")?;
                    let in_time = !look.is_quiescent() && deadline.is_some_and(|at| at >= look.settled_before());
                    found.demand(in_time, || format!("order {key} is still {status}"));
                }
                "cancelled" | "rejected" if !fresh => others.undone(&key, look.is_quiescent(), found)?,
                "promised" | "paid" | "completed" if !fresh => others.sent(&key, row.get("sending")?, found)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// What others have for the orders of a page; `None` where their database is not here.
struct Others {
    held: Option<BTreeMap<String, String>>,
    payments: Option<BTreeMap<String, Row>>,
    parcels: Option<BTreeMap<String, i64>>,
}

impl Others {
    async fn load(look: &Look<'_>, orders: &[String]) -> Result<Self> {
        async fn get(db: Option<&Db>, sql: &str, orders: &[String]) -> Result<Option<Vec<Row>>> {
            match db {
                Some(db) => rows_in(db, sql, orders).await.map(Some),
                None => Ok(None),
            }
        }
        let held = "SELECT order_id, state FROM reservations WHERE order_id IN ({})";
        let payments =
            "SELECT p.order_id, p.status, p.captured_minor, p.refunded_minor, p.settled_minor, p.disputed_minor,
                (SELECT count(*) FROM review_items r WHERE r.order_id = p.order_id) AS reviewed
             FROM payments p WHERE p.order_id IN ({})";
        let parcels = "SELECT order_id, count(DISTINCT vendor_order_id) AS parcels FROM shipments WHERE order_id IN ({}) GROUP BY order_id";
        let held = get(look.db("inventory"), held, orders).await?;
        let payments = get(look.db("payments"), payments, orders).await?;
        let parcels = get(look.db("shipping"), parcels, orders).await?;
        let pair = |row: Row| Ok((row.get("order_id")?, row.get("state")?));
        let count = |row: Row| Ok((row.get("order_id")?, row.get("parcels")?));
        let whole = |row: Row| Ok((row.get("order_id")?, row));
        Ok(Self {
            held: held.map(|rows| rows.into_iter().map(pair).collect::<Result<_>>()).transpose()?,
            payments: payments.map(|rows| rows.into_iter().map(whole).collect::<Result<_>>()).transpose()?,
            parcels: parcels.map(|rows| rows.into_iter().map(count).collect::<Result<_>>()).transpose()?,
        })
    }

    fn undone(&self, key: &str, at_rest: bool, found: &mut Finding) -> Result<()> {
        let state = self.held.as_ref().and_then(|held| held.get(key)).map_or("no", String::as_str);
        found.demand(!matches!(state, "held" | "claimed"), || {
            format!("order {key} was called off and its reservation is {state}")
        });
        let Some(payment) = self.payments.as_ref().and_then(|payments| payments.get(key)) else { return Ok(()) };
        let (captured, refunded, settled): (i64, i64, i64) =
            (payment.get("captured_minor")?, payment.get("refunded_minor")?, payment.get("settled_minor")?);
        let reviewed = payment.get::<i64>("reviewed")? > 0;
        let back = if at_rest { settled } else { refunded };
        // What is disputed the buyer's bank has taken, for good or until it is decided.
        let disputed: i64 = payment.get("disputed_minor")?;
        found.demand(back + disputed == captured || reviewed, || {
            format!("order {key} was called off, {back} of {captured} went back, {disputed} are disputed")
        });
        let status: String = payment.get("status")?;
        let open = matches!(status.as_str(), "pending" | "opening" | "requires_action" | "processing" | "unknown");
        found.demand(!(at_rest && open), || format!("order {key} was called off and its payment is {status}"));
        Ok(())
    }

    fn sent(&self, key: &str, vendors: i64, found: &mut Finding) -> Result<()> {
        if let Some(parcels) = &self.parcels {
            let parcels = parcels.get(key).copied().unwrap_or(0);
            found.demand(parcels == vendors, || format!("order {key} of {vendors} vendors has {parcels} parcels"));
        }
        Ok(())
    }
}

/// O5: the vendors' parts partition the order: totals, taxes, items, and every line in one part.
pub async fn parts_add_up(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    let of_parts = |column: &str| {
        format!("(SELECT CAST(COALESCE(sum(v.{column}), 0) AS BIGINT) FROM vendor_orders v WHERE v.order_id = o.id)")
    };
    let of_lines = |column: &str| {
        format!(
            "(SELECT CAST(COALESCE(sum(l.{column}), 0) AS BIGINT) FROM order_lines l JOIN vendor_orders v ON v.id = l.vendor_order_id
              WHERE l.order_id = o.id AND v.order_id = o.id)"
        )
    };
    let sql = format!(
        "SELECT o.id AS key, o.total_minor, o.tax_minor, o.items, o.vendors, {} AS part_total, {} AS part_tax, {} AS part_items,
            {} AS line_total, {} AS line_tax, {} AS line_items,
            (SELECT count(*) FROM vendor_orders v WHERE v.order_id = o.id) AS parts
         FROM orders o WHERE o.id > $1 ORDER BY o.id LIMIT $2",
        of_parts("total_minor"),
        of_parts("tax_minor"),
        of_parts("items_minor"),
        of_lines("total_minor - l.promoted_minor + l.tax_added_minor"),
        of_lines("tax_minor"),
        of_lines("quantity")
    );
    let mut pages = Pages::of(db, &sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let key: String = row.get("key")?;
            let of = |name: &str| row.get::<i64>(name);
            let pairs = [
                ("total", of("total_minor")?, of("part_total")?),
                ("tax", of("tax_minor")?, of("part_tax")?),
                ("price of its lines", of("part_items")?, of("line_total")?),
                ("number of items", of("items")?, of("line_items")?),
                ("number of vendors", of("vendors")?, of("parts")?),
            ];
            for (what, whole, sum) in pairs {
                found.demand(whole == sum, || format!("order {key}: the {what} is {whole}, its parts make {sum}"));
            }
            let (tax, line_tax) = (of("tax_minor")?, of("line_tax")?);
            found.demand(line_tax <= tax, || format!("order {key}: its lines contain {line_tax} tax, itself {tax}"));
        }
    }
    Ok(())
}

/// Tax, and net with tax, over the rates that a quote tells; quotes from before they did tell none.
fn by_rates(quote: &Quote) -> Option<(i64, i64)> {
    let sums = |(tax, total): (i64, i64), line: &TaxLine| {
        (tax + line.tax.amount_minor, total + line.net.amount_minor + line.tax.amount_minor)
    };
    (!quote.taxes.is_empty()).then(|| quote.taxes.iter().fold((0, 0), sums))
}

/// M9: the order's total is that of the quote the buyer has accepted, and so is its tax; the tax by rates adds up to both.
pub async fn as_agreed(look: &Look<'_>, found: &mut Finding) -> Result<()> {
    let Some(db) = look.db("orders") else { return Ok(()) };
    let sql = "SELECT o.id AS key, o.total_minor, o.tax_minor, o.currency, d.quote FROM orders o LEFT JOIN order_documents d ON d.order_id = o.id
               WHERE o.id > $1 ORDER BY o.id LIMIT $2";
    let mut pages = Pages::of(db, sql);
    while let Some(rows) = pages.next().await? {
        for row in &rows {
            found.see();
            let (key, total, currency): (String, i64, String) =
                (row.get("key")?, row.get("total_minor")?, row.get("currency")?);
            let quote: Option<Quote> = row.json("quote")?;
            let tax: i64 = row.get("tax_minor")?;
            if let Some(quote) = &quote {
                let (told, by_rates) = (quote.tax.amount_minor, by_rates(quote));
                found.demand(tax == told, || format!("order {key} has {tax} tax, agreed was {told}"));
                found.demand(by_rates.is_none_or(|sums| sums == (told, quote.total.amount_minor)), || {
                    format!(
                        "order {key}: its tax by rates makes {by_rates:?}, agreed was {told} in {}",
                        quote.total.amount_minor
                    )
                });
            }
            let agreed = quote.map(|quote| (quote.total.amount_minor, quote.total.currency.to_string()));
            found.demand(agreed.as_ref() == Some(&(total, currency)), || {
                format!("order {key} is over {total}, agreed was {agreed:?}")
            });
        }
    }
    Ok(())
}
