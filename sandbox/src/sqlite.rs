//! The state in one SQLite file: memory stays small however many payments there are, and a
//! start has nothing to replay.

use std::{path::Path, time::Duration};

use kernel::{Currency, Error, Result, Timestamp};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    model::{Change, Delivery, DeliveryState, Entry, Event, KeptAnswer, Movement, Payment, Status, Timer},
    payees::{Payee, Transfer},
    store::{Due, EventRow, JournalRow, Store, Summary, Sums},
};

const SCHEMA: &str = include_str!("schema.sql");
/// Rows forgotten at once, so that forgetting never keeps a payment waiting.
const PRUNE_AT_ONCE: i64 = 1_000;

/// A [`Store`] in one SQLite database.
#[derive(Debug)]
pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens the file, or a database in memory. A second process on the same file is refused:
    /// the lock is held as long as the database is open.
    pub fn open(path: Option<&Path>) -> Result<Self> {
        let connection = match path {
            Some(path) => Connection::open(path),
            None => Connection::open_in_memory(),
        }
        .map_err(broken)?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(broken)?;
        connection
            .execute_batch(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 4000;",
            )
            .and_then(|()| connection.execute_batch(SCHEMA))
            .map_err(broken)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self { connection })
    }

    /// Begins a group of commands that become durable together.
    pub fn begin(&self) -> Result<()> {
        self.run("BEGIN IMMEDIATE", ()).map(drop)
    }
    /// Makes the group durable.
    pub fn commit(&self) -> Result<()> {
        self.run("COMMIT", ()).map(drop)
    }
    /// Forgets the group.
    pub fn rollback(&self) -> Result<()> {
        self.run("ROLLBACK", ()).map(drop)
    }

    fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.connection.prepare_cached(sql).and_then(|mut s| s.execute(params)).map_err(broken)
    }

    fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql).map_err(broken)?;
        statement.query_row(params, read).optional().map_err(broken)
    }

    fn many<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql).map_err(broken)?;
        statement.query_map(params, read).and_then(Iterator::collect).map_err(broken)
    }

    fn open_payment(&self, payment: &Payment) -> Result<()> {
        self.run(
            "INSERT INTO payment (id, reference, status, currency, amount, captured, refunded, refund_pending, created_at, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                payment.id,
                payment.reference,
                payment.status.as_str(),
                payment.currency.code(),
                payment.amount_minor,
                payment.captured_minor,
                payment.refunded_minor,
                payment.refund_pending_minor,
                payment.created_at.0,
                serde_json::to_string(payment)?
            ],
        )
        .map(drop)
    }

    fn put_payment(&self, payment: &Payment) -> Result<()> {
        self.run(
            "UPDATE payment SET status = ?2, captured = ?3, refunded = ?4, refund_pending = ?5, body = ?6 WHERE id = ?1",
            params![
                payment.id,
                payment.status.as_str(),
                payment.captured_minor,
                payment.refunded_minor,
                payment.refund_pending_minor,
                serde_json::to_string(payment)?
            ],
        )
        .map(drop)
    }

    fn put_payee(&self, payee: &Payee) -> Result<()> {
        let sql = "INSERT INTO payee (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
        self.run(sql, params![payee.id, serde_json::to_string(payee)?]).map(drop)
    }

    fn put_transfer(&self, transfer: &Transfer) -> Result<()> {
        let sql = "INSERT INTO transfer (id, reference, amount, body) VALUES (?1, ?2, ?3, ?4)";
        let body = serde_json::to_string(transfer)?;
        self.run(sql, params![transfer.id, transfer.reference, transfer.amount_minor, body]).map(drop)
    }

    fn put_event(&self, event: &Event, deliveries: &[Delivery]) -> Result<()> {
        self.run(
            "INSERT INTO event (id, payment, created, body) VALUES (?1, ?2, ?3, ?4)",
            params![event.id, event.payment, event.created.0, event.body],
        )?;
        let seq = self.connection.last_insert_rowid();
        for delivery in deliveries {
            self.run(
                "INSERT INTO delivery (event, endpoint, state, attempts, due) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![seq, delivery.endpoint as i64, code(delivery.state), delivery.attempts, delivery.due.0],
            )?;
        }
        Ok(())
    }

    /// Looks only at the oldest rows: they were written in the order of time.
    fn prune(&self, keys: Timestamp, events: Timestamp) -> Result<()> {
        self.run(
            "DELETE FROM idempotency_key
             WHERE number IN (SELECT number FROM idempotency_key ORDER BY number LIMIT ?2) AND at < ?1",
            params![keys.0, PRUNE_AT_ONCE],
        )?;
        self.run(
            "DELETE FROM event WHERE seq IN (SELECT seq FROM event ORDER BY seq LIMIT ?2) AND created < ?1",
            params![events.0, PRUNE_AT_ONCE],
        )?;
        self.run(
            "DELETE FROM delivery WHERE number IN (SELECT number FROM delivery ORDER BY number LIMIT ?1)
             AND event < (SELECT MIN(seq) FROM event)",
            params![PRUNE_AT_ONCE],
        )
        .map(drop)
    }

    fn deliveries_of(&self, event: i64) -> Result<Vec<Delivery>> {
        self.many(
            "SELECT endpoint, state, attempts, due, last_status FROM delivery WHERE event = ?1 ORDER BY number",
            [event],
            delivery,
        )
    }
}

