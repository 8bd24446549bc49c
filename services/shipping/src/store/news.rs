//! What carriers tell: their events, and what they say has happened to parcels.

use std::collections::BTreeMap;

use contracts::shared::TimelineEntry;
use db::{Db, Row, Tx, Value, params, placeholders, rows_sql};
use kernel::{Result, ShipmentId, Timestamp, VendorScope};

use crate::carrier::CarrierEvent;

/// A noted event.
pub(crate) struct Noted {
    pub tracker: String,
    pub received_at: Timestamp,
}

/// Something that has happened to a parcel, under a key that is the same for the same thing.
pub(crate) struct NewEvent {
    pub key: String,
    pub kind: String,
    pub text: String,
    pub at: Timestamp,
}

/// Notes an event; false if it was noted before.
pub(crate) async fn note(tx: &mut Tx, provider: &str, event: &CarrierEvent, now: Timestamp) -> Result<bool> {
    let noted = tx
        .exec(
            "INSERT INTO carrier_inbox (provider, event_id, kind, tracker_ref, state, received_at)
             VALUES ($1, $2, $3, $4, 'received', $5) ON CONFLICT (provider, event_id) DO NOTHING",
            params![provider, &event.id, &event.kind, &event.tracker, now],
        )
        .await?;
    Ok(noted == 1)
}

/// A noted event that was not handled yet.
pub(crate) async fn read_noted(db: &Db, provider: &str, event_id: &str) -> Result<Option<Noted>> {
    let sql = "SELECT tracker_ref, received_at FROM carrier_inbox WHERE provider = $1 AND event_id = $2 AND state = 'received'";
    let row = db.opt(sql, params![provider, event_id]).await?;
    row.map(|row| Ok(Noted { tracker: row.get("tracker_ref")?, received_at: row.get("received_at")? })).transpose()
}

/// Sets what became of an event.
pub(crate) async fn set_state(tx: &mut Tx, provider: &str, event_id: &str, state: &str) -> Result<()> {
    let sql = "UPDATE carrier_inbox SET state = $3 WHERE provider = $1 AND event_id = $2";
    tx.defer(sql, params![provider, event_id, state]).await
}

/// Forgets events that came before `before` and are done with.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.exec("DELETE FROM carrier_inbox WHERE received_at < $1 AND state <> 'received'", params![before]).await
}

/// Adds what has happened to a parcel; what is known already stays as it is.
pub(crate) async fn add(
    tx: &mut Tx,
    scope: &VendorScope,
    parcel: ShipmentId,
    events: &[NewEvent],
    now: Timestamp,
) -> Result<()> {
    const INTO: &str = "INSERT INTO shipment_events (shipment_id, vendor_id, event_key, kind, text, at, noted_at)";
    if events.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::with_capacity(events.len() * 7);
    for NewEvent { key, kind, text, at } in events {
        values.extend(params![parcel, scope.vendor_id(), key, kind, text, *at, now]);
    }
    let sql = format!("{} ON CONFLICT (shipment_id, event_key) DO NOTHING", rows_sql(INTO, 7, events.len()));
    tx.defer(sql, values).await
}

/// What has happened to parcels whose ids were proven to be the asker's to see.
pub(crate) async fn of(db: &Db, parcels: &[ShipmentId]) -> Result<BTreeMap<ShipmentId, Vec<TimelineEntry>>> {
    let mut all: BTreeMap<ShipmentId, Vec<TimelineEntry>> = BTreeMap::new();
    if parcels.is_empty() {
        return Ok(all);
    }
    let sql = format!(
        "SELECT shipment_id, kind, text, at FROM shipment_events WHERE shipment_id IN ({}) ORDER BY shipment_id, at, event_key",
        placeholders(1, parcels.len())
    );
    let ids = parcels.iter().map(Value::from).collect();
    for row in &db.all(&sql, ids).await? {
        all.entry(row.get("shipment_id")?).or_default().push(entry(row)?);
    }
    Ok(all)
}

fn entry(row: &Row) -> Result<TimelineEntry> {
    let kind: String = row.get("kind")?;
    Ok(TimelineEntry { at: row.get("at")?, kind: format!("carrier_{kind}"), text: row.get("text")? })
}