impl Store for Sqlite {
    fn payment(&self, id: &str) -> Result<Option<Payment>> {
        self.one("SELECT body FROM payment WHERE id = ?1", [id], document)
    }

    fn payments_of(&self, reference: &str) -> Result<Vec<Payment>> {
        self.many("SELECT body FROM payment WHERE reference = ?1 ORDER BY seq LIMIT 100", [reference], document)
    }

    fn payee(&self, id: &str) -> Result<Option<Payee>> {
        self.one("SELECT body FROM payee WHERE id = ?1", [id], document)
    }

    fn transfer(&self, id: &str) -> Result<Option<Transfer>> {
        self.one("SELECT body FROM transfer WHERE id = ?1", [id], document)
    }

    fn transfers_called(&self, reference: &str) -> Result<Vec<Transfer>> {
        self.many("SELECT body FROM transfer WHERE reference = ?1 ORDER BY seq LIMIT 100", [reference], document)
    }

    fn transfers(&self, after: i64, limit: usize) -> Result<Vec<(i64, Transfer)>> {
        let sql = "SELECT seq, body FROM transfer WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        self.many(sql, params![after, limit as i64], |row| Ok((row.get(0)?, parsed(row.get_ref(1)?.as_str()?)?)))
    }

    fn key(&self, key: &str) -> Result<Option<KeptAnswer>> {
        self.one("SELECT fingerprint, at, status, body FROM idempotency_key WHERE key = ?1", [key], |row| {
            Ok(KeptAnswer {
                key: key.to_owned(),
                fingerprint: row.get(0)?,
                at: Timestamp(row.get(1)?),
                status: row.get(2)?,
                body: row.get(3)?,
            })
        })
    }

    fn due_timers(&self, now: Timestamp, limit: usize) -> Result<Vec<(i64, Timer)>> {
        self.many(
            "SELECT number, at, payment, what FROM timer WHERE at <= ?1 ORDER BY at, number LIMIT ?2",
            params![now.0, limit as i64],
            |row| {
                let what = parsed(row.get_ref(3)?.as_str()?)?;
                Ok((row.get(0)?, Timer { at: Timestamp(row.get(1)?), payment: row.get(2)?, what }))
            },
        )
    }

    fn due_deliveries(&self, now: Timestamp, limit: usize) -> Result<Vec<Due>> {
        self.many(
            "SELECT d.number, d.endpoint, e.id, e.body FROM delivery d JOIN event e ON e.seq = d.event
             WHERE d.state = 0 AND d.due <= ?1 ORDER BY d.due, d.number LIMIT ?2",
            params![now.0, limit as i64],
            |row| {
                let endpoint: i64 = row.get(1)?;
                let endpoint = usize::try_from(endpoint).unwrap_or(usize::MAX);
                Ok(Due { number: row.get(0)?, endpoint, event: row.get(2)?, body: row.get(3)? })
            },
        )
    }

    fn delivery(&self, number: i64) -> Result<Option<Delivery>> {
        self.one(
            "SELECT endpoint, state, attempts, due, last_status FROM delivery WHERE number = ?1",
            [number],
            delivery,
        )
    }

    fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>> {
        let earliest = |sql: &str| self.one(sql, [after.0], |row| row.get::<_, Option<i64>>(0)).map(Option::flatten);
        let delivery = earliest("SELECT MIN(due) FROM delivery WHERE state = 0 AND due > ?1")?;
        let timer = earliest("SELECT MIN(at) FROM timer WHERE at > ?1")?;
        Ok(delivery.into_iter().chain(timer).min().map(Timestamp))
    }

    fn write(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Opened(payment) => self.open_payment(payment),
            Change::Payment(payment) => self.put_payment(payment),
            Change::Payee(payee) => self.put_payee(payee),
            Change::Transfer(transfer) => self.put_transfer(transfer),
            Change::Entry(entry) => self
                .run(
                    "INSERT INTO entry (at, payment, movement, amount) VALUES (?1, ?2, ?3, ?4)",
                    params![entry.at.0, entry.payment, entry.movement.as_str(), entry.amount_minor],
                )
                .map(drop),
            Change::Event(event, deliveries) => self.put_event(event, deliveries),
            Change::Delivery(number, delivery) => self
                .run(
                    "UPDATE delivery SET state = ?2, attempts = ?3, due = ?4, last_status = ?5 WHERE number = ?1",
                    params![number, code(delivery.state), delivery.attempts, delivery.due.0, delivery.last_status],
                )
                .map(drop),
            Change::Timer(timer) => self
                .run(
                    "INSERT INTO timer (at, payment, what) VALUES (?1, ?2, ?3)",
                    params![timer.at.0, timer.payment, serde_json::to_string(&timer.what)?],
                )
                .map(drop),
            Change::TimerDone(number) => self.run("DELETE FROM timer WHERE number = ?1", [number]).map(drop),
            Change::Key(kept) => self
                .run(
                    "INSERT OR REPLACE INTO idempotency_key (key, fingerprint, at, status, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![kept.key, kept.fingerprint, kept.at.0, kept.status, kept.body],
                )
                .map(drop),
            Change::Prune { keys, events } => self.prune(*keys, *events),
        }
    }

    fn journal(&self, after: i64, limit: usize) -> Result<Vec<JournalRow>> {
        self.many(
            "SELECT p.seq, p.id, p.reference, p.status, p.amount, p.currency,
                    (SELECT COALESCE(SUM(amount), 0) FROM entry WHERE payment = p.id AND movement = 'captured'),
                    (SELECT COALESCE(SUM(amount), 0) FROM entry WHERE payment = p.id AND movement = 'refunded'),
                    p.refund_pending, p.created_at
             FROM payment p WHERE p.seq > ?1 ORDER BY p.seq LIMIT ?2",
            params![after, limit as i64],
            |row| {
                Ok(JournalRow {
                    seq: row.get(0)?,
                    id: row.get(1)?,
                    reference: row.get(2)?,
                    status: named(row.get(3)?)?,
                    amount_minor: row.get(4)?,
                    currency: Currency::parse(row.get_ref(5)?.as_str()?).map_err(unreadable)?,
                    captured_minor: row.get(6)?,
                    refunded_minor: row.get(7)?,
                    refund_pending_minor: row.get(8)?,
                    created_at: Timestamp(row.get(9)?),
                })
            },
        )
    }

    fn entries(&self, payment: &str) -> Result<Vec<Entry>> {
        self.many("SELECT at, movement, amount FROM entry WHERE payment = ?1 ORDER BY seq", [payment], |row| {
            let movement: Movement = named(row.get(1)?)?;
            Ok(Entry { at: Timestamp(row.get(0)?), payment: payment.to_owned(), movement, amount_minor: row.get(2)? })
        })
    }

    fn events(&self, after: i64, limit: usize) -> Result<Vec<EventRow>> {
        let events = self.many(
            "SELECT seq, id, payment, created, body FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2",
            params![after, limit as i64],
            |row| {
                let created = Timestamp(row.get(3)?);
                Ok((row.get(0)?, Event { id: row.get(1)?, payment: row.get(2)?, created, body: row.get(4)? }))
            },
        )?;
        let rows = events.into_iter();
        rows.map(|(seq, event)| Ok(EventRow { seq, event, deliveries: self.deliveries_of(seq)? })).collect()
    }

    fn summary(&self) -> Result<Summary> {
        let mut summary = Summary::default();
        let groups = self.many(
            "SELECT currency, status, COUNT(*), SUM(refund_pending) FROM payment GROUP BY currency, status",
            (),
            |row| Ok((row.get::<_, String>(0)?, named::<Status>(row.get(1)?)?, row.get::<_, i64>(2)?, row.get(3)?)),
        )?;
        for (currency, status, count, pending) in groups {
            let pending: i64 = pending;
            summary.payments += count;
            *summary.by_status.entry(status).or_default() += count;
            let sums: &mut Sums = summary.by_currency.entry(currency).or_default();
            sums.payments += count;
            sums.refund_pending_minor += pending;
        }
        let moved = self.many(
            "SELECT p.currency, e.movement, SUM(e.amount) FROM entry e JOIN payment p ON p.id = e.payment
             WHERE e.movement IN ('captured', 'refunded') GROUP BY p.currency, e.movement",
            (),
            |row| Ok((row.get::<_, String>(0)?, named::<Movement>(row.get(1)?)?, row.get::<_, i64>(2)?)),
        )?;
        for (currency, movement, amount) in moved {
            let sums = summary.by_currency.entry(currency).or_default();
            match movement {
                Movement::Captured => sums.captured_minor = amount,
                Movement::Refunded => sums.refunded_minor = amount,
                Movement::Authorized
                | Movement::Voided
                | Movement::Disputed
                | Movement::Reinstated
                | Movement::Fee
                | Movement::FeeReturned => {}
            }
        }
        summary.events = self.one("SELECT COUNT(*) FROM event", (), |row| row.get(0))?.unwrap_or_default();
        for (state, count) in self.many("SELECT state, COUNT(*) FROM delivery GROUP BY state", (), |row| {
            Ok((state(row.get(0)?), row.get(1)?))
        })? {
            match state {
                DeliveryState::Pending => summary.deliveries_pending = count,
                DeliveryState::Delivered => summary.deliveries_done = count,
                DeliveryState::GivenUp => summary.deliveries_given_up = count,
            }
        }
        summary.charged_twice = self.many(CHARGED_TWICE, (), |row| row.get(0))?;
        summary.unbalanced = self.many(UNBALANCED, (), |row| row.get(0))?;
        Ok(summary)
    }
}

const CHARGED_TWICE: &str = "SELECT reference FROM payment WHERE captured > refunded
     GROUP BY reference HAVING COUNT(*) > 1 ORDER BY reference LIMIT 100";

const UNBALANCED: &str = "SELECT id FROM (
         SELECT p.seq, p.id, p.amount, p.captured, p.refunded, p.refund_pending,
                (SELECT COALESCE(SUM(amount), 0) FROM entry WHERE payment = p.id AND movement = 'captured') AS taken,
                (SELECT COALESCE(SUM(amount), 0) FROM entry WHERE payment = p.id AND movement = 'refunded') AS returned
         FROM payment p)
     WHERE taken <> captured OR returned <> refunded OR taken > amount OR returned + refund_pending > taken
     ORDER BY seq LIMIT 100";

fn code(state: DeliveryState) -> i64 {
    match state {
        DeliveryState::Pending => 0,
        DeliveryState::Delivered => 1,
        DeliveryState::GivenUp => 2,
    }
}

fn state(code: i64) -> DeliveryState {
    match code {
        0 => DeliveryState::Pending,
        1 => DeliveryState::Delivered,
        _ => DeliveryState::GivenUp,
    }
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let endpoint: i64 = row.get(0)?;
    Ok(Delivery {
        endpoint: usize::try_from(endpoint).unwrap_or(usize::MAX),
        state: state(row.get(1)?),
        attempts: row.get(2)?,
        due: Timestamp(row.get(3)?),
        last_status: row.get(4)?,
    })
}

fn document<T: DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<T> {
    parsed(row.get_ref(0)?.as_str()?)
}

fn parsed<T: DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(unreadable)
}

/// An enum by its name in JSON.
fn named<T: DeserializeOwned + Serialize>(text: String) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(unreadable)
}

fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(cause))
}

fn broken(cause: rusqlite::Error) -> Error {
    Error::unavailable("The journal cannot be read or written now.").caused_by(cause)
}
